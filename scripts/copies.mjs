// The command's copies of the packages, with only what it calls: it must start at once, also where nothing is installed.
import { readFileSync, writeFileSync } from 'node:fs';
import { build, transform } from 'esbuild';

/**
 * Modules left out, by their paths in node_modules, each with what stands in for it. Nothing that we do calls them:
 * fast-xml-parser meets no DOCTYPE and decodes, validates and converts nothing (lib/xml/values.ts); xmlbuilder2 only
 * builds fragments (lib/xml/render.ts), and neither reads, nor observes changes, nor writes anything but XML.
 */
const LEFT_OUT = [
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
  [/^(?:xmlbuilder2\/node_modules\/)?js-yaml\//, ''],
  [/^@oozcitak\/url\//, ''],
  [/^@oozcitak\/dom\/lib\/parser\//, ''],
  [/^@oozcitak\/dom\/lib\/serializer\/(?:index|LocalNameSet|XMLSerializerImpl)\.js$/, ''],
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
  [/^xmlbuilder2\/lib\/builder\/(?:BuilderFunctionsCB|XMLBuilderCBImpl)\.js$/, ''],
  [/^xmlbuilder2\/lib\/readers\//, ''],
  [/^xmlbuilder2\/lib\/writers\/(?!BaseWriter|XMLWriter|index).*\.js$/, ''],
];

const inside = (path) => path.replace(/^.*?node_modules\//, '');
const standInFor = (path) => LEFT_OUT.find(([pattern]) => pattern.test(inside(path)))?.[1];

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  metafile: true,
  write: false,
};

const leftOut = {
  name: 'left-out',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules/ }, ({ path }) => {
      const contents = standInFor(path);
      return contents === undefined ? undefined : { contents };
    });
  },
};

/** Writes the copies into a folder; returns the paths of all that is in them. */
export async function buildCopies(folder) {
  const inputs = [
    ...(await copyModules({ entryPoints: ['lib/cli/hosts/yaml.cjs'] }, `${folder}/yaml.cjs`)),
    ...(await copyModules(
      { stdin: { contents: "export { XMLParser } from 'fast-xml-parser';", resolveDir: '.' } },
      `${folder}/fast-xml-parser.cjs`,
    )),
    ...(await copyCommonJs(
      ['semver/functions/coerce.js', 'semver/functions/compare.js'],
      `${folder}/semver.cjs`,
    )),
    ...(await copyCommonJs(['xmlbuilder2/lib/builder/BuilderFunctions.js'], `${folder}/xmlbuilder2.cjs`)),
  ];
  return inputs.filter((path) => standInFor(path) === undefined);
}

/** ES modules: what is not called is left out without our help. */
async function copyModules(source, outfile) {
  const options = { ...common, ...source, outfile, write: true, format: 'cjs', plugins: [leftOut] };
  const { metafile } = await build(options);
  const [{ inputs }] = Object.values(metafile.outputs);
  return Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
}

/**
 * CommonJS: each module in a function between parentheses, which V8 takes as a sign to compile the function at once.
 * In the ones that esbuild writes, V8 parses everything twice, and the copy of xmlbuilder2 takes three times as long
 * to load.
 */
async function copyCommonJs(entries, outfile) {
  const { metafile } = await build({ ...common, entryPoints: entries, outdir: '.', plugins: [leftOut] });
  const { inputs } = metafile;
  const paths = Object.keys(inputs);
  const functions = paths.map(async (path) => {
    const numbers = new Map(
      inputs[path].imports.map(({ original, path: to }) => [original, paths.indexOf(to)]),
    );
    const code = (standInFor(path) ?? readFileSync(path, 'utf8')).replace(
      /\brequire\((["'])([^"']+)\1\)/g,
      (all, _, name) => (numbers.has(name) ? `require(${numbers.get(name)})` : all),
    );
    if (code === '') return '()=>{}';
    // Called, so that it is not dropped as a value that nobody uses.
    const called = `(function (exports, module, require) {${code}\n})(0)`;
    return (await transform(called, { minify: true, target: 'node20' })).code.replace(/\(0\);\n$/, '');
  });
  const exported = entries.map((entry) => `load(${paths.findIndex((path) => inside(path) === entry)})`);
  writeFileSync(
    outfile,
    `"use strict";const made=[],load=n=>(made[n]??make(n)).exports,` +
      `make=n=>{const one=made[n]={exports:{}};modules[n](one.exports,one,load);return one},` +
      `modules=[${(await Promise.all(functions)).join(',\n')}];\nmodule.exports=[${exported}];\n`,
  );
  return paths;
}
