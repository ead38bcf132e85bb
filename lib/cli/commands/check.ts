import type { Baseline } from '../../../types/baseline.ts';
import type { RunningOptions } from '../../../types/running.ts';
import { alsoOptions, domainPath, limits, type Arguments } from '../arguments.ts';
import { readText } from '../files.ts';
import { lockIssues } from '../lock.ts';
import { poolOf } from '../pool.ts';
import { baselineFacts, json } from '../report/json.ts';
import { liveLines } from '../report/live.ts';
import { exitCodeFor, reasonFor, tellIssues } from '../report/words.ts';
import { styled, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';

/** Is the domain safe to move among the hosts as it is? The verdict and its reasons are the data. */
export async function check(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  if (args.text('lock') !== undefined && args.positionals.length === 0) return await drift(args, terminal);
  const source = readText(domainPath('check', args), terminal);
  const { check: checked, baseline } = await poolOf(args, terminal, source);
  const result = checked(source.text, {
    read: { ...limits(args), file: source.path },
    also: alsoOptions(args),
    ...fromOption(args, baseline),
  });
  const { domain, running, disable: reasons } = result;
  const issues = [...result.issues, ...lockIssues(args, terminal, baseline)];
  const code = exitCodeFor(issues);
  const compatible = code === 0 && result.safe;
  tellIssues(issues, terminal, source);
  if (args.has('json')) {
    const facts = { command: 'check', domain: domain.name, compatible, reasons, issues };
    const where = running === undefined ? {} : { live: running };
    terminal.out(json({ ...facts, ...where, baseline: baselineFacts(baseline) }));
  } else if (code !== 2) {
    const guest = domain.name ?? source.path;
    for (const line of liveLines(guest, running)) terminal.out(line);
    const names = baseline.hosts.map(({ name }) => name);
    terminal.out(verdict(guest, compatible, names, terminal));
    for (const reason of reasons) terminal.out(`  ${reasonFor(reason)}\n`);
  }
  return code === 0 && !compatible ? 1 : code;
}

/** Are the hosts still what they were when their baseline was locked? */
async function drift(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const { baseline } = await poolOf(args, terminal);
  const issues = [...baseline.issues, ...lockIssues(args, terminal, baseline)];
  const code = exitCodeFor(issues);
  tellIssues(issues, terminal);
  if (args.has('json')) {
    const facts = baselineFacts(baseline);
    terminal.out(json({ command: 'check', compatible: code === 0, issues, baseline: facts }));
  } else if (code !== 2) {
    terminal.out(`${args.text('lock') ?? ''}: ${code === 0 ? 'as it was' : 'not as it was'}\n`);
  }
  return code;
}

/** The host a running guest is on, if it is stated. */
function fromOption(args: Arguments, { hosts }: Baseline): RunningOptions {
  const runningOn = args.text('from');
  if (runningOn === undefined) return {};
  const names = hosts.map(({ name }) => name);
  if (!names.includes(runningOn))
    throw new UsageError(`--from ${runningOn}: there is no such host (${names.join(', ')})`);
  return { runningOn };
}

function verdict(guest: string, compatible: boolean, hosts: readonly string[], { colour }: Terminal): string {
  const word = compatible ? styled('safe', 'green', colour.out) : styled('not safe', 'red', colour.out);
  return `${guest}: ${word} to move among ${hosts.join(', ')}${compatible ? '' : ':'}\n`;
}
