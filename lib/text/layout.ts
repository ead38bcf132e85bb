import { lineStartOf } from './position.ts';

/** The newline a text uses: that of its first line break, LF when it has none. */
export function newlineOf(text: string): '\n' | '\r\n' | '\r' {
  const at = text.search(/[\r\n]/);
  if (at === -1 || text[at] === '\n') return '\n';
  return text[at + 1] === '\n' ? '\r\n' : '\r';
}

/** Blanks before `offset` on its line; `undefined` when something else stands there, so it does not begin a line. */
export function indentAt(text: string, offset: number): string | undefined {
  let start = offset;
  while (start > 0 && isBlank(text[start - 1])) start--;
  const lineStart = text[start - 1] === '\ufeff' ? start - 1 : start;
  return lineStart === 0 || isLineBreak(text[lineStart - 1]) ? text.slice(start, offset) : undefined;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function isLineBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

/** Is there nothing but blanks? XML has four; others, such as the no-break space, are text. */
export function isBlankText(text: string): boolean {
  return !/[^ \t\r\n]/.test(text);
}

/** Where the blanks in front of `offset` begin. */
export function blanksBefore(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && ' \t\r\n'.includes(text.charAt(start - 1))) start--;
  return start;
}

/** The indentation of the nearest line above that is less indented than `indent` and holds something. */
export function parentIndentAt(text: string, offset: number, indent: string): string | undefined {
  let end = lineStartOf(text, offset);
  while (end > 0) {
    const start = lineStartOf(text, end - 1);
    let tag = start;
    while (isBlank(text[tag])) tag++;
    const isLess = tag - start < indent.length;
    if (isLess && text.slice(tag, end).trim() !== '') return text.slice(start, tag);
    end = start;
  }
  return undefined;
}

/** One more level of indentation than `indent`, in the step between it and its parent's; two blanks by default. */
export function deeper(indent: string, parentIndent: string | undefined): string {
  if (parentIndent !== undefined && indent !== parentIndent && indent.startsWith(parentIndent)) {
    return indent + indent.slice(parentIndent.length);
  }
  return indent + (indent.includes('\t') ? '\t' : '  ');
}
