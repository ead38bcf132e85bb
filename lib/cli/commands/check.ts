import type { Baseline } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import type { RunningOptions } from '../../../types/running.ts';
import { CommandError } from '../errors.ts';
import { readTextFile } from '../files/read.ts';
import { lockIssues } from '../hosts/lock.ts';
import { noSuchHost } from '../hosts/names.ts';
import { poolOf } from '../hosts/pool.ts';
import { alsoOptions, floorOption, limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { formatOf, printed } from '../report/formats.ts';
import { baselineFacts } from '../report/json.ts';
import { liveLines } from '../report/live.ts';
import { disableLines } from '../../report/costs.ts';
import { disableTable } from '../report/disables.ts';
import { amongHosts, levelWords } from '../report/levels.ts';
import { inCommandWords } from '../report/wording.ts';
import { besidesDisables, exitCodeFor, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { styled, words, type Words } from '../terminal/words.ts';

/** Is the domain safe to move among the hosts as it is? The verdict and its reasons are the data. */
export async function check(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const format = formatOf(args);
  const [path] = args.positionals;
  if (path === undefined) return checkLock(args, terminal);
  const source = readTextFile(path, terminal);
  const { check: checked, baseline } = await poolOf(args, terminal, source);
  const result = checked(source.text, {
    read: { ...limits(args), file: source.path },
    ...floorOption(args),
    also: alsoOptions(args),
    ...fromOption(args, baseline),
  });
  const { domain, running, disable: reasons, plan } = result;
  const { levels } = plan;
  const issues = [...result.issues, ...lockIssues(args, terminal, baseline)];
  const code = exitCodeFor(issues);
  const compatible = code === 0 && result.safe;
  tellIssues(besidesDisables(issues), terminal, source);
  const facts = { command: 'check', domain: domain.name, compatible, levels, reasons, issues } as const;
  const where = running === undefined ? {} : { live: running };
  const shown = {
    facts: () => ({ ...facts, ...where, baseline: baselineFacts(baseline) }),
    table: (kind: 'markdown' | 'csv') => disableTable(reasons, kind),
  };
  if (!printed(format, shown, terminal) && code !== 2) {
    const guest = domain.name ?? source.path;
    const say = (line: Words): void => {
      terminal.out(fitted(line, terminal.width()));
    };
    for (const line of liveLines(guest, running)) say(line);
    const names = baseline.hosts.map(({ name }) => name);
    say(verdict({ guest, compatible, hosts: names, level: levelWords(levels) }, terminal));
    for (const line of disableLines(reasons, { all: terminal.verbose || format === 'wide' }))
      say(words`  ${line}\n`);
  }
  return code === 0 && !compatible ? 1 : code;
}

/** Are the hosts still what they were when their baseline was locked? */
async function checkLock(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const lock = args.text('lock');
  if (lock === undefined)
    throw new CommandError('missing-argument', 'no DOMAIN.xml given, and no --lock FILE');
  const { baseline } = await poolOf(args, terminal);
  const issues = [...baseline.issues, ...lockIssues(args, terminal, baseline)];
  const code = exitCodeFor(issues);
  tellIssues(issues, terminal);
  const facts = { command: 'check', compatible: code === 0, issues } as const;
  const shown = {
    facts: () => ({ ...facts, baseline: baselineFacts(baseline) }),
    table: () => ({ head: ['severity', 'code', 'message'], rows: issues.map(issueRow) }),
  };
  if (!printed(formatOf(args), shown, terminal) && code !== 2) {
    terminal.out(words`${lock}: ${code === 0 ? 'as it was' : 'not as it was'}\n`);
  }
  return code;
}

function issueRow(found: Issue): readonly string[] {
  const { severity, code, message } = inCommandWords(found);
  return [severity, code, message];
}

/** The host a running guest is on, if it is stated. */
function fromOption(args: Arguments, { hosts }: Baseline): RunningOptions {
  const runningOn = args.text('from');
  if (runningOn === undefined) return {};
  const names = hosts.map(({ name }) => name);
  if (!names.includes(runningOn)) throw noSuchHost('--from', runningOn, names);
  return { runningOn };
}

interface Verdict {
  readonly guest: string;
  readonly compatible: boolean;
  readonly hosts: readonly string[];
  readonly level: string | undefined;
}

function verdict({ guest, compatible, hosts, level }: Verdict, { colour }: Terminal): Words {
  const word = compatible ? styled('safe', 'green', colour.out) : styled('not safe', 'red', colour.out);
  const reached = level === undefined ? '' : ` (${level})`;
  return words`${guest}: ${word} to move among ${amongHosts(hosts)}${reached}${compatible ? '' : ':'}\n`;
}
