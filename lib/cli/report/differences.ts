import type { Baseline, Loss } from '../../../types/baseline.ts';
import type { HostGrade } from '../../../types/host-source.ts';
import { every, groupedOn } from '../../issues/words.ts';
import { presence } from '../../report/wording.ts';
import { nameList } from '../../text/fold.ts';
import { printable } from '../../text/printable.ts';
import { groupedBy, remembered } from '../../text/remembered.ts';
import { fitted } from '../terminal/fit.ts';
import { textTable, type Table } from './table.ts';

const MARKS = { yes: 'yes', no: '-', unknown: '?' } as const;
type Mark = keyof typeof MARKS;
const ALL_MARKS = Object.keys(MARKS) as readonly Mark[];

/** Hosts of which every guest gets the same, known from equally good sources. */
interface HostKind {
  readonly names: readonly string[];
  readonly grade: HostGrade;
  /** Where the first of them stands among the hosts. */
  readonly at: number;
}

/** What hosts differ in, for people: equal hosts in one column, or, where columns do not fit, who lacks what. */
export function differencesText(baseline: Baseline, width: number): readonly string[] {
  const { losses } = baseline;
  const kinds = kindsOf(baseline);
  const table = losses.length === 0 ? undefined : textTable(foldedTable(baseline, kinds), width);
  return table ?? [...gradeLines(kinds, width), ...lackingLines(baseline, kinds, width)];
}

/** Features × kinds of hosts, below the grades of their sources. */
export function foldedTable(baseline: Baseline, kinds: readonly HostKind[] = kindsOf(baseline)): Table {
  const heads = kinds.map(({ names }) => nameList(names.map(printable)));
  const columns = kinds.map(({ at }) => at);
  return { head: ['feature', ...heads], rows: rowsOf(baseline, columns) };
}

/** Features × all hosts, however many. */
export function wideTable(baseline: Baseline): Table {
  const heads = baseline.hosts.map(({ name }) => printable(name));
  return { head: ['feature', ...heads], rows: rowsOf(baseline, [...heads.keys()]) };
}

/** `columns` are the places of hosts, each of which stands for its kind. */
function* rowsOf({ hosts, losses }: Baseline, columns: readonly number[]): Generator<readonly string[]> {
  const names = hosts.map(({ name }) => name);
  yield ['(grade)', ...columns.map((at) => hosts[at]?.grade ?? '')];
  for (const loss of losses) {
    const marks = marksOf(loss, names);
    yield [loss.feature, ...columns.map((at) => MARKS[marks[at] ?? 'unknown'])];
  }
}

/** Who lacks features, or who alone has them, and below that the features; what the fewest lack comes first. */
function lackingLines(
  { hosts, losses }: Baseline,
  kinds: readonly HostKind[],
  width: number,
): readonly string[] {
  const names = hosts.map(({ name }) => name);
  const groups = groupedBy(losses, (loss) => {
    const marks = marksOf(loss, names);
    return kinds.map(({ at }) => marks[at] ?? 'unknown').join();
  });
  return [...groups.values()]
    .map((group) => [group[0] as Loss, group.map(({ feature }) => feature)] as const)
    .sort(([a], [b]) => a.missingOn.length - b.missingOn.length)
    .flatMap(([loss, features]) => [
      ...textLines(printable(presence(loss, features.length === 1 ? 'it' : 'them')), width, 4),
      ...textLines(`  ${every(features)}`, width, 0),
    ]);
}

function gradeLines(kinds: readonly HostKind[], width: number): readonly string[] {
  const grades = [...new Set(kinds.map(({ grade }) => grade))].sort().map((grade) => ({
    grade,
    hosts: kinds.flatMap((kind) => (kind.grade === grade ? kind.names : [])),
  }));
  const text =
    grades.length === 1 ? `${grades[0]?.grade ?? ''} on all hosts` : groupedOn(grades, (one) => one.grade);
  return textLines(printable(`grade of sources: ${text}`), width, 4);
}

function textLines(text: string, width: number, indent: number): readonly string[] {
  return fitted({ text }, width, indent).text.split('\n');
}

/** Hosts that differ in nothing, in the order of the first of each kind. */
function kindsOf({ hosts, losses }: Baseline): readonly HostKind[] {
  const names = hosts.map(({ name }) => name);
  const grades: readonly HostGrade[] = ['A', 'B', 'C'];
  // A host's kind is a number, split in up to three by each feature: to write out all marks of each host would take
  // as much memory as the hosts.
  let kinds = hosts.map(({ grade }) => grades.indexOf(grade));
  for (const loss of losses) {
    const numbers = new Map<number, number>();
    kinds = marksOf(loss, names).map((mark, i) => {
      const split = (kinds[i] ?? 0) * ALL_MARKS.length + ALL_MARKS.indexOf(mark);
      return remembered(numbers, split, () => numbers.size);
    });
    if (numbers.size === hosts.length) break;
  }
  const byKind = new Map<number, HostKind & { readonly names: string[] }>();
  for (const [at, { name, grade }] of hosts.entries())
    remembered(byKind, kinds[at] ?? 0, () => ({ names: [], grade, at })).names.push(name);
  return [...byKind.values()];
}

/** The lists of a loss are in the order of the hosts. */
function marksOf({ presentOn, unknownOn }: Loss, names: readonly string[]): readonly Mark[] {
  let [present, unknown] = [0, 0];
  return names.map((name) => {
    const mark = presentOn[present] === name ? 'yes' : unknownOn[unknown] === name ? 'unknown' : 'no';
    if (mark === 'yes') present++;
    if (mark === 'unknown') unknown++;
    return mark;
  });
}
