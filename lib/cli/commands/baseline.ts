import type { CpuDefinition } from '../../../types/cpu-definition.ts';
import { baselineCpu } from '../../diff/pool/baseline-cpu.ts';
import { baselineLevels } from '../../diff/pool/levels.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { argumentsFromUser } from '../errors.ts';
import { writeLock } from '../hosts/lock.ts';
import { hostsOf } from '../hosts/read.ts';
import { judgement } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { cpuXml } from '../report/cpu-xml.ts';
import { formatOf, printed } from '../report/formats.ts';
import { baselineFacts } from '../report/json.ts';
import { hostLevelWords } from '../report/levels.ts';
import { textTable, type Table } from '../report/table.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { lines, words } from '../terminal/words.ts';

/** Prints the CPU all hosts share, as libvirt prints it. */
export async function baseline(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const format = formatOf(args);
  const hosts = await hostsOf(args, terminal, args.positionals);
  const pool = diffHosts(hosts, judgement(args));
  const levels = baselineLevels(pool);
  const level = hostLevelWords(levels);
  if (level !== undefined) terminal.tell(fitted(words`${level}\n`, terminal.messageWidth()));
  tellIssues(pool.issues, terminal);
  const code = exitCodeFor(pool.issues);
  if (code !== 0) {
    const refused = { command: 'baseline', issues: pool.issues } as const;
    if (format === 'json' || format === 'yaml')
      printed(format, { facts: () => refused, table: () => cpuTable() }, terminal);
    return code;
  }
  writeLock(args, pool, terminal);
  const migratable = args.has('migratable') ? { migratable: 'libvirt' as const } : {};
  const options = { expand: args.has('features'), ...migratable };
  // Hosts may have no model in common, or none that can be named.
  const cpu = argumentsFromUser('not-comparable', () => baselineCpu(hosts, options));
  const facts = { command: 'baseline', cpu, levels, issues: pool.issues } as const;
  const result = { facts: () => ({ ...facts, ...baselineFacts(pool) }), table: () => cpuTable(cpu) };
  if (printed(format, result, terminal)) return 0;
  if (format === undefined) terminal.data(cpuXml(cpu));
  else terminal.out(lines(`${(textTable(cpuTable(cpu)) ?? []).join('\n')}\n`));
  return 0;
}

function cpuTable(cpu?: CpuDefinition): Table {
  const { model, vendor, fallback = '', features = [] } = cpu ?? {};
  return {
    head: ['kind', 'name', 'policy'],
    rows: [
      ...(model === undefined ? [] : [['model', model, `fallback ${fallback}`]]),
      ...(vendor === undefined ? [] : [['vendor', vendor, '']]),
      ...features.map(({ name, policy }) => ['feature', name, policy]),
    ],
  };
}
