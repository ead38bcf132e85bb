/** The buffers of a scan. */
export interface Space {
  /** See `codesOf`. */
  codes: Uint8Array;
  /** The elements, see `NAME_END`. */
  nodes: Int32Array;
  /** Their attributes, see `ATTRIBUTE_SIZE`. */
  attributes: Int32Array;
  /** Places within one start tag. */
  readonly spots: Int32Array;
}

/** Stands for a UTF-16 unit beyond ASCII: ask the text which. */
export const BEYOND_ASCII = 0x80;
/** In bytes: larger buffers are not kept. */
const LARGEST_KEPT = 1 << 21;
const MOST_SPOTS = 32;
const encoder = new TextEncoder();

/**
 * The one thing the core keeps between calls: buffers without a meaning, because to allocate them takes longer than
 * to scan a short document. Nobody has them but the scan they are lent to; one that begins within it gets others.
 */
const kept: { spare: Space | undefined } = { spare: undefined };

/** Buffers for one scan, to be given back when its tree is done with. */
export function borrowSpace(): Space {
  const space = kept.spare ?? {
    codes: new Uint8Array(1 << 14),
    nodes: new Int32Array(1 << 12),
    attributes: new Int32Array(1 << 12),
    spots: new Int32Array(MOST_SPOTS),
  };
  kept.spare = undefined;
  return space;
}

/** Takes buffers back. */
export function returnSpace(space: Space): void {
  const size = space.codes.byteLength + space.nodes.byteLength + space.attributes.byteLength;
  if (size <= LARGEST_KEPT) kept.spare = space;
}

/**
 * The text with one byte to a UTF-16 unit: ASCII as it is, `0x80` for any other, a zero behind the end. Reading bytes
 * is some times faster than asking a string for its characters one by one.
 */
export function codesOf(text: string, space: Space): Uint8Array {
  const { length } = text;
  if (length >= space.codes.length) space.codes = new Uint8Array(length + 1 + (length >> 2));
  const { codes } = space;
  const { read, written } = encoder.encodeInto(text, codes);
  if (read !== length || written !== length) {
    for (let i = 0; i < length; i++) codes[i] = Math.min(text.charCodeAt(i), BEYOND_ASCII);
  }
  codes[length] = 0;
  return codes;
}

/** A buffer twice as long, with what is in this one. */
export function doubled(buffer: Int32Array): Int32Array {
  const larger = new Int32Array(buffer.length * 2);
  larger.set(buffer);
  return larger;
}
