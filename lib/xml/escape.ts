import { ENTITIES } from './syntax.ts';

const REFERENCES = /&(?:#(\d+)|#x([\dA-Fa-f]+)|(\w+));/g;

/** The characters that scanned text stands for: references resolved, line ends as LF. */
export function decodeText(raw: string): string {
  return decodeReferences(raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw);
}

/** The value of a scanned attribute: references resolved, blanks as U+0020. @see https://www.w3.org/TR/xml/#AVNormalize */
export function decodeAttribute(raw: string): string {
  return decodeReferences(/[\t\n\r]/.test(raw) ? raw.replace(/\r\n|[\t\n\r]/g, ' ') : raw);
}

function decodeReferences(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(REFERENCES, (whole, decimal?: string, hex?: string, entity?: string) => {
    if (entity !== undefined) return ENTITIES.get(entity) ?? whole;
    return String.fromCodePoint(decimal === undefined ? parseInt(hex ?? '', 16) : parseInt(decimal, 10));
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const SPECIAL = /[&<>'"\t\n\r]/;

/** Plain text so escaped that it may stand in an attribute, in either quotes, or between tags. */
export function encodeValue(plain: string): string {
  if (!SPECIAL.test(plain)) return plain;
  return plain.replace(/[&<>'"\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}
