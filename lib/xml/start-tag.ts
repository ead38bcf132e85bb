import { ownCopy } from '../text/own-copy.ts';
import { decodeAttribute } from './escape.ts';
import { NODE, type XmlTree } from './scanner.ts';
import { APOSTROPHE, BLANK, CLASS, EQUALS, GT, QUOTE, SLASH } from './syntax.ts';

/** The values of the attributes asked for, in the order asked. */
export type TagValues = readonly (string | undefined)[];

/**
 * Reads a few attributes of one kind of start tag. Guests of a cluster are alike, so it remembers the tags it met:
 * after one mostly comes the one that came after it before, and to compare bytes is cheaper than to look a string up.
 */
export interface TagReader {
  readonly names: readonly Uint8Array[];
  /** What a tag without attributes says. */
  readonly none: TagValues;
  readonly known: Map<string, Remembered>;
  latest: Remembered;
}

interface Remembered {
  readonly bytes: Uint8Array;
  /** What came after it the last time. */
  next: Remembered | undefined;
  readonly values: TagValues;
}

const encoder = new TextEncoder();
const NO_BYTES = new Uint8Array();
const MOST_REMEMBERED = 512;
const LONGEST_REMEMBERED = 256;
const ASCII = /^[\0-\x7f]*$/;
/** `>` or `/>`. */
const LONGEST_END = 2;

/** A reader of these attributes. */
export function tagReader(...names: readonly string[]): TagReader {
  const none = names.map(() => undefined);
  return {
    names: names.map((name) => encoder.encode(name)),
    none,
    known: new Map(),
    latest: { bytes: NO_BYTES, next: undefined, values: none },
  };
}

/** What the start tag of the element at an index says. A tag that does not fit the memory is read each time. */
export function readTag(tree: XmlTree, index: number, reader: TagReader): TagValues {
  const { nodes, codes } = tree;
  const start = nodes[index] as number;
  const end = nodes[index + NODE.tagEnd] as number;
  const nameEnd = nodes[index + NODE.nameEnd] as number;
  if (end - nameEnd <= LONGEST_END || reader.names.length === 0) return reader.none;
  const { latest, known } = reader;
  const expected = latest.next;
  if (expected?.bytes.length === end - start && isAt(codes, start, expected.bytes)) {
    reader.latest = expected;
    return expected.values;
  }
  const tag = tree.text.slice(start, end);
  const found = known.get(tag) ?? remember(tree, index, tag, reader);
  if (found.bytes !== NO_BYTES) {
    latest.next = found;
    reader.latest = found;
  }
  return found.values;
}

/** Reads a tag, and keeps it by its bytes, unless there is no room or they would not tell all. */
function remember(tree: XmlTree, index: number, tag: string, { names, known }: TagReader): Remembered {
  const { nodes, codes } = tree;
  const values = valuesIn(tree, nodes[index + NODE.nameEnd] as number, names);
  const fits = known.size < MOST_REMEMBERED && tag.length <= LONGEST_REMEMBERED && ASCII.test(tag);
  if (!fits) return { bytes: NO_BYTES, next: undefined, values };
  const found = { bytes: codes.slice(nodes[index], nodes[index + NODE.tagEnd]), next: undefined, values };
  known.set(ownCopy(tag), found);
  return found;
}

/** The values of these attributes in a start tag that the scan has checked, in the order of the names. */
function valuesIn({ text, codes }: XmlTree, nameEnd: number, names: TagReader['names']): TagValues {
  const values: (string | undefined)[] = [];
  for (let i = 0; i < names.length; i++) values.push(undefined);
  let at = nameEnd;
  for (;;) {
    while (CLASS[codes[at] as number] === BLANK) at++;
    if (codes[at] === GT || codes[at] === SLASH) return values;
    const start = at;
    while (codes[at] !== EQUALS && CLASS[codes[at] as number] !== BLANK) at++;
    const asked = placeOf(codes, start, at - start, names);
    while (codes[at] !== APOSTROPHE && codes[at] !== QUOTE) at++;
    const quote = codes[at];
    const valueStart = ++at;
    while (codes[at] !== quote) at++;
    if (asked !== -1) values[asked] = ownCopy(decodeAttribute(text.slice(valueStart, at)));
    at++;
  }
}

/** Which of the names stands at `start`, -1 for another. */
function placeOf(codes: Uint8Array, start: number, length: number, names: TagReader['names']): number {
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as Uint8Array;
    if (name.length === length && isAt(codes, start, name)) return i;
  }
  return -1;
}

/** Do these bytes stand at `start`? Four to a turn, because a turn costs as much as a byte. */
export function isAt(codes: Uint8Array, start: number, bytes: Uint8Array): boolean {
  const { length } = bytes;
  let i = 0;
  let j = start;
  for (; i + 3 < length; i += 4, j += 4) {
    if (codes[j] !== bytes[i] || codes[j + 1] !== bytes[i + 1]) return false;
    if (codes[j + 2] !== bytes[i + 2] || codes[j + 3] !== bytes[i + 3]) return false;
  }
  for (; i < length; i++, j++) if (codes[j] !== bytes[i]) return false;
  return true;
}
