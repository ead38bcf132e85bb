import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importsOf, ROOT } from '../support/sources.ts';

const PACK = ['pack', '--dry-run', '--json', '--ignore-scripts'];

interface PackedFile {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
}

/** A list before npm 12, an object since. */
const packed = JSON.parse(execFileSync('npm', PACK, { cwd: ROOT, encoding: 'utf8' })) as Readonly<
  Record<
    string,
    { readonly files: readonly PackedFile[]; readonly size: number; readonly unpackedSize: number }
  >
>;
const [{ files, size, unpackedSize } = { files: [], size: 0, unpackedSize: 0 }] = Object.values(packed);
const paths = files.map(({ path }) => path);
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const packageJson = JSON.parse(read('package.json')) as Readonly<Record<string, unknown>>;

/** Every path a value of package.json names. */
function pathsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^(?:\.\/|dist\/)/.test(value) ? [posix.normalize(value)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

describe('the package', () => {
  test('holds what was built, what loads packages and CPU maps, and what is known; not docs/', () => {
    const wanted =
      /^(?:dist\/|lib\/packages\/|lib\/cpu\/maps\.|man\/|(?:LICENSE|README\.md|facts\.json|package\.json)$)/;
    expect(paths.filter((path) => !wanted.test(path))).toEqual([]);
    for (const path of ['LICENSE', 'README.md', 'package.json']) expect(paths).toContain(path);
  });

  test('holds no test, bench, script, setting or hidden file', () => {
    const unwanted =
      /(?:^|\/)(?:tests?|bench|scripts|examples|coverage|node_modules)\/|\.test\.|\.tsbuildinfo$|(?:^|\/)\.|config(?!\.schema)/;
    expect(paths.filter((path) => unwanted.test(path))).toEqual([]);
  });

  test('holds every file that package.json names', () => {
    const { bin, main, types, exports, imports } = packageJson;
    const named = [bin, main, types, exports, imports].flatMap(pathsIn);
    expect(named).toContain('dist/cli/virt-migratable.cjs');
    expect(named).toContain('lib/packages/node.cjs');
    const isThere = (name: string): boolean =>
      ['*', '9.0.0', 'check.schema.json'].some((one) => paths.includes(name.replace('*', one)));
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });

  test('holds every file of it that the documentation names', () => {
    const pages = ['README.md', 'docs/json.md', 'docs/library.md', 'docs/facts.md', 'docs/host-sources.md'];
    const named = pages.flatMap((page) => [
      ...[...read(page).matchAll(/node_modules\/libvirt-migratable\/([\w./-]+)/g)].map(
        ([, path = '']) => path,
      ),
      ...[...read(page).matchAll(/libvirt-migratable\/(facts\.json)/g)].map(([, path = '']) => path),
    ]);
    expect(named).toContain('dist/schemas/config.schema.json');
    expect(named.filter((path) => !paths.includes(path))).toEqual([]);
  });

  test('holds declarations of what is exported, and of what that leads to', () => {
    const declared = paths.filter((path) => path.endsWith('.d.ts'));
    expect(declared).toContain('dist/types/index.d.ts');
    expect(declared.filter((path) => path.includes('/cli/'))).toEqual([]);
    const led = declared.flatMap((path) =>
      importsOf(path, read(path)).filter((name) => /^dist\//.test(name)),
    );
    expect(led.filter((path) => !paths.includes(path.replace(/\.js$/, '.d.ts')))).toEqual([]);
  });

  test('holds nothing of the table of issues that only its documentation needs, but in the report that says it', () => {
    const code = paths.filter((path) => path.endsWith('.cjs') && !path.endsWith('/part-sarif.cjs')).map(read);
    expect(code.filter((text) => /\b(?:meaning|whatToDo)\b/.test(text))).toEqual([]);
  });

  test('holds each CPU map, and a module for it in both forms', () => {
    const maps = JSON.parse(read('lib/cpu/maps.json')) as readonly { readonly version: string }[];
    expect(maps.length).toBeGreaterThan(0);
    for (const { version } of maps)
      expect(paths).toEqual(expect.arrayContaining([`dist/maps/${version}.mjs`, `dist/maps/${version}.cjs`]));
  });

  test('is small: 397 kB packed, 1.32 MB unpacked', () => {
    expect(size).toBeLessThanOrEqual(397_000);
    expect(unpackedSize).toBeLessThanOrEqual(1_320_000);
  });

  test('has a command that can be run', () => {
    const command = files.find(({ path }) => path === 'dist/cli/virt-migratable.cjs');
    expect((command?.mode ?? 0) & 0o111).toBe(0o111);
    expect(read('dist/cli/virt-migratable.cjs')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test('holds the licence of each package the command is built from', () => {
    expect(paths).toContain('dist/cli/THIRD-PARTY-LICENSES.txt');
    const licences = read('dist/cli/THIRD-PARTY-LICENSES.txt');
    for (const name of ['diff', 'fast-xml-parser', 'semver', 'xmlbuilder2']) {
      const { version } = JSON.parse(read(`node_modules/${name}/package.json`)) as {
        readonly version: string;
      };
      expect(licences).toMatch(
        new RegExp(`^${name} ${version.replaceAll('.', '\\.')} \\([\\w-]+\\)\\n\\n\\S`, 'm'),
      );
    }
  });

  test('needs at run time only what package.json says', () => {
    const loaders = paths.filter((path) => path.startsWith('lib/packages/')).map(read);
    const wanted = [...loaders.join('\n').matchAll(/\brequire\('([^']+)'\)/g)].map(([, name = '']) => name);
    const packages = wanted
      .filter((name) => !name.startsWith('node:'))
      .map((name) => name.split('/')[0] ?? '');
    expect([...new Set(packages)].sort()).toEqual(Object.keys(packageJson['dependencies'] as object).sort());
  });
});

describe('the library', () => {
  const code = paths
    .filter((path) => /^dist\/[^/]+\.[cm]js$/.test(path))
    .map((path) => [path, read(path)] as const);

  test.each(code)('%s asks only for its own files, and by their names for packages', (_, text) => {
    const asked = [...text.matchAll(/\b(?:require\(|from )["']([^"']+)["']/g)].map(([, name = '']) => name);
    const wanted = /^(?:\.\/[\w-]+\.cjs|\.\.\/lib\/cpu\/maps\.cjs|#fast-xml-parser|#semver|#xmlbuilder2)$/;
    expect(asked.filter((name) => !wanted.test(name))).toEqual([]);
  });

  test.each(code)('%s asks for nothing that only Node.js has', (_, text) => {
    expect(text).not.toMatch(/(?<![$.\w])(?:process|Buffer|__dirname|__filename|globalThis)\s*[.([]/);
  });
});

test('package-lock.json names no registry', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  expect(Object.keys(packages).length).toBeGreaterThan(1);
  expect(Object.entries(packages).filter(([, entry]) => 'resolved' in entry)).toEqual([]);
  expect(existsSync(join(ROOT, 'npm-shrinkwrap.json'))).toBe(false);
});
