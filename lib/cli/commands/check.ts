import { turnedOff } from '../../diff/changes.ts';
import { diffHosts } from '../../diff/baseline.ts';
import { planDomain } from '../../diff/domain.ts';
import { parseDomain } from '../../parser/domain.ts';
import { domainPath, readHosts, readingOptions, type Arguments } from '../arguments.ts';
import { readText } from '../files.ts';
import { askHosts } from '../live.ts';
import { baselineFacts, json } from '../report/json.ts';
import { exitCodeFor, reasonFor, tellIssues } from '../report/words.ts';
import { styled, type Terminal } from '../terminal.ts';
import { virtioOptions } from '../virtio.ts';

/** Is the domain safe to move among the hosts as it is? The verdict and its reasons are the data. */
export async function check(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const path = domainPath('check', args);
  const options = readingOptions(args);
  const source = readText(path, terminal);
  const domain = parseDomain(source.text, { ...options, file: source.path });
  const hosts = readHosts(args, terminal, args.texts('host'), await askHosts(args, terminal, source));
  const baseline = diffHosts(hosts, options);
  const plan = planDomain(domain, baseline, virtioOptions(args, terminal, hosts));
  const open = turnedOff(plan.shared);
  const reasons = plan.disable.filter(({ feature }) => open.has(feature));
  const code = exitCodeFor(plan.issues);
  const compatible = code === 0 && plan.shared.length === 0;
  tellIssues(plan.issues, terminal, source);
  if (args.has('json')) {
    const result = { command: 'check', domain: domain.name, compatible, reasons, issues: plan.issues };
    terminal.out(json({ ...result, baseline: baselineFacts(baseline) }));
  } else if (code !== 2) {
    terminal.out(
      verdict(
        domain.name ?? source.path,
        compatible,
        baseline.hosts.map(({ name }) => name),
        terminal,
      ),
    );
    for (const reason of reasons) terminal.out(`  ${reasonFor(reason)}\n`);
  }
  return code === 0 && !compatible ? 1 : code;
}

function verdict(guest: string, compatible: boolean, hosts: readonly string[], { colour }: Terminal): string {
  const word = compatible ? styled('safe', 'green', colour.out) : styled('not safe', 'red', colour.out);
  return `${guest}: ${word} to move among ${hosts.join(', ')}${compatible ? '' : ':'}\n`;
}
