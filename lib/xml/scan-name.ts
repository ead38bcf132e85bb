import type { Scanner } from './scanner.ts';
import { BEYOND_ASCII } from './space.ts';
import { CLASS, NAME_PART, NAME_START, nameCharacterBeyondAscii, RESERVED_NAMES, runEnd } from './syntax.ts';
import { fail } from './tree.ts';

/** Returns the offset behind the name at `at`. */
export function readName(scanner: Scanner, at: number, what: string): number {
  const { codes } = scanner;
  const first = codes[at] as number;
  let end = at;
  if (((CLASS[first] as number) & NAME_START) !== 0) end = runEnd(codes, at + 1, NAME_PART);
  if (end === at || (codes[end] as number) >= BEYOND_ASCII) return readBeyondAscii(scanner, at, what);
  if (isSpecial(nameHash(first, codes[end - 1] as number, end - at))) lookAgain(scanner, at, end);
  return end;
}

/** The same for a name that has, or may have, characters beyond ASCII. */
function readBeyondAscii({ text, codes, file }: Scanner, at: number, what: string): number {
  let i = at;
  for (;;) {
    const code = codes[i] as number;
    const allowed = i === at ? NAME_START : NAME_PART;
    const isAscii = ((CLASS[code] as number) & allowed) !== 0;
    const length = isAscii ? 1 : code >= BEYOND_ASCII ? nameCharacterBeyondAscii(text, i, i === at) : 0;
    if (length === 0) break;
    i += length;
  }
  if (i > at) return i;
  throw fail(
    { text, file },
    `${what} is missing or begins with a wrong character`,
    at,
    'Write "&lt;" for a plain "<".',
  );
}

/** A small number for a name, from its first and last character and its length: names that are equal share it. */
export function nameHash(first: number, last: number, length: number): number {
  return (first * 43 + last * 15 + length) & 1023;
}

/** The attribute by which an element puts itself, and all in it, into a namespace. */
const NAMESPACE = 'xmlns';

/** The hashes of names that mean something to the scan, so that hardly another name is looked up. */
const SPECIAL: ArrayLike<number> = specialTable();

function specialTable(): ArrayLike<number> {
  const table = new Uint8Array(1024);
  for (const name of [...RESERVED_NAMES, NAMESPACE]) {
    table[nameHash(name.charCodeAt(0), name.charCodeAt(name.length - 1), name.length)] = 1;
  }
  return table;
}

/** May a name with this hash mean something to the scan? */
export function isSpecial(hash: number): boolean {
  return SPECIAL[hash] === 1;
}

function lookAgain(scanner: Scanner, at: number, end: number): void {
  const name = scanner.text.slice(at, end);
  if (name === NAMESPACE) scanner.hasNamespaces = true;
  if (!RESERVED_NAMES.has(name)) return;
  const hint = 'Rename it: every JavaScript object has it, and no libvirt document uses it.';
  throw fail(scanner, `the name "${name}" is not accepted`, at, hint, 'reserved-name');
}
