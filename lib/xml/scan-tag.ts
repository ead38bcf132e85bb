import { nameHash, readName } from './scan-name.ts';
import { checkCharacters, checkReference } from './scan-text.ts';
import { addAttribute, type Scanner } from './scanner.ts';
import {
  AMP,
  APOSTROPHE,
  BLANK,
  EQUALS,
  GT,
  LT,
  plainEnd,
  QUOTE,
  runEnd,
  SLASH,
  VALUE_STOP,
} from './syntax.ts';
import { fail } from './tree.ts';

/** Checks the attributes from `at` on and returns the offset of the `>` or `/>` that ends the tag. */
export function readAttributes(scanner: Scanner, at: number): number {
  const { codes, text } = scanner;
  const names = new Set<string>();
  let i = at;
  for (;;) {
    const gap = i;
    i = runEnd(codes, i, BLANK);
    const code = codes[i];
    if (code === GT || (code === SLASH && codes[i + 1] === GT)) return i;
    if (i === gap || code === 0) throw unfinished(scanner, i);
    const nameEnd = readName(scanner, i, 'an attribute name');
    const name = text.slice(i, nameEnd);
    if (names.has(name))
      throw fail(scanner, `the attribute "${name}" is given twice`, i, 'Keep one of them.');
    names.add(name);
    if (name.includes(':') && !name.startsWith('xmlns:')) scanner.hasPrefixedAttributes = true;
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
  let i = runEnd(codes, nameEnd, BLANK);
  if (codes[i] !== EQUALS) {
    throw fail(scanner, `the attribute "${text.slice(at, nameEnd)}" has no value`, at, "Write name='value'.");
  }
  i = runEnd(codes, i + 1, BLANK);
  const quote = codes[i];
  if (quote === APOSTROPHE || quote === QUOTE) {
    const end = readValue(scanner, i + 1, quote);
    const hash = nameHash(codes[at] as number, codes[nameEnd - 1] as number, nameEnd - at);
    addAttribute(scanner, hash, at, i + 1, end - 1);
    return end;
  }
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
