import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const ROOT = join(__dirname, '../..');
const PACK = ['pack', '--dry-run', '--json', '--ignore-scripts'];

interface PackedFile {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
}

/** A list before npm 12, an object since. */
const packed = JSON.parse(execFileSync('npm', PACK, { cwd: ROOT, encoding: 'utf8' })) as Readonly<
  Record<string, { readonly files: readonly PackedFile[] }>
>;
const files = Object.values(packed).flatMap((one) => one.files);
const paths = files.map(({ path }) => path);
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const packageJson = JSON.parse(read('package.json')) as Readonly<Record<string, unknown>>;

/** Every path a value of package.json names. */
function pathsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^(?:\.\/|dist\/)/.test(value) ? [posix.normalize(value)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

describe('the package', () => {
  test('holds what was built, its sources, the types and the papers, and nothing else', () => {
    const wanted =
      /^(?:dist\/|lib\/(?!cli\/)|types\/|man\/|docs\/|(?:CHANGELOG\.md|LICENSE|README\.md|facts\.json|package\.json)$)/;
    expect(paths.filter((path) => !wanted.test(path))).toEqual([]);
    for (const path of ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
      expect(paths).toContain(path);
  });

  test('holds no test, bench, script, setting or hidden file', () => {
    const unwanted =
      /(?:^|\/)(?:tests?|bench|scripts|examples|coverage|node_modules)\/|\.test\.|\.tsbuildinfo$|(?:^|\/)\.|config/;
    expect(paths.filter((path) => unwanted.test(path))).toEqual([]);
  });

  test('holds every file that package.json names', () => {
    const { bin, main, types, exports, imports } = packageJson;
    const named = [bin, main, types, exports, imports].flatMap(pathsIn);
    expect(named).toContain('dist/cli/virt-migratable.cjs');
    expect(named).toContain('lib/cpu/maps/lazy.cjs');
    expect(named.filter((path) => !paths.includes(path))).toEqual([]);
  });

  test('holds a source map for each built module, and the sources it leads to', () => {
    expect(paths).toEqual(expect.arrayContaining(['dist/esm/lib/index.js.map', 'dist/cjs/lib/index.js.map']));
    const declarations = paths.filter((path) => path.endsWith('.d.ts') && path.startsWith('dist/'));
    expect(declarations.filter((path) => !paths.includes(`${path}.map`))).toEqual([]);
    const maps = paths.filter((path) => path.endsWith('.map') && !path.includes('/lib/cli/'));
    const missing = maps.flatMap((path) => {
      const { sources } = JSON.parse(read(path)) as { readonly sources: readonly string[] };
      return sources
        .map((source) => posix.join(posix.dirname(path), source))
        .filter((to) => !paths.includes(to));
    });
    expect(missing).toEqual([]);
  });

  test('holds every CPU map its loaders name', () => {
    const maps = paths
      .filter((path) => /^lib\/cpu\/maps\/.*\.json$/.test(path))
      .map((path) => posix.basename(path, '.json'));
    const loader = read('lib/cpu/maps/lazy.cjs');
    const bundled = read('lib/cpu/maps/all.mjs');
    expect(maps.length).toBeGreaterThan(0);
    for (const version of maps) {
      expect(loader).toContain(`'${version}'`);
      expect(bundled).toContain(`'./${version}.json'`);
    }
    expect(loader.match(/'\d+\.\d+\.\d+'/g)).toHaveLength(maps.length);
  });

  test('holds no file over 400 kB', () => {
    expect(files.filter(({ size }) => size > 400_000)).toEqual([]);
  });

  test("holds what the command starts, and what libvirt's hook does", () => {
    for (const name of ['command', 'hook', 'xmlbuilder2']) expect(paths).toContain(`dist/cli/${name}.cjs`);
  });

  test('has a command that can be run', () => {
    const command = files.find(({ path }) => path === 'dist/cli/virt-migratable.cjs');
    expect((command?.mode ?? 0) & 0o111).toBe(0o111);
    expect(read('dist/cli/virt-migratable.cjs')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(paths).toContain('dist/cli/command.cjs');
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
    const code = read('dist/esm/lib/index.js') + read('dist/cjs/lib/index.js');
    const wanted = [...code.matchAll(/(?:\bfrom |\brequire\()"([^"]+)"/g)].map(([, name = '']) => name);
    const packages = wanted.filter((name) => !/^[.#]/.test(name)).map((name) => name.split('/')[0] ?? '');
    expect([...new Set(packages)].sort()).toEqual(Object.keys(packageJson['dependencies'] as object).sort());
  });
});

describe('the ES module', () => {
  const code = read('dist/esm/lib/index.js');

  test('imports nothing that only Node.js has', () => {
    const imported = [...code.matchAll(/^(?:import|export) [^"';]*"([^"]+)"|\bimport\("([^"]+)"\)/gm)];
    const names = imported.map(([, named, dynamic]) => named ?? dynamic).sort();
    expect(names).toEqual(['#cpu-maps', '#fast-xml-parser', '#semver', '#xmlbuilder2']);
    expect(code).not.toMatch(/["']node:/);
  });

  test('asks for nothing that only Node.js has', () => {
    const comments = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
    expect(code.replace(comments, '')).not.toMatch(
      /(?<![$.\w])(?:process|require|Buffer|__dirname|__filename)\s*[.([]/,
    );
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
