import type { Span } from '../../types/xml.ts';
import { decodeAttribute, decodeText } from './escape.ts';
import { NODE, type XmlTree } from './scanner.ts';
import { SLASH } from './syntax.ts';

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
export function elementAt(tree: XmlTree, index: number): XmlElement {
  const { text, nodes } = tree;
  const start = nodes[index + NODE.start] as number;
  return {
    index,
    name: text.slice(start + 1, nodes[index + NODE.nameEnd]),
    start,
    end: nodes[index + NODE.end] as number,
    startTag: { start, end: nodes[index + NODE.tagEnd] as number },
    contentEnd: nodes[index + NODE.closeStart] as number,
  };
}

/** The child elements of the element at an index, in document order. */
export function childrenOf(tree: XmlTree, index: number): XmlElement[] {
  const children: XmlElement[] = [];
  const last = tree.nodes[index + NODE.next] as number;
  for (let i = index + NODE.size; i < last; i = tree.nodes[i + NODE.next] as number)
    children.push(elementAt(tree, i));
  return children;
}

/** The children of a name that are in no namespace, as libvirt's own elements are. */
export function childrenNamed(tree: XmlTree, index: number, name: string): XmlElement[] {
  const { text, nodes } = tree;
  const found: XmlElement[] = [];
  const last = nodes[index + NODE.next] as number;
  for (let i = index + NODE.size; i < last; i = nodes[i + NODE.next] as number) {
    const start = (nodes[i] as number) + 1;
    if ((nodes[i + NODE.nameEnd] as number) - start !== name.length || !text.startsWith(name, start))
      continue;
    const element = elementAt(tree, i);
    if (!hasOwnNamespace(tree, element)) found.push(element);
  }
  return found;
}

/** Follows the first child of each name in turn. */
export function descend(tree: XmlTree, index: number, ...names: readonly string[]): XmlElement | undefined {
  let found: XmlElement | undefined;
  for (const name of names) {
    found = childrenNamed(tree, found?.index ?? index, name)[0];
    if (found === undefined) return undefined;
  }
  return found;
}

/** Does the element put itself into a default namespace? Then it only looks like libvirt's. */
export function hasOwnNamespace(tree: XmlTree, { startTag }: XmlElement): boolean {
  if (!tree.text.slice(startTag.start, startTag.end).includes('xmlns')) return false;
  return attributesOf(tree, { startTag }).some(({ name, value }) => name === 'xmlns' && value !== '');
}

/** The attributes of an element, in order. Its start tag has been checked by the scan. */
export function attributesOf(tree: XmlTree, { startTag }: Pick<XmlElement, 'startTag'>): XmlAttribute[] {
  const { text } = tree;
  const attributes: XmlAttribute[] = [];
  let at = skipUntil(text, startTag.start + 1, TAG_NAME_END);
  for (;;) {
    const start = skipWhile(text, at, BLANKS);
    if (start >= startTag.end - 1 || text.charCodeAt(start) === SLASH) return attributes;
    const nameEnd = skipUntil(text, start, ATTRIBUTE_NAME_END);
    const open = skipUntil(text, nameEnd, QUOTES);
    const close = text.indexOf(text.charAt(open), open + 1);
    at = close + 1;
    const valueSpan = { start: open + 1, end: close };
    attributes.push({
      name: text.slice(start, nameEnd),
      start,
      end: at,
      value: decodeAttribute(text.slice(open + 1, close)),
      valueSpan,
    });
  }
}

const BLANKS = ' \t\r\n';
const QUOTES = '"\'';
const TAG_NAME_END = `${BLANKS}/>`;
const ATTRIBUTE_NAME_END = `${BLANKS}=`;

function skipUntil(text: string, at: number, stops: string): number {
  let i = at;
  while (!stops.includes(text.charAt(i))) i++;
  return i;
}

function skipWhile(text: string, at: number, kept: string): number {
  let i = at;
  while (kept.includes(text.charAt(i))) i++;
  return i;
}

/** The value of one attribute, if the element has it. */
export function attributeOf(
  tree: XmlTree,
  element: Pick<XmlElement, 'startTag'>,
  name: string,
): string | undefined {
  return attributesOf(tree, element).find((attribute) => attribute.name === name)?.value;
}

/** The text of an element that holds text alone; comments, instructions and child elements count for nothing. */
export function textOf(tree: XmlTree, { startTag, contentEnd }: XmlElement): string {
  const raw = tree.text.slice(startTag.end, contentEnd);
  if (!raw.includes('<')) return decodeText(raw);
  const parts = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<[^>]*>|[^<]+/g;
  return [...raw.matchAll(parts)]
    .map(([part, cdata]) => cdata ?? (part.startsWith('<') ? '' : decodeText(part)))
    .join('');
}
