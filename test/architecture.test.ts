import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cycleIn, problemOf } from './support/layers.ts';
import { importsOf, ROOT, sourcesBelow } from './support/sources.ts';

const MOST_LINES = 400;
const sources = sourcesBelow('lib', 'types', 'page');

test('all sources are looked at', () => {
  const paths = sources.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['lib/index.ts', 'lib/cli/report/json.ts', 'types/host.ts']));
  expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(100);
});

test('a file imports lower layers and its own folder only', () => {
  const problems = sources.flatMap(({ path, imports }) =>
    imports.flatMap((imported) => problemOf(path, imported) ?? []),
  );
  expect(problems).toEqual([]);
});

test('no import leads back to where it began', () => {
  expect(cycleIn(sources)).toBeUndefined();
});

test('every file that is imported is there', () => {
  const paths = new Set(sources.map(({ path }) => path));
  const own = sources.flatMap(({ imports }) => imports.filter((name) => /^(?:lib|types)\//.test(name)));
  expect(own.filter((path) => !paths.has(path) && !existsSync(join(ROOT, path)))).toEqual([]);
});

test(`no file has more than ${MOST_LINES} lines`, () => {
  const all = [...sources, ...sourcesBelow('test')];
  const long = all.filter(({ text }) => text.split('\n').length > MOST_LINES + 1);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test('every folder of sources has a folder of tests', () => {
  const folders = new Set(sources.flatMap(({ path }) => /^lib\/([^/]+)\//.exec(path)?.[1] ?? []));
  expect(folders).toContain('parser');
  expect([...folders].filter((folder) => !existsSync(join(ROOT, 'test', folder)))).toEqual([]);
});

test('every file of the library has a test of its name, in its room or the one around it, or is named by a test', () => {
  const tests = sourcesBelow('test');
  const isTried = (path: string): boolean => {
    const own = path.replace(/^lib(.*)\.ts$/, 'test$1.test.ts');
    const around = join(dirname(own), '..', basename(own));
    return tests.some((test) => test.path === own || test.path === around || test.text.includes(path));
  };
  const library = sources.map(({ path }) => path).filter((path) => path.startsWith('lib/'));
  expect(library.length).toBeGreaterThan(100);
  expect(library.filter((path) => !isTried(path))).toEqual([]);
});

test('every file that a test names is there', () => {
  const named = sourcesBelow('test').flatMap(({ text }) => {
    const [head = ''] = /^(?:\/\/.*\n)*/.exec(text) ?? [];
    return head.match(/\blib\/[\w/-]+\.ts\b/g) ?? [];
  });
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('a file of types has nothing to run', () => {
  const running = sourcesBelow('types').filter(({ text }) =>
    /^(?:export )?(?:const|let|function|class|import [^t])/m.test(text),
  );
  expect(running.map(({ path }) => path)).toEqual([]);
});

describe('these rules', () => {
  test.each([
    ['types', 'types/host.ts', 'lib/issues/issues.ts'],
    ['text', 'lib/text/edit.ts', 'lib/issues/issues.ts'],
    ['issues', 'lib/issues/issues.ts', 'lib/xml/scan.ts'],
    ['xml', 'lib/xml/scan.ts', 'lib/cpu/map.ts'],
    ['cpu', 'lib/cpu/join.ts', 'lib/parser/host/host.ts'],
    ['parser and diff', 'lib/parser/host/host.ts', 'lib/diff/pool/baseline.ts'],
    ['diff and writer', 'lib/diff/plan.ts', 'lib/writer/write.ts'],
    ['writer and parser', 'lib/writer/write.ts', 'lib/parser/domain/domain.ts'],
    ['rewrite', 'lib/rewrite.ts', 'lib/index.ts'],
    ['index', 'lib/index.ts', 'lib/cli/main.ts'],
    ['a new place without a layer', 'lib/new/a.ts', 'lib/text/edit.ts'],
    ['a file of such a place', 'lib/cli/main.ts', 'lib/new/a.ts'],
    ['fast-xml-parser', 'lib/xml/query.ts', 'fast-xml-parser'],
    ['xmlbuilder2', 'lib/writer/edits.ts', '#xmlbuilder2'],
    ['semver', 'lib/cpu/bundled.ts', 'semver/functions/lt.js'],
    ['node', 'lib/parser/host/host.ts', 'node:fs'],
    ['any other package', 'lib/text/edit.ts', 'lodash'],
  ])('see a wrong import: %s', (_, path, imported) => {
    expect(problemOf(path, imported)).toBeDefined();
  });

  test.each([
    ['own folder', 'lib/diff/plan.ts', 'lib/diff/pool/visible.ts'],
    ['lower layer', 'lib/writer/write.ts', 'lib/text/edit.ts'],
    ['types', 'lib/text/edit.ts', 'types/xml.ts'],
    ['index in the command', 'lib/cli/commands/diff.ts', 'lib/index.ts'],
    ['node in the command', 'lib/cli/files.ts', 'node:fs'],
    ['its package', 'lib/cpu/versions.ts', 'semver/functions/compare.js'],
  ])('let pass: %s', (_, path, imported) => {
    expect(problemOf(path, imported)).toBeUndefined();
  });

  test('see a cycle', () => {
    const sources = [
      { path: 'a', imports: ['b'] },
      { path: 'b', imports: ['c', 'd'] },
      { path: 'c', imports: [] },
      { path: 'd', imports: ['b'] },
    ];
    expect(cycleIn(sources)).toEqual(['b', 'd', 'b']);
  });

  test('see every kind of import, and none in comments or strings', () => {
    const text = `
      import a from './a.ts';
      import type { B } from '../b.ts';
      export { c } from 'c';
      export type * from './d.ts';
      import './e.ts';
      const f = () => import('f');
      // import g from 'g';
      const h = "import h from 'h'";
    `;
    expect(importsOf('lib/x/y.ts', text)).toEqual([
      'lib/x/a.ts',
      'lib/b.ts',
      'c',
      'lib/x/d.ts',
      'lib/x/e.ts',
      'f',
    ]);
  });
});
