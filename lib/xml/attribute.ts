import { decodeAttribute } from './escape.ts';
import { NAME_END, type BorrowedTree } from './tree.ts';
import { AMP, APOSTROPHE, EQUALS, GT, QUOTE, SLASH } from './syntax.ts';

const SPACE = 0x20;

/**
 * The value of one attribute of the element at an index. Quicker than `attributesOf` where one of many elements is
 * asked for one attribute; what is kept of it needs an `ownCopy`.
 */
export function attributeAt(
  { text, codes, nodes }: BorrowedTree,
  index: number,
  name: string,
): string | undefined {
  let at = nodes[index + NAME_END] as number;
  for (;;) {
    while ((codes[at] as number) <= SPACE) at++;
    const code = codes[at] as number;
    if (code === GT || code === SLASH) return undefined;
    const isIt = isNameAt(codes, at, name);
    while (!isQuote(codes[at] as number)) at++;
    const quote = codes[at] as number;
    const start = ++at;
    let isPlain = true;
    for (; codes[at] !== quote; at++) isPlain &&= isLiteral(codes[at] as number);
    if (isIt) return isPlain ? text.slice(start, at) : decodeAttribute(text.slice(start, at));
    at++;
  }
}

function isNameAt(codes: Uint8Array, at: number, name: string): boolean {
  const { length } = name;
  const after = codes[at + length] as number;
  if (after !== EQUALS && after > SPACE) return false;
  for (let i = 0; i < length; i++) if (codes[at + i] !== name.charCodeAt(i)) return false;
  return true;
}

function isQuote(code: number): boolean {
  return code === APOSTROPHE || code === QUOTE;
}

/** Does the character stand for itself in an attribute's value? */
function isLiteral(code: number): boolean {
  return code >= SPACE && code !== AMP;
}
