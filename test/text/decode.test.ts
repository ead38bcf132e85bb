import { decodeUtf8, encodingProblem } from '../../lib/text/decode.ts';

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const decode = (bytes: readonly number[]): ReturnType<typeof decodeUtf8> =>
  decodeUtf8(Uint8Array.from(bytes));

describe('decodeUtf8 reads', () => {
  test.each([
    ['nothing', [], ''],
    ['ASCII', [0x3c, 0x61, 0x2f, 0x3e], '<a/>'],
    ['two bytes', [0xc3, 0xbc], 'ü'],
    ['three bytes', [0xe2, 0x82, 0xac], '€'],
    ['four bytes', [0xf0, 0x9f, 0x98, 0x80], '\u{1f600}'],
    ['a byte order mark, which is kept', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
    ['U+FFFD that is written so', [0xef, 0xbf, 0xbd], '\ufffd'],
    ['NUL, which the scan refuses', [0x61, 0x00], 'a\0'],
  ])('%s', (_, bytes, text) => {
    expect(decode(bytes)).toEqual({ text });
  });

  test('a part of a larger buffer', () => {
    const bytes = Uint8Array.from([0xff, 0xfe, 0x3c, 0x61, 0x2f, 0x3e, 0xff]);
    expect(decodeUtf8(bytes.subarray(2, 6))).toEqual({ text: '<a/>' });
  });
});

describe('decodeUtf8 refuses what is not valid UTF-8 and tells what stands before', () => {
  const problem = 'the file is not valid UTF-8';

  test.each([
    ['a byte of ISO-8859-1', [...utf8('<a>\nü'), 0xfc, ...utf8('</a>')], '<a>\nü'],
    ['a first byte alone', [0x61, 0xc3], 'a'],
    ['a following byte alone', [0x80, 0x61], ''],
    ['an overlong form', [0x61, 0xc0, 0xaf], 'a'],
    ['a surrogate', [0x61, 0xed, 0xa0, 0x80], 'a'],
    ['beyond U+10FFFF', [0x61, 0xf4, 0x90, 0x80, 0x80], 'a'],
    ['behind a byte order mark', [0xef, 0xbb, 0xbf, 0x61, 0xff], '\ufeffa'],
  ])('%s', (_, bytes, before) => {
    expect(decode(bytes)).toEqual({ problem, before });
  });
});

describe('decodeUtf8 refuses wide encodings', () => {
  test.each([
    ['UTF-16', 'little-endian with a byte order mark', [0xff, 0xfe, 0x3c, 0x00]],
    ['UTF-16', 'big-endian with a byte order mark', [0xfe, 0xff, 0x00, 0x3c]],
    ['UTF-16', 'little-endian', [0x3c, 0x00, 0x61, 0x00]],
    ['UTF-16', 'big-endian', [0x00, 0x3c, 0x00, 0x61]],
    ['UTF-16', 'a byte order mark alone', [0xff, 0xfe]],
    ['UTF-32', 'little-endian with a byte order mark', [0xff, 0xfe, 0x00, 0x00, 0x3c]],
    ['UTF-32', 'big-endian with a byte order mark', [0x00, 0x00, 0xfe, 0xff]],
    ['UTF-32', 'little-endian', [0x3c, 0x00, 0x00, 0x00]],
    ['UTF-32', 'big-endian', [0x00, 0x00, 0x00, 0x3c]],
  ])('%s, %s', (encoding, _, bytes) => {
    expect(decode(bytes)).toEqual({ problem: `the file is written in ${encoding}`, before: '' });
  });
});

describe('encodingProblem', () => {
  const document = (declaration: string, content = ''): string => `<?xml ${declaration}?><a>${content}</a>`;

  test.each([
    ['no declaration', '<a>ü</a>'],
    ['no encoding', document("version='1.0'", 'ü')],
    ['UTF-8', document("version='1.0' encoding='UTF-8'", 'ü')],
    ['utf-8 in other quotes', document('version="1.0" encoding = "utf-8"', 'ü')],
    ['ASCII in what has ASCII', document("version='1.0' encoding='iso8859-15'", 'u')],
    ['an encoding that is no declaration', `<?xml-model encoding='UTF-16'?><a/>`],
    ['an encoding in text', "<?xml version='1.0'?><a>encoding='UTF-16'</a>"],
  ])('none: %s', (_, text) => {
    expect(encodingProblem(text)).toBeUndefined();
    expect(encodingProblem(`\ufeff${text}`)).toBeUndefined();
  });

  test.each([
    ['UTF-16', document("version='1.0' encoding='UTF-16'")],
    ['EBCDIC-CP-US', document("version='1.0' encoding='EBCDIC-CP-US'")],
    ['', document("version='1.0' encoding=''")],
    ['iso-8859-1', document("version='1.0' encoding='iso-8859-1'", 'ü')],
    ['koi8-r', document('version=\'1.0\'\nencoding\t=\n"koi8-r"', 'я')],
  ])('names the encoding "%s"', (encoding, text) => {
    expect(encodingProblem(text)).toContain(`"${encoding}"`);
    expect(encodingProblem(`\ufeff${text}`)).toContain(`"${encoding}"`);
  });
});
