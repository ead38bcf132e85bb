import { baselineCpu } from '../../diff/pool/baseline-cpu.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { judgement, readHosts, type Arguments } from '../arguments.ts';
import { writeLock } from '../lock.ts';
import { cpuXml } from '../report/cpu-xml.ts';
import { baselineFacts, json, jsonPieces } from '../report/json.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import { outPieces, type Terminal } from '../terminal.ts';

/** Prints the CPU all hosts share, told as libvirt tells it. */
export function baseline(args: Arguments, terminal: Terminal): 0 | 1 | 2 {
  const hosts = readHosts(args, terminal, [...args.texts('host'), ...args.positionals]);
  const pool = diffHosts(hosts, judgement(args));
  tellIssues(pool.issues, terminal);
  const code = exitCodeFor(pool.issues);
  if (code !== 0) {
    if (args.has('json')) terminal.out(json({ command: 'baseline', issues: pool.issues }));
    return code;
  }
  writeLock(args, pool);
  const migratable = args.has('migratable') ? { migratable: 'libvirt' as const } : {};
  const cpu = baselineCpu(hosts, { expand: args.has('features'), ...migratable });
  if (args.has('json'))
    outPieces(
      terminal,
      jsonPieces({ command: 'baseline', cpu, ...baselineFacts(pool), issues: pool.issues }),
    );
  else terminal.out(cpuXml(cpu));
  return 0;
}
