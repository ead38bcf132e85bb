// Builds dist/standalone/virt-migratable: the whole command, its packages and CPU maps in one executable file, for the
// node of the distribution. CONTRIBUTING.md says why it is no copy of node. Run it by npm run pack:standalone, which
// builds dist/ first.
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMAND_IMPORTS } from './copies.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { version, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const needed = engines.node.replace('>=', '').split('.').map(Number);
const FOLDER = 'dist/standalone';
const COMMAND = 'dist/cli/main.cjs';
/** It loads the others from files. */
const START = 'dist/cli/virt-migratable.cjs';
const HOOK = 'dist/cli/hook.cjs';
const FILES = 'lib/packages/files.cjs';

/** Modules by path, with what each asks for. */
const modules = new Map();
for (const entry of [COMMAND, HOOK, 'dist/page/page.cjs', 'dist/page/loader.cjs']) add(entry);
// What is loaded while it runs is named nowhere but in a call that the build has put together.
for (const name of readdirSync('dist/cli'))
  if (name.endsWith('.cjs') && `dist/cli/${name}` !== START) add(`dist/cli/${name}`);

function add(path) {
  if (modules.has(path)) return;
  const code = readFileSync(path, 'utf8').replace(/^#!.*\n/, '');
  modules.set(path, code);
  for (const [, name] of code.matchAll(/\brequire\(["']((?:\.|#)[^"']+)["']\)/g))
    // Some names are known to the loader of the page alone.
    if (name.startsWith('.') || Object.hasOwn(COMMAND_IMPORTS, name)) add(resolve(path, name));
}

/** The path of a module that another asks for. */
function resolve(from, name) {
  return COMMAND_IMPORTS[name] ?? posix.join(posix.dirname(from), name);
}

function definition([path, code]) {
  if (path === FILES)
    return `${JSON.stringify(path)}(exports){exports.packageFile=textOf;exports.packagePath=()=>need('node:fs').realpathSync(process.argv[1])}`;
  if (path.endsWith('.json')) return `${JSON.stringify(path)}(_,module){module.exports=${code.trim()}}`;
  return `${JSON.stringify(path)}(exports,module,require){${code}\n}`;
}

const start = `#!/usr/bin/env node
// virt-migratable ${version}, in one file: needs Node.js ${needed.join('.')} or newer. Apache-2.0; the texts of all
// licences are at the end. Built by scripts/pack-standalone.mjs.
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < ${needed[0]} || (major === ${needed[0]} && minor < ${needed[1]})) {
  console.error(\`error: virt-migratable needs Node.js ${needed.join('.')} or newer, and this is \${process.versions.node}\`);
  process.exit(2);
}
// Below a package.json of ES modules, node takes this file for one, and there is no require.
const need = process.getBuiltinModule('node:module').createRequire('/');
const { posix } = need('node:path');
const names = ${JSON.stringify(COMMAND_IMPORTS)};
const made = {};
function load(path) {
  if (made[path] === undefined) {
    const module = (made[path] = { exports: {} });
    modules[path](module.exports, module, (name) =>
      name[0] === '.' || name[0] === '#' ? load(names[name] ?? posix.join(posix.dirname(path), name)) : need(name));
  }
  return made[path].exports;
}
// The page and the program of the gate are made of the texts of modules, which a function keeps as they are.
function textOf(path) {
  if (modules[path] === undefined) return undefined;
  if (path.endsWith('.json')) return JSON.stringify(load(path));
  const text = String(modules[path]);
  return text.slice(text.indexOf('{') + 1, -2);
}
`;
const licences = ['LICENSE', 'dist/cli/THIRD-PARTY-LICENSES.txt'].map((path) => readFileSync(path, 'utf8'));
const comment = licences
  .join(`\n${'-'.repeat(72)}\n\n`)
  .replaceAll('*/', '* /')
  .trim();
mkdirSync(FOLDER, { recursive: true });
const file = join(FOLDER, 'virt-migratable');
const table = [...modules].map(definition).join(',\n');
writeFileSync(file, `${start}const modules={${table}};\nload('${COMMAND}');\n/*\n${comment}\n*/\n`);
chmodSync(file, 0o755);
console.log(`${file} (${Math.round(statSync(file).size / 1024)} KiB)`);
