import type { Baseline, Loss } from '../../../types/baseline.ts';
import { printable } from '../../text/printable.ts';

const MARKS = { yes: 'yes', no: '-', unknown: '?' } as const;

/** Hosts × differing features, one feature to a line, line by line. */
export function* differenceTable({ hosts, losses, surplus }: Baseline): Generator<string> {
  const names = hosts.map(({ name }) => name);
  const first = Math.max('feature'.length, ...losses.map(({ feature }) => feature.length));
  // A column of what a host has is as wide as `yes`.
  const widths = names.map((name) =>
    Math.max(name.length, surplus[name]?.length === 0 ? 1 : MARKS.yes.length),
  );
  const lineOf = (head: string, cells: readonly string[]): string =>
    `${[head.padEnd(first), ...cells.map((cell, i) => cell.padEnd(widths[i] ?? 0))].join('  ').trimEnd()}\n`;
  yield lineOf('feature', names.map(printable));
  for (const loss of losses) yield lineOf(loss.feature, marksOf(loss, names));
}

function marksOf({ presentOn, unknownOn }: Loss, names: readonly string[]): readonly string[] {
  const [present, unknown] = [new Set(presentOn), new Set(unknownOn)];
  return names.map((name) => (present.has(name) ? MARKS.yes : unknown.has(name) ? MARKS.unknown : MARKS.no));
}
