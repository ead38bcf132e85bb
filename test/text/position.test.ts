import fc from 'fast-check';
import { excerptAt, lineStartOf, positionAt, positionsIn } from '../../lib/text/position.ts';

describe('positionAt', () => {
  test.each([
    ['the start of an empty text', '', 0, '1:1'],
    ['the start', 'ab', 0, '1:1'],
    ['the end', 'ab', 2, '1:3'],
    ['an LF belongs to the line it ends', 'a\nb', 1, '1:2'],
    ['behind LF', 'a\nb', 2, '2:1'],
    ['behind CRLF', 'a\r\nb', 3, '2:1'],
    ['the LF of a CRLF', 'a\r\nb', 2, '1:3'],
    ['behind CR', 'a\rb', 2, '2:1'],
    ['behind CR and CRLF', 'a\r\r\nb', 4, '3:1'],
    ['behind LF and CR', 'a\n\rb', 3, '3:1'],
    ['behind empty lines', '\n\n\nab', 4, '4:2'],
    ['behind the last line break', 'a\n', 2, '2:1'],
    ['other line breaks of Unicode are none', 'a\u2028b\u0085c', 4, '1:5'],
    ['a tab is one column', '\t\tab', 3, '1:4'],
    ['an astral character is two columns', '\u{1f600}a', 2, '1:3'],
    ['a byte order mark is a column', '\ufeffa', 1, '1:2'],
  ])('%s', (_, text, offset, expected) => {
    const { line, column } = positionAt(text, offset);
    expect(`${line}:${column}`).toBe(expected);
  });
});

describe('positionsIn', () => {
  const broken = fc
    .array(fc.constantFrom('a', '\n', '\r', '\r\n', 'bc'), { maxLength: 20 })
    .map((parts) => parts.join(''));

  test('law: any order of questions gets the same answers', () => {
    fc.assert(
      fc.property(broken, fc.array(fc.nat(20), { maxLength: 10 }), (text, wanted) => {
        const offsets = wanted.map((offset) => Math.min(offset, text.length));
        const positionOf = positionsIn(text);
        expect(offsets.map((offset) => positionOf(offset))).toEqual(
          offsets.map((offset) => positionAt(text, offset)),
        );
      }),
    );
  });

  test('law: the line is one more than the line breaks before it', () => {
    fc.assert(
      fc.property(broken, fc.nat(20), (text, wanted) => {
        const offset = Math.min(wanted, text.length);
        const before = text.slice(0, offset) + (text.startsWith('\r\n', offset - 1) ? 'cut' : '');
        const lines = before.replace(/\rcut$/, '').split(/\r\n|\n|\r/);
        expect(positionAt(text, offset).line).toBe(lines.length);
      }),
    );
  });
});

describe('lineStartOf', () => {
  test.each([
    ['the start of the text', 'ab', 0, 0],
    ['the start of a text that begins with a line break', '\na', 0, 0],
    ['the first line', 'ab\ncd', 2, 0],
    ['behind LF', 'ab\ncd', 3, 3],
    ['behind CRLF', 'ab\r\ncd', 5, 4],
    ['behind CR', 'ab\rcd', 4, 3],
    ['the end', 'ab\n', 3, 3],
  ])('%s', (_, text, offset, expected) => {
    expect(lineStartOf(text, offset)).toBe(expected);
  });
});

describe('excerptAt', () => {
  test.each([
    ['an empty text', '', 0, '\n^'],
    ['the only line', 'abc', 1, 'abc\n ^'],
    ['the end', 'abc', 3, 'abc\n   ^'],
    ['one line of several', 'ab\ncd\nef', 4, 'cd\n ^'],
    ['a line between CRLF', 'ab\r\ncd\r\nef', 5, 'cd\n ^'],
    ['a line between CR', 'ab\rcd\ref', 3, 'cd\n^'],
    ['an empty line', 'ab\n\ncd', 3, '\n^'],
    ['tabs stay above and below', '\ta\tb', 3, '\ta\tb\n\t \t^'],
    ['control characters are one "?" each', 'a\0\u001b\u007f\u0085\ufeffb', 6, 'a?????b\n      ^'],
    ['other characters stay', 'ü\u{1f600}x', 3, 'ü\u{1f600}x\n   ^'],
  ])('%s', (_, text, offset, expected) => {
    expect(excerptAt(text, offset)).toBe(expected);
  });

  const digits = '0123456789'.repeat(30);

  test.each([
    ['at the start', 0, `${digits.slice(0, 100)}\n^`],
    ['near the start', 20, `${digits.slice(0, 100)}\n${' '.repeat(20)}^`],
    ['in the middle', 150, `${digits.slice(100, 200)}\n${' '.repeat(50)}^`],
    ['near the end', 290, `${digits.slice(200, 300)}\n${' '.repeat(90)}^`],
    ['at the end', 300, `${digits.slice(200, 300)}\n${' '.repeat(100)}^`],
  ])('a long line is cut to 100 characters around the caret: %s', (_, offset, expected) => {
    expect(excerptAt(`first\n${digits}\nlast`, offset + 6)).toBe(expected);
  });

  test('shows no more of a line than asked for', () => {
    const [shown = '', caret = ''] = excerptAt(`<a b='${'x'.repeat(200)}'/>`, 120, 40).split('\n');
    expect([shown.length, caret.length]).toEqual([40, 21]);
  });
});
