import { decodeAttribute } from './escape.ts';
import { NODE, type XmlTree } from './scanner.ts';
import { AMP, APOSTROPHE, EQUALS, GT, QUOTE, SLASH } from './syntax.ts';

const SPACE = 0x20;

/**
 * The value of one attribute of the element at an index. Quicker than `attributesOf` where one of many elements is
 * asked for one attribute; what is kept of it needs an `ownCopy`.
 */
export function attributeAt({ text, nodes }: XmlTree, index: number, name: string): string | undefined {
  let at = nodes[index + NODE.nameEnd] as number;
  for (;;) {
    while (text.charCodeAt(at) <= SPACE) at++;
    const code = text.charCodeAt(at);
    if (code === GT || code === SLASH) return undefined;
    const isIt = text.startsWith(name, at) && endsName(text.charCodeAt(at + name.length));
    while (!isQuote(text.charCodeAt(at))) at++;
    const start = at + 1;
    const quote = text.charCodeAt(at);
    let isPlain = true;
    for (at = start; text.charCodeAt(at) !== quote; at++) isPlain &&= isLiteral(text.charCodeAt(at));
    if (isIt) return isPlain ? text.slice(start, at) : decodeAttribute(text.slice(start, at));
    at++;
  }
}

function endsName(code: number): boolean {
  return code === EQUALS || code <= SPACE;
}

function isQuote(code: number): boolean {
  return code === APOSTROPHE || code === QUOTE;
}

/** Does the character stand for itself in an attribute's value? */
function isLiteral(code: number): boolean {
  return code >= SPACE && code !== AMP;
}
