import { compareCpu } from '../../compare.ts';
import type { Comparison } from '../../../types/cpu-definition.ts';
import { readHosts, limits, type Arguments } from '../arguments.ts';
import { readText } from '../files.ts';
import { json } from '../report/json.ts';
import { tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';

/** Says whether a host can run a CPU or a domain, and what is missing if not. */
export function compare(args: Arguments, terminal: Terminal): 0 | 1 {
  const [path, ...words] = args.positionals;
  const hosts = path === undefined ? [] : readHosts(args, terminal, [...args.texts('host'), ...words]);
  const [host, another] = hosts;
  if (path === undefined || host === undefined || another !== undefined) {
    throw new UsageError('compare takes a CPU or a domain, and one host');
  }
  const { text, path: file } = readText(path, terminal);
  const comparison = compareCpu(host, text, { ...limits(args), file });
  tellIssues(host.issues, terminal);
  if (args.has('json')) terminal.out(json({ command: 'compare', host: host.name, ...comparison }));
  else terminal.out(`${file} on ${host.name}: ${comparison.result}${detail(comparison)}\n`);
  return comparison.result === 'incompatible' ? 1 : 0;
}

function detail({ missing, forbidden, reason }: Comparison): string {
  if (missing.length > 0) return `, missing ${missing.join(', ')}`;
  if (forbidden.length > 0) return `, forbidden ${forbidden.join(', ')}`;
  if (reason === 'extra-features') return ', the host has further features';
  return reason === undefined ? '' : `, another ${reason === 'arch' ? 'architecture' : 'vendor'}`;
}
