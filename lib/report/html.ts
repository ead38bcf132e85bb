import { printable } from '../text/printable.ts';
import { encodeValue } from '../xml/escape.ts';

/** Markup. Only `markup` and `raw` make it, so whatever else is put into it is text and stays text. */
export interface Html {
  readonly html: string;
}

/** What may stand between the parts of a template. */
export type Piece = Html | string | number | undefined | readonly Html[];

/**
 * Markup by a template: markup that is put into it stays what it is, and all else becomes text that no browser takes
 * for anything else, without control and bidi characters. It may stand between tags and in quoted attributes.
 *
 * @example
 * markup`<p title="${'"'}">${'<script>'}${[markup`<b>x</b>`]}</p>`.html;
 * // → '<p title="&quot;">&lt;script&gt;<b>x</b></p>'
 */
export function markup(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { html: parts.reduce((text, part, i) => text + asMarkup(pieces[i - 1]) + part, '') };
}

function asMarkup(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'number') return String(piece);
  if (typeof piece === 'string') return encodeValue(printable(piece));
  if ('html' in piece) return piece.html;
  return piece.map((one) => one.html).join('');
}

/** A table that scrolls by itself where the window is narrower; the keyboard reaches it. */
export function wide(name: string, table: Html): Html {
  return markup`<div class="wide" role="region" aria-label="${name}, table" tabindex="0">${table}</div>
`;
}

/** Markup that we wrote ourselves. */
export function raw(text: string): Html {
  return { html: text };
}

/** Nothing, where there may be something. */
export const NOTHING: Html = Object.freeze(raw(''));
