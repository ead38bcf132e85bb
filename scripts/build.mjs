// Builds dist/: the library, its declarations, and the command. The code is there once, as CommonJS, which every user of
// Node has use for; the ES modules pass it on. It is minified, because the command must start at once.
// Few files, because each costs start-up time, and because constants imported across CommonJS files cost the scan half
// its speed (measured; see CONTRIBUTING.md).
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { rollup } from 'rollup';
import { minify } from 'terser';
import { buildCopies } from './copies.mjs';
import { writeDeclarations } from './declarations.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const require = createRequire(import.meta.url);
const maps = Object.fromEntries(
  require('../lib/cpu/maps.json').map(({ version }) => [`maps/${version}`, `cpu-map:${version}`]),
);
const library = { index: 'lib/index.ts', compare: 'lib/index-compare.ts', ...maps };
const command = { 'cli/virt-migratable': 'lib/cli/bin.ts' };
const page = { 'page/page': 'page/main.ts', 'page/loader': 'page/loader.ts' };

/** TypeScript, JSON, and what is no file: a module for each CPU map. Names with a # Node finds by package.json. */
const sources = {
  name: 'sources',
  resolveId(id) {
    if (/^(?:#|node:)/.test(id)) return { id, external: true };
    if (id === 'diff') return join(dirname(require.resolve('diff')), '../libesm/index.js');
    return /^cpu-map:|\/yaml\.cjs$/.test(id) ? id.replace(/.*\/(?=yaml)/, '') : null;
  },
  load(id) {
    if (id === 'yaml.cjs')
      return ['readYaml', 'writeYaml']
        .map((name) => `export const ${name} = (given) => require('./js-yaml.cjs').${name}(given);\n`)
        .join('');
    if (!id.startsWith('cpu-map:')) return null;
    const unpack = `bundledMap(${JSON.stringify(id.slice('cpu-map:'.length))})`;
    return `import { bundledMap } from '${join(process.cwd(), 'lib/cpu/packed.ts')}';\nexport const cpuMap = ${unpack};`;
  },
  async transform(code, id) {
    if (id.endsWith('.json')) return `export default ${code}`;
    if (!id.endsWith('.ts')) return null;
    const plain = (await transform(code, { loader: 'ts', target: 'es2023' })).code;
    if (!/\/lib\/issues\//.test(id)) return plain;
    return withoutProperties(plain, this.parse(plain), ({ key }) => ONLY_DOCUMENTED.has(key.name));
  },
};

/** What the table of issues has for docs/issues.md alone. */
const ONLY_DOCUMENTED = new Set(['meaning', 'whatToDo', 'example']);

/** The code without those properties of its object literals that are not needed. */
function withoutProperties(code, tree, isNeedless) {
  const cuts = [];
  const walk = (node) => {
    if (node.type === 'Property' && isNeedless(node)) cuts.push(node);
    else for (const part of Object.values(node)) if (typeof part === 'object' && part !== null) walk(part);
  };
  walk(tree);
  return cuts.reduceRight((text, { start, end }) => `${text.slice(0, start)}...{}${text.slice(end)}`, code);
}

/** The hook reads no CPU map, compares no versions, and puts the few elements it adds together by hand. */
const noPackages = {
  name: 'no-packages',
  resolveId: (id) => (id.startsWith('#') ? 'no-packages' : null),
  load: (id) =>
    id === 'no-packages' ? 'export const [packedMaps, XMLParser, coerce, compare, fragment] = [];' : null,
};

/**
 * Files that load when something of theirs is first called: neither `check` nor a plain `rewrite` needs what is `seldom`
 * or `more`, of which a comparison (lib/index-compare.ts) may need the former; `other-hosts` reads hosts that are not XML, and
 * `words` has the findings that are not about hosts.
 */
const LATE = {
  'cpu-map': /\/lib\/(?:parser\/cpu-map|xml\/values)\.ts/,
  writer: /\/lib\/(?:writer\/|xml\/render\.ts)/,
  record: /\/lib\/record\//,
  costs: /\/lib\/cpu\/facts\/(?:consequences|combinations|guest-losses)/,
  // Only some ask for guests, or for a host that joins.
  'pools-for': /\/lib\/pools\/(?:guest-issues|joining|needs)\.ts/,
  pools: /\/lib\/(?:pools\/|diff\/pool\/baseline-cpu\.ts)/,
  // Nobody is judged where no guest is given.
  'guest-report': /\/lib\/(?:verdicts|report\/(?:guests-html|costs|reasons))\.ts/,
  'report-texts': /\/lib\/report\/(?:csv|markdown|picture|style)\.ts/,
  report: /\/lib\/report\/(?!wording|sarif|junit|rules)/,
  floors: /\/lib\/cpu\/facts\/floor(?:s|-systems)\.ts/,
  words: /\/lib\/issues\/(?:arrival|costs|cpu|features|guest|lock|moves|virtio)\.ts/,
  'other-hosts':
    /\/lib\/parser\/(?:json|host\/(?:other|build|clouds|cpuid-text|cpuinfo|fold|incus|kubernetes|listed|lscpu|nfd|paste|proxmox|qmp|recognise|json-values|yaml))\.ts/,
  fleet: /\/lib\/(?:fleet\/|text\/name-set)/,
  // It makes a pool, and so leads to the writer.
  lint: /\/lib\/lint\.ts/,
  rehearse: /\/lib\/(?:rehearse\/|cpu\/facts\/incidents)/,
  kubevirt: /\/lib\/(?:kubevirt|parser\/domain\/kubevirt)\.ts/,
  'seldom-hosts':
    /\/lib\/(?:cpu\/(?:arm|contradiction|cpuid|join-documents)\.ts|diff\/pool\/other-arches|parser\/host\/(?:foreign|one-host)|text\/distance)/,
  'seldom-guests':
    /\/lib\/(?:diff\/(?:arrival\/(?:arguments|follower|form|running)|other-arches|running-guest|cpu\/(?:argument|pin|guard|guaranteed)|rules\/(?:command-line|unlike-machines|virtio-devices|virtio-driver))|xml\/path)/,
  unstated: /\/lib\/(?:cpu\/preferred-machine|diff\/rules\/default-machine)\.ts/,
  more: /\/lib\/(?:(?:compare|gate|rewrite)\.ts|parser\/(?:lock|wanted-cpu|host\/(?:virtio|from-features))\.ts|diff\/(?:gate\/|qemu-argument|pool\/(?:compare|lock)))/,
};

/** Reports that only the command makes. */
const FOR_COMMAND = /\/lib\/report\/(?:sarif\.ts|junit\.ts|rules\.(?:ts|json))$/;

/**
 * The file for a module. `hosts` and `read` are what a comparison needs: `hosts` for hosts, as the page begins with, and
 * `read` to judge guests. `whole` is what all but a comparison begin with, `cpu-maps` unpacks the maps, and `pool` rewrites.
 */
function fileFor(id, { getModuleInfo }) {
  if (/\/node_modules\/diff\//.test(id)) return 'lines';
  if (/\/lib\/cli\/(?:commands\/rewrite|files\/output|guests\/rewrite|report\/(?:next|patch))\.ts$/.test(id))
    return 'rewrite';
  if (!/\/lib\/(?!cli\/|index)/.test(id) || FOR_COMMAND.test(id)) return undefined;
  if (/\/lib\/(?:cpu\/packed|text\/frozen)\.ts$/.test(id)) return 'cpu-maps';
  const late = Object.keys(LATE).find((name) => LATE[name].test(id));
  if (late !== undefined) return late;
  const begins = reached(page['page/page'], getModuleInfo, AFTERWARDS).has(id);
  if (reached(library.compare, getModuleInfo).has(id))
    return begins || /\/libvirt-host\.ts$/.test(id) ? 'hosts' : 'read';
  return begins || /\/wording\.ts$/.test(id) ? 'whole' : 'pool';
}

/** What is late in the page, which always divides hosts into pools, by what that costs, and shows the report of it. */
const AFTERWARDS = Object.values(LATE).filter((one) => ![LATE.pools, LATE.costs, LATE.report].includes(one));

/** What a module imports, and what that imports, but for what is late. */
function reached(entry, getModuleInfo, late = []) {
  const all = new Set();
  const add = (id) => {
    if (all.has(id) || late.some((one) => one.test(id))) return;
    all.add(id);
    for (const next of getModuleInfo(id)?.importedIds ?? []) add(next);
  };
  add(join(process.cwd(), entry));
  return all;
}

/** Where a file belongs that several others ask for. */
function folderOf(ids) {
  const isForCommand = ids.some((id) => /\/(?:lib\/cli|node_modules)\//.test(id));
  if (isForCommand || ids.every((id) => FOR_COMMAND.test(id))) return 'cli/part-';
  return ids.every((id) => /\/page\//.test(id)) ? 'page/' : '';
}

/** Entry → what it passes on. */
const passedOn = new Map();

/** What is required when it is first used: late files, packages, and what only compressed files need. */
const LATER = new RegExp(
  `^const (\\w+) = (require\\('(?:[./\\w]+/(?:part-lines|${Object.keys(LATE).join('|')})\\.cjs|#[-\\w]+|node:zlib)'\\));$`,
  'gm',
);

const minified = {
  name: 'minified',
  async renderChunk(code, { name, isEntry }) {
    if (isEntry && Object.hasOwn(library, name)) passedOn.set(name, passedIn(code));
    // By its path: to look a name up in package.json loads a part of Node that nothing else here needs.
    const near = code.replace(/^(const \w+ = require\()'#cpu-maps'/m, "$1'../lib/cpu/maps.cjs'");
    const late = near.replace(LATER, 'let $1 = new Proxy({}, { get: (_, name) => ($1 = $2)[name] });');
    const plain = await transform(late, { minify: true, format: 'cjs', platform: 'node', target: 'node20' });
    // A second look takes three per cent more away.
    const again = await minify(plain.code, {
      toplevel: true,
      ecma: 2020,
      compress: { passes: 2, hoist_funs: true },
    });
    return again.code;
  },
};

/** Before anything else, the command names its copies of the packages. */
const START = `#!/usr/bin/env node
'use strict';
require('../../lib/packages/node.cjs').carry({
  XMLParser: () => require('./fast-xml-parser.cjs').XMLParser,
  semver: () => require('./semver.cjs'),
  fragment: () => require('./xmlbuilder2.cjs').fragment,
});`;

rmSync('dist', { recursive: true, force: true });
const bundle = await rollup({
  input: { ...library, ...command, ...page },
  plugins: [sources],
  // Those that load late lead back to those that load them.
  onLog: (level, log, report) => log.code === 'CIRCULAR_CHUNK' || report(level, log),
});
const { output } = await bundle.write({
  dir: 'dist',
  format: 'cjs',
  ...{ generatedCode: 'es2015', hoistTransitiveImports: false, externalLiveBindings: false, freeze: false },
  minifyInternalExports: true,
  manualChunks: fileFor,
  onlyExplicitManualChunks: true,
  entryFileNames: '[name].cjs',
  chunkFileNames: ({ moduleIds }) => `${folderOf(moduleIds)}[name].cjs`,
  banner: ({ name, isEntry }) => (isEntry && Object.hasOwn(command, name) ? START : ''),
  plugins: [minified],
});
for (const name of Object.keys(command)) chmodSync(`dist/${name}.cjs`, 0o755);
for (const name of Object.keys(library)) passOn(name);
writeSchemas('lib/schemas', 'dist/schemas');
await writeDeclarations({ index: 'lib/index.ts', compare: 'lib/index-compare.ts' });
// One file that needs no other: it is copied to where libvirt's hook finds it.
const forHook = { input: 'lib/cli/hook/bin.ts', plugins: [noPackages, sources] };
const { watchFiles } = await rollup(forHook);
const hook = await rollup({ ...forHook, plugins: [...forHook.plugins, onlyIssuesOf(watchFiles)] });
await hook.write({ file: 'dist/cli/hook.cjs', format: 'cjs', plugins: [minified] });
const copied = await buildCopies('dist/cli');
writeFileSync('dist/cli/THIRD-PARTY-LICENSES.txt', licences([...copied, ...bundle.watchFiles]));

/** What an entry only passes on: its names, by the file that has them and by what they are called there. */
function passedIn(code) {
  const files = new Map(
    [...code.matchAll(/^const (\w+) = require\('(.+)'\);$/gm)].map(([, local, file]) => [local, file]),
  );
  return [...code.matchAll(/^exports\.(\w+) = (\w+)\.(\w+);$/gm)].map(([, name, local, inner]) => ({
    ...{ name, inner, file: files.get(local) },
  }));
}

/** The ES module of an entry: it takes each name from the file that has it, so that bundlers leave the others out. */
function passOn(entry) {
  const { exports } = output.find(({ fileName }) => fileName === `${entry}.cjs`);
  const own = new Set(exports);
  const byFile = new Map();
  for (const { name, inner, file } of passedOn.get(entry)) {
    own.delete(name);
    byFile.set(file, [...(byFile.get(file) ?? []), inner === name ? name : `${inner} as ${name}`]);
  }
  if (own.size > 0) byFile.set(`./${basename(entry)}.cjs`, [...own]);
  const lines = [...byFile].map(([file, names]) => `export { ${names.sort().join(', ')} } from '${file}';\n`);
  writeFileSync(`dist/${entry}.mjs`, lines.join(''));
}

/** The schemas without blanks: nobody reads them but programs. */
function writeSchemas(from, to) {
  mkdirSync(to);
  for (const name of readdirSync(from))
    writeFileSync(join(to, name), JSON.stringify(JSON.parse(readFileSync(join(from, name), 'utf8'))));
}

/** Leaves out what the table of issues has for codes that none of these files names. */
function onlyIssuesOf(paths) {
  const named = new Set(
    paths
      .filter((path) => path.endsWith('.ts') && !/\/lib\/issues\//.test(path))
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/'([a-z0-9-]+)'/g)].map(([, word]) => word)),
  );
  const isEntry = ({ value }) => value.properties?.some(({ key }) => key?.name === 'severity') === true;
  return {
    name: 'only-issues',
    transform(code, id) {
      if (!/\/lib\/issues\//.test(id)) return null;
      return withoutProperties(
        code,
        this.parse(code),
        (one) => isEntry(one) && !named.has(one.key.value ?? one.key.name),
      );
    },
  };
}

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
