import { moduleState } from './support/module-state.ts';
import { importsOf, sourcesBelow, type Source } from './support/sources.ts';

/** What the core keeps all the same, and why it may. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'lib/cpu/map.ts: remembered has no read-only type': 'weak, by CPU maps, which do not change',
  'lib/cpu/packed.ts: bundled has no read-only type': 'the bundled CPU maps, unpacked once and frozen',
  'lib/diff/pool/feature-sets.ts: NO_ANSWER has a type that can be changed': 'of empty arrays',
  'lib/diff/pool/feature-sets.ts: NO_BITS has a type that can be changed':
    'an empty array has nothing to change',
  'lib/xml/space.ts: kept has a type that can be changed':
    'the buffers of the scan, lent to one scan at a time',
};

test('no module of the core keeps anything between calls', () => {
  const core = sourcesBelow('lib', 'types').filter(({ path }) => !path.startsWith('lib/cli/'));
  expect(moduleState(core).toSorted()).toEqual(Object.keys(EXCEPTIONS).sort());
});

/** Why the one variable of a module is found, if it is; beside it stand types. */
function reasonFor(variable: string): string | undefined {
  const text = `
    interface Plain { readonly a: string; readonly b?: readonly (Plain | Other)[]; c(): void }
    interface Changing { readonly a: Plain; b: number }
    interface Deep { readonly changing?: Readonly<Record<string, Changing>> }
    type Other = 'x' | 1 | ReadonlyMap<string, Plain>;
    type Table<T> = { readonly [K in keyof T]: T[K] };
    type Loose<T> = { [K in keyof T]: T[K] };
    ${variable}
    function use() { return P.exec('x'); }`;
  const source: Source = { path: 'lib/x/y.ts', text, imports: importsOf('lib/x/y.ts', text) };
  return moduleState([source])[0]?.replace(/^lib\/x\/y\.ts: \w+ /, '');
}

describe('such a variable is found', () => {
  test.each([
    ['let a = 1;', 'is no constant'],
    ['let a: string | undefined;', 'is no constant'],
    ['export var a = 1;', 'is no constant'],
    ['const a = new Map();', 'has no read-only type'],
    ['export const a = new WeakMap<object, string>();', 'has no read-only type'],
    ['const a = new Uint8Array(8);', 'has no read-only type'],
    ['const a = [];', 'has no read-only type'],
    ["const a = ['x'] satisfies string[];", 'has no read-only type'],
    ['const a = { b: 1 };', 'has no read-only type'],
    ['const a = memory(3);', 'has no read-only type'],
    ['const a = (() => { let b = 0; return () => b++; })();', 'has no read-only type'],
    ['const a: () => number = counter();', 'is a function that a call has made'],
    ['const a: Map<string, string> = new Map();', 'has a type that can be changed'],
    ['const a: string[] = [];', 'has a type that can be changed'],
    ['const a: readonly string[][] = [];', 'has a type that can be changed'],
    ['const a: Set<string> | undefined = make();', 'has a type that can be changed'],
    ['const a: { readonly b: number; c: number } = { b: 1, c: 2 };', 'has a type that can be changed'],
    ['const a: Changing = make();', 'has a type that can be changed'],
    ['const a: readonly Deep[] = [];', 'has a type that can be changed'],
    ['const a: ReadonlyMap<string, Changing> = new Map();', 'has a type that can be changed'],
    ['const a: Loose<Plain> = make();', 'has a type that can be changed'],
    ['const a: Elsewhere = make();', 'has a type that can be changed'],
    ['const P = /x/y;', 'remembers its place'],
    ['const P = /x/g;', 'remembers its place'],
  ])('%s', (variable, expected) => {
    expect(reasonFor(variable)).toBe(expected);
  });
});

describe('such a variable is none of them', () => {
  test.each([
    ...[
      'const a = 1;',
      "const a = 'x' + y;",
      'const a = b;',
      'const a = () => new Map();',
      'const P = /x/;',
      'const a = /x/g;',
    ],
    ...[
      "const a = ['x'] as const;",
      "const a = { b: 'x' } as const satisfies object;",
      'const a = Object.freeze([1]);',
    ],
    ...[
      'const a: readonly string[] = [];',
      "const a: ReadonlySet<string> = new Set(['x']);",
      'const a: ArrayLike<number> = new Uint8Array(8);',
    ],
    ...[
      'const a: Plain = make();',
      'const a: Table<Plain> = make();',
      'const a: Other = make();',
      'const a = new TextEncoder();',
    ],
    ...[
      'const a: Readonly<Record<string, readonly [b: string, c: Plain]>> = {};',
      'const [a, b] = [1, 2];',
      'const a = class {};',
    ],
  ])('%s', (variable) => {
    expect(reasonFor(variable)).toBeUndefined();
  });
});
