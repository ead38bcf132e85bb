/** Options that are about one call, and so stand on the command line alone. */
export const OF_ONE_CALL: ReadonlySet<string> = new Set(
  (
    'help config no-config host hosts for from self lock domain vmi all ' +
    'output in-place diff check yes dry-run json keep-going form'
  ).split(' '),
);
