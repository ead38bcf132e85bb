import { decodeAttribute, decodeText } from '../../lib/xml/escape.ts';

describe('both decode', () => {
  test.each([
    ['nothing', '', ''],
    ['plain text', 'x > y', 'x > y'],
    ['the five entities', '&lt;&gt;&amp;&apos;&quot;', '<>&\'"'],
    ['a decimal number', '&#65;&#0065;', 'AA'],
    ['a hexadecimal number in either case', '&#x4a;&#x4A;', 'JJ'],
    ['an astral number', '&#x1F600;&#128512;', '\u{1f600}\u{1f600}'],
    ['a reference once', '&amp;lt; &amp;amp; &#38;lt;', '&lt; &amp; &lt;'],
    ['blanks that are referred to', '&#13;&#10;&#9;', '\r\n\t'],
    ['references beside text', 'a&lt;b&gt;c', 'a<b>c'],
  ])('%s', (_, raw, expected) => {
    expect(decodeText(raw)).toBe(expected);
    expect(decodeAttribute(raw)).toBe(expected);
  });
});

test.each([
  ['CRLF and CR are LF', '1\r\n2\r3\n4\r\r\n5', '1\n2\n3\n4\n\n5'],
  ['tabs and blanks stay', ' \t ', ' \t '],
])('in text, %s', (_, raw, expected) => {
  expect(decodeText(raw)).toBe(expected);
});

test.each([
  ['CRLF, CR, LF and tab are one blank each', '1\r\n2\r3\n4\t5', '1 2 3 4 5'],
  ['blanks are not joined', '\n\n \t', '    '],
])('in an attribute, %s', (_, raw, expected) => {
  expect(decodeAttribute(raw)).toBe(expected);
});
