import type { Arguments } from '../arguments.ts';
import { SHELLS } from '../completion.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';

/** Prints what makes a shell complete the command's words. */
export function completion({ positionals }: Arguments, terminal: Terminal): 0 {
  const [shell = '', stray] = positionals;
  const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (script === undefined || stray !== undefined)
    throw new UsageError(`for which shell? Give one of ${Object.keys(SHELLS).join(', ')}`);
  terminal.out(script());
  return 0;
}
