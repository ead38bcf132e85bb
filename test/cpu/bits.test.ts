import fc from 'fast-check';
import { clearBit, hasBit, isSameSet, namesIn, noBits, setBit, sumOf } from '../../lib/cpu/bits.ts';

const NAMES = Array.from({ length: 70 }, (_, i) => `name-${i}`);
const numbers = fc.uniqueArray(fc.nat(NAMES.length - 1));
const bitsOf = (list: readonly number[]): Uint32Array => {
  const bits = noBits(NAMES.length);
  for (const number of list) setBit(bits, number);
  return bits;
};

test('bits are a set of numbers', () => {
  fc.assert(
    fc.property(numbers, numbers, (added, removed) => {
      const bits = bitsOf(added);
      for (const number of removed) clearBit(bits, number);
      const expected = added.filter((number) => !removed.includes(number));
      expect(namesIn(bits, NAMES)).toEqual(expected.sort((a, b) => a - b).map((number) => NAMES[number]));
      expect(NAMES.map((_, number) => hasBit(bits, number))).toEqual(
        NAMES.map((_, number) => expected.includes(number)),
      );
    }),
  );
});

test('sets are the same, and have the same sum, whatever order they came about in', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [one, other] = [bitsOf(a), bitsOf(a.toReversed())];
      expect([isSameSet(one, other), sumOf(one)]).toEqual([true, sumOf(other)]);
      const isSame = a.length === b.length && a.every((number) => b.includes(number));
      expect(isSameSet(one, bitsOf(b))).toBe(isSame);
    }),
  );
});

test('what is beyond the end is not in a set, and sets of other lengths are others', () => {
  expect(hasBit(noBits(3), 40)).toBe(false);
  expect(isSameSet(noBits(3), noBits(40))).toBe(false);
});
