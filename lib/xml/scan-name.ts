import { fail, type Scanner } from './scanner.ts';
import { CLASS, NAME_PART, NAME_START, nameCharacterBeyondAscii, RESERVED_NAMES } from './syntax.ts';

/** Returns the offset behind the name at `at`. */
export function readName(scanner: Scanner, at: number, what: string): number {
  const table = CLASS;
  const { codes } = scanner;
  const first = codes[at] as number;
  let i = at;
  if (((table[first] as number) & NAME_START) !== 0) {
    do i++;
    while (((table[codes[i] as number] as number) & NAME_PART) !== 0);
  }
  if (i === at || (codes[i] as number) >= 128) return readBeyondAscii(scanner, at, what);
  if (IS_SPECIAL[nameHash(first, codes[i - 1] as number, i - at)] === 1) lookAgain(scanner, at, i);
  return i;
}

/** The same for a name that has, or may have, characters beyond ASCII. */
function readBeyondAscii({ text, codes, file }: Scanner, at: number, what: string): number {
  let i = at;
  for (;;) {
    const code = codes[i] as number;
    const allowed = i === at ? NAME_START : NAME_PART;
    const isAscii = ((CLASS[code] as number) & allowed) !== 0;
    const length = isAscii ? 1 : code >= 128 ? nameCharacterBeyondAscii(text, i, i === at) : 0;
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
export const IS_SPECIAL: Uint8Array = specialTable();

function specialTable(): Uint8Array {
  const table = new Uint8Array(1024);
  for (const name of [...RESERVED_NAMES, NAMESPACE]) {
    table[nameHash(name.charCodeAt(0), name.charCodeAt(name.length - 1), name.length)] = 1;
  }
  return table;
}

function lookAgain(scanner: Scanner, at: number, end: number): void {
  const name = scanner.text.slice(at, end);
  if (name === NAMESPACE) scanner.hasNamespaces = true;
  if (!RESERVED_NAMES.has(name)) return;
  const hint = 'Rename it: every JavaScript object has it, and no libvirt document uses it.';
  throw fail(scanner, `the name "${name}" is not accepted`, at, hint, 'reserved-name');
}
