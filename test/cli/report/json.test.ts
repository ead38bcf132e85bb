import fc from 'fast-check';
import { json, jsonPieces } from '../../../lib/cli/report/json.ts';
import type { Result } from '../../../lib/cli/report/results.ts';
import { printableJson } from '../../../lib/text/printable.ts';

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.double({ noNaN: true }),
    fc.constantFrom(null, true, undefined),
    fc.array(tie('value'), { maxLength: 40 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 40 }),
  ),
})).value;
const results = fc.dictionary(
  fc.string().filter((key) => key !== 'issues' && key !== 'schemaVersion'),
  values,
  { maxKeys: 5 },
);

test('pieces are together what JSON.stringify gives', () => {
  fc.assert(
    fc.property(results, (result) => {
      const expected = JSON.stringify({ schemaVersion: 1, ...result }, null, 2);
      expect(json(result as object as Result)).toBe(`${printableJson(expected)}\n`);
    }),
  );
});

test('a long list comes in pieces, of which none is long', () => {
  const hosts = Array.from({ length: 10_000 }, (_, i) => ({ name: `host-${i}`, features: ['avx'] }));
  const surplus = Object.fromEntries(hosts.map(({ name, features }) => [name, features]));
  const pieces = [...jsonPieces({ hosts, surplus, none: [], nothing: {} } as object as Result)];
  expect(pieces.join('')).toBe(
    `${JSON.stringify({ schemaVersion: 1, hosts, surplus, none: [], nothing: {} }, null, 2)}\n`,
  );
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100_000);
});
