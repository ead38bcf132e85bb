import fc from 'fast-check';
import { join } from 'node:path';
import { fragment } from 'xmlbuilder2';
import { encodeValue } from '../../lib/xml/escape.ts';

type Fragment = typeof fragment;

// eslint-disable-next-line @typescript-eslint/no-require-imports -- a file that the build made
const copied = (require(join(__dirname, '../../dist/cli/xmlbuilder2.cjs')) as { readonly fragment: Fragment })
  .fragment;

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
