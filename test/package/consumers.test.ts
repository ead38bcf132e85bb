// Tries lib/index-compare.ts and lib/parser/host/libvirt-host.ts as well.
import { build } from 'esbuild';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import packageJson from '../../package.json' with { type: 'json' };
import { domain, FOR_A, FOR_B, HOSTS, SHARED, type Ran } from '../cli/run.ts';
import { ROOT } from '../support/sources.ts';

const BIN = join(ROOT, 'node_modules/.bin');
/** The package as npm would publish it, unpacked where its users would have it. */
const home = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
const modules = join(home, 'node_modules');
const installed = join(modules, packageJson.name);
const tarball = join(home, `${packageJson.name}-${packageJson.version}.tgz`);

/** What a page may cost that compares hosts, compressed, without the CPU maps, and what one that judges guests too. */
const HOSTS_LIMIT = 58_000;
const COMPARE_LIMIT = 97_000;

function run(file: string, words: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(file, words, { cwd: home, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

/** Runs a program of a user. */
function runProgram(name: string, source: string): Ran {
  writeFileSync(join(home, name), source);
  return run(process.execPath, [name]);
}

beforeAll(() => {
  const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', home];
  execFileSync('npm', words, { cwd: ROOT, stdio: 'pipe' });
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  for (const name of Object.keys(packageJson.dependencies))
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  for (const name of ['kvm-a.xml', 'kvm-b.xml'])
    copyFileSync(join(ROOT, 'examples/hosts', name), join(home, name));
  writeFileSync(join(home, 'guest.xml'), domain());
}, 60_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** What every program does with the library: everything it says of one rewrite. */
const WORK = `
const read = (name) => readFileSync(name, 'utf8');
const hosts = ['a', 'b'].map((name) =>
  library.parseHost(read('kvm-' + name + '.xml'), { name, libvirtVersion: '9.0.0' }));
const { shared, perHost, plan, issues, changed } = library.rewriteDomain(read('guest.xml'), hosts);
console.log(JSON.stringify({ names: Object.keys(library).sort(), shared, perHost, plan, issues, changed }));
`;
const ESM = `import * as library from '${packageJson.name}';\nimport { readFileSync } from 'node:fs';\n${WORK}`;
const CJS = `const library = require('${packageJson.name}');\nconst { readFileSync } = require('node:fs');\n${WORK}`;

describe('a program', () => {
  test.each([
    ['an ES module', 'program.mjs', ESM],
    ['CommonJS', 'program.cjs', CJS],
  ])('that is %s', (_, name, source) => {
    const { code, out, err } = runProgram(name, source);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      shared: SHARED,
      perHost: { a: FOR_A, b: FOR_B },
      issues: [],
      changed: true,
    });
  });

  test('gets the same from both modules', () => {
    expect(runProgram('both.mjs', ESM)).toEqual(runProgram('both.cjs', CJS));
  });

  test('that loads both modules gets the same functions and errors', () => {
    const source = `
      import { createRequire } from 'node:module';
      import * as esm from '${packageJson.name}';
      const cjs = createRequire(import.meta.url)('${packageJson.name}');
      const same = Object.keys(cjs).filter((name) => cjs[name] === esm[name]);
      console.log(same.length === Object.keys(esm).length, same.includes('LibvirtXmlError'));`;
    expect(runProgram('mixed.mjs', source)).toEqual({ code: 0, out: 'true true\n', err: '' });
  });

  test.each(['9.0.0', '12.8.0'])('may read the CPU map of libvirt %s', (version) => {
    const source = `
      import { createRequire } from 'node:module';
      import { cpuMap } from '${packageJson.name}/maps/${version}';
      const required = createRequire(import.meta.url)('${packageJson.name}/maps/${version}');
      console.log(cpuMap.version, required.cpuMap === cpuMap, Object.isFrozen(cpuMap.features));`;
    expect(runProgram('map.mjs', source)).toEqual({ code: 0, out: `${version} true true\n`, err: '' });
  });

  test('that compares gets the same functions from the subpath', () => {
    const source = `
      const all = require('${packageJson.name}');
      const some = require('${packageJson.name}/compare');
      console.log(Object.keys(some).filter((name) => some[name] !== all[name]).join(), 'rewriteDomain' in some);
      const { readFileSync } = require('node:fs');
      const hosts = ['kvm-a', 'kvm-b'].map((name) => some.parseHost(readFileSync(name + '.xml', 'utf8'), { name }));
      console.log(some.createCheckPool(hosts).check(readFileSync('guest.xml', 'utf8')).disable.map(({ feature }) => feature).join());
      try { some.parseHost('{}'); } catch ({ code }) { console.log(code); }`;
    expect(runProgram('compare.cjs', source).out).toBe(
      'parseHost,parseHosts false\nclflushopt,clwb,lahf_lm\nunknown-format\n',
    );
  });

  test('may read package.json, and nothing deeper', () => {
    const source = `
      const name = '${packageJson.name}';
      console.log(require(name + '/package.json').version);
      for (const path of ['/dist/read.cjs', '/lib/cpu/maps.json', '/dist/cli/virt-migratable.cjs'])
        try { require(name + path); } catch ({ code }) { console.log(code); }`;
    const { out } = runProgram('deep.cjs', source);
    expect(out).toBe(`${packageJson.version}\n${'ERR_PACKAGE_PATH_NOT_EXPORTED\n'.repeat(3)}`);
  });

  test('for a browser can be bundled, and itself needs nothing of Node.js', async () => {
    const code = await bundled(
      `import * as library from '${packageJson.name}';\nglobalThis.library = library;\n`,
    );
    const files = Object.fromEntries(
      ['guest.xml', 'kvm-a.xml', 'kvm-b.xml'].map((name) => [name, readFileSync(join(home, name), 'utf8')]),
    );
    const told: string[] = [];
    runInNewContext(`${code}\nconst readFileSync = (name) => files[name];\n${WORK}`, {
      ...{ files, TextEncoder, TextDecoder, Uint8Array, Int32Array },
      console: { log: (text: string) => told.push(text) },
    });
    expect(`${told.join('\n')}\n`).toBe(runProgram('plain.mjs', ESM).out);
  }, 60_000);

  test.each([
    ['an error', '', 'LibvirtXmlError', HOSTS_LIMIT],
    ['a comparison', '', 'diffHosts', HOSTS_LIMIT],
    ['a comparison of what it reads', '/compare', 'parseHost, diffHosts, formatIssue', HOSTS_LIMIT],
    ['the subpath', '/compare', '', COMPARE_LIMIT],
  ])(
    'for a browser that only takes %s gets no writer and no parser of XML',
    async (_, subpath, names, limit) => {
      const taken = names === '' ? '* as all' : `{ ${names} }`;
      const used = names === '' ? 'all' : `[${names}]`;
      const code = await bundled(
        `import ${taken} from '${packageJson.name}${subpath}';\nglobalThis.all = ${used};\n`,
      );
      expect(code).toContain('globalThis.all');
      expect(code).not.toMatch(/xmlbuilder2|XMLBuilder|XMLParser/);
      const maps = gzipSync(readFileSync(join(ROOT, 'lib/cpu/maps.json'))).length;
      expect(gzipSync(code).length - maps).toBeLessThan(limit);
    },
  );
});

/** What a browser would get: a program of a user in one file. */
async function bundled(source: string): Promise<string> {
  // xmlbuilder2 asks for two modules of Node.js that bundlers replace; what it takes from them, nobody calls here.
  writeFileSync(join(home, 'stand-in.cjs'), 'exports.EventEmitter = class {};\n');
  writeFileSync(join(home, 'browser.js'), source);
  const { outputFiles, warnings } = await build({
    absWorkingDir: home,
    entryPoints: ['browser.js'],
    bundle: true,
    minify: true,
    platform: 'browser',
    alias: { events: './stand-in.cjs', url: './stand-in.cjs' },
    format: 'iife',
    write: false,
  });
  expect(warnings).toEqual([]);
  return outputFiles[0]?.text ?? '';
}

describe('the command of the package', () => {
  test('runs without any other package', () => {
    const alone = mkdtempSync(join(home, 'alone-'));
    execFileSync('tar', ['-xzf', tarball, '-C', alone]);
    const command = join(alone, 'package', packageJson.bin['virt-migratable']);
    expect(run(command, ['rewrite', 'guest.xml', ...HOSTS]).out).toBe(SHARED);
    expect(run(command, ['rewrite', 'guest.xml', ...HOSTS, '--diff']).out).toMatch(/^--- guest\.xml\n/);
    expect(run(command, ['diff', '--host', 'kvm-a.xml', '--host', 'kvm-b.xml']).code).toBe(0);
    const hooks = join(alone, 'hooks');
    expect(run(command, ['hook', 'install', ...HOSTS, '--self', 'b', '--hooks-dir', hooks]).code).toBe(0);
    const script = join(hooks, 'qemu.d/virt-migratable');
    const called = spawnSync(script, ['guest', 'prepare', 'begin', '-'], { input: SHARED, encoding: 'utf8' });
    expect([called.status, called.stdout, called.stderr]).toEqual([0, '', '']);
  });
});

/** A program that uses the types, in both module forms. */
const TYPED = `
const read = (name: string): string => name;
const hosts: readonly Host[] = [parseHost(read('a'), { name: 'a', libvirtVersion: '9.0.0' })];
const result: RewriteResult = rewriteDomain(read('guest'), hosts, { accept: ['conflicts'] });
const { issues } = result;
export const [one, other]: readonly (string | undefined)[] = result.ok ? [result.xml, result.forHost('a').xml] : [];
// @ts-expect-error -- a rewrite may have been refused
export const unsafe: string = result.xml;
export function codeOf(issue: Issue): IssueCode | undefined {
  return issue.severity === 'error' ? issue.code : undefined;
}
export function placeOf(error: unknown): string {
  return isLibvirtXmlError(error) ? \`\${error.file ?? ''}:\${error.line}:\${error.column}\` : '';
}
// @ts-expect-error -- a number is no domain
rewriteDomain(1, hosts);
// @ts-expect-error -- there is no such option
rewriteDomain(read('guest'), hosts, { overide: true });
// @ts-expect-error -- results are not to be changed
issues.push(...issues);
// @ts-expect-error -- there is no such code
export const none = issues.some(({ code }) => code === 'no-such-code');
// @ts-expect-error -- features may be unknown
export const count: number = hosts[0]?.features.length ?? 0;
`;
const VALUES = 'isLibvirtXmlError, parseHost, rewriteDomain';
const TYPES = 'Host, Issue, IssueCode, RewriteResult';

describe('a TypeScript program', () => {
  const settings = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: 'es2023',
    lib: ['es2023'],
    types: [],
  };

  test.each([
    ['nodenext', 'typed.mts', { module: 'nodenext' }],
    ['nodenext', 'typed.cts', { module: 'nodenext' }],
    ['node16', 'typed.mts', { module: 'node16' }],
    ['node16', 'typed.cts', { module: 'node16' }],
    ['bundler', 'typed.ts', { module: 'esnext', moduleResolution: 'bundler' }],
    // What TypeScript before 6 does by default for CommonJS: it asks `typesVersions`, not `exports`.
    ['node10', 'typed.ts', { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' }],
  ])(
    'with %s resolution: %s',
    (_, name, options) => {
      const importing = `import { ${VALUES} } from '${packageJson.name}';\nimport type { ${TYPES} } from '${packageJson.name}';\n`;
      const subpaths = `import { diffHosts } from '${packageJson.name}/compare';\nimport { cpuMap } from '${packageJson.name}/maps/9.0.0';\nexport const compared: readonly Issue[] = diffHosts([parseHost(cpuMap.version)]).issues;\n`;
      writeFileSync(join(home, name), importing + subpaths + TYPED);
      const config = {
        compilerOptions: { ...settings, ...options, exactOptionalPropertyTypes: true },
        files: [name],
      };
      writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(config));
      const { code, out } = run(process.execPath, [join(BIN, 'tsc'), '-p', '.']);
      expect({ code, out }).toEqual({ code: 0, out: '' });
    },
    60_000,
  );
});

describe('the package as other tools see it', () => {
  test.each([
    ['publint', ['--strict']],
    ['attw', ['--profile', 'node16']],
  ])(
    '%s finds nothing',
    (tool, words) => {
      const { code, out, err } = run(join(BIN, tool), [tarball, ...words]);
      expect({ code, told: code === 0 ? '' : out + err }).toEqual({ code: 0, told: '' });
    },
    120_000,
  );
});

/** How much of a rewrite is still there when what is young has been collected, which the minifier has a say in. */
const KEPT = `
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPool, hostFromFeatures } from 'libvirt-migratable';
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
const host = (name, more) => hostFromFeatures({ name, features: ['fpu', more], libvirtVersion: '9.0.0' });
const pool = createPool([host('a', 'pcid'), host('b', 'avx2')]);
const text = (i) => "<domain type='kvm'><title>" + 'x'.repeat(4000) + i + "</title><cpu mode='maximum'/></domain>";
const used = () => {
  for (let i = 0; i < 3; i++) gc({ type: 'minor' });
  return process.memoryUsage().heapUsed;
};
const kept = (count) => {
  const before = used();
  for (let i = 0; i < count; i++) pool.rewrite(Buffer.from(text(i)).toString());
  return (used() - before) / count;
};
kept(4000);
console.log(Math.min(kept(1000), kept(1000), kept(1000)) < 1000);
`;

test('a rewrite leaves nothing behind that only a full collection of garbage finds', () => {
  expect(runProgram('kept.mjs', KEPT)).toEqual({ code: 0, out: 'true\n', err: '' });
});
