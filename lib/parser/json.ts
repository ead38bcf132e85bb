import type { XmlLimits } from '../../types/xml.ts';
import { LibvirtXmlError } from '../issues/issues.ts';

/** An object keeps its members in a map, so that no name in a document can mean anything to the program. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** What a JSON text can hold. */
export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[];

/** One value of a text that may hold several, and where it begins. */
export interface JsonDocument {
  readonly value: JsonValue;
  readonly start: number;
}

/** How to read whole numbers that a JavaScript number cannot hold: rounded, as `JSON.parse` does, or as their digits. */
type BigIntegers = 'rounded' | 'text';

interface Reader {
  readonly text: string;
  readonly file: string | undefined;
  readonly maxDepth: number;
  readonly bigIntegers: BigIntegers;
  readonly token: RegExp;
  at: number;
}

const MAX_DEPTH = 256;
const MAX_LENGTH = 16 * 1024 * 1024;
const BLANKS: ReadonlySet<string | undefined> = new Set([' ', '\t', '\n', '\r']);

/** Every token of RFC 8259 but strings, to be looked for at a place. */
function tokenPattern(): RegExp {
  return /[[\]{},:]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
}

/** Is a text JSON rather than XML? Its first character that is no blank says so. */
export function looksLikeJson(text: string): boolean {
  return /^\ufeff?[ \t\n\r]*[[{]/.test(text);
}

/**
 * The values of a text of one or several JSON documents in a row, as a QMP monitor prints them.
 *
 * @throws LibvirtXmlError (`bad-json`, `too-deep`, `too-large`) at the culprit.
 */
export function readJson(
  text: string,
  {
    file,
    maxDepth = MAX_DEPTH,
    maxLength = MAX_LENGTH,
    bigIntegers = 'rounded',
  }: XmlLimits & { readonly file?: string; readonly bigIntegers?: BigIntegers },
): readonly JsonDocument[] {
  const at = text.startsWith('\ufeff') ? 1 : 0;
  const reader: Reader = { text, file, maxDepth, bigIntegers, token: tokenPattern(), at };
  if (text.length > maxLength)
    throw refuse(reader, `the document is longer than ${maxLength} characters`, 0, 'too-large');
  const documents: JsonDocument[] = [];
  for (let start = skipBlank(reader); start < text.length; start = skipBlank(reader)) {
    documents.push({ value: readValue(reader, 0), start });
  }
  return documents;
}

function readValue(reader: Reader, depth: number): JsonValue {
  const { token, start } = nextToken(reader);
  if (token === '{' || token === '[') {
    if (depth >= reader.maxDepth)
      throw refuse(reader, `values are nested deeper than ${reader.maxDepth}`, start, 'too-deep');
    return token === '{' ? readObject(reader, depth) : readArray(reader, depth);
  }
  if (']},:'.includes(token)) throw refuse(reader, 'a value is missing here', start);
  if (token.startsWith('"')) return stringOf(reader, token, start);
  const value = JSON.parse(token) as number | boolean | null;
  const isTooBig = /^-?\d+$/.test(token) && !Number.isSafeInteger(value);
  return isTooBig && reader.bigIntegers === 'text' ? token : value;
}

function readObject(reader: Reader, depth: number): JsonObject {
  const members = new Map<string, JsonValue>();
  if (skips(reader, '}')) return members;
  do {
    const { token, start } = nextToken(reader);
    if (!token.startsWith('"')) throw refuse(reader, 'the name of a member is missing here', start);
    const name = stringOf(reader, token, start);
    if (members.has(name)) throw refuse(reader, `"${name}" is there twice`, start);
    if (!skips(reader, ':')) throw refuse(reader, 'a ":" is missing here', skipBlank(reader));
    members.set(name, readValue(reader, depth + 1));
  } while (skips(reader, ','));
  if (!skips(reader, '}')) throw refuse(reader, 'a "," or "}" is missing here', skipBlank(reader));
  return members;
}

function readArray(reader: Reader, depth: number): readonly JsonValue[] {
  const values: JsonValue[] = [];
  if (skips(reader, ']')) return values;
  do values.push(readValue(reader, depth + 1));
  while (skips(reader, ','));
  if (!skips(reader, ']')) throw refuse(reader, 'a "," or "]" is missing here', skipBlank(reader));
  return values;
}

function nextToken(reader: Reader): { readonly token: string; readonly start: number } {
  const start = skipBlank(reader);
  reader.token.lastIndex = start;
  const token = reader.text[start] === '"' ? stringAt(reader, start) : reader.token.exec(reader.text)?.[0];
  if (token === undefined) {
    const ended = start === reader.text.length;
    throw refuse(reader, ended ? 'the text ends in the middle' : 'this is no JSON', start);
  }
  reader.at = start + token.length;
  return { token, start };
}

/** By hand: a regular expression would need a stack as deep as a hostile string is long. */
function stringAt(reader: Reader, start: number): string {
  const { text } = reader;
  let at = start + 1;
  for (; text[at] !== '"'; at++) {
    if (at >= text.length || text.charCodeAt(at) < 0x20)
      throw refuse(reader, 'this string does not end in its line', start);
    if (text[at] === '\\') at++;
  }
  return text.slice(start, at + 1);
}

/** @throws LibvirtXmlError for an escape that JSON does not have */
function stringOf(reader: Reader, token: string, start: number): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    throw refuse(reader, 'this string holds an escape that JSON does not have', start);
  }
}

function skips(reader: Reader, character: string): boolean {
  if (reader.text[skipBlank(reader)] !== character) return false;
  reader.at++;
  return true;
}

function skipBlank(reader: Reader): number {
  while (BLANKS.has(reader.text[reader.at])) reader.at++;
  return reader.at;
}

function refuse(
  { text, file }: Pick<Reader, 'text' | 'file'>,
  reason: string,
  offset: number,
  code: 'bad-json' | 'too-deep' | 'too-large' = 'bad-json',
): LibvirtXmlError {
  const hint =
    code === 'bad-json'
      ? 'Give the output as it was printed, and all of it.'
      : 'Raise the limit (--max-depth, --max-length) if you trust the document.';
  return new LibvirtXmlError(code, reason, { text, offset, file, hint });
}
