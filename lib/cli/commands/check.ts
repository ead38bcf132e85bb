import type { Baseline } from '../../../types/baseline.ts';
import type { LiveOptions } from '../../../types/live.ts';
import { turnedOff } from '../../diff/cpu/changes.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { planDomain } from '../../diff/plan.ts';
import { judgeLive } from '../../diff/running-guest.ts';
import { isPinned } from '../../diff/running.ts';
import { parseDomain } from '../../parser/domain/domain.ts';
import { domainPath, readHosts, readingOptions, type Arguments } from '../arguments.ts';
import { readText } from '../files.ts';
import { askHosts } from '../live.ts';
import { baselineFacts, json } from '../report/json.ts';
import { lockIssues } from '../lock.ts';
import { liveLines } from '../report/live.ts';
import { exitCodeFor, reasonFor, tellIssues } from '../report/words.ts';
import { styled, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';
import { virtioOptions } from '../virtio.ts';

/** Is the domain safe to move among the hosts as it is? The verdict and its reasons are the data. */
export async function check(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  if (args.text('lock') !== undefined && args.positionals.length === 0) return await drift(args, terminal);
  const path = domainPath('check', args);
  const options = readingOptions(args);
  const source = readText(path, terminal);
  const domain = parseDomain(source.text, { ...options, file: source.path });
  const hosts = readHosts(args, terminal, args.texts('host'), await askHosts(args, terminal, source));
  const baseline = diffHosts(hosts, options);
  const virtio = virtioOptions(args, terminal, hosts);
  const planning = { ...virtio, ...options, anyMachine: args.has('any-machine') };
  const plan = planDomain(domain, baseline, { ...planning, overrideConflicts: isPinned(domain) });
  const live = judgeLive(domain, baseline, fromOption(args, baseline));
  const open = turnedOff(plan.shared);
  const reasons = plan.disable.filter(({ feature }) => open.has(feature));
  // What libvirt wrote into the XML of a running guest is nobody's demand.
  const told = plan.issues.filter(({ code }) => !isPinned(domain) || code !== 'policy-overridden');
  const issues = [...told, ...live.issues, ...lockIssues(args, terminal, baseline)];
  const code = exitCodeFor(issues);
  const compatible = code === 0 && plan.shared.length === 0;
  tellIssues(issues, terminal, source);
  if (args.has('json')) {
    const result = { command: 'check', domain: domain.name, compatible, reasons, issues };
    const where = live.running ? { live: live.hosts } : {};
    terminal.out(json({ ...result, ...where, baseline: baselineFacts(baseline) }));
  } else if (code !== 2) {
    const guest = domain.name ?? source.path;
    for (const line of liveLines(guest, live)) terminal.out(line);
    const names = baseline.hosts.map(({ name }) => name);
    terminal.out(verdict(guest, compatible, names, terminal));
    for (const reason of reasons) terminal.out(`  ${reasonFor(reason)}\n`);
  }
  return code === 0 && !compatible ? 1 : code;
}

/** Are the hosts still what they were when their baseline was locked? */
async function drift(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const hosts = readHosts(args, terminal, args.texts('host'), await askHosts(args, terminal));
  const baseline = diffHosts(hosts, readingOptions(args));
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
function fromOption(args: Arguments, { hosts }: Baseline): LiveOptions {
  const from = args.text('from');
  if (from === undefined) return {};
  const names = hosts.map(({ name }) => name);
  if (!names.includes(from))
    throw new UsageError(`--from ${from}: there is no such host (${names.join(', ')})`);
  return { from };
}

function verdict(guest: string, compatible: boolean, hosts: readonly string[], { colour }: Terminal): string {
  const word = compatible ? styled('safe', 'green', colour.out) : styled('not safe', 'red', colour.out);
  return `${guest}: ${word} to move among ${hosts.join(', ')}${compatible ? '' : ':'}\n`;
}
