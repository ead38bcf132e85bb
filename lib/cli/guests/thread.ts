/** The first argument of the command in one of its own threads. */
export const THREAD = '\0guests';
