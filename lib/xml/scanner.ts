import type { InputErrorCode } from '../../types/issue.ts';
import { LibvirtXmlError } from '../issues/issues.ts';

/**
 * The elements of a scanned text in document order: numbers in one flat list, `NODE.size` to an element, because
 * objects would cost more than the whole scan. Read it through `query.ts`.
 */
export interface XmlTree {
  readonly text: string;
  readonly nodes: Int32Array;
  /** The text in bytes, see `codesOf`: good until the next scan begins. */
  readonly codes: Uint8Array;
  /** Index of the root element; of each root where several documents were read. */
  readonly roots: readonly number[];
  /** Does any element put itself into a namespace by `xmlns`? */
  readonly hasNamespaces: boolean;
}

/**
 * Layout of one element in `XmlTree.nodes`: offsets of `<`, of the end of its name, of the end of its start tag, of
 * its end tag, of its end, and the index of the first element behind it.
 */
export const NODE = { start: 0, nameEnd: 1, tagEnd: 2, closeStart: 3, end: 4, next: 5, size: 6 } as const;

/** What one scan carries along. */
export interface Scanner {
  readonly text: string;
  /** See `codesOf`. */
  readonly codes: Uint8Array;
  readonly file: string | undefined;
  readonly several: boolean;
  readonly maxDepth: number;
  nodes: Int32Array;
  /** How much of `nodes` is filled. */
  count: number;
  /** Indexes of the elements that are open, the first `depth` of them. */
  open: Int32Array;
  depth: number;
  readonly roots: number[];
  hasNamespaces: boolean;
}

/** Stands for a UTF-16 unit beyond ASCII: ask the text which. */
export const BEYOND_ASCII = 0x80;
/** In bytes. */
const LARGEST_KEPT = 1 << 21;

/** Space that every scan uses again: to allocate it each time would cost more than a short document's scan. */
let codeSpace: Uint8Array = new Uint8Array(1 << 14);
let nodeSpace: Int32Array = new Int32Array(1 << 12);
let openSpace: Int32Array = new Int32Array(256);
const encoder = new TextEncoder();

/**
 * The text with one byte to a UTF-16 unit: ASCII as it is, `0x80` for any other, a zero behind the end. Reading bytes
 * is some times faster than asking a string for its characters one by one.
 */
function codesOf(text: string): Uint8Array {
  const { length } = text;
  const codes = length < codeSpace.length ? codeSpace : new Uint8Array(length + 1 + (length >> 2));
  if (codes.length <= LARGEST_KEPT) codeSpace = codes;
  const { read, written } = encoder.encodeInto(text, codes);
  if (read !== length || written !== length) {
    for (let i = 0; i < length; i++) codes[i] = Math.min(text.charCodeAt(i), BEYOND_ASCII);
  }
  codes[length] = 0;
  return codes;
}

/** A scanner for one text, on the shared space: it is done with when the next one is made. */
export function newScanner(
  text: string,
  file: string | undefined,
  several: boolean,
  maxDepth: number,
): Scanner {
  const codes = codesOf(text);
  return {
    text,
    codes,
    file,
    several,
    maxDepth,
    nodes: nodeSpace,
    count: 0,
    open: openSpace,
    depth: 0,
    roots: [],
    hasNamespaces: false,
  };
}

/** Makes room for one more element. */
export function makeRoom(scanner: Scanner): void {
  if (scanner.count + NODE.size > scanner.nodes.length) {
    scanner.nodes = doubled(scanner.nodes);
    if (scanner.nodes.byteLength <= LARGEST_KEPT) nodeSpace = scanner.nodes;
  }
  if (scanner.depth < scanner.open.length) return;
  scanner.open = doubled(scanner.open);
  if (scanner.open.byteLength <= LARGEST_KEPT) openSpace = scanner.open;
}

function doubled(space: Int32Array): Int32Array {
  const larger = new Int32Array(space.length * 2);
  larger.set(space);
  return larger;
}

/** The error for a culprit at `offset`, with what to do about it. */
export function fail(
  scanner: Pick<Scanner, 'text' | 'file'>,
  reason: string,
  offset: number,
  hint: string,
  code: InputErrorCode = 'bad-xml',
): LibvirtXmlError {
  return new LibvirtXmlError(code, reason, { text: scanner.text, offset, file: scanner.file, hint });
}
