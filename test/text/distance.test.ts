import fc from 'fast-check';
import { closest, editDistance } from '../../lib/text/distance.ts';

test.each([
  ['check', 'check', 0],
  ['chekc', 'check', 1],
  ['instal', 'install', 1],
  ['', 'abc', 3],
  ['abcdef', 'fedcba', 5],
])('from %j to %j: %d', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test('no distance is more than the longer word', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(distance === 0).toBe(a === b);
    }),
  );
});

test.each([
  ['rewite', 'rewrite'],
  ['Rewrite', 'rewrite'],
  ['comp', undefined],
  ['compa', 'compare'],
  ['completoin', 'completion'],
  ['repair', undefined],
  ['', undefined],
  ['x', undefined],
  ['ch', 'check'],
  ['hce', undefined],
  ['constructor', undefined],
])('%j was meant as %j', (word, expected) => {
  expect(closest(word, ['rewrite', 'check', 'compare', 'completion'])).toBe(expected);
});
