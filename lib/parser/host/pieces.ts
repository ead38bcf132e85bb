import type { XmlLimits } from '../../../types/xml.ts';
import { MAX_LENGTH } from '../../xml/scan.ts';

/** In UTF-16 units: a text that is shorter is one piece. */
const SHORTEST_LONG_TEXT = 1 << 22;
const PIECE = 1 << 20;

/**
 * A long text of several documents in pieces of whole documents, or so it seems: each piece but the first begins with a
 * line that begins like the first element. Only a scan tells whether every piece is well-formed: then all of them
 * together are. To scan them one by one takes the memory of one of them. A text over the limit is for the scan to refuse.
 */
export function piecesOf(text: string, { maxLength = MAX_LENGTH }: XmlLimits = {}): readonly string[] {
  const start = /<[a-z]+/i.exec(text)?.[0];
  const isTooLong = text.length > maxLength;
  if (text.length < SHORTEST_LONG_TEXT || isTooLong || start === undefined) return [text];
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf(`\n${start}`, at + PIECE) + 1;
    const end = next === 0 ? text.length : next;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
