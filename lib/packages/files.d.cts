/** The text of a file of this package, by its path in it, or nothing where there is no such file. */
export const packageFile: (path: string) => string | undefined;
