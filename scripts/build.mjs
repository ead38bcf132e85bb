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
import { buildCopies, COMMAND_IMPORTS } from './copies.mjs';
import { writeDeclarations } from './declarations.mjs';
import { compileAtOnce } from './eager.mjs';
import { applied, partsOf } from './tree.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const require = createRequire(import.meta.url);
const maps = Object.fromEntries(
  require('../lib/cpu/maps.json').map(({ version }) => [`maps/${version}`, `cpu-map:${version}`]),
);
const library = { index: 'lib/index.ts', compare: 'lib/index-compare.ts', ...maps };
const command = { 'cli/main': 'lib/cli/bin.ts' };
/** What a user runs. */
const START = 'dist/cli/virt-migratable.cjs';
const gate = { 'cli/hook': 'lib/cli/hook/bin.ts' };
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
    const documented = DOCUMENTED.find(([files]) => files.test(id))?.[1] ?? [];
    if (documented.length === 0) return plain;
    return withoutProperties(plain, this.parse(plain), ({ key }) => documented.includes(key.name));
  },
};

/** What tables have for documents alone: docs/issues.md, facts.json and docs/facts.md. */
const DOCUMENTED = [
  [/\/lib\/issues\//, ['meaning', 'whatToDo', 'example']],
  [/\/facts\/floor-systems\.ts$/, ['source', 'v2', 'v3']],
  [/\/facts\/measured\/properties\.ts$/, ['max', 'held']],
];

/** The code without those properties of its object literals that are not needed. */
function withoutProperties(code, tree, isNeedless) {
  const edits = [];
  const walk = (node) => {
    if (node.type === 'Property' && isNeedless(node)) edits.push([node.start, node.end, '...{}']);
    else if (node.type !== 'ObjectPattern') partsOf(node).forEach(walk);
  };
  walk(tree);
  return applied(code, edits);
}

/**
 * Files that load when something of theirs is first called: neither `check` nor a plain `rewrite` needs what is `seldom`
 * or `more`, of which a comparison (lib/index-compare.ts) may need the former; `other-hosts` reads hosts that are not XML, and
 * `words` has the findings that are not about hosts.
 */
const LATE = {
  'cpu-map': /\/lib\/(?:cpu\/map-problem|parser\/cpu-map|xml\/(?:parser-options|values))\.ts/,
  writer: /\/lib\/(?:writer\/|xml\/render\.ts|text\/(?:edit|layout)\.ts)/,
  record: /\/lib\/(?:record\/|xml\/path\.ts)/,
  costs: /\/lib\/cpu\/facts\/(?:consequences|combinations|guest-losses)/,
  // Only some ask for guests, or for a host that joins.
  'pools-for': /\/lib\/pools\/(?:guest-issues|joining|needs)\.ts/,
  // Only many kinds of hosts are divided by it.
  heuristic: /\/lib\/pools\/heuristic\.ts/,
  pools: /\/lib\/(?:pools\/|diff\/pool\/baseline-cpu\.ts)/,
  // Nobody is judged where no guest is given.
  'guest-report': /\/lib\/(?:verdicts|report\/(?:guests-html|costs|reasons))\.ts/,
  'report-texts': /\/lib\/report\/(?:csv|markdown|picture|style)\.ts/,
  // The command's and the report's names of options, and how they say who has a feature.
  wording: /\/lib\/report\/wording\.ts/,
  report: /\/lib\/report\/(?!sarif|junit|rules)/,
  floors: /\/lib\/cpu\/facts\/floor(?:s|-systems)\.ts/,
  words: /\/lib\/issues\/(?:arrival|costs|cpu|features|guest|lock|moves|virtio)\.ts/,
  'other-hosts':
    /\/lib\/(?:cpu\/(?:kernel-flags|kernel-names|silence)|parser\/(?:json|host\/(?:other|build|clouds|cpuid-text|cpuinfo|fold|foreign|incus|kubernetes|listed|lscpu|nfd|paste|proxmox|qmp|recognise|json-values|yaml)))\.ts/,
  fleet: /\/lib\/(?:fleet\/|text\/name-set)/,
  // It makes a pool, and so leads to the writer.
  lint: /\/lib\/lint\.ts/,
  rehearse: /\/lib\/(?:rehearse\/|cpu\/facts\/incidents)/,
  kubevirt: /\/lib\/(?:kubevirt|parser\/domain\/kubevirt)\.ts/,
  'seldom-hosts':
    /\/lib\/(?:cpu\/(?:arm|contradiction|cpuid|join-documents|map-shape)\.ts|text\/distance|diff\/pool\/other-arches|parser\/host\/one-host)/,
  'seldom-guests':
    /\/lib\/diff\/(?:arrival\/(?:follower|form|running)|pool\/adjusted|other-arches|running-guest|cpu\/(?:argument|doubtful|pin|guard|guaranteed)|rules\/(?:argument-devices|command-line|hyperv|unlike-machines|virtio-devices|virtio-driver))/,
  // What no document says: libvirt's choice of a machine type, and what a libvirt of a stated version knows.
  unstated: /\/lib\/(?:cpu\/preferred-machine|diff\/rules\/(?:default-machine|known-since))\.ts/,
  // What turns features off past libvirt, and where that stands: few domains have it.
  arguments: /\/lib\/(?:diff\/arrival\/arguments|xml\/place)\.ts/,
  // It leads to the writer, and asks alone whether facts of a pool are whole.
  gate: /\/lib\/(?:gate|diff\/gate\/(?:levelling|shape|verdict)|parser\/domain\/qemu-command-line)\.ts/,
  more: /\/lib\/(?:(?:compare|rewrite|text\/like)\.ts|parser\/(?:lock|wanted-cpu|host\/(?:virtio|from-features))\.ts|diff\/(?:gate\/facts|qemu-argument|pool\/(?:compare|lock)))/,
};

/** Parts of the command that are small, and of which one seldom goes without the others: a file of its own costs more. */
const TOGETHER = {
  'about-hosts':
    /\/lib\/cli\/(?:commands\/(?:baseline|compare|diff|expand|explain|fold|profile)|report\/(?:cpu|cpu-xml|differences|explain|rules|table)|hosts\/(?:cpu-map-of|expand|one)|files\/lines)\.ts$/,
  'many-guests':
    /\/lib\/cli\/(?:commands\/(?:apply|lint|undo)|guests\/(?:agreed|apply|connection|crew|define|domains|explain|jobs|lint|many|printed|totals|worker)|hosts\/plan|terminal\/progress)\.ts$/,
  capture:
    /\/lib\/cli\/(?:commands\/(?:capture|on-define-domain)|hosts\/(?:capture|nearest-machine|program|virsh))\.ts$/,
  sarif:
    /\/lib\/(?:report\/(?:sarif|rules)\.(?:ts|json)|cli\/(?:command-errors|options\/host-documents|report\/meaning)\.ts)$/,
  rewrite: /\/lib\/cli\/(?:commands\/rewrite|files\/output|guests\/rewrite|report\/(?:next|patch))\.ts$/,
};

/** Reports that only the command makes. */
const FOR_COMMAND = /\/lib\/report\/(?:sarif\.ts|junit\.ts|rules\.(?:ts|json))$/;

/**
 * The file for a module. `xml` and `domain` are what a gate has too, and lead to no other that it has not: `hook install`
 * makes one file of them. They and `hosts` and `read` are what a comparison needs: `xml` and `hosts` for hosts, as the page
 * begins with, and the others to judge guests. `whole` is what all but a comparison begin with, `cpu-maps` unpacks the
 * maps, and `pool` rewrites.
 */
function fileFor(id, { getModuleInfo }) {
  if (/\/node_modules\/diff\//.test(id)) return 'lines';
  const together = Object.keys(TOGETHER).find((name) => TOGETHER[name].test(id));
  if (together !== undefined) return together;
  if (!/\/lib\/(?!cli\/|index)/.test(id) || FOR_COMMAND.test(id)) return undefined;
  if (/\/lib\/(?:cpu\/packed|text\/frozen)\.ts$/.test(id)) return 'cpu-maps';
  const late = Object.keys(LATE).find((name) => LATE[name].test(id));
  if (late !== undefined) return late;
  const begins = reached(page['page/page'], getModuleInfo, AFTERWARDS).has(id);
  if (reached(gate['cli/hook'], getModuleInfo).has(id)) return begins ? 'xml' : 'domain';
  if (reached(library.compare, getModuleInfo).has(id))
    return begins || /\/libvirt-host\.ts$/.test(id) ? 'hosts' : 'read';
  return begins ? 'whole' : 'pool';
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

/** What is required when it is first used: late files and parts of the command, packages, and what only compressed files need. */
const LATER = new RegExp(
  `^const (\\w+) = (require\\('(?:[./\\w]+/(?:part-[-\\w]+|${Object.keys(LATE).join('|')})\\.cjs|#[-\\w]+|node:zlib)'\\));$`,
  'gm',
);

/** Files that a comparison has nearly all of. */
const KEEP_FUNCTIONS = /^(?:hosts|read|seldom-\w+)$/;

const minified = {
  name: 'minified',
  async renderChunk(code, { name, isEntry }) {
    if (isEntry && Object.hasOwn(library, name)) passedOn.set(name, passedIn(code));
    const late = code.replace(LATER, 'let $1 = new Proxy({}, { get: (_, name) => ($1 = $2)[name] });');
    // By its path: to look a name up in package.json loads a part of Node that nothing else here needs.
    const near = late.replace("require('#cpu-maps')", "require('../lib/cpu/maps.cjs')");
    const plain = await transform(near, { minify: true, format: 'cjs', platform: 'node', target: 'node20' });
    // A second look takes three per cent more away; to ask for a property does nothing here but answer. Packed, a
    // comparison is smaller with functions that keep their names, and `xml` with functions that stay where they are.
    const again = await minify(plain.code, {
      toplevel: true,
      ecma: 2020,
      compress: {
        passes: 2,
        pure_getters: true,
        hoist_funs: name !== 'xml',
        reduce_funcs: !KEEP_FUNCTIONS.test(name),
      },
    });
    return again.code;
  },
};

rmSync('dist', { recursive: true, force: true });
const bundle = await rollup({
  input: { ...library, ...command, ...gate, ...page },
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
  plugins: [minified],
});
await writeStart();
for (const name of Object.keys(library)) passOn(name);
writeSchemas('lib/schemas', 'dist/schemas');
await writeDeclarations();
const copied = await buildCopies('dist/cli');
writeFileSync('dist/cli/THIRD-PARTY-LICENSES.txt', licences([...copied, ...bundle.watchFiles]));
const ordinary = ['examples/guest.xml', '--hosts', 'examples/hosts'];
compileAtOnce(
  START,
  [
    ['check', ...ordinary],
    ['rewrite', ...ordinary],
  ],
  join(process.cwd(), 'dist'),
);

/** What an entry only passes on: its names, by the file that has them and by what they are called there. */
function passedIn(code) {
  const files = new Map(
    [...code.matchAll(/^const (\w+) = require\('(.+)'\);$/gm)].map(([, local, file]) => [local, file]),
  );
  return [...code.matchAll(/^exports\.(\w+) = (\w+)\.([\w$]+);$/gm)].map(([, name, local, inner]) => ({
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

/** The program of the command loads all else. */
async function writeStart() {
  const define = { COMMAND_IMPORTS: JSON.stringify(COMMAND_IMPORTS) };
  const { code } = await transform(readFileSync('lib/cli/start.cjs', 'utf8'), { minify: true, define });
  writeFileSync(START, code);
  chmodSync(START, 0o755);
}

/** The schemas without blanks: nobody reads them but programs. */
function writeSchemas(from, to) {
  mkdirSync(to);
  for (const name of readdirSync(from))
    writeFileSync(join(to, name), JSON.stringify(JSON.parse(readFileSync(join(from, name), 'utf8'))));
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
