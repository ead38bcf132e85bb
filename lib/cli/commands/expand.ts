import { baselineLevels } from '../../diff/pool/levels.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { oneHost } from '../hosts/one.ts';
import { hostsOf } from '../hosts/read.ts';
import type { Arguments } from '../options/parse.ts';
import { cpuWords } from '../report/cpu.ts';
import { levelWords } from '../report/levels.ts';
import { json } from '../report/json.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { joinedWords, words } from '../terminal/words.ts';

/** Lists every CPU feature a guest gets on one host, a name to a line. */
export async function expand(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const host = oneHost(args, await hostsOf(args, terminal, { words: args.positionals }));
  const levels = baselineLevels(diffHosts([host]));
  const level = levels && levelWords(levels);
  if (level !== undefined) terminal.tell(words`${level}\n`);
  const cpu = cpuWords([host]);
  if (cpu !== undefined) terminal.tell(words`${cpu}\n`);
  tellIssues(host.issues, terminal);
  const { name, model, vendor, features, uncertain, unnamed, issues } = host;
  if (args.has('json'))
    terminal.data(
      json({
        command: 'expand',
        name,
        model,
        vendor,
        level: levels?.level,
        features,
        uncertain,
        unnamed,
        issues,
      }),
    );
  else
    terminal.out(
      joinedWords(
        (features === undefined || features.length === 0 ? (unnamed ?? []) : features).map(
          (feature) => words`${feature}\n`,
        ),
      ),
    );
  return exitCodeFor(issues);
}
