import { columnsOf } from '../terminal/fit.ts';

/** Rows under heads: every row has a cell for each of them. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: Iterable<readonly string[]>;
}

/** Between two columns. */
const GAP = '  ';
/** A column that must be narrower than its heads has them in so many lines at most. */
const MOST_HEAD_LINES = 4;

/**
 * A table as text, line by line: as wide as its cells, which stay whole, and its heads, which may be broken behind a
 * comma; `undefined` where that is wider than `width`.
 */
export function textTable({ head, rows }: Table, width: number = Infinity): readonly string[] | undefined {
  const all = [...rows];
  const cells = head.map((_, i) => all.reduce((most, row) => Math.max(most, columnsOf(row[i] ?? '')), 0));
  const widths = headWidths(head, cells, width);
  if (widths === undefined) return undefined;
  const heads = head.map((text, i) => brokenHead(text, widths[i] ?? 0));
  const height = Math.max(...heads.map(({ length }) => length));
  const headLines = Array.from({ length: height }, (_, line) =>
    heads.map((lines) => lines[line - (height - lines.length)] ?? ''),
  );
  return [...headLines, ...all].map((row) => aligned(row, widths));
}

function aligned(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - columnsOf(cell))));
  return cells.join(GAP).trimEnd();
}

/** How wide each column is: as its head where there is room, and never narrower than its cells. */
function headWidths(
  head: readonly string[],
  cells: readonly number[],
  width: number,
): readonly number[] | undefined {
  const room = width - GAP.length * (head.length - 1);
  const full = head.map((text, i) => Math.max(cells[i] ?? 0, text.length));
  const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
  if (sum(full) <= room) return full;
  for (let most = Math.max(...full) - 1; most > 0; most--) {
    const widths = head.map((text, i) =>
      Math.max(cells[i] ?? 0, ...brokenHead(text, Math.max(most, cells[i] ?? 0)).map(columnsOf)),
    );
    if (sum(widths) > room) continue;
    const isLow = head.every((text, i) => brokenHead(text, widths[i] ?? 0).length <= MOST_HEAD_LINES);
    return isLow ? widths : undefined;
  }
  return undefined;
}

/** A head in lines, broken behind commas where it is too long. */
function brokenHead(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of text.match(/[^,]*,? ?/g)?.filter((one) => one !== '') ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.trimEnd().length <= width)
      lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.length === 0 ? [''] : lines.map((line) => line.trimEnd());
}
