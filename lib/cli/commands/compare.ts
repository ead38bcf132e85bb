import { compareCpu } from '../../compare.ts';
import type { Comparison } from '../../../types/cpu-definition.ts';
import { argumentsFromUser } from '../errors.ts';
import { readTextFile } from '../files/read.ts';
import { oneHost } from '../hosts/one.ts';
import { hostsOf } from '../hosts/read.ts';
import { limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { json } from '../report/json.ts';
import { tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** Says whether a host can run a CPU or a domain, and what is missing if not. */
export async function compare(args: Arguments, terminal: Terminal): Promise<0 | 1> {
  const [path = '', ...others] = args.positionals;
  const source = readTextFile(path, terminal);
  const domain = /<domain[\s>]/.test(source.text) ? source : undefined;
  const host = oneHost(args, await hostsOf(args, terminal, { words: others, domain }));
  const { text, path: file } = source;
  const options = { ...limits(args), file };
  // The CPU may name what that host's libvirt does not know.
  const comparison = argumentsFromUser('not-comparable', () => compareCpu(host, text, options));
  tellIssues(host.issues, terminal);
  if (args.has('json')) terminal.data(json({ command: 'compare', host: host.name, ...comparison }));
  else {
    const verdict = words`${file} on ${host.name}: ${comparison.result}${detail(comparison)}\n`;
    terminal.out(fitted(verdict, terminal.width()));
  }
  return comparison.result === 'incompatible' ? 1 : 0;
}

function detail({ missing, forbidden, reason }: Comparison): string {
  if (missing.length > 0) return `, missing ${missing.join(', ')}`;
  if (forbidden.length > 0) return `, forbidden ${forbidden.join(', ')}`;
  if (reason === 'extra-features') return ', the host has further features';
  return reason === undefined ? '' : `, another ${reason === 'arch' ? 'architecture' : 'vendor'}`;
}
