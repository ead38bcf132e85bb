import type { Span } from '../../types/xml.ts';
import { ownCopy } from '../text/own-copy.ts';
import { decodeAttribute, decodeText } from './escape.ts';
import { APOSTROPHE, EQUALS, GT, QUOTE, SLASH } from './syntax.ts';
import { CLOSE_START, END, NAME_END, NEXT, NODE_SIZE, TAG_END, type Tree } from './tree.ts';

/** One element of a tree: where its parts stand. */
export interface XmlElement extends Span {
  /** Its place in the tree, for further questions. */
  readonly index: number;
  readonly name: string;
  readonly startTag: Span;
  /** Offset of its end tag; equals `end` when it is self-closing. */
  readonly contentEnd: number;
}

/** One attribute: its decoded value, the whole of it, and what stands between the quotes. */
export interface XmlAttribute extends Span {
  readonly name: string;
  readonly value: string;
  readonly valueSpan: Span;
}

/** The element at an index of the tree. */
export function elementAt(tree: Tree, index: number): XmlElement {
  const { text, nodes } = tree;
  const start = nodes[index] as number;
  return {
    index,
    name: text.slice(start + 1, nodes[index + NAME_END]),
    start,
    end: nodes[index + END] as number,
    startTag: { start, end: nodes[index + TAG_END] as number },
    contentEnd: nodes[index + CLOSE_START] as number,
  };
}

/** Where the element at an index stands. */
export function spanAt({ nodes }: Tree, index: number): Span {
  return { start: nodes[index] as number, end: nodes[index + END] as number };
}

/** Where its start tag stands. */
export function startTagAt({ nodes }: Tree, index: number): Span {
  return { start: nodes[index] as number, end: nodes[index + TAG_END] as number };
}

/** Its name. */
export function nameAt({ text, nodes }: Tree, index: number): string {
  return text.slice((nodes[index] as number) + 1, nodes[index + NAME_END]);
}

/** The child elements of the element at an index, in document order. */
export function childrenOf(tree: Tree, index: number): XmlElement[] {
  const children: XmlElement[] = [];
  const last = tree.nodes[index + NEXT] as number;
  for (let i = index + NODE_SIZE; i < last; i = tree.nodes[i + NEXT] as number)
    children.push(elementAt(tree, i));
  return children;
}

/** The children of a name that are in no namespace, as libvirt's own elements are. */
export function childrenNamed(tree: Tree, index: number, name: string): XmlElement[] {
  const { nodes } = tree;
  const found: XmlElement[] = [];
  const last = nodes[index + NEXT] as number;
  for (let i = index + NODE_SIZE; i < last; i = nodes[i + NEXT] as number) {
    if (isNamed(tree, i, name) && !hasOwnNamespace(tree, i)) found.push(elementAt(tree, i));
  }
  return found;
}

/** Follows the first child of each name in turn. */
export function descend(tree: Tree, index: number, ...names: readonly string[]): XmlElement | undefined {
  let found: XmlElement | undefined;
  for (const name of names) {
    found = firstChild(tree, found?.index ?? index, name);
    if (found === undefined) return undefined;
  }
  return found;
}

function firstChild(tree: Tree, index: number, name: string): XmlElement | undefined {
  const { nodes } = tree;
  const last = nodes[index + NEXT] as number;
  for (let i = index + NODE_SIZE; i < last; i = nodes[i + NEXT] as number) {
    if (isNamed(tree, i, name) && !hasOwnNamespace(tree, i)) return elementAt(tree, i);
  }
  return undefined;
}

function isNamed({ text, nodes }: Tree, index: number, name: string): boolean {
  const start = (nodes[index] as number) + 1;
  return (nodes[index + NAME_END] as number) - start === name.length && text.startsWith(name, start);
}

/** Does the element put itself into a default namespace? Then it only looks like libvirt's. */
export function hasOwnNamespace(tree: Tree, index: number): boolean {
  if (!tree.hasNamespaces) return false;
  const attributes = attributesInTag(tree.text, startTagAt(tree, index));
  return attributes.some(({ name, value }) => name === 'xmlns' && value !== '');
}

/** The attributes of an element, in order. Its start tag has been checked by the scan. */
export function attributesOf(tree: Tree, { startTag }: Pick<XmlElement, 'startTag'>): XmlAttribute[] {
  return attributesInTag(tree.text, startTag);
}

/** The values of an element's attributes by their names. */
export function attributeValues(
  tree: Tree,
  element: Pick<XmlElement, 'startTag'>,
): ReadonlyMap<string, string> {
  return new Map(attributesOf(tree, element).map(({ name, value }) => [name, value]));
}

/** The attributes of a start tag of a scanned text, in order. */
export function attributesInTag(text: string, startTag: Span): XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  let at = startTag.start + 1;
  while (!isDelimiter(text.charCodeAt(at))) at++;
  for (;;) {
    while (isBlank(text.charCodeAt(at))) at++;
    if (at >= startTag.end - 1 || text.charCodeAt(at) === SLASH) return attributes;
    const start = at;
    while (!isDelimiter(text.charCodeAt(at))) at++;
    const name = text.slice(start, at);
    while (!isQuote(text.charCodeAt(at))) at++;
    const close = text.indexOf(text.charAt(at), at + 1);
    const value = ownCopy(decodeAttribute(text.slice(at + 1, close)));
    attributes.push({ name, value, start, end: close + 1, valueSpan: { start: at + 1, end: close } });
    at = close + 1;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}

function isQuote(code: number): boolean {
  return code === APOSTROPHE || code === QUOTE;
}

/** Ends a name in a start tag. */
function isDelimiter(code: number): boolean {
  return code === EQUALS || code === SLASH || code === GT || isBlank(code);
}

/** The value of one attribute, if the element has it. */
export function attributeOf(
  tree: Tree,
  element: Pick<XmlElement, 'startTag'>,
  name: string,
): string | undefined {
  return attributesOf(tree, element).find((attribute) => attribute.name === name)?.value;
}

/** An element's own text: CDATA counts; comments, instructions and child elements with all they hold do not. */
export function textOf(tree: Tree, { index, startTag, contentEnd }: XmlElement): string {
  const { text } = tree;
  if (text.indexOf('<', startTag.end) >= contentEnd)
    return ownCopy(decodeText(text.slice(startTag.end, contentEnd)));
  let own = '';
  let at = startTag.end;
  for (const child of childrenOf(tree, index)) {
    own += text.slice(at, child.start);
    at = child.end;
  }
  const parts = (own + text.slice(at, contentEnd)).matchAll(
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|[^<]+/g,
  );
  return [...parts].map(([part, cdata]) => cdata ?? (part.startsWith('<') ? '' : decodeText(part))).join('');
}

/** The trimmed text at the end of a path of first children; `undefined` where there is none. */
export function textAt(tree: Tree, { index }: XmlElement, ...names: readonly string[]): string | undefined {
  const found = descend(tree, index, ...names);
  return found === undefined ? undefined : textOf(tree, found).trim() || undefined;
}
