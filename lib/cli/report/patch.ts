import { createTwoFilesPatch } from 'diff';
import type { Terminal } from '../terminal/terminal.ts';
import { joinedWords, styled, words, type Words } from '../terminal/words.ts';

const STYLE = [
  [/^(?:---|\+\+\+)/, 'bold'],
  [/^@@/, 'cyan'],
  [/^\+/, 'green'],
  [/^-/, 'red'],
] as const;

/** Prints a unified diff of two texts, nothing when they are equal: byte by byte, unless somebody looks at it. */
export function printDiff(
  path: string,
  before: string,
  after: string,
  { colour, data, out }: Terminal,
): void {
  if (before === after) return;
  const diff = unifiedDiff(path, before, after);
  if (!colour.out) data(diff);
  else
    out(
      joinedWords(
        diff.split('\n').map((line, i) => (i === 0 ? styledLine(line) : words`\n${styledLine(line)}`)),
      ),
    );
}

/** What changes a text into another, as patch(1) takes it. */
export function unifiedDiff(path: string, before: string, after: string): string {
  // patch(1) takes a name up to a blank, or up to a tab where there is one.
  const header = /\s/.test(path) ? '' : undefined;
  const patch = createTwoFilesPatch(path, path, before, after, header, header, { context: 3 });
  return patch.slice(patch.indexOf('\n--- ') + 1);
}

function styledLine(line: string): Words {
  const style = STYLE.find(([pattern]) => pattern.test(line))?.[1];
  return style === undefined ? words`${line}` : styled(line, style, true);
}
