import fc from 'fast-check';
import { printable, printableJson, printableLines } from '../../lib/text/printable.ts';

test.each([
  ['nothing to do', 'web-01 é 漢 🖥', 'web-01 é 漢 🖥'],
  ['a tab', 'a\tb', 'a\tb'],
  ['colours', '\u001b[31mred', '?[31mred'],
  ['line breaks', 'a\nb\rc\u0085d\u2028e\u2029f', 'a?b?c?d?e?f'],
  ['C1, where a terminal finds sequences too', 'a\u009b31mb\u007f', 'a?31mb?'],
  ['bidi marks', '\u202eabc\u202c\u2066\u2069\u200e\u061c', '?abc?????'],
  ['what nobody sees', 'a\u200bb\ufeffc\u00ad', 'a?b?c?'],
  ['half of a pair', 'a\ud800b', 'a?b'],
  ['a tag, which is two units', 'a\u{e0041}b', 'a??b'],
])('%s', (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('lines stay lines', () => {
  expect(printableLines('a\r\n\u001bb\rc\n\r')).toBe('a\r\n?b?c\n?');
});

test('columns stay what they are, and nothing is left to be done', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).toHaveLength(text.length);
      expect(printable(printable(text))).toBe(printable(text));
      const lines = text.split(/\r?\n/);
      expect(printableLines(text).split(/\r?\n/)).toEqual(lines.map(printable));
    }),
  );
});

test('JSON keeps its value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = printableJson(JSON.stringify({ [text]: [text] }, null, 2));
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
      expect(json).toBe(printableLines(json));
    }),
  );
});
