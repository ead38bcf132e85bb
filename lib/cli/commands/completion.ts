import { SHELLS } from '../completion/shells.ts';
import { hostNames } from '../hosts/known-names.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wordLines } from '../terminal/words.ts';

/** Prints what makes a shell complete the command's words, or what that asks for while somebody types. */
export async function completion(args: Arguments, terminal: Terminal): Promise<0> {
  const [shell = ''] = args.positionals;
  if (shell !== 'hosts') terminal.data(SHELLS[shell]?.() ?? '');
  else terminal.out(wordLines(await hostNames(args, terminal)));
  return 0;
}
