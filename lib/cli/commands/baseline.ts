import { baselineCpu } from '../../diff/pool/baseline-cpu.ts';
import { baselineLevels } from '../../diff/pool/levels.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { argumentsFromUser } from '../errors.ts';
import { writeLock } from '../hosts/lock.ts';
import { hostsOf } from '../hosts/read.ts';
import { judgement } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { cpuXml } from '../report/cpu-xml.ts';
import { baselineFacts, json, jsonPieces } from '../report/json.ts';
import { hostLevelWords } from '../report/levels.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import { printPieces } from '../terminal/pieces.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';

/** Prints the CPU all hosts share, as libvirt prints it. */
export async function baseline(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const hosts = await hostsOf(args, terminal, { words: args.positionals });
  const pool = diffHosts(hosts, judgement(args));
  const levels = baselineLevels(pool);
  const level = levels && hostLevelWords(levels);
  if (level !== undefined) terminal.tell(words`${level}\n`);
  tellIssues(pool.issues, terminal);
  const code = exitCodeFor(pool.issues);
  if (code !== 0) {
    if (args.has('json')) terminal.data(json({ command: 'baseline', issues: pool.issues }));
    return code;
  }
  writeLock(args, pool, terminal);
  const migratable = args.has('migratable') ? { migratable: 'libvirt' as const } : {};
  const options = { expand: args.has('features'), ...migratable };
  // Hosts may have no model in common, or none that can be named.
  const cpu = argumentsFromUser('not-comparable', () => baselineCpu(hosts, options));
  if (args.has('json'))
    printPieces(
      jsonPieces({ command: 'baseline', cpu, levels, ...baselineFacts(pool), issues: pool.issues }),
      terminal.data,
    );
  else terminal.data(cpuXml(cpu));
  return 0;
}
