import fc from 'fast-check';
import { newTextTable } from '../../lib/text/text-table.ts';

const texts = fc.array(
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer({ max: 90, min: 0 }).map(String)),
  { maxLength: 300 },
);

test('a table has each text once, by number', () => {
  fc.assert(
    fc.property(texts, (all) => {
      const table = newTextTable();
      const distinct = [...new Set(all)];
      for (const text of all) expect(table.add(text)).toBe(distinct.indexOf(text));
      expect(table.size()).toBe(distinct.length);
      expect(distinct.map((text) => table.find(text))).toEqual([...distinct.keys()]);
      expect(table.find(`${all.join('')}?`)).toBeUndefined();
      const byBytes = distinct.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect([...table.sorted()].map((number) => table.text(number))).toEqual(byBytes);
    }),
  );
});

test('texts of any length are whole, beside others', () => {
  const table = newTextTable();
  const lengths = [262_143, 1, 262_144, 5, 262_145, 7, 1_000_000, 262_000, 300, 0];
  const all = lengths.map((length, i) => String.fromCharCode(97 + i).repeat(length));
  for (const text of all) table.add(text);
  expect(all.map((_, number) => table.text(number) === all[number])).toEqual(all.map(() => true));
});

test('there is an end to what a table holds', () => {
  const table = newTextTable(2 ** 20);
  const long = 'x'.repeat(2 ** 18 - 1);
  for (let i = 0; i < 4; i++) table.add(`${i}${long}`);
  expect(() => table.add('one more')).toThrow(RangeError);
  expect([table.size(), table.find(`3${long}`), table.find('one more')]).toEqual([4, 3, undefined]);
});
