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
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3 });
  const body = patch.slice(patch.indexOf('--- '));
  return body
    .split('\n')
    .map((line) => styledLine(line, colour))
    .join('\n');
}

function styledLine(line: string, colour: boolean): string {
  const style = STYLE.find(([pattern]) => pattern.test(line))?.[1];
  return style === undefined ? line : styled(line, style, colour);
}
