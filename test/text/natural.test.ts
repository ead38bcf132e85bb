import fc from 'fast-check';
import { naturalOrder } from '../../lib/text/natural.ts';

test.each([
  [
    ['kvm-10', 'kvm-2', 'kvm-1'],
    ['kvm-1', 'kvm-2', 'kvm-10'],
  ],
  [
    ['kvm-010', 'kvm-9', 'kvm-10', 'kvm-'],
    ['kvm-', 'kvm-9', 'kvm-010', 'kvm-10'],
  ],
  [
    ['rack10/a1', 'rack9/b', 'rack10/a', 'rack9/a22', 'rack9/a3'],
    ['rack9/a3', 'rack9/a22', 'rack9/b', 'rack10/a', 'rack10/a1'],
  ],
  [
    ['b', 'a-1', 'a', '10', '9'],
    ['9', '10', 'a', 'a-1', 'b'],
  ],
])('%j → %j', (given, expected) => {
  expect([...given].sort(naturalOrder)).toEqual(expected);
});

const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '0', '1', '2', ':'), maxLength: 6 });

test('it is an order: of two unlike texts one comes first, and what is before that is before the other', () => {
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(naturalOrder(a, b))).toBe(-Math.sign(naturalOrder(b, a)) + 0);
      expect(naturalOrder(a, b) === 0).toBe(a === b);
      const [first = '', second = '', third = ''] = [a, b, c].sort(naturalOrder);
      expect(naturalOrder(first, second) <= 0 && naturalOrder(second, third) <= 0).toBe(true);
      expect(naturalOrder(first, third)).toBeLessThanOrEqual(0);
    }),
  );
});
