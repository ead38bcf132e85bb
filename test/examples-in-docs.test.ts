// Tries lib/parser/host/fold.ts, lib/parser/lock.ts, lib/parser/wanted-cpu.ts and lib/text/lock-shape.ts as well.
import { join } from 'node:path';
import * as library from '../lib/index.ts';
import { claimsOf, examplesOf, valueOf } from './support/examples.ts';
import { ROOT, sourcesBelow } from './support/sources.ts';

const examples = sourcesBelow('lib')
  .filter(({ path }) => !path.startsWith('lib/cli/'))
  .flatMap(examplesOf);
const claims = examples.flatMap(({ path, symbol, code }) =>
  claimsOf(code).map((claim) => ({ ...claim, path, symbol })),
);

/** What an example may use: everything public, and what its own module exports. */
async function scopeOf(path: string): Promise<Record<string, unknown>> {
  const own = (await import(join(ROOT, path))) as Record<string, unknown>;
  return { ...own, ...library };
}

test('there are examples, and each states a value', () => {
  expect(claims.length).toBeGreaterThan(10);
  expect(examples.filter(({ code }) => claimsOf(code).length === 0)).toEqual([]);
});

test.each(claims)('$symbol: $expected', async ({ path, code, expected }) => {
  const scope = await scopeOf(path);
  expect(valueOf(code, scope)).toEqual(valueOf(`(${expected})`, scope));
});

test('every public function has an example', () => {
  const functions = Object.entries(library).filter(([name]) => /^[a-z]/.test(name));
  const explained = new Set(claims.map(({ symbol }) => symbol));
  expect(functions.length).toBeGreaterThan(8);
  expect(functions.map(([name]) => name).filter((name) => !explained.has(name))).toEqual([]);
});

describe('the reader of examples', () => {
  const text = [
    '/**',
    ' * Doubles.',
    ' * @example',
    ' * const two = 1 + 1;',
    ' * twice(two); // → 4',
    ' * twice(3);',
    ' * // → 6',
    ' * @see nothing',
    ' */',
    'export function twice(n: number): number {',
    '/** No example. */',
    'export const none = 1;',
  ].join('\n');

  test('finds the code and the symbol', () => {
    expect(examplesOf({ path: 'a.ts', text })).toEqual([
      { path: 'a.ts', symbol: 'twice', code: 'const two = 1 + 1;\ntwice(two); // → 4\ntwice(3);\n// → 6' },
    ]);
  });

  test('evaluates what the code states', () => {
    const [example] = examplesOf({ path: 'a.ts', text });
    const twice = (n: number): number => 2 * n;
    const values = claimsOf(example?.code ?? '').map(({ code, expected }) => [
      valueOf(code, { twice }),
      expected,
    ]);
    expect(values).toEqual([
      [4, '4'],
      [6, '6'],
    ]);
  });

  test('gives the value a try statement ends with', () => {
    expect(valueOf("try { throw 'a'; } catch (b) { b; }", {})).toBe('a');
  });
});
