import type { Baseline } from '../../../types/baseline.ts';
import { worstGrade } from '../../cpu/grade.ts';
import { CommandError } from '../errors.ts';
import type { TextFile } from '../files/read.ts';
import { askedOf } from '../guests/check.ts';
import { isReported, workOf } from '../guests/answer.ts';
import { chosenGuests, sampleOf, type Chosen } from '../guests/chosen.ts';
import { readingOf } from '../guests/guests.ts';
import { lockIssues } from '../hosts/lock.ts';
import { poolOf } from '../hosts/pool.ts';
import type { Arguments } from '../options/parse.ts';
import { disableTable } from '../report/disables.ts';
import { formatOf, printed } from '../report/formats.ts';
import { baselineFacts } from '../report/json.ts';
import { liveLines } from '../report/live.ts';
import { disableLines } from '../../report/costs.ts';
import { amongHosts } from '../report/levels.ts';
import { inCommandWords } from '../../report/wording.ts';
import { besidesDisables, exitCodeFor, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { styled, words, type Words } from '../terminal/words.ts';

/** Is the domain safe to move among the hosts as it is? The verdict and its reasons are the data. */
export async function check(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  formatOf(args);
  if (args.positionals.length === 0 && !args.has('all')) return checkLock(args, terminal);
  // As it runs, where it runs: what it sees now decides where it can go now.
  const chosen = await chosenGuests(args, terminal, []);
  return chosen.only === undefined || isReported(args)
    ? checkMany(chosen, args, terminal)
    : checkOne(chosen.only, args, terminal);
}

async function checkOne(source: TextFile, args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const format = formatOf(args);
  const { check: checked, baseline } = await poolOf(args, terminal, source);
  const read = readingOf({ file: source }, args);
  const result = checked(source.text, { read, ...askedOf(args, baseline) });
  const { domain, running, disable: reasons, plan } = result;
  const { levels } = plan;
  const issues = [...result.issues, ...lockIssues(args, terminal, baseline)];
  const code = exitCodeFor(issues);
  const compatible = code === 0 && result.safe;
  tellIssues(besidesDisables(issues), terminal, source);
  if (running === undefined) tellIdle(args, terminal, source);
  const facts = { domain: domain.name, compatible, levels, reasons, issues, live: running };
  const shown = {
    facts: () => ({ command: 'check', ...facts, baseline: baselineFacts(baseline) }) as const,
    table: (kind: 'markdown' | 'csv') => disableTable(reasons, kind),
  };
  if (!printed(format, shown, terminal) && code !== 2) {
    const guest = domain.name ?? source.path;
    const say = (line: Words): void => {
      terminal.out(fitted(line, terminal.width()));
    };
    for (const line of liveLines(guest, running)) say(line);
    const among = words`among ${amongHosts(baseline.hosts, levels)}${compatible ? '' : ':'}`;
    say(words`${guest}: ${verdict(compatible, baseline, terminal)} to move ${among}\n`);
    for (const line of disableLines(reasons, { all: terminal.verbose || format === 'wide' }))
      say(words`  ${line}\n`);
  }
  return code === 0 && !compatible ? 1 : code;
}

/** What asks about a running guest alone. */
function tellIdle(args: Arguments, terminal: Terminal, { path }: TextFile): void {
  if (args.text('from') === undefined) return;
  terminal.tell(
    words`note: --from has no effect: ${path} is not the XML of a running guest (virsh dumpxml without --inactive)\n`,
  );
}

/** The same for many; what became of the hosts is said once. */
async function checkMany(chosen: Chosen, args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const pool = await poolOf(args, terminal, sampleOf(chosen.files, args, terminal));
  const { baseline } = pool;
  askedOf(args, baseline);
  const issues = lockIssues(args, terminal, baseline);
  tellIssues(issues, terminal);
  const { answerMany } = await import('../guests/many.ts');
  const code = await answerMany(chosen, workOf('check', args, pool, terminal), terminal);
  return Math.max(code, exitCodeFor(issues)) as 0 | 1 | 2;
}

/** Are the hosts still what they were when their baseline was locked? */
async function checkLock(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const lock = args.text('lock');
  if (isReported(args))
    throw new CommandError('missing-argument', '--output sarif and junit report guests: give a DOMAIN.xml');
  if (lock === undefined)
    throw new CommandError(
      'missing-argument',
      'no DOMAIN.xml given (- reads standard input), and no --all or --lock FILE',
    );
  const { baseline } = await poolOf(args, terminal);
  const issues = [...baseline.issues, ...lockIssues(args, terminal, baseline)];
  const code = exitCodeFor(issues);
  tellIssues(issues, terminal);
  const facts = { command: 'check', compatible: code === 0, issues } as const;
  const shown = {
    facts: () => ({ ...facts, baseline: baselineFacts(baseline) }),
    table: () => ({
      head: ['severity', 'code', 'message'],
      rows: issues.map(inCommandWords).map(({ severity, code, message }) => [severity, code, message]),
    }),
  };
  if (!printed(formatOf(args), shown, terminal) && code !== 2) {
    terminal.out(words`${lock}: ${code === 0 ? 'as it was' : 'not as it was'}\n`);
  }
  return code;
}

function verdict(compatible: boolean, { hosts }: Baseline, { colour }: Terminal): Words {
  if (!compatible) return styled('not safe', 'red', colour.out);
  const isKnown = worstGrade(hosts) === 'A';
  return words`${styled('safe', isKnown ? 'green' : 'yellow', colour.out)}${isKnown ? '' : ', as far as known,'}`;
}
