import { looksLikeJson, readJson } from '../../lib/parser/json.ts';
import { errorOf, refusalOf } from '../support/findings.ts';

/** The values as plain objects, to be read at a glance. */
const plain = (text: string, options = {}): unknown[] =>
  readJson(text, options).map(({ value }) => unmapped(value));

function unmapped(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [k, unmapped(v)]));
  return Array.isArray(value) ? value.map(unmapped) : value;
}

test.each([
  '{}',
  '[]',
  ' [ ] ',
  '{"a":[1,-0.5e+3,true,false,null,"x"],"b":{"c":{}}}',
  '"\\u00e9\\n\\"\\\\\\/"',
  '18446744073709551552',
])('%s means what JSON says', (text) => {
  expect(plain(text)).toEqual([JSON.parse(text)]);
});

test.each([
  ['9007199254740991', 9_007_199_254_740_991],
  ['9007199254740992', '9007199254740992'],
  ['-18446744073709551616', '-18446744073709551616'],
  ['1e400', Infinity],
])('%s may be kept exactly', (text, expected) => {
  expect(readJson(text, { bigIntegers: 'text' })[0]?.value).toBe(expected);
});

test('values in a row are told apart, with the places where they begin', () => {
  expect(plain('\ufeff{"a":1}\r\n\r\n{"b":2} [3]')).toEqual([{ a: 1 }, { b: 2 }, [3]]);
  expect(readJson(' {} []', {}).map(({ start }) => start)).toEqual([1, 4]);
});

test('a name that means something to JavaScript is a name like any other', () => {
  expect([...(readJson('{"__proto__":1}', {})[0]?.value as Map<string, unknown>)]).toEqual([
    ['__proto__', 1],
  ]);
});

test.each([
  ['{"a" 1}', 'bad-json 1:6', 'a ":" is missing here'],
  ['{"a":1\n"b":2}', 'bad-json 2:1', 'a "," or "}" is missing here'],
  ['[1 2]', 'bad-json 1:4', 'a "," or "]" is missing here'],
  ['[1,]', 'bad-json 1:4', 'a value is missing here'],
  ['{,}', 'bad-json 1:2', 'the name of a member is missing here'],
  ['{"a":1,}', 'bad-json 1:8', 'the name of a member is missing here'],
  ['{"a":1,"a":1}', 'bad-json 1:8', '"a" is there twice'],
  ['{"a":', 'bad-json 1:6', 'the text ends in the middle'],
  ['{"a":01}', 'bad-json 1:7', 'a "," or "}" is missing here'],
  ["{'a':1}", 'bad-json 1:2', 'this is no JSON'],
  ['{"a":undefined}', 'bad-json 1:6', 'this is no JSON'],
  ['{"a', 'bad-json 1:2', 'this string does not end in its line'],
  ['{"a\n":1}', 'bad-json 1:2', 'this string does not end in its line'],
  ['{"a\\', 'bad-json 1:2', 'this string does not end in its line'],
  ['{"\\x":1}', 'bad-json 1:2', 'this string holds an escape that JSON does not have'],
  ['["\\u12"]', 'bad-json 1:2', 'this string holds an escape that JSON does not have'],
])('%j is refused', (text, refusal, reason) => {
  const read = (): unknown => readJson(text, {});
  expect([refusalOf(read), errorOf(read)?.reason]).toEqual([refusal, reason]);
});

test('limits hold, and can be raised', () => {
  const deep = `${'['.repeat(300)}${']'.repeat(300)}`;
  expect(refusalOf(() => readJson(deep, {}))).toBe('too-deep 1:257');
  expect(readJson(deep, { maxDepth: 300 })).toHaveLength(1);
  expect(refusalOf(() => readJson('[1]', { maxLength: 2 }))).toBe('too-large 1:1');
});

test('a string of millions of escapes is read, or refused, like a short one', () => {
  const long = `"${'\\n'.repeat(4e6)}"`;
  expect(readJson(long, {})[0]?.value).toHaveLength(4e6);
  expect(refusalOf(() => readJson(long.slice(0, -1), {}))).toBe('bad-json 1:1');
});

test.each([
  [' \n{', true],
  ['\ufeff[', true],
  ['<cpu/>', false],
  ['', false],
  ['true', false],
])('%j looks like JSON: %p', (text, expected) => {
  expect(looksLikeJson(text)).toBe(expected);
});
