import type { Baseline, Loss } from '../../../types/baseline.ts';

const MARKS = { yes: 'yes', no: '-', unknown: '?' } as const;

/** Hosts × differing features, one feature to a line. */
export function differenceTable({ hosts, losses }: Baseline): string {
  const names = hosts.map(({ name }) => name);
  const rows = [
    ['feature', ...names],
    ...losses.map((loss) => [loss.feature, ...names.map((name) => markFor(loss, name))]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function markFor({ presentOn, unknownOn }: Loss, host: string): string {
  if (presentOn.includes(host)) return MARKS.yes;
  return unknownOn.includes(host) ? MARKS.unknown : MARKS.no;
}
