import type { Span } from '../../types/xml.ts';
import { decodeAttribute } from './escape.ts';
import { elementAt, textOf } from './query.ts';
import { AMP, APOSTROPHE, BLANK, CLASS, EQUALS, GT, LT, QUOTE, RETURN, runEnd, SLASH } from './syntax.ts';
import { fail, CLOSE_START, NAME_END, TAG_END, type BorrowedTree } from './tree.ts';

/** A name in bytes. */
export type Name = ArrayLike<number>;

/** Numbers to each attribute in `BorrowedTree.spots`: its offset (-1 for one that is not there), and its value's. */
const VALUE_START = 1;
const VALUE_END = 2;
const SPOT_SIZE = 3;

const ABSENT = -1;
const SPACE = 0x20;
const COLON = 0x3a;
const ZERO = 0x30;

/** A name as `locate` and `isNamed` take it: in ASCII. */
export function nameOf(name: string): Name {
  return Array.from(name, (character) => character.charCodeAt(0));
}

/**
 * Finds attributes of the element at an index, the k-th name at `SPOT_SIZE * k` of `tree.spots`, until the next call.
 *
 * @throws LibvirtXmlError (`foreign-name`) for an attribute of one of these names with a prefix.
 */
export function locate(tree: BorrowedTree, index: number, names: readonly Name[]): void {
  const { codes, nodes, spots } = tree;
  for (let k = 0; k < names.length; k++) spots[k * SPOT_SIZE] = ABSENT;
  // A prefixed one may stand behind all of them.
  let missing = tree.hasPrefixedAttributes ? codes.length : names.length;
  let at = runEnd(codes, nodes[index + NAME_END] as number, BLANK);
  while (missing > 0 && codes[at] !== GT && codes[at] !== SLASH) {
    const start = at;
    at = nameEndAt(codes, at);
    const k = placeOf(codes, start, at, names);
    if (k === ABSENT && tree.hasPrefixedAttributes) refusePrefixed(tree, start, at, names);
    while (codes[at] !== APOSTROPHE && codes[at] !== QUOTE) at++;
    const valueStart = at + 1;
    at = closingQuote(codes, at);
    if (k !== ABSENT) {
      spots[k * SPOT_SIZE] = start;
      spots[k * SPOT_SIZE + VALUE_START] = valueStart;
      spots[k * SPOT_SIZE + VALUE_END] = at;
      missing--;
    }
    at = runEnd(codes, at + 1, BLANK);
  }
}

function nameEndAt(codes: Uint8Array, at: number): number {
  let i = at;
  while (codes[i] !== EQUALS && CLASS[codes[i] as number] !== BLANK) i++;
  return i;
}

function closingQuote(codes: Uint8Array, at: number): number {
  const quote = codes[at];
  let i = at + 1;
  while (codes[i] !== quote) i++;
  return i;
}

/** Which of the names stands from `start` to `end`. */
function placeOf(codes: Uint8Array, start: number, end: number, names: readonly Name[]): number {
  for (let k = 0; k < names.length; k++) if (isAt(codes, start, end, names[k] as Name)) return k;
  return ABSENT;
}

/** Does this name stand from `start` to `end`? */
export function isAt(codes: Uint8Array, start: number, end: number, name: Name): boolean {
  const { length } = name;
  if (end - start !== length) return false;
  for (let i = 0; i < length; i++) if (codes[start + i] !== name[i]) return false;
  return true;
}

/** libvirt asks libxml2 for attributes by their local names: it takes `q:mode` for `mode` (tried with 9.0.0). */
function refusePrefixed(tree: BorrowedTree, start: number, end: number, names: readonly Name[]): void {
  const { codes, text } = tree;
  let colon = start;
  while (colon < end && codes[colon] !== COLON) colon++;
  if (colon === end || text.startsWith('xmlns:', start)) return;
  if (placeOf(codes, colon + 1, end, names) === ABSENT) return;
  const [whole, local] = [text.slice(start, end), text.slice(colon + 1, end)];
  const reason = `libvirt reads the attribute "${whole}" as "${local}", whatever its namespace`;
  throw fail(tree, reason, start, 'Remove it, or give it a local name of its own.', 'foreign-name');
}

/** The value of the k-th attribute that `locate` looked for. */
export function locatedValue({ codes, spots, text }: BorrowedTree, k: number): string | undefined {
  if (spots[k * SPOT_SIZE] === ABSENT) return undefined;
  const start = spots[k * SPOT_SIZE + VALUE_START] as number;
  const end = spots[k * SPOT_SIZE + VALUE_END] as number;
  const raw = text.slice(start, end);
  for (let i = start; i < end; i++) {
    const code = codes[i] as number;
    if (code === AMP || code < SPACE) return decodeAttribute(raw);
  }
  return raw;
}

/** Is this the value of the k-th attribute that `locate` looked for? It is in ASCII, as `nameOf` gives it. */
export function isLocatedValue(tree: BorrowedTree, k: number, value: Name): boolean {
  const { codes, spots } = tree;
  if (spots[k * SPOT_SIZE] === ABSENT) return false;
  const start = spots[k * SPOT_SIZE + VALUE_START] as number;
  const end = spots[k * SPOT_SIZE + VALUE_END] as number;
  if (end - start <= value.length) return isAt(codes, start, end, value);
  // A longer one may say the same by references.
  return locatedValue(tree, k) === String.fromCharCode(...Array.from(value));
}

/** The same as a number: NaN for what is not digits alone. */
export function locatedCount({ codes, spots }: BorrowedTree, k: number): number | undefined {
  if (spots[k * SPOT_SIZE] === ABSENT) return undefined;
  const start = spots[k * SPOT_SIZE + VALUE_START] as number;
  const end = spots[k * SPOT_SIZE + VALUE_END] as number;
  let count = start === end ? NaN : 0;
  for (let i = start; i < end; i++) {
    const digit = (codes[i] as number) - ZERO;
    count = digit >= 0 && digit <= 9 ? count * 10 + digit : NaN;
  }
  return count;
}

/** Is this the name of the element at an index? */
export function isNamed({ codes, nodes }: BorrowedTree, index: number, name: Name): boolean {
  return isAt(codes, (nodes[index] as number) + 1, nodes[index + NAME_END] as number, name);
}

/** The whole of the k-th attribute that `locate` looked for. */
export function locatedSpan({ spots }: BorrowedTree, k: number): Span | undefined {
  const start = spots[k * SPOT_SIZE] as number;
  // The closing quote is part of it.
  return start === ABSENT ? undefined : { start, end: (spots[k * SPOT_SIZE + VALUE_END] as number) + 1 };
}

/** What stands between the quotes of the k-th attribute that `locate` looked for. */
export function locatedValueSpan({ spots }: BorrowedTree, k: number): Span | undefined {
  if (spots[k * SPOT_SIZE] === ABSENT) return undefined;
  const start = spots[k * SPOT_SIZE + VALUE_START] as number;
  return { start, end: spots[k * SPOT_SIZE + VALUE_END] as number };
}

/** The text of the element at an index, as `textOf` gives it. Mostly its bytes tell that it is plain. */
export function textAt(tree: BorrowedTree, index: number): string {
  const { text, codes, nodes } = tree;
  const start = nodes[index + TAG_END] as number;
  const end = nodes[index + CLOSE_START] as number;
  for (let i = start; i < end; i++) {
    const code = codes[i] as number;
    if (code === AMP || code === LT || code === RETURN) return textOf(tree, elementAt(tree, index));
  }
  return text.slice(start, end);
}
