/** Control and format characters (bidi marks too), line separators, halves of a pair, what is no XML; a tab is harmless. */
const UNSAFE = /[^\P{Cc}\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/gu;
const UNSAFE_IN_JSON = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu;
const BEYOND_PLAIN_LINE = /[^\t\u0020-\u007e]/;
const BEYOND_PLAIN = /[^\t\n\u0020-\u007e]/;

/**
 * The text in one line that can do nothing to a terminal or a log: each unit of a control, format, bidi or line break
 * character becomes a `?`, so that columns stay what they are.
 *
 * @example
 * printable('web\n\u001b[31m01\u202e'); // → 'web??[31m01?'
 */
export function printable(text: string): string {
  // Most texts are plain, which is told without the tables of Unicode.
  if (!BEYOND_PLAIN_LINE.test(text)) return text;
  return text.replace(UNSAFE, (found) => '?'.repeat(found.length));
}

/**
 * The text made `printable` line by line: line feeds, and returns before them, stay.
 *
 * @example
 * printableLines('a\r\nb\u0007\n'); // → 'a\r\nb?\n'
 */
export function printableLines(text: string): string {
  return text
    .split(/(\r?\n)/)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join('');
}

/**
 * A JSON text with the same value in which such characters are escaped.
 *
 * @example
 * printableJson('{"name":"\u202eweb"}'); // → '{"name":"\\u202eweb"}'
 */
export function printableJson(text: string): string {
  // Most JSON is printable ASCII, which a plain look tells five times faster.
  if (!BEYOND_PLAIN.test(text)) return text;
  return text.replace(UNSAFE_IN_JSON, (found) =>
    found.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
