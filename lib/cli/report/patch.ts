import { createTwoFilesPatch } from 'diff';
import { styled } from '../terminal.ts';

const STYLE = [
  [/^(?:---|\+\+\+)/, 'bold'],
  [/^@@/, 'cyan'],
  [/^\+/, 'green'],
  [/^-/, 'red'],
] as const;

/** A unified diff of two texts; empty when they are equal. */
export function unifiedDiff(path: string, before: string, after: string, colour: boolean): string {
  if (before === after) return '';
  // patch(1) takes a name up to a blank, or up to a tab where there is one.
  const header = /\s/.test(path) ? '' : undefined;
  const patch = createTwoFilesPatch(path, path, before, after, header, header, { context: 3 });
  const body = patch.slice(patch.indexOf('\n--- ') + 1);
  return body
    .split('\n')
    .map((line) => styledLine(line, colour))
    .join('\n');
}

function styledLine(line: string, colour: boolean): string {
  const style = STYLE.find(([pattern]) => pattern.test(line))?.[1];
  return style === undefined ? line : styled(line, style, colour);
}
