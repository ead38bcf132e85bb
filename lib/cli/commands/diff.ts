import type { Baseline } from '../../../types/baseline.ts';
import type { PoolLevels } from '../../../types/facts.ts';
import { baselineLevels } from '../../diff/pool/levels.ts';
import { issue } from '../../issues/issues.ts';
import { poolOf } from '../hosts/pool.ts';
import type { Arguments } from '../options/parse.ts';
import { cpuWords } from '../report/cpu.ts';
import { differencesText, foldedTable, wideTable } from '../report/differences.ts';
import { formatOf, printed } from '../report/formats.ts';
import { baselineFacts } from '../report/json.ts';
import { textTable } from '../report/table.ts';
import { hostLevelWords } from '../report/levels.ts';
import { counted, exitCodeFor, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import { printLines } from '../terminal/pieces.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { lines, words } from '../terminal/words.ts';

/** Errors of hosts that can be in pools, but not in one. */
const APART: ReadonlySet<string> = new Set(['arch-mismatch', 'vendor-mismatch', 'cpus-incompatible']);

/** Shows which CPU features the hosts differ in. */
export async function diff(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const format = formatOf(args);
  const { baseline } = await poolOf(args, terminal, undefined, args.positionals);
  const { hosts, losses, common } = baseline;
  const alone = hosts.length < 2 ? [issue('too-few-hosts', { count: hosts.length })] : [];
  const issues = [...baseline.issues, ...alone];
  const code = exitCodeFor(issues);
  const levels = baselineLevels(baseline);
  tellIssues(issues, terminal);
  if (issues.some((found) => APART.has(found.code)))
    terminal.tell(words`"virt-migratable pools" with the same hosts shows which belong together\n`);
  const cpu = cpuWords(hosts);
  if (cpu !== undefined) terminal.tell(words`${cpu}\n`);
  const result = {
    facts: () => ({ command: 'diff', levels, ...baselineFacts(baseline), issues }) as const,
    table: (kind: 'markdown' | 'csv') => (kind === 'csv' ? wideTable(baseline) : foldedTable(baseline)),
  };
  if (printed(format, result, terminal) || code !== 0) return code;
  print(baseline, levels, format === 'wide', terminal);
  if (cpu !== undefined && common.length + losses.length === 0) return code;
  terminal.tell(words`${counted(common.length, 'feature')} in common, ${losses.length} differ\n`);
  return code;
}

/** The levels, and the table or who lacks what. */
function print(
  baseline: Baseline,
  levels: PoolLevels | undefined,
  isWide: boolean,
  terminal: Terminal,
): void {
  const width = terminal.width();
  const level = hostLevelWords(levels);
  if (level !== undefined) terminal.out(fitted(words`${level}\n`, width));
  const table = isWide ? textTable(wideTable(baseline)) : differencesText(baseline, width);
  printLines(table ?? [], (text) => {
    terminal.out(lines(text));
  });
}
