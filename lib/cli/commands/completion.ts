import { SHELLS } from '../completion/shells.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Prints what makes a shell complete the command's words. */
export function completion({ positionals: [shell = ''] }: Arguments, terminal: Terminal): 0 {
  terminal.data(SHELLS[shell]?.() ?? '');
  return 0;
}
