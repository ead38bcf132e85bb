import { readHosts, type Arguments } from '../arguments.ts';
import { json } from '../report/json.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';

/** Lists every CPU feature a guest gets on one host, a name to a line. */
export function expand(args: Arguments, terminal: Terminal): 0 | 1 | 2 {
  const [host, another] = readHosts(args, terminal, [...args.texts('host'), ...args.positionals]);
  if (host === undefined || another !== undefined) throw new UsageError('expand takes one host');
  tellIssues(host.issues, terminal);
  const { name, model, vendor, features, uncertain, unnamed, issues } = host;
  if (args.has('json'))
    terminal.out(json({ command: 'expand', name, model, vendor, features, uncertain, unnamed, issues }));
  else terminal.out((features ?? []).map((feature) => `${feature}\n`).join(''));
  return exitCodeFor(issues);
}
