import { frozen, frozenCopy } from '../../lib/text/frozen.ts';

test('frozen data is the same data, frozen to its last list', () => {
  const data = { list: [{ names: ['a'] }], nothing: null, number: 1 };
  expect(frozen(data)).toBe(data);
  expect([data, data.list, data.list[0], data.list[0]?.names].every(Object.isFrozen)).toBe(true);
});

test('a frozen copy leaves what was given as it was', () => {
  const given = { list: [{ names: ['a'] }] };
  const copy = frozenCopy(given);
  given.list[0]?.names.push('b');
  expect(copy).toEqual({ list: [{ names: ['a'] }] });
  expect([copy, copy.list, copy.list[0]?.names].every(Object.isFrozen)).toBe(true);
  expect(Object.isFrozen(given.list)).toBe(false);
});

test('what is there several times is copied once', () => {
  const names = ['a'];
  const [one, other] = frozenCopy([names, names]);
  expect(one).toBe(other);
});

test('frozen data is its own copy, and so is what is no data', () => {
  const data = frozen({ a: [1] });
  expect(frozenCopy(data)).toBe(data);
  expect(['a', null, 1].map((value) => frozenCopy(value))).toEqual(['a', null, 1]);
});

test('a key that means something to JavaScript is a key like any other', () => {
  const given = JSON.parse('{"__proto__": ["a"]}') as object;
  expect(Object.keys(frozenCopy(given))).toEqual(['__proto__']);
});
