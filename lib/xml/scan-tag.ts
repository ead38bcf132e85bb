import { IS_SPECIAL, nameHash, readName } from './scan-name.ts';
import { checkCharacters, checkReference } from './scan-text.ts';
import { fail, type Scanner } from './scanner.ts';
import {
  AMP,
  APOSTROPHE,
  BLANK,
  CLASS,
  EQUALS,
  GT,
  LT,
  NAME_PART,
  NAME_START,
  plainEnd,
  QUOTE,
  SLASH,
  VALUE_STOP,
} from './syntax.ts';

/**
 * The offset of the `>` or `/>` that ends the tag, where nothing in it needs a second look: attributes in ASCII,
 * without references, blanks around `=`, or two names that `nameHash` takes for one. Else 0: `readAttributes` decides.
 */
export function plainTagEnd(codes: Uint8Array, at: number): number {
  const table = CLASS;
  let seen = 0;
  let i = at;
  for (;;) {
    if (table[codes[i] as number] !== BLANK) return tagEndAt(codes, i);
    do i++;
    while (table[codes[i] as number] === BLANK);
    const start = i;
    const first = codes[i] as number;
    if (((table[first] as number) & NAME_START) === 0) return tagEndAt(codes, i);
    do i++;
    while (((table[codes[i] as number] as number) & NAME_PART) !== 0);
    const hash = nameHash(first, codes[i - 1] as number, i - start);
    const bit = 1 << hash;
    if ((seen & bit) !== 0 || IS_SPECIAL[hash] === 1) return 0;
    seen |= bit;
    i = plainValueEnd(codes, i);
    if (i === 0) return 0;
  }
}

/** The offset given if a tag ends there, else 0. */
function tagEndAt(codes: Uint8Array, at: number): number {
  const code = codes[at];
  return code === GT || (code === SLASH && codes[at + 1] === GT) ? at : 0;
}

/** The offset behind `='value'` when nothing in it needs a second look; else 0. */
function plainValueEnd(codes: Uint8Array, at: number): number {
  const quote = codes[at + 1];
  if (codes[at] !== EQUALS || (quote !== APOSTROPHE && quote !== QUOTE)) return 0;
  const end = plainEnd(codes, at + 2, VALUE_STOP);
  return codes[end] === quote ? end + 1 : 0;
}

/** Names compared in pairs; with more of them a set takes over, so that hostile tags cost no more than others. */
const FEW = 16;
const starts = new Int32Array(FEW);

/** Checks the attributes from `at` on and returns the offset of the `>` or `/>` that ends the tag. */
export function readAttributes(scanner: Scanner, at: number): number {
  const { codes } = scanner;
  const table = CLASS;
  let count = 0;
  let many: Set<string> | undefined;
  let i = at;
  for (;;) {
    const gap = i;
    while (table[codes[i] as number] === BLANK) i++;
    const code = codes[i];
    if (code === GT || (code === SLASH && codes[i + 1] === GT)) return i;
    if (i === gap || code === 0) throw unfinished(scanner, i);
    const nameEnd = readName(scanner, i, 'an attribute name');
    if (count > 0) many = refuseRepeated(scanner, i, nameEnd, count, many);
    if (count < FEW) starts[count] = i;
    count++;
    i = readAttribute(scanner, i, nameEnd);
  }
}

function unfinished(scanner: Scanner, at: number): Error {
  if (at < scanner.text.length) {
    const hint = 'Separate attributes by a blank; end the tag with ">" or "/>".';
    return fail(scanner, 'a blank or the end of the tag is missing', at, hint);
  }
  const hint = 'Close it with ">"; is the file complete?';
  return fail(scanner, 'this tag is never closed', scanner.text.lastIndexOf('<', at), hint);
}

/** Checks what follows an attribute's name and returns the offset behind its value. */
function readAttribute(scanner: Scanner, at: number, nameEnd: number): number {
  const { text, codes } = scanner;
  let i = nameEnd;
  while (CLASS[codes[i] as number] === BLANK) i++;
  if (codes[i] !== EQUALS) {
    throw fail(scanner, `the attribute "${text.slice(at, nameEnd)}" has no value`, at, "Write name='value'.");
  }
  do i++;
  while (CLASS[codes[i] as number] === BLANK);
  const quote = codes[i];
  if (quote === APOSTROPHE || quote === QUOTE) return readValue(scanner, i + 1, quote);
  throw fail(scanner, `the value of "${text.slice(at, nameEnd)}" is not quoted`, i, 'Put it in quotes.');
}

/** Checks an attribute value up to its closing quote; returns the offset behind it. */
function readValue(scanner: Scanner, at: number, quote: number): number {
  const { text, codes } = scanner;
  let i = at;
  for (;;) {
    i = plainEnd(codes, i, VALUE_STOP);
    const code = codes[i];
    if (code === quote) return i + 1;
    if (code === APOSTROPHE || code === QUOTE) i++;
    else if (code === AMP) i = checkReference(scanner, i);
    else if (code === LT) {
      const hint = 'Write "&lt;", or close the value with its quote.';
      throw fail(scanner, '"<" stands in an attribute value', i, hint);
    } else if (i >= text.length) {
      throw fail(scanner, 'this attribute value is never closed', at - 1, 'Close it with the same quote.');
    } else i = checkCharacters(scanner, i, i + 1);
  }
}

/** Compares a name with the tag's earlier ones. */
function refuseRepeated(
  scanner: Scanner,
  at: number,
  end: number,
  count: number,
  many: Set<string> | undefined,
): Set<string> | undefined {
  const { codes, text } = scanner;
  for (let j = 0; j < count && j < FEW; j++) {
    const other = starts[j] as number;
    if (codes[other] === codes[at] && isSameName(scanner, other, at, end)) throw repeated(scanner, at, end);
  }
  if (count < FEW) return many;
  const name = text.slice(at, end);
  if (many?.has(name) === true) throw repeated(scanner, at, end);
  return (many ?? new Set<string>()).add(name);
}

function isSameName({ codes, text }: Scanner, other: number, at: number, end: number): boolean {
  let i = at;
  let j = other;
  while (i < end && codes[i] === codes[j] && (codes[i] as number) < 128) {
    i++;
    j++;
  }
  if (i < end && (codes[i] as number) < 128) return false;
  const length = end - at;
  const next = codes[other + length] as number;
  return (
    ((CLASS[next] as number) & NAME_PART) === 0 &&
    next < 128 &&
    text.slice(other, other + length) === text.slice(at, end)
  );
}

function repeated(scanner: Scanner, at: number, end: number): Error {
  return fail(
    scanner,
    `the attribute "${scanner.text.slice(at, end)}" is given twice`,
    at,
    'Keep one of them.',
  );
}
