import { addNumber, newNumbers, type Numbers } from './numbers.ts';

/** Texts, each once, numbered from 0 in the order in which they came. Their bytes stand in a row, so a million take little more than themselves. */
export interface TextTable {
  /** The number of a text, which is new if it was the size before. @throws RangeError where there is no room for it */
  readonly add: (text: string) => number;
  readonly find: (text: string) => number | undefined;
  readonly text: (number: number) => string;
  readonly size: () => number;
  /** All numbers, by the bytes of their texts. */
  readonly sorted: () => Uint32Array;
}

/** Where the texts are: text N is at `starts[N]` up to `starts[N] + lengths[N]`, counted through all chunks. */
interface Store {
  readonly mostBytes: number;
  /** A text that is longer than a chunk has one of its own size, and nothing where the next ones would begin. */
  readonly chunks: (Uint8Array | undefined)[];
  readonly starts: Numbers;
  readonly lengths: Numbers;
  readonly hashes: Numbers;
  end: number;
  /** Number + 1 of the text at each place, 0 for none; looked for from its hash on. */
  slots: Uint32Array;
}

/** A text on its way, as UTF-8. */
interface Encoded {
  bytes: Uint8Array;
  length: number;
  hash: number;
}

const CHUNK = 2 ** 18;

/** In bytes; whoever has as many unlike texts asks for something else. */
const MOST_BYTES = 2 ** 30;

/** An empty table, for texts of whole characters: a half of a surrogate pair has no bytes of its own. */
export function newTextTable(mostBytes: number = MOST_BYTES): TextTable {
  const store: Store = {
    mostBytes,
    chunks: [],
    end: 0,
    starts: newNumbers(),
    lengths: newNumbers(),
    hashes: newNumbers(),
    slots: new Uint32Array(64),
  };
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const encoded: Encoded = { bytes: new Uint8Array(256), length: 0, hash: 0 };
  const encode = (text: string): void => {
    // No UTF-16 unit takes more than three bytes.
    if (encoded.bytes.length < 3 * text.length) encoded.bytes = new Uint8Array(6 * text.length);
    encoded.length = encoder.encodeInto(text, encoded.bytes).written;
    encoded.hash = hashOf(encoded);
  };
  const find = (text: string): number => {
    encode(text);
    return (store.slots[placeOf(store, encoded)] as number) - 1;
  };
  return {
    add: (text) => {
      const found = find(text);
      return found === -1 ? put(store, encoded) : found;
    },
    find: (text) => {
      const found = find(text);
      return found === -1 ? undefined : found;
    },
    text: (number) => decoder.decode(bytesOf(store, number)),
    size: () => store.starts.length,
    sorted: () => allNumbers(store).sort((a, b) => compared(store, a, b)),
  };
}

function allNumbers({ starts }: Store): Uint32Array {
  const all = new Uint32Array(starts.length);
  for (let number = 0; number < all.length; number++) all[number] = number;
  return all;
}

/** FNV-1a, mixed once more, because the slot is taken from its last bits. */
function hashOf({ bytes, length }: Encoded): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

/** The slot that has the text, or where it would have its own. */
function placeOf(store: Store, encoded: Encoded): number {
  const { slots, hashes } = store;
  const mask = slots.length - 1;
  for (let place = encoded.hash & mask; ; place = (place + 1) & mask) {
    const number = (slots[place] as number) - 1;
    if (number === -1 || (hashes.values[number] === encoded.hash && isThis(store, number, encoded)))
      return place;
  }
}

function isThis(store: Store, number: number, { bytes, length }: Encoded): boolean {
  if (store.lengths.values[number] !== length) return false;
  const start = store.starts.values[number] as number;
  const [chunk, from] = [chunkAt(store, start), start % CHUNK];
  for (let i = 0; i < length; i++) if (chunk[from + i] !== bytes[i]) return false;
  return true;
}

function chunkAt({ chunks }: Store, start: number): Uint8Array {
  return chunks[Math.floor(start / CHUNK)] as Uint8Array;
}

function put(store: Store, { bytes, length, hash }: Encoded): number {
  const start = roomFor(store, length);
  chunkAt(store, start).set(bytes.subarray(0, length), start % CHUNK);
  store.end = length > CHUNK ? store.chunks.length * CHUNK : start + length;
  const number = store.starts.length;
  addNumber(store.starts, start);
  addNumber(store.lengths, length);
  addNumber(store.hashes, hash);
  if (2 * store.starts.length > store.slots.length) store.slots = slotsFor(store);
  else store.slots[freePlace(store.slots, hash)] = number + 1;
  return number;
}

/** Where so many bytes can stand, all in one chunk. */
function roomFor(store: Store, length: number): number {
  const { mostBytes, chunks, end } = store;
  if (end + length <= chunks.length * CHUNK && (end % CHUNK) + length <= CHUNK && end % CHUNK !== 0)
    return end;
  const start = chunks.length * CHUNK;
  const count = Math.max(Math.ceil(length / CHUNK), 1);
  if (start + count * CHUNK > mostBytes) throw new RangeError(`more than ${mostBytes} bytes of texts`);
  chunks.push(new Uint8Array(count * CHUNK));
  for (let i = 1; i < count; i++) chunks.push(undefined);
  return start;
}

function slotsFor({ slots, hashes }: Store): Uint32Array {
  const more = new Uint32Array(2 * slots.length);
  for (let number = 0; number < hashes.length; number++)
    more[freePlace(more, hashes.values[number] as number)] = number + 1;
  return more;
}

function freePlace(slots: Uint32Array, hash: number): number {
  let place = hash & (slots.length - 1);
  while (slots[place] !== 0) place = (place + 1) & (slots.length - 1);
  return place;
}

function bytesOf(store: Store, number: number): Uint8Array {
  const start = store.starts.values[number] as number;
  const from = start % CHUNK;
  return chunkAt(store, start).subarray(from, from + (store.lengths.values[number] as number));
}

function compared(store: Store, a: number, b: number): number {
  const { starts, lengths } = store;
  const [startA, startB] = [starts.values[a] as number, starts.values[b] as number];
  const [chunkA, chunkB] = [chunkAt(store, startA), chunkAt(store, startB)];
  const [fromA, fromB] = [startA % CHUNK, startB % CHUNK];
  const common = Math.min(lengths.values[a] as number, lengths.values[b] as number);
  for (let i = 0; i < common; i++) {
    const difference = (chunkA[fromA + i] as number) - (chunkB[fromB + i] as number);
    if (difference !== 0) return difference;
  }
  return (lengths.values[a] as number) - (lengths.values[b] as number);
}
