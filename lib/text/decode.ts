/** Encodings in which an ASCII document has the same bytes as in UTF-8. */
const ASCII_SUPERSET =
  /^(?:utf-?8|us-ascii|ascii|iso-?8859-\d+|iso_8859-\d+|latin\d|windows-125\d|cp125\d|cp437|koi8-[ru])$/i;
const UTF8 = /^utf-?8$/i;
const DECLARED = /^\ufeff?<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]*)["']/;

/**
 * Why a document's declared encoding cannot be what it is read as (UTF-8), if so. A document that declares another
 * encoding may pass only while it is pure ASCII: then both readings are the same text.
 */
export function encodingProblem(text: string): string | undefined {
  // Most documents have no such line, which a look at one character tells.
  if (text.charAt(1) !== '?' && text.charAt(2) !== '?') return undefined;
  const declared = DECLARED.exec(text)?.[1];
  if (declared === undefined || UTF8.test(declared)) return undefined;
  if (!ASCII_SUPERSET.test(declared))
    return `the document declares the encoding "${declared}", but it is not written in it`;
  const foreign = /[^\0-\x7f]/.exec(text.startsWith('\ufeff') ? text.slice(1) : text);
  return foreign === null
    ? undefined
    : `the document declares the encoding "${declared}" and holds characters outside ASCII`;
}

/** The text of a file in UTF-8 (a byte order mark is kept), or why its bytes are not UTF-8 and what stands before. */
export function decodeUtf8(
  bytes: Uint8Array,
): { readonly text: string } | { readonly problem: string; readonly before: string } {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return { problem: `the file is written in ${wide}`, before: '' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: 'the file is not valid UTF-8', before: validBeginning(bytes) };
  }
}

/** The text in front of the first byte that is not UTF-8. */
function validBeginning(bytes: Uint8Array): string {
  const decode = (end: number): string | undefined => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end), {
        stream: true,
      });
    } catch {
      return undefined;
    }
  };
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    if (decode(middle) === undefined) invalid = middle;
    else valid = middle;
  }
  return decode(valid) ?? '';
}

/** The first four bytes of a document in a wide encoding: its byte order mark, or `<` in it. */
const WIDE: readonly (readonly [RegExp, string])[] = [
  [/^(?:fffe0000|0000feff|0000003c|3c000000)/, 'UTF-32'],
  [/^(?:fffe|feff|3c00|003c)/, 'UTF-16'],
];

function wideEncoding(bytes: Uint8Array): string | undefined {
  const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return WIDE.find(([pattern]) => pattern.test(start))?.[1];
}
