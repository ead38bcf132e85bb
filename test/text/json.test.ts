import { isRecord } from '../../lib/text/json.ts';

test.each([
  ['an object', {}, true],
  ['an object with keys', { a: 1 }, true],
  ['a list', [], false],
  ['null', null, false],
  ['a text', 'a', false],
  ['nothing', undefined, false],
])('%s', (_, value, expected) => {
  expect(isRecord(value)).toBe(expected);
});
