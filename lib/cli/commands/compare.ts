import { compareCpu } from '../../compare.ts';
import type { Comparison } from '../../../types/cpu-definition.ts';
import { every } from '../../issues/words.ts';
import { argumentsFromUser } from '../errors.ts';
import { readTextFile } from '../files/read.ts';
import { oneHost } from '../hosts/one.ts';
import { hostsOf } from '../hosts/read.ts';
import { limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { formatOf, printed } from '../report/formats.ts';
import { tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** Says whether a host can run a CPU or a domain, and what is missing if not. */
export async function compare(args: Arguments, terminal: Terminal): Promise<0 | 1> {
  const format = formatOf(args);
  const [path = '', ...others] = args.positionals;
  const source = readTextFile(path, terminal);
  const domain = /<domain[\s>]/.test(source.text) ? source : undefined;
  const host = oneHost(args, await hostsOf(args, terminal, others, domain));
  const { text, path: file } = source;
  const options = { ...limits(args), file };
  // The CPU may name what that host's libvirt does not know.
  const comparison = argumentsFromUser('not-comparable', () => compareCpu(host, text, options));
  tellIssues(host.issues, terminal);
  const { name, grade } = host;
  const facts = { command: 'compare', host: name, grade, ...comparison } as const;
  const { result, missing, forbidden, reason = '' } = comparison;
  const head = ['domain', 'host', 'grade', 'result', 'missing', 'forbidden', 'reason'];
  const rows = [[file, name, grade, result, every(missing), every(forbidden), reason]];
  if (!printed(format, { facts: () => facts, table: () => ({ head, rows }) }, terminal)) {
    const verdict = words`${file} on ${host.name}: ${comparison.result}${detail(comparison)}\n`;
    terminal.out(fitted(verdict, terminal.width()));
  }
  return comparison.result === 'incompatible' ? 1 : 0;
}

function detail({ missing, forbidden, reason }: Comparison): string {
  if (missing.length > 0) return `, missing ${every(missing)}`;
  if (forbidden.length > 0) return `, forbidden ${every(forbidden)}`;
  if (reason === 'extra-features') return ', the host has further features';
  return reason === undefined ? '' : `, another ${reason === 'arch' ? 'architecture' : 'vendor'}`;
}
