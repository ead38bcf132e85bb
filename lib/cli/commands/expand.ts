import { usageError } from '../errors.ts';
import { hostsOf } from '../hosts/read.ts';
import type { Arguments } from '../options/parse.ts';
import { json } from '../report/json.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { joinedWords, words } from '../terminal/words.ts';

/** Lists every CPU feature a guest gets on one host, a name to a line. */
export function expand(args: Arguments, terminal: Terminal): 0 | 1 | 2 {
  const [host, another] = hostsOf(args, terminal, [...args.texts('host'), ...args.positionals]);
  if (host === undefined || another !== undefined) throw usageError('expand takes one host');
  tellIssues(host.issues, terminal);
  const { name, model, vendor, features, uncertain, unnamed, issues } = host;
  if (args.has('json'))
    terminal.data(json({ command: 'expand', name, model, vendor, features, uncertain, unnamed, issues }));
  else terminal.out(joinedWords((features ?? []).map((feature) => words`${feature}\n`)));
  return exitCodeFor(issues);
}
