// Builds dist/: the library as one ES module and one CommonJS module with declarations, the command as one file, and the
// hook, which must start at once, as another.
// One file each, because many small ones cost start-up time, and constants imported across files cost the scan half
// its speed (measured; see CONTRIBUTING.md).
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const common = { bundle: true, platform: 'node', target: 'node20', minifySyntax: true };
const library = {
  ...common,
  entryPoints: ['lib/index.ts'],
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
};

/** What the command loads from files beside it, when it is first called. */
const BESIDE = {
  '#xmlbuilder2': "export const fragment = () => require('./xmlbuilder2.cjs').fragment();",
  './yaml.cjs': "export const readYaml = (text) => require('./yaml.cjs').readYaml(text);",
};

/** CommonJS code finds the lazy loaders by path: a package.json of its own hides the "imports" of the root's. */
const loaders = (toRoot, beside = BESIDE) => ({
  name: 'loaders',
  setup({ onLoad, onResolve, resolve, initialOptions }) {
    onResolve({ filter: /^#cpu-maps$/ }, () => ({ path: `${toRoot}lib/cpu/maps/lazy.cjs`, external: true }));
    if (!initialOptions.minify) return;
    // Every command that reads XML needs the parser: its ES modules, so that what is not called is left out.
    onResolve({ filter: /^#fast-xml-parser$/ }, ({ importer, resolveDir }) =>
      resolve('fast-xml-parser', { importer, resolveDir, kind: 'import-statement' }),
    );
    onResolve({ filter: /^#xmlbuilder2$/ }, ({ path }) => ({ path, namespace: 'beside' }));
    onResolve({ filter: /^\.\/xmlbuilder2\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: /\/yaml\.cjs$/ }, ({ path, namespace }) =>
      namespace === 'beside' ? { path, external: true } : { path: './yaml.cjs', namespace: 'beside' },
    );
    onLoad({ filter: /^/, namespace: 'beside' }, ({ path }) => ({ contents: beside[path] }));
  },
});

/**
 * Packages that the command carries and never calls, each with a stand-in: xmlbuilder2 also reads and writes YAML;
 * fast-xml-parser judges entities that a DOCTYPE defines, and no DOCTYPE gets as far (the stand-in blocks them all).
 */
const LEFT_OUT = {
  'js-yaml': 'module.exports = {}',
  'is-unsafe': 'export const HTML = [], XML = [], isUnsafe = () => true',
};
const leftOut = {
  name: 'left-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:js-yaml|is-unsafe)$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    onLoad({ filter: /^/, namespace: 'left-out' }, ({ path }) => ({ contents: LEFT_OUT[path] }));
  },
};

rmSync('dist', { recursive: true, force: true });
for (const outDir of ['dist/esm', 'dist/cjs']) {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json', '--emitDeclarationOnly', '--outDir', outDir], {
    stdio: 'inherit',
  });
}
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
await build({ ...library, format: 'esm', outfile: 'dist/esm/lib/index.js', external: ['#*'] });
await build({ ...library, format: 'cjs', outfile: 'dist/cjs/lib/index.js', plugins: [loaders('../../../')] });

const command = { ...common, minify: true, metafile: true, format: 'cjs' };
const results = [
  await build({
    ...command,
    entryPoints: ['lib/cli/bin.ts'],
    outfile: 'dist/cli/command.cjs',
    plugins: [loaders('../../'), leftOut],
  }),
  await build({
    ...command,
    entryPoints: ['lib/cli/hook/bin.ts'],
    // One file that needs no other: it is copied to where libvirt's hook finds it. What a rescue adds is put together by hand.
    outfile: 'dist/cli/hook.cjs',
    plugins: [loaders('../../', { '#xmlbuilder2': 'export const fragment = undefined' })],
  }),
  await build({
    ...command,
    stdin: { contents: "module.exports = require('xmlbuilder2')", resolveDir: '.' },
    outfile: 'dist/cli/xmlbuilder2.cjs',
    plugins: [leftOut],
  }),
  await build({ ...command, entryPoints: ['lib/cli/hosts/yaml.cjs'], outfile: 'dist/cli/yaml.cjs' }),
];
copyFileSync('lib/cli/start.cjs', 'dist/cli/virt-migratable.cjs');
chmodSync('dist/cli/virt-migratable.cjs', 0o755);
execFileSync(process.execPath, ['scripts/bytecode.mjs'], {
  input: readFileSync('examples/guest.xml'),
  stdio: ['pipe', 'ignore', 'ignore'],
});
writeFileSync(
  'dist/cli/THIRD-PARTY-LICENSES.txt',
  licences(results.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
);

/** The command holds code of other packages: their licence texts stand beside it. */
function licences(inputs) {
  const folders = inputs
    .map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter(Boolean);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE'].find((candidate) =>
      existsSync(join(folder, candidate)),
    );
    if (file === undefined && license !== 'MIT') throw new Error(`${name} has no licence file`);
    const text = file === undefined ? `By ${author}` : readFileSync(join(folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return texts.join(`\n${'-'.repeat(72)}\n\n`);
}
