/* eslint no-misleading-character-class: off -- the ranges of names stand as the grammar has them */

/** Character codes of XML's punctuation. */
export const LT = 0x3c;
export const GT = 0x3e;
export const SLASH = 0x2f;
export const BANG = 0x21;
export const QUESTION = 0x3f;
export const AMP = 0x26;
export const EQUALS = 0x3d;
export const BRACKET = 0x5d;
export const APOSTROPHE = 0x27;
export const QUOTE = 0x22;
export const COLON = 0x3a;
export const RETURN = 0x0d;

/** What a code of `codesOf` may be; a sum of these. */
export const NAME_START = 1;
export const NAME_PART = 2;
export const BLANK = 4;
/** Not plain ASCII, or not allowed at all: the text must be asked. */
export const DOUBTFUL = 8;
/** Ends a plain run of text: markup, a reference, the start of `]]>`, or a doubtful character. */
export const TEXT_STOP = 16;
/** Ends a plain run of an attribute value: a quote, `<`, a reference, or a doubtful character. */
export const VALUE_STOP = 32;
/** The same as `NAME_START` and `NAME_PART` without the colon, by which a name says that it is from elsewhere. */
export const PLAIN_START = 64;
export const PLAIN_PART = 128;

/** What each code may be. @see https://www.w3.org/TR/xml/#charsets */
export const CLASS: ArrayLike<number> = classTable();

function classTable(): ArrayLike<number> {
  const table = new Uint8Array(256).fill(DOUBTFUL | TEXT_STOP | VALUE_STOP);
  for (let code = 32; code < 128; code++) table[code] = 0;
  const mark = (characters: string, flags: number): void => {
    for (const character of characters) {
      const code = character.charCodeAt(0);
      table[code] = (code < 32 ? 0 : (table[code] ?? 0)) | flags;
    }
  };
  mark('\t\n\r ', BLANK);
  mark(
    'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_',
    NAME_START | NAME_PART | PLAIN_START | PLAIN_PART,
  );
  mark(':', NAME_START | NAME_PART);
  mark('0123456789-.', NAME_PART | PLAIN_PART);
  mark('<&]', TEXT_STOP);
  mark('<&"\'', VALUE_STOP);
  return table;
}

/** Offset of the first code from `at` on that has one of these flags; the zero behind the text has all that stop. */
export function plainEnd(codes: Uint8Array, at: number, flags: number): number {
  const table = CLASS;
  let i = at;
  while (((table[codes[i] as number] as number) & flags) === 0) i++;
  return i;
}

/** Offset of the first code from `at` on that has none of these flags. */
export function runEnd(codes: Uint8Array, at: number, flags: number): number {
  const table = CLASS;
  let i = at;
  while (((table[codes[i] as number] as number) & flags) !== 0) i++;
  return i;
}

const NAME_START_BEYOND_ASCII =
  /^[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}]/u;
const NAME_PART_BEYOND_ASCII =
  /^[\u00b7\u0300-\u036f\u203f\u2040\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}]/u;

/** Length of the name character beyond ASCII at `at` (1 or 2 units), 0 if there is none. @see https://www.w3.org/TR/xml/#NT-Name */
export function nameCharacterBeyondAscii(text: string, at: number, first: boolean): number {
  const pattern = first ? NAME_START_BEYOND_ASCII : NAME_PART_BEYOND_ASCII;
  return pattern.exec(text.slice(at, at + 2))?.[0].length ?? 0;
}

/** May this code point stand in a document? @see https://www.w3.org/TR/xml/#NT-Char */
export function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** `<?xml version=… encoding=… standalone=…?>`. @see https://www.w3.org/TR/xml/#NT-XMLDecl */
export const XML_DECLARATION: RegExp =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:'1\.\d+'|"1\.\d+")(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:'[A-Za-z][\w.-]*'|"[A-Za-z][\w.-]*"))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:'(?:yes|no)'|"(?:yes|no)"))?[ \t\r\n]*\?>$/;

/** The five entities every document has. @see https://www.w3.org/TR/xml/#sec-predefined-ent */
export const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['apos', "'"],
  ['quot', '"'],
]);

/** A reference with its name or number. @see https://www.w3.org/TR/xml/#NT-Reference */
export const REFERENCE: RegExp = /^&(?:#(\d+)|#x([\dA-Fa-f]+)|([\w:][\w:.-]*));$/;

/**
 * Names that every JavaScript object has already. No libvirt document uses them, and code that turns XML into
 * objects trips over them, so a document that does is refused.
 */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
]);
