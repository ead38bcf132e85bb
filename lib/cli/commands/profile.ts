import { joinHosts } from '../../cpu/join.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { profileLine } from '../../fleet/line.ts';
import { isAboutHosts } from '../../pools/groups.ts';
import { hostsOf } from '../hosts/read.ts';
import type { Arguments } from '../options/parse.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import { printLines } from '../terminal/pieces.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Prints what a pool needs to know of each host, a line each. */
export async function profile(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const hosts = joinHosts(await hostsOf(args, terminal, args.positionals));
  // Said once for all hosts that it holds for.
  const issues = diffHosts(hosts).issues.filter(isAboutHosts);
  tellIssues(issues, terminal);
  printLines(hosts.map(profileLine), terminal.data);
  return exitCodeFor(issues);
}
