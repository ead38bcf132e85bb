import { readName } from './scan-name.ts';
import type { Scanner } from './scanner.ts';
import { BLANK, CLASS, DOUBTFUL, ENTITIES, isCharacter, REFERENCE } from './syntax.ts';
import { fail } from './tree.ts';

/** Checks that `text[at … end)` holds only characters XML allows; returns the offset behind the last one. */
export function checkCharacters(scanner: Scanner, at: number, end: number): number {
  const table = CLASS;
  const { text, codes } = scanner;
  let i = at;
  while (i < end) {
    if (((table[codes[i] as number] as number) & DOUBTFUL) === 0) {
      i++;
      continue;
    }
    const point = text.codePointAt(i) ?? 0;
    if (!isCharacter(point)) {
      const name = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
      throw fail(scanner, `the character ${name} is not allowed in XML`, i, 'Remove it.');
    }
    i += point > 0xffff ? 2 : 1;
  }
  return i;
}

/** Checks the reference at `at` and returns the offset behind it. Only the five entities of XML itself exist. */
export function checkReference(scanner: Scanner, at: number): number {
  const found = REFERENCE.exec(scanner.text.slice(at, scanner.text.indexOf(';', at) + 1));
  if (found === null)
    throw fail(scanner, 'this "&" begins no reference', at, 'Write "&amp;" for a plain "&".');
  const [whole, decimal, hex, entity] = found;
  if (entity === undefined) {
    const code = parseInt(decimal ?? hex ?? '', decimal === undefined ? 16 : 10);
    if (isCharacter(code)) return at + whole.length;
    throw fail(
      scanner,
      `the reference "${whole}" stands for a character XML does not allow`,
      at,
      'Remove it.',
    );
  }
  if (ENTITIES.has(entity)) return at + whole.length;
  const hint = 'Write the character itself, or "&amp;" for a plain "&".';
  throw fail(scanner, `the entity "&${entity};" is not defined`, at, hint);
}

/** Passes what runs from `from` to `close`, checking its characters; returns the offset behind `close`. */
export function skipToClose(scanner: Scanner, at: number, from: number, close: string, what: string): number {
  const end = scanner.text.indexOf(close, from);
  if (end === -1) throw fail(scanner, `this ${what} is never closed`, at, `Close it with "${close}".`);
  checkCharacters(scanner, from, end);
  return end + close.length;
}

/** Passes the processing instruction at `at`. Its target may not be `xml`. */
export function skipProcessingInstruction(scanner: Scanner, at: number): number {
  const { text, codes } = scanner;
  const nameEnd = readName(scanner, at + 2, 'the target of a processing instruction');
  if (/^xml$/i.test(text.slice(at + 2, nameEnd))) {
    throw fail(
      scanner,
      'an XML declaration may stand at the very start only',
      at,
      'Move it there or remove it.',
    );
  }
  if (CLASS[codes[nameEnd] as number] !== BLANK && !text.startsWith('?>', nameEnd)) {
    throw fail(
      scanner,
      'a blank is missing behind the target of this processing instruction',
      nameEnd,
      'Add it.',
    );
  }
  return skipToClose(scanner, at, nameEnd, '?>', 'processing instruction');
}
