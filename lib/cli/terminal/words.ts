import { printable, printableLines } from '../../text/printable.ts';

/**
 * Words that may be printed: all that came from anywhere else in them can do nothing to a terminal. Made only by the
 * functions of this file; `terminal.out` and `terminal.err` take nothing else.
 */
export interface Words {
  readonly text: string;
}

/** What stands between the parts of a template. */
export type Piece = Words | string | number;

/**
 * Words by a template: what is put into it is made printable, and stays in its line; words stay as they are.
 *
 * @example
 * words`${'we\nb'} is ${words`fine`}`; // → { text: 'we?b is fine' }
 */
export function words(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Words {
  return { text: parts.reduce((text, part, i) => text + shown(pieces[i - 1]) + part, '') };
}

function shown(piece: Piece = ''): string {
  return typeof piece === 'object' ? piece.text : printable(String(piece));
}

/** A text of several lines, made printable line by line. */
export function lines(text: string): Words {
  return { text: printableLines(text) };
}

/** Texts as lines of their own, each of which stays one. */
export function wordLines(all: readonly string[]): Words {
  return joinedWords(all.map((line) => words`${line}\n`));
}

/** Words one behind the other. */
export function joinedWords(all: readonly Words[]): Words {
  return { text: all.map(({ text }) => text).join('') };
}

const STYLES = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Style = keyof typeof STYLES;

/** Words in a style, or as they are. */
export function styled(piece: Piece, style: Style, colour: boolean): Words {
  const text = shown(piece);
  return { text: colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text };
}
