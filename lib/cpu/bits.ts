/** A set of names as bits: the number of a name is its place in some sorted list of all that come into question. */
export type NameBits = Uint32Array;

/** An empty set of so many possible names. */
export function noBits(size: number): NameBits {
  return new Uint32Array((size + 31) >>> 5);
}

/** Is the name of this number in the set? */
export function hasBit(bits: NameBits, number: number): boolean {
  return (((bits[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1;
}

/** Puts the name of this number into the set. */
export function setBit(bits: NameBits, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31));
}

/** Takes the name of this number out of the set. */
export function clearBit(bits: NameBits, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) & ~(1 << (number & 31));
}

/** The names in the set, in the order of the list that numbers them. */
export function namesIn(bits: NameBits, names: readonly string[]): string[] {
  // To let a list grow costs three times as much.
  const found = new Array<string>(sizeOf(bits));
  let size = 0;
  for (let i = 0; i < bits.length; i++) {
    for (let word = bits[i] ?? 0; word !== 0; word &= word - 1)
      found[size++] = names[i * 32 + 31 - Math.clz32(word & -word)] ?? '';
  }
  return found;
}

/** How many names are in the set. */
function sizeOf(bits: NameBits): number {
  let size = 0;
  for (let i = 0; i < bits.length; i++) for (let word = bits[i] ?? 0; word !== 0; word &= word - 1) size++;
  return size;
}

/** A number that is the same for equal sets, and mostly another for others. */
export function sumOf(bits: NameBits): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < bits.length; i++) {
    sum = Math.imul(sum ^ (bits[i] ?? 0), 0x01000193);
    sum ^= sum >>> 15;
  }
  return sum;
}

/** Are these the same set, by the same numbers? */
export function isSameSet(a: NameBits, b: NameBits): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
