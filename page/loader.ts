// The only script of the page that runs by itself. All others stand in it as text, and run when something asks for
// them: a script element with the same text is put into the document, which the page's policy knows by its hash.

type Exports = Record<string, unknown>;
type Part = (exports: Exports, require: (name: string) => Exports, module: { exports: Exports }) => void;

const parts = new Map<string, { exports: Exports }>();

/** Called by a part with its code. */
function part(name: string, run: Part): void {
  const module = { exports: {} };
  parts.set(name, module);
  run(module.exports, load, module);
}

/** The exports of a part, by the end of its path. */
function load(path: string): Exports {
  const name = path.replace(/^.*\//, '');
  const known = packages[name] ?? parts.get(name)?.exports;
  if (known !== undefined) return known;
  const text = textOf(name);
  const script = document.createElement('script');
  script.textContent = text.textContent;
  text.dataset['run'] = '';
  document.head.append(script);
  const made = parts.get(name);
  if (made === undefined) throw new Error(`the part ${name} of this page does not run`);
  return made.exports;
}

function textOf(name: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`script[data-part="${CSS.escape(name)}"]`);
  if (found === null) throw new Error(`this page has no part ${name}`);
  return found;
}

/** What package.json sends elsewhere in Node.js, and the CPU maps, which are data here. */
const packages: Readonly<Record<string, Exports>> = {
  'maps.cjs': { packedMaps: () => JSON.parse(textOf('maps.json').textContent) as unknown },
  '#semver': {
    get coerce() {
      return (load('semver.cjs') as unknown as readonly unknown[])[0];
    },
    get compare() {
      return (load('semver.cjs') as unknown as readonly unknown[])[1];
    },
  },
  '#fast-xml-parser': {
    get XMLParser() {
      return load('fast-xml-parser.cjs')['XMLParser'];
    },
  },
  '#xmlbuilder2': {
    get fragment() {
      return load('xmlbuilder2.cjs')['fragment'];
    },
  },
  '#yaml': {
    get readYaml() {
      return load('js-yaml.cjs')['readYaml'];
    },
  },
};

Object.assign(globalThis, { part });
load('page.cjs');
