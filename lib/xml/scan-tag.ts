import { readName } from './scan-name.ts';
import { checkCharacters, checkReference } from './scan-text.ts';
import { fail, type Scanner } from './scanner.ts';
import { AMP, ASCII, BLANK, DOUBTFUL, EQUALS, GT, LT, SLASH, VALUE_STOP } from './syntax.ts';

const MANY_ATTRIBUTES = 16;

/** Checks the attributes from `at` on and returns the offset of the `>` or `/>` that ends the tag. */
export function readAttributes(scanner: Scanner, at: number): number {
  const { text, attributes } = scanner;
  attributes.length = 0;
  let i = at;
  for (;;) {
    const gap = i;
    i = skipBlanks(text, i);
    const code = text.charCodeAt(i);
    if (code === GT) break;
    if (code === SLASH && text.charCodeAt(i + 1) === GT) break;
    if (i >= text.length)
      throw fail(
        scanner,
        'this tag is never closed',
        scanner.text.lastIndexOf('<', at),
        'Close it with ">"; is the file complete?',
      );
    if (i === gap)
      throw fail(
        scanner,
        'a blank or the end of the tag is missing',
        i,
        'Separate attributes by a blank; end the tag with ">" or "/>".',
      );
    i = readAttribute(scanner, i);
  }
  if (attributes.length > 2) checkDuplicates(scanner);
  return i;
}

function readAttribute(scanner: Scanner, at: number): number {
  const { text, attributes } = scanner;
  const nameEnd = readName(scanner, at, 'an attribute name');
  attributes.push(at, nameEnd);
  let i = skipBlanks(text, nameEnd);
  if (text.charCodeAt(i) !== EQUALS)
    throw fail(scanner, `the attribute "${text.slice(at, nameEnd)}" has no value`, at, "Write name='value'.");
  i = skipBlanks(text, i + 1);
  const quote = text.charCodeAt(i);
  if (quote !== 0x27 && quote !== 0x22)
    throw fail(scanner, `the value of "${text.slice(at, nameEnd)}" is not quoted`, i, 'Put it in quotes.');
  return readValue(scanner, i + 1, quote);
}

/** Checks an attribute value up to its closing quote; returns the offset behind it. */
function readValue(scanner: Scanner, at: number, quote: number): number {
  const { text } = scanner;
  const end = text.length;
  let i = at;
  while (i < end) {
    const code = text.charCodeAt(i);
    if (code < 128 ? ((ASCII[code] as number) & VALUE_STOP) === 0 : code < DOUBTFUL) i++;
    else if (code === quote) return i + 1;
    else if (code === LT)
      throw fail(
        scanner,
        '"<" stands in an attribute value',
        i,
        'Write "&lt;", or close the value with its quote.',
      );
    else if (code === AMP) i = checkReference(scanner, i);
    else if (code === 0x27 || code === 0x22) i++;
    else i = checkCharacters(scanner, i, i + 1);
  }
  throw fail(scanner, 'this attribute value is never closed', at - 1, 'Close it with the same quote.');
}

function skipBlanks(text: string, at: number): number {
  let i = at;
  for (let code = text.charCodeAt(i); code < 128 && ASCII[code] === BLANK; code = text.charCodeAt(i)) i++;
  return i;
}

/** Few names are compared in pairs, many through a set: the time stays linear for hostile tags. */
function checkDuplicates(scanner: Scanner): void {
  const { text, attributes } = scanner;
  const count = attributes.length;
  const seen = count > MANY_ATTRIBUTES * 2 ? new Set<string>() : undefined;
  for (let i = 0; i < count; i += 2) {
    const start = attributes[i] as number;
    const end = attributes[i + 1] as number;
    const again = seen === undefined ? sameAsEarlier(scanner, i) : seen.has(text.slice(start, end));
    if (again)
      throw fail(
        scanner,
        `the attribute "${text.slice(start, end)}" is given twice`,
        start,
        'Keep one of them.',
      );
    seen?.add(text.slice(start, end));
  }
}

function sameAsEarlier(scanner: Scanner, index: number): boolean {
  const { text, attributes } = scanner;
  const start = attributes[index] as number;
  const length = (attributes[index + 1] as number) - start;
  for (let j = 0; j < index; j += 2) {
    const other = attributes[j] as number;
    if ((attributes[j + 1] as number) - other !== length) continue;
    let same = 0;
    while (same < length && text.charCodeAt(start + same) === text.charCodeAt(other + same)) same++;
    if (same === length) return true;
  }
  return false;
}
