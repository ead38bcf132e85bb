import { baselineLevels } from '../../diff/pool/levels.ts';
import { issue } from '../../issues/issues.ts';
import { poolOf } from '../hosts/pool.ts';
import type { Arguments } from '../options/parse.ts';
import { baselineFacts, jsonPieces } from '../report/json.ts';
import { differenceTable } from '../report/table.ts';
import { cpuWords } from '../report/cpu.ts';
import { hostLevelWords } from '../report/levels.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import { printPieces } from '../terminal/pieces.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { lines, words } from '../terminal/words.ts';

/** Shows which CPU features the hosts differ in. */
export async function diff(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const { baseline } = await poolOf(args, terminal);
  const { hosts, losses, common } = baseline;
  const alone = hosts.length < 2 ? [issue('too-few-hosts', { count: hosts.length })] : [];
  const issues = [...baseline.issues, ...alone];
  const code = exitCodeFor(issues);
  const levels = baselineLevels(baseline);
  tellIssues(issues, terminal);
  const cpu = cpuWords(hosts);
  if (cpu !== undefined) terminal.tell(words`${cpu}\n`);
  if (args.has('json'))
    printPieces(jsonPieces({ command: 'diff', levels, ...baselineFacts(baseline), issues }), terminal.data);
  else if (code === 0) {
    const print = (text: string): void => {
      terminal.out(lines(text));
    };
    const level = levels && hostLevelWords(levels);
    if (level !== undefined) terminal.out(words`${level}\n`);
    if (losses.length > 0) printPieces(differenceTable(baseline), print);
    if (cpu !== undefined && common.length + losses.length === 0) return code;
    const features = common.length === 1 ? 'feature' : 'features';
    terminal.tell(words`${common.length} ${features} in common, ${losses.length} differ\n`);
  }
  return code;
}
