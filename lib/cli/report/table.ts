import type { Baseline, Loss } from '../../../types/baseline.ts';
import { printable } from '../../text/printable.ts';

const MARKS = { yes: 'yes', no: '-', unknown: '?' } as const;
type Mark = keyof typeof MARKS;

/** Hosts × differing features, one feature to a line, line by line. */
export function* differenceTable({ hosts, losses }: Baseline): Generator<string> {
  const names = hosts.map(({ name }) => name);
  const first = Math.max('feature'.length, ...losses.map(({ feature }) => feature.length));
  const wide = shortNamesWithYes(names, losses);
  const widths = names.map((name) => (wide.has(name) ? MARKS.yes.length : name.length));
  // Thousands of hosts have cells of a few widths: each is made once.
  const cells = new Map([...new Set(widths)].map((width) => [width, paddedMarks(width)]));
  const lineOf = (head: string, cells: readonly string[]): string =>
    `${[head.padEnd(first), ...cells].join('  ').trimEnd()}\n`;
  yield lineOf(
    'feature',
    names.map((name, i) => printable(name).padEnd(widths[i] ?? 0)),
  );
  for (const loss of losses)
    yield lineOf(
      loss.feature,
      marksOf(loss, names).map((mark, i) => cells.get(widths[i] ?? 0)?.[mark] ?? ''),
    );
}

function paddedMarks(width: number): Readonly<Record<Mark, string>> {
  const { yes, no, unknown } = MARKS;
  return { yes: yes.padEnd(width), no: no.padEnd(width), unknown: unknown.padEnd(width) };
}

/** Names that are shorter than the `yes` somewhere below them. */
function shortNamesWithYes(names: readonly string[], losses: readonly Loss[]): ReadonlySet<string> {
  const short = new Set(names.filter(({ length }) => length < MARKS.yes.length));
  if (short.size === 0) return short;
  return new Set(losses.flatMap(({ presentOn }) => presentOn.filter((name) => short.has(name))));
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
