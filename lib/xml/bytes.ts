import type { Span } from '../../types/xml.ts';
import { decodeAttribute } from './escape.ts';
import { elementAt, textOf } from './query.ts';
import { AMP, BLANK, CLASS, COLON, EQUALS, LT, RETURN } from './syntax.ts';
import {
  ATTRIBUTE_SIZE,
  ATTRIBUTES,
  ATTRIBUTES_END,
  CLOSE_START,
  fail,
  NAME_END,
  NAME_START,
  TAG_END,
  VALUE_END,
  VALUE_START,
  type BorrowedTree,
} from './tree.ts';
import { isAt, wordAt, type Name } from './words.ts';

const ABSENT = 0;
const SPACE = 0x20;
const ZERO = 0x30;

/**
 * Finds attributes of the element at an index: the place of the k-th name's in `tree.attributes` is at `k` of
 * `tree.spots`, until the next call; 0 for one that is not there.
 *
 * @throws LibvirtXmlError (`foreign-name`) for an attribute of one of these names with a prefix.
 */
export function locate(tree: BorrowedTree, index: number, names: readonly Name[]): void {
  const { codes, nodes, attributes, spots } = tree;
  const { length } = names;
  for (let k = 0; k < length; k++) spots[k] = ABSENT;
  const last = nodes[index + ATTRIBUTES_END] as number;
  for (let at = nodes[index + ATTRIBUTES] as number; at < last; at += ATTRIBUTE_SIZE) {
    const hash = attributes[at];
    const start = attributes[at + NAME_START] as number;
    if (tree.hasPrefixedAttributes) refusePrefixed(tree, start, names);
    for (let k = 0; k < length; k++) {
      const name = names[k] as Name;
      if (name.hash !== hash || !isNameAt(codes, start, name)) continue;
      spots[k] = at;
      break;
    }
  }
}

/** The value of one attribute of the element at an index; what is kept of it needs an `ownCopy`. */
export function attributeAt(tree: BorrowedTree, index: number, name: string): string | undefined {
  const { codes, nodes, attributes } = tree;
  const last = nodes[index + ATTRIBUTES_END] as number;
  for (let at = nodes[index + ATTRIBUTES] as number; at < last; at += ATTRIBUTE_SIZE) {
    const start = attributes[at + NAME_START] as number;
    let i = 0;
    while (i < name.length && codes[start + i] === name.charCodeAt(i)) i++;
    if (i === name.length && isNameEnd(codes[start + i] as number)) return valueAt(tree, at);
  }
  return undefined;
}

/** Does an attribute of this name stand here? */
function isNameAt(bytes: Uint8Array, at: number, { codes }: Name): boolean {
  const { length } = codes;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== codes[i]) return false;
  return isNameEnd(bytes[at + length] as number);
}

function isNameEnd(code: number): boolean {
  return code === EQUALS || CLASS[code] === BLANK;
}

/** libvirt asks libxml2 for attributes by their local names: it takes `q:mode` for `mode` (tried with 9.0.0). */
function refusePrefixed(tree: BorrowedTree, start: number, names: readonly Name[]): void {
  const { codes, text } = tree;
  let colon = start;
  let end = start;
  for (; !isNameEnd(codes[end] as number); end++) if (codes[end] === COLON && colon === start) colon = end;
  if (colon === start || text.startsWith('xmlns:', start)) return;
  if (!names.some((name) => isAt(codes, colon + 1, end, name))) return;
  const [whole, local] = [text.slice(start, end), text.slice(colon + 1, end)];
  const reason = `libvirt reads the attribute "${whole}" as "${local}", whatever its namespace`;
  throw fail(tree, reason, start, 'Remove it, or give it a local name of its own.', 'foreign-name');
}

/** The value of the k-th attribute that `locate` looked for. */
export function locatedValue(tree: BorrowedTree, k: number): string | undefined {
  const at = tree.spots[k] as number;
  return at === ABSENT ? undefined : valueAt(tree, at);
}

/** The value of the attribute at a place in `tree.attributes`. */
function valueAt({ codes, attributes, text }: BorrowedTree, at: number): string {
  const start = attributes[at + VALUE_START] as number;
  const end = attributes[at + VALUE_END] as number;
  const word = wordAt(codes, start, end);
  if (word !== undefined) return word;
  const raw = text.slice(start, end);
  for (let i = start; i < end; i++) {
    const code = codes[i] as number;
    if (code === AMP || code < SPACE) return decodeAttribute(raw);
  }
  return raw;
}

/** Is this the value of the k-th attribute that `locate` looked for? It is in ASCII, as `nameOf` gives it. */
export function isLocatedValue(tree: BorrowedTree, k: number, value: Name): boolean {
  const { codes, attributes, spots } = tree;
  const at = spots[k] as number;
  if (at === ABSENT) return false;
  const start = attributes[at + VALUE_START] as number;
  const end = attributes[at + VALUE_END] as number;
  if (end - start <= value.codes.length) return isAt(codes, start, end, value);
  // A longer one may say the same by references.
  return valueAt(tree, at) === String.fromCharCode(...Array.from(value.codes));
}

/** The same as a number, read as libvirt does, with blanks or a plus in front; NaN for what is none. */
export function locatedCount(tree: BorrowedTree, k: number): number | undefined {
  const { codes, attributes, spots } = tree;
  const at = spots[k] as number;
  if (at === ABSENT) return undefined;
  const start = attributes[at + VALUE_START] as number;
  const end = attributes[at + VALUE_END] as number;
  let count = start === end ? NaN : 0;
  for (let i = start; i < end; i++) {
    const digit = (codes[i] as number) - ZERO;
    count = digit >= 0 && digit <= 9 ? count * 10 + digit : NaN;
  }
  return Number.isNaN(count) ? countIn(valueAt(tree, at)) : count;
}

function countIn(value: string): number {
  return /^[ \t\r\n]*\+?\d+$/.test(value) ? Number(value) : NaN;
}

/** Is this the name of the element at an index? */
export function isNamed({ codes, nodes }: BorrowedTree, index: number, name: Name): boolean {
  return isAt(codes, (nodes[index] as number) + 1, nodes[index + NAME_END] as number, name);
}

/** The whole of the k-th attribute that `locate` looked for. */
export function locatedSpan({ attributes, spots }: BorrowedTree, k: number): Span | undefined {
  const at = spots[k] as number;
  if (at === ABSENT) return undefined;
  // The closing quote is part of it.
  return { start: attributes[at + NAME_START] as number, end: (attributes[at + VALUE_END] as number) + 1 };
}

/** What stands between the quotes of the k-th attribute that `locate` looked for. */
export function locatedValueSpan({ attributes, spots }: BorrowedTree, k: number): Span | undefined {
  const at = spots[k] as number;
  if (at === ABSENT) return undefined;
  return { start: attributes[at + VALUE_START] as number, end: attributes[at + VALUE_END] as number };
}

/** The text of the element at an index, as `textOf` gives it. Mostly its bytes tell that it is plain. */
export function textAt(tree: BorrowedTree, index: number): string {
  const { text, codes, nodes } = tree;
  const start = nodes[index + TAG_END] as number;
  const end = nodes[index + CLOSE_START] as number;
  const word = wordAt(codes, start, end);
  if (word !== undefined) return word;
  for (let i = start; i < end; i++) {
    const code = codes[i] as number;
    if (code === AMP || code === LT || code === RETURN) return textOf(tree, elementAt(tree, index));
  }
  return text.slice(start, end);
}
