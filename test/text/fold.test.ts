import fc from 'fast-check';
import { foldNames, nameList } from '../../lib/text/fold.ts';

/** Every name that brackets stand for. */
function unfolded(folded: readonly string[]): readonly string[] {
  return folded.flatMap((one) => {
    const [, before, ranges, after] = /^(.*)\[([\d,-]+)\](.*)$/s.exec(one) ?? [];
    if (before === undefined || ranges === undefined || after === undefined) return [one];
    return ranges.split(',').flatMap((range) => {
      const [first = '', last = first] = range.split('-');
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => {
        const width = first.startsWith('0') ? first.length : 0;
        return before + String(Number(first) + i).padStart(width, '0') + after;
      });
    });
  });
}

const numbered = (start: string, ...numbers: readonly number[]): readonly string[] =>
  numbers.map((number) => start + String(number).padStart(2, '0'));

test.each<[string, readonly string[], readonly string[]]>([
  ['a range and one', [...numbered('kvm-', 1, 2, 3, 17)], ['kvm-[01-03,17]']],
  ['in any order', ['n3', 'n1', 'n2'], ['n[1-3]']],
  ['numbers without zeros', ['n9', 'n10', 'n11'], ['n[9-11]']],
  ['zeros apart from none', ['n1', 'n01', 'n2', 'n02', 'n3', 'n03'], ['n[1-3]', 'n[01-03]']],
  ['a number in the middle', ['a1.lan', 'a2.lan', 'a3.lan', 'b'], ['a[1-3].lan', 'b']],
  ['the number that differs', ['r1-n1', 'r1-n2', 'r1-n3', 'r2-n1'], ['r1-n[1-3]', 'r2-n1']],
  ['addresses', ['10.0.0.1', '10.0.0.2', '10.0.0.9'], ['10.0.0.[1-2,9]']],
  ['two stay two', ['n1', 'n2', 'db'], ['n1', 'n2', 'db']],
  ['names without numbers', ['a', 'b', 'c'], ['a', 'b', 'c']],
  ['one name twice', ['n1', 'n1', 'n2', 'n3'], ['n[1-3]']],
  ['no names', [], []],
  [
    'names with brackets or commas',
    ['n[1]', 'n[2]', 'n[3]', 'a,1', 'a,2', 'a,3'],
    ['n[1]', 'n[2]', 'n[3]', 'a,1', 'a,2', 'a,3'],
  ],
  [
    'numbers too long to count',
    ['n1234567890123456', 'n1234567890123457', 'n1234567890123458'],
    ['n1234567890123456', 'n1234567890123457', 'n1234567890123458'],
  ],
])('%s', (_, names, folded) => {
  expect(foldNames(names)).toEqual(folded);
});

const names = fc.uniqueArray(
  fc.oneof(
    fc
      .tuple(fc.constantFrom('kvm-', 'n', 'r1-'), fc.nat(120), fc.constantFrom('', '.lan', '-a'))
      .map(([a, n, b]) => a + String(n) + b),
    fc.tuple(fc.constantFrom('kvm-', 'n'), fc.nat(40)).map(([a, n]) => a + String(n).padStart(3, '0')),
    fc.string({ maxLength: 6 }).filter((name) => !/[[\]]/.test(name)),
  ),
  { maxLength: 60 },
);

test('what is folded has each name once, and no other', () => {
  fc.assert(
    fc.property(names, (all) => {
      expect([...unfolded(foldNames(all))].sort()).toEqual([...all].sort());
    }),
  );
});

test('the order of names changes nothing but the order of what they become', () => {
  fc.assert(
    fc.property(names, (all) => {
      expect([...foldNames([...all].reverse())].sort()).toEqual([...foldNames(all)].sort());
    }),
  );
});

describe('a list for a sentence', () => {
  test('names three as they are, and more in short', () => {
    expect(nameList(numbered('n', 1, 2, 3))).toBe('n01, n02, n03');
    expect(nameList(numbered('n', 1, 2, 3, 7))).toBe('n[01-03,07]');
    expect(nameList(['a', 'b', 'c', 'd'])).toBe('a, b, c, d');
  });

  test('counts those of very many that it does not name', () => {
    const odd = Array.from({ length: 500 }, (_, i) => `kvm-${String(2 * i + 1).padStart(4, '0')}`);
    expect(nameList(odd)).toBe('kvm-[0001,0003,0005,0007,0009] and 495 more');
    expect(nameList(Array.from({ length: 1000 }, (_, i) => `n${i}`))).toBe('n[0-999]');
  });
});
