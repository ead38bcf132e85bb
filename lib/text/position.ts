import type { Position } from '../../types/xml.ts';
import { printable } from './printable.ts';

const EXCERPT_WIDTH = 100;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/** Line and column of an offset, from 1. A line ends at LF, CR or CR LF, as XML reads them. */
export function positionAt(text: string, offset: number): Position {
  return positionsIn(text)(offset);
}

/** Positions in one text, cheapest when asked for in ascending order. */
export function positionsIn(text: string): (offset: number) => Position {
  let hasReturns: boolean | undefined;
  let line = 1;
  let lineStart = 0;
  // Where the next line starts; 0 where there is none. A line may be all of a text of millions of characters.
  let next: number | undefined;
  return (offset) => {
    hasReturns ??= text.includes('\r');
    if (offset < lineStart) [line, lineStart, next] = [1, 0, undefined];
    for (;;) {
      next ??= hasReturns ? nextLine(text, lineStart) : text.indexOf('\n', lineStart) + 1;
      if (next <= 0 || next > offset) return { line, column: offset - lineStart + 1 };
      line++;
      lineStart = next;
      next = undefined;
    }
  };
}

function nextLine(text: string, from: number): number {
  const breaks = /\r\n?|\n/g;
  breaks.lastIndex = from;
  return breaks.exec(text) === null ? 0 : breaks.lastIndex;
}

/**
 * The line around an offset, made printable, with a caret under it; long lines are cut to what stands near the caret.
 *
 * @param most the most characters to show of a line.
 */
export function excerptAt(text: string, offset: number, most: number = EXCERPT_WIDTH): string {
  const width = Math.min(most, EXCERPT_WIDTH);
  // Only so much of a line is looked at: it may be all of a text.
  const start = lineStartOf(text, offset, offset - width);
  const end = lineEndOf(text, offset, offset + width);
  const from = Math.max(start, Math.min(offset - (width >> 1), end - width));
  const shown = text.slice(from, Math.min(end, from + width));
  const blanks = text.slice(from, offset).replace(/[^\t]/g, ' ');
  return `${printable(shown)}\n${blanks}^`;
}

/** Offset of the first character of the line that holds `offset`, or a bound before that. */
export function lineStartOf(text: string, offset: number, bound = 0): number {
  let start = offset;
  while (start > 0 && start > bound && !isLineBreak(text.charCodeAt(start - 1))) start--;
  return start;
}

function isLineBreak(code: number): boolean {
  return code === LINE_FEED || code === RETURN;
}

/** Offset of the end of the line that holds `offset`, or a bound before that. */
export function lineEndOf(text: string, offset: number, bound: number = text.length): number {
  let end = offset;
  while (end < text.length && end < bound && !isLineBreak(text.charCodeAt(end))) end++;
  return end;
}
