// The command's copies of the packages, with only what it calls: it must start at once, also where nothing is installed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { parseAst } from 'rollup/parseAst';
import { minify } from 'terser';
import { load } from './load.mjs';
import { applied, FUNCTION, partsOf } from './tree.mjs';
import { withoutUncalled } from './uncalled.mjs';

const { OPTIONS } = await load("export { OPTIONS } from './lib/xml/parser-options.ts';");

/**
 * Modules left out of each copy, by their paths in node_modules, with what stands in for them. Nothing that we do calls
 * them: fast-xml-parser decodes, validates and converts nothing (lib/xml/values.ts), and no DOCTYPE gets as far;
 * xmlbuilder2 only builds fragments (lib/xml/render.ts); YAML has the types of JSON (lib/cli/hosts/yaml.cjs).
 */
const LEFT_OUT = {
  'fast-xml-parser': [
    [/^fast-xml-parser\/src\/validator\.js$/, 'export const validate = undefined;'],
    [/^fast-xml-parser\/src\/xmlparser\/DocTypeReader\.js$/, 'export default class {}'],
    [/^fast-xml-parser\/src\/xmlparser\/node2json\.js$/, 'export default undefined;'],
    [/^strnum\//, 'export default undefined;'],
    [/^is-unsafe\//, 'export const HTML = [], XML = [], isUnsafe = undefined;'],
    [
      /^@nodable\/entities\//,
      `export class EntityDecoder { reset() {} }
       export const XML = {}, CURRENCY = {}, COMMON_HTML = {}, ENTITY_ACTION = {};`,
    ],
  ],
  semver: [],
  xmlbuilder2: [
    [/^(?:xmlbuilder2\/node_modules\/)?js-yaml\//, ''],
    [/^@oozcitak\/url\//, ''],
    [/^@oozcitak\/infra\/lib\/index\.js$/, "exports.namespace = require('./Namespace');"],
    [/^@oozcitak\/dom\/lib\/index\.js$/, "exports.DOMImplementation = require('./dom').DOMImplementation;"],
    [/^@oozcitak\/dom\/lib\/serializer\/LocalNameSet\.js$/, ''],
    [
      /^@oozcitak\/dom\/lib\/algorithm\/(?:Abort|Attr|BoundaryPoint|CharacterData|CustomElement|DOM|DOMTokenList|Event|EventTarget|MutationObserver|NodeIterator|OrderedSet|ParentNode|Range|Selectors|ShadowTree|Text|Traversal|TreeWalker)Algorithm\.js$/,
      '',
    ],
    [
      /^@oozcitak\/dom\/lib\/dom\/index\.js$/,
      `exports.DOMImplementation = require('./DOMImplementationImpl').DOMImplementationImpl;
       exports.dom = require('./DOMImpl').dom;`,
    ],
    [
      /^@oozcitak\/dom\/lib\/dom\/(?!(?:Attr|CharacterData|DOM|DOMImplementation|Document|DocumentFragment|Element|EventTarget|NamedNodeMap|Node|NodeList|Text|Window|XMLDocument)Impl\.js$|DOMException\.js$|interfaces\.js$)/,
      '',
    ],
    [/^xmlbuilder2\/lib\/builder\/index\.js$/, "module.exports = require('./XMLBuilderImpl');"],
    [/^xmlbuilder2\/lib\/readers\//, ''],
    [/^xmlbuilder2\/lib\/writers\/index\.js$/, "module.exports = require('./XMLWriter');"],
  ],
  'js-yaml': [
    // An error says where it is, and the command shows the line itself.
    [/^(?:xmlbuilder2\/node_modules\/)?js-yaml\/lib\/snippet\.js$/, "module.exports = () => '';"],
    [
      /^(?:xmlbuilder2\/node_modules\/)?js-yaml\/lib\/(?:schema\/default|type\/(?!bool|float|int|map|merge|null|seq|str)\w+)\.js$/,
      '',
    ],
  ],
};

/** What package.json's "imports" names, as the command has it (lib/cli/start.cjs), by the path in the package. */
export const COMMAND_IMPORTS = {
  '#cpu-maps': 'lib/cpu/maps.cjs',
  '#package-files': 'lib/packages/files.cjs',
  '#fast-xml-parser': 'dist/cli/fast-xml-parser.cjs',
  '#semver': 'dist/cli/semver.cjs',
  '#xmlbuilder2': 'dist/cli/xmlbuilder2.cjs',
};

const common = { bundle: true, platform: 'node', target: 'node20', minify: true, metafile: true };

/** Writes the copies into a folder; returns the paths of all that is in them. */
export async function buildCopies(folder) {
  const copies = [
    copyModules('fast-xml-parser', "export { XMLParser } from 'fast-xml-parser';"),
    copyCommonJs('semver', './lib/packages/semver.cjs'),
    copyCommonJs('xmlbuilder2', 'xmlbuilder2/lib/builder/BuilderFunctions.js'),
    copyCommonJs('js-yaml', './lib/cli/hosts/yaml.cjs'),
  ];
  const made = await Promise.all(copies);
  for (const { name, code } of made) writeFileSync(`${folder}/${name}.cjs`, code);
  const cutDown = {
    xmlbuilder2: buildEverything,
    'fast-xml-parser': parseEverything,
    semver: compareEverything,
  };
  for (const [name, work] of Object.entries(cutDown)) {
    const path = join(process.cwd(), folder, `${name}.cjs`);
    writeFileSync(path, await withoutUncalled(path, readFileSync(path, 'utf8'), work));
  }
  for (const { name } of made) await smaller(`${folder}/${name}.cjs`);
  return made.flatMap(({ paths }) => paths);
}

/** A second look takes more away, with it the parentheses around modules; what is gone and nobody asks for needs no name. */
async function smaller(path) {
  const { code } = await minify(readFileSync(path, 'utf8'), {
    toplevel: true,
    ecma: 2020,
    compress: { passes: 2 },
  });
  const names = code.match(/\w+/g);
  const isRead = (name) => names.indexOf(name) < names.lastIndexOf(name);
  const named = code.replace(/(?<=[{,;])\w+\.(\w+)=void 0,/g, (all, name) => (isRead(name) ? all : ''));
  writeFileSync(path, withParentheses(named));
}

/** The functions of modules, in the first list of functions there is, between parentheses. */
function withParentheses(code) {
  const listIn = (node) => {
    const isList = node.type === 'ArrayExpression' && node.elements.length > 0;
    if (isList && node.elements.every((one) => FUNCTION.test(one?.type))) return node;
    return partsOf(node).reduce((found, part) => found ?? listIn(part), undefined);
  };
  const modules = listIn(parseAst(code))?.elements ?? [];
  return applied(
    code,
    modules.map(({ start, end }) => [start, end, `(${code.slice(start, end)})`]),
  );
}

/** Elements of every kind that the writer may be asked for (lib/xml/render.ts). */
const ELEMENTS = [
  ['feature', { policy: 'disable', name: 'a&amp;b' }, '', []],
  [
    'a',
    {},
    'x &lt; y',
    [
      ['b', {}, '', []],
      ['c:d', { xmlns: 'urn:x', 'xmlns:c': 'urn:c', 'c:e': '1' }, undefined, [['e', {}, undefined, []]]],
    ],
  ],
  ['p:a', { 'xmlns:p': 'urn:y', 'xml:lang': 'en' }, undefined, [['p:b', { 'p:c': '' }, undefined, []]]],
  ['q:a', { 'q:b': '' }, undefined, []],
  ['r:a', { 'xmlns:r': '', 'r:b': '' }, undefined, [['e', {}, undefined, []]]],
  [
    's:a',
    { 'xmlns:s': 'urn:s', xmlns: 'urn:s' },
    'text',
    [
      ['s:b', { 'xmlns:s': 'urn:t', 's:c': '' }, 'text', [['d', { xmlns: '' }, undefined, []]]],
      ['t:e', { 'xmlns:t': 'urn:s', 's:f': '', 'xml:space': 'preserve' }, undefined, []],
    ],
  ],
];

/** All that the writer does with xmlbuilder2. */
function buildEverything({ fragment }) {
  const add = (parent, [name, attributes, text, children]) => {
    const node = parent.ele(name, attributes);
    if (text !== undefined) node.txt(text);
    for (const child of children) add(node, child);
  };
  for (const layout of [{}, { prettyPrint: true, newline: '\n', indent: '  ' }])
    for (const elements of [ELEMENTS, ...ELEMENTS.map((element) => [element])]) {
      const built = fragment();
      for (const element of elements) add(built, element);
      built.toString(layout);
    }
}

/** All that is asked of fast-xml-parser, which gets no instruction and no DOCTYPE (lib/xml/values.ts). */
function parseEverything({ XMLParser }) {
  const parser = new XMLParser(OPTIONS);
  parser.parse('<toString/>');
  parser.parse(
    `<!-- a --><a b="<c>" c='>'>\r\n x <b/><!----><![CDATA[ <c> ]]><c:d xmlns:c="e">&amp; é</c:d></a>\n`,
  );
}

/** All that is asked of semver (lib/cpu/versions.ts). */
function compareEverything({ coerce, compare }) {
  coerce('libvirt 9.0');
  compare('1.0.0-rc.1', '1.0.0-rc.2');
}

/** ES modules: what is not called is left out without our help. */
async function copyModules(name, contents) {
  const stdin = { contents, resolveDir: '.' };
  const options = { ...common, stdin, write: false, format: 'cjs', plugins: [leftOut(name)] };
  const { metafile, outputFiles } = await build(options);
  const [{ inputs }] = Object.values(metafile.outputs);
  const paths = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  return {
    name,
    code: outputFiles[0].text,
    paths: paths.filter((path) => standIn(name, path) === undefined),
  };
}

/**
 * CommonJS: each module in a function between parentheses, which V8 takes as a sign to compile the function at once.
 * In the ones that esbuild writes, V8 parses everything twice, and the copy of xmlbuilder2 takes three times as long
 * to load.
 */
async function copyCommonJs(name, entry) {
  const options = { ...common, entryPoints: [entry], outdir: '.', write: false, plugins: [leftOut(name)] };
  const { inputs } = (await build(options)).metafile;
  const paths = Object.keys(inputs);
  const functions = paths.map((path) => {
    const numbers = new Map(inputs[path].imports.map((to) => [to.original, paths.indexOf(to.path)]));
    return asFunction(standIn(name, path) ?? readFileSync(path, 'utf8'), numbers);
  });
  const first = paths.findIndex((path) => path.endsWith(entry.replace('./', '')));
  const code =
    `"use strict";const made=[],load=n=>(made[n]??make(n)).exports,` +
    `make=n=>{const one=made[n]={exports:{}};modules[n](one.exports,one,load);return one},` +
    `modules=[${(await Promise.all(functions)).join(',\n')}];\n` +
    `module.exports=load(${first});\n`;
  return { name, code, paths: paths.filter((path) => standIn(name, path) === undefined) };
}

/** The code of a module as a function, with numbers for the modules that it asks for. */
async function asFunction(code, numbers) {
  if (code === '') return '()=>{}';
  const numbered = code.replace(/\brequire\((["'])([^"']+)\1\)/g, (all, _, name) =>
    numbers.has(name) ? `require(${numbers.get(name)})` : all,
  );
  // Called, so that it is not dropped as a value that nobody uses.
  const called = `(function (exports, module, require) {${numbered}\n})(0)`;
  return (await transform(called, { minify: true, target: 'node20' })).code.replace(/\(0\);\n$/, '');
}

function standIn(name, path) {
  const inside = path.replace(/^.*?node_modules\//, '');
  return LEFT_OUT[name].find(([pattern]) => pattern.test(inside))?.[1];
}

const leftOut = (name) => ({
  name: 'left-out',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules/ }, ({ path }) => {
      const contents = standIn(name, path);
      return contents === undefined ? undefined : { contents };
    });
  },
});
