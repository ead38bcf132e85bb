/** The text of a file of this package, by its path in it, or nothing where there is no such file. */
export const packageFile: (path: string) => string | undefined;
/** The path of the file that has what the package has at this path in it. */
export const packagePath: (path: string) => string;
