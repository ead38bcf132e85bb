import { issue } from '../../issues/issues.ts';
import type { Arguments } from '../arguments.ts';
import { poolOf } from '../pool.ts';
import { baselineFacts, jsonPieces } from '../report/json.ts';
import { differenceTable } from '../report/table.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import { outPieces, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';

/** Shows which CPU features the hosts differ in. */
export async function diff(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const [stray] = args.positionals;
  if (stray !== undefined)
    throw new UsageError(`diff compares hosts only: give --host ${stray} if it is one`);
  const { baseline } = await poolOf(args, terminal);
  const { hosts, losses, common } = baseline;
  const alone = hosts.length < 2 ? [issue('too-few-hosts', { count: hosts.length })] : [];
  const issues = [...baseline.issues, ...alone];
  const code = exitCodeFor(issues);
  tellIssues(issues, terminal);
  if (args.has('json'))
    outPieces(terminal, jsonPieces({ command: 'diff', ...baselineFacts(baseline), issues }));
  else if (code === 0) {
    if (losses.length > 0) outPieces(terminal, differenceTable(baseline));
    terminal.err(
      `${common.length} ${common.length === 1 ? 'feature' : 'features'} in common, ${losses.length} differ\n`,
    );
  }
  return code;
}
