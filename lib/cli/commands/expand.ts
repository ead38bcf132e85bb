import type { Host } from '../../../types/host.ts';
import { baselineLevels } from '../../diff/pool/levels.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { oneHost } from '../hosts/one.ts';
import { hostsOf } from '../hosts/read.ts';
import type { Arguments } from '../options/parse.ts';
import { cpuWords } from '../report/cpu.ts';
import { formatOf, printed } from '../report/formats.ts';
import { levelWords } from '../report/levels.ts';
import { textTable, type Table } from '../report/table.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wordLines, words } from '../terminal/words.ts';

/** Lists every CPU feature a guest gets on one host, a name to a line. */
export async function expand(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const format = formatOf(args);
  const host = oneHost(args, await hostsOf(args, terminal, args.positionals));
  const levels = baselineLevels(diffHosts([host]));
  const level = levelWords(levels);
  if (level !== undefined) terminal.tell(words`${level}\n`);
  const cpu = cpuWords([host]);
  if (cpu !== undefined) terminal.tell(words`${cpu}\n`);
  tellIssues(host.issues, terminal);
  const { name, grade, source, model, vendor, features = [], uncertain, unnamed = [], issues } = host;
  const about = { name, grade, source, model, vendor, level: levels?.level };
  const known = { features: host.features, uncertain, unnamed: host.unnamed, issues };
  const result = {
    facts: () => ({ command: 'expand', ...about, ...known }) as const,
    table: () => tableOf(host),
  };
  if (printed(format, result, terminal)) return exitCodeFor(issues);
  const own = features.length === 0 ? unnamed : features;
  const shown = format === undefined ? own : (textTable(tableOf(host)) ?? []);
  terminal.out(wordLines(shown));
  return exitCodeFor(issues);
}

/** What a guest gets, what it may get, and what libvirt has no name for. */
function tableOf({ features = [], uncertain, unnamed = [] }: Host): Table {
  const rows = [
    ...features.map((name) => [name, 'yes']),
    ...uncertain.map((name) => [name, 'depends on the libvirt version']),
    ...unnamed.map((name) => [name, 'yes, without a name of libvirt']),
  ];
  return { head: ['feature', 'guest has it'], rows: rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)) };
}
