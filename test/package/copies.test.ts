import fc from 'fast-check';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import * as semver from 'semver';
import { fragment } from 'xmlbuilder2';
import { encodeValue } from '../../lib/xml/escape.ts';
import { OPTIONS } from '../../lib/xml/parser-options.ts';

type Fragment = typeof fragment;

/** What the build made of a package. */
function copyOf(name: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file that the build made
  return require(join(__dirname, `../../dist/cli/${name}.cjs`));
}

const copied = (copyOf('xmlbuilder2') as { readonly fragment: Fragment }).fragment;
const copiedSemver = copyOf('semver') as Pick<typeof semver, 'coerce' | 'compare'>;
const CopiedParser = (copyOf('fast-xml-parser') as { readonly XMLParser: typeof XMLParser }).XMLParser;

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string | undefined;
  readonly children: readonly Element[];
}

const NAMES = ['feature', 'a', 'vm:rewrite', 'qemu:arg', 'xml:lang', 'b-c', 'x86_64', 'é'];
const ATTRIBUTES = ['name', 'policy', 'xmlns', 'xmlns:vm', 'xmlns:qemu', 'vm:a', 'xml:space', 'value'];
const value = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => encodeValue(text));
const element = fc.letrec<{ readonly element: Element }>((tie) => ({
  element: fc.record({
    name: fc.constantFrom(...NAMES),
    attributes: fc.dictionary(
      fc.constantFrom(...ATTRIBUTES),
      fc.oneof(value, fc.constantFrom('urn:a', 'urn:b')),
      { noNullPrototype: true, maxKeys: 4 },
    ),
    text: fc.option(value, { nil: undefined }),
    children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('element'), { maxLength: 2 })),
  }),
})).element;
const layout = fc.constantFrom({}, { prettyPrint: true, newline: '\r\n ', indent: '\t' });

/** What is built, or that it is refused. */
function built(make: Fragment, all: readonly Element[], options: object): string {
  const add = (parent: ReturnType<Fragment>, { name, attributes, text, children }: Element): void => {
    const node = parent.ele(name, attributes);
    if (text !== undefined) node.txt(text);
    for (const child of children) add(node, child);
  };
  try {
    const root = make();
    for (const one of all) add(root, one);
    return root.toString(options);
  } catch {
    return 'refused';
  }
}

test("the command's copy of xmlbuilder2, without what is never called, builds what the package builds", () => {
  fc.assert(
    fc.property(fc.array(element, { maxLength: 3 }), layout, (all, options) => {
      expect(built(copied, all, options)).toBe(built(fragment, all, options));
    }),
    { numRuns: 1000 },
  );
});

/** Pieces of a document, in any order: what is not well-formed does not get as far as the parser. */
const content = fc.letrec<{ readonly content: string }>((tie) => ({
  content: fc
    .array(
      fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(
          ' ',
          '\r\n',
          '\t',
          'x',
          'é',
          '&amp;',
          '&#65;',
          ']',
          '-->',
          '"',
          '0x1f',
          'true',
          '<!-- <a> -->',
          '<!---->',
        ),
        fc.constantFrom('<a/>', '<b />', '<c:d\n/>', '<![CDATA[ <x> ]]>', '<![CDATA[]]>', `<a b=">" c='/'/>`),
        fc
          .tuple(
            fc.constantFrom(...NAMES, 'constructor', 'toString'),
            fc.constantFrom('', ' ', ' x="</y>"', " a='1'\tb='2'"),
            tie('content'),
          )
          .map(([name, attributes, inner]) => `<${name}${attributes}>${inner}</${name}>`),
      ),
      { maxLength: 5 },
    )
    .map((parts) => parts.join('')),
})).content;

/** What is read, or that it is refused. */
function parsed(Parser: typeof XMLParser, text: string): unknown {
  try {
    return new Parser(OPTIONS).parse(text);
  } catch {
    return 'refused';
  }
}

test("the command's copy of fast-xml-parser reads what the package reads", () => {
  fc.assert(
    fc.property(content, (inner) => {
      const text = `<cpus>${inner}</cpus>\n`;
      expect(parsed(CopiedParser, text)).toEqual(parsed(XMLParser, text));
    }),
    { numRuns: 1000 },
  );
});

const version = fc.oneof(
  fc
    .array(fc.constantFrom('0', '1', '10', '.', '.', '-', 'rc', 'v', '+', ' ', '9'.repeat(16)))
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('1.0.0', '1.10.0'), fc.constantFrom('', '-rc', '-rc.1', '-1', '+a'))
    .map((parts) => parts.join('')),
);

/** How two versions compare, or that one is none. */
function compared({ compare }: Pick<typeof semver, 'compare'>, a: string, b: string): unknown {
  try {
    return compare(a, b);
  } catch (error) {
    return String(error);
  }
}

test("the command's copy of semver reads and compares versions as the package does", () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(copiedSemver.coerce(a)?.version).toBe(semver.coerce(a)?.version);
      expect(compared(copiedSemver, a, b)).toBe(compared(semver, a, b));
    }),
    { numRuns: 1000 },
  );
});
