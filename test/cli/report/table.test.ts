import fc from 'fast-check';
import { textTable } from '../../../lib/cli/report/table.ts';
import { columnsOf, fitted } from '../../../lib/cli/terminal/fit.ts';
import { styled } from '../../../lib/cli/terminal/words.ts';

const TABLE = { head: ['feature', 'kvm-[01-04,17]', 'db'], rows: [['avx', 'yes', '-'] as const] };

describe('a table', () => {
  test('is as wide as its cells', () => {
    expect(textTable(TABLE)).toEqual(['feature  kvm-[01-04,17]  db', 'avx      yes             -']);
  });

  test('breaks a head behind a comma where that makes it fit', () => {
    expect(textTable(TABLE, 25)).toEqual([
      '         kvm-[01-04,',
      'feature  17]          db',
      'avx      yes          -',
    ]);
  });

  test('is none where it does not fit', () => {
    expect(textTable(TABLE, 20)).toBeUndefined();
    const many = Array.from({ length: 10 }, (_, i) => `n${i}`).join(',');
    expect(textTable({ head: [many], rows: [] }, 6)).toBeUndefined();
  });
});

describe('words that must fit', () => {
  test.each([
    ['short ones stay', 'a b', 20, 2, 'a b'],
    ['long ones are broken between words', 'one two three', 8, 2, 'one two\n  three'],
    ['indented as the line is', '  one two three', 10, 2, '  one two\n    three'],
    ['behind a comma where a word is too long', 'on kvm-[001,002,003]', 12, 2, 'on kvm-[001,\n  002,003]'],
    ['anywhere where there is no comma', 'aaaaaaaaaa', 6, 1, 'aaaaa\n aaaaa'],
    ['an address stays whole', 'at https://example.com/a', 10, 2, 'at\n  https://example.com/a'],
    ['each line for itself', 'aa bb\ncc dd\n', 4, 1, 'aa\n bb\ncc\n dd\n'],
  ])('%s', (_, text, width, indent, expected) => {
    expect(fitted({ text }, width, indent)).toEqual({ text: expected });
  });

  test('stay as they are where nobody looks', () => {
    const long = { text: 'word '.repeat(100) };
    expect(fitted(long, undefined)).toBe(long);
  });

  test('a style takes no column', () => {
    const { text } = styled('safe', 'green', true);
    expect(columnsOf(text)).toBe(4);
    expect(fitted({ text: `${text} here` }, 9)).toEqual({ text: `${text} here` });
  });

  test('lose no word, and no line is too long', () => {
    const word = fc.stringMatching(/^[a-z,]{1,30}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 20, max: 60 }), (all, width) => {
        const { text } = fitted({ text: all.join(' ') }, width);
        expect(text.replaceAll(/\s/g, '')).toBe(all.join(''));
        expect(text.split('\n').filter(({ length }) => length > width)).toEqual([]);
      }),
    );
  });
});
