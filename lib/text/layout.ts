import { lineStartOf } from './position.ts';

const BLANK = /^\ufeff?[ \t]*$/;

/** The newline a text uses: that of its first line break, LF when it has none. */
export function newlineOf(text: string): '\n' | '\r\n' | '\r' {
  const found = /\r\n|\n|\r/.exec(text)?.[0];
  return found === '\r\n' || found === '\r' ? found : '\n';
}

/** Blanks before `offset` on its line; `undefined` when something else stands there, so it does not begin a line. */
export function indentAt(text: string, offset: number): string | undefined {
  const before = text.slice(lineStartOf(text, offset), offset);
  return BLANK.test(before) ? before.replace('\ufeff', '') : undefined;
}

/** One more level of indentation than `indent`, in the step between it and its parent's; two blanks by default. */
export function deeper(indent: string, parentIndent: string | undefined): string {
  if (parentIndent !== undefined && indent !== parentIndent && indent.startsWith(parentIndent)) {
    return indent + indent.slice(parentIndent.length);
  }
  return indent + (indent.includes('\t') ? '\t' : '  ');
}
