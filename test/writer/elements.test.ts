// Tries lib/writer/element-edits.ts and lib/writer/quotes.ts as well.
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { applyEdits } from '../../lib/text/edit.ts';
import { editsFor } from '../../lib/writer/edits.ts';
import { childrenOf, descend, elementAt } from '../../lib/xml/query.ts';
import { scanXml } from '../../lib/xml/scan.ts';
import type { DomainElement } from '../../types/domain.ts';
import type { DomainChange } from '../../types/plan.ts';
import { beforeAndAfter } from '../support/marks.ts';

/** The element at a path below `<domain>`, as a place for changes. */
function elementIn(text: string, path: readonly string[]): DomainElement {
  const tree = scanXml(text);
  const found = path.length === 0 ? elementAt(tree, 0) : descend(tree, 0, ...path);
  if (found === undefined) throw new RangeError(`no ${path.join('/')}`);
  const { index, start, end, startTag, contentEnd } = found;
  const children = childrenOf(tree, index).map(({ name, ...child }) => ({
    name,
    span: { start: child.start, end: child.end },
  }));
  return { span: { start, end }, startTag, contentEnd, children };
}

type Make = (at: (...path: string[]) => DomainElement) => DomainChange | readonly DomainChange[];

/** What the changes make of a text, beside what its marks say they should. */
function changed(shown: string, make: Make): { readonly after: string; readonly expected: string } {
  const { before, after: expected } = beforeAndAfter(shown);
  const changes = [make((...path) => elementIn(before, path))].flat() as readonly DomainChange[];
  return { after: applyEdits(before, editsFor(parseDomain(before), changes)), expected };
}

const set =
  (name: string, value: string, ...path: string[]): Make =>
  (at) => ({ kind: 'set-attribute', startTag: at(...path).startTag, name, value });

describe('an attribute', () => {
  test.each<[string, string, Make]>([
    ['gets another value', `<domain><cpu mode='⟦custom→maximum⟧'/></domain>`, set('mode', 'maximum', 'cpu')],
    [
      'keeps its quotes and blanks',
      `<domain><cpu mode = "⟦custom→maximum⟧" /></domain>`,
      set('mode', 'maximum', 'cpu'),
    ],
    [
      'is written behind the last',
      `<domain><cpu mode="maximum"⟦ check="full"⟧/></domain>`,
      set('check', 'full', 'cpu'),
    ],
    [
      'is written on a line of its own where they are',
      `<domain><cpu\n  mode='maximum'\n  migratable='on'⟦\n  check='full'⟧\n/></domain>`,
      set('check', 'full', 'cpu'),
    ],
    [
      'is the first, in the quotes of the document',
      `<domain type="kvm"><cpu⟦ mode="maximum"⟧/></domain>`,
      set('mode', 'maximum', 'cpu'),
    ],
    [
      'is escaped',
      `<domain><cpu mode='maximum'⟦ check='&apos;&lt;&amp;&quot;'⟧></cpu></domain>`,
      set('check', `'<&"`, 'cpu'),
    ],
    [
      'is taken away with the blank before it',
      `<domain><cpu mode='maximum'⟦ migratable='on'→⟧/></domain>`,
      (at) => ({ kind: 'remove-attribute', startTag: at('cpu').startTag, name: 'migratable' }),
    ],
    [
      'is not taken away where it is not',
      `<domain><cpu mode='maximum'/></domain>`,
      (at) => ({ kind: 'remove-attribute', startTag: at('cpu').startTag, name: 'migratable' }),
    ],
  ])('%s', (_, shown, make) => {
    const { after, expected } = changed(shown, make);
    expect(after).toBe(expected);
  });
});

const ORDER = ['name', 'metadata', 'os', 'features', 'cpu'];
const add =
  (name: string, ...path: string[]): Make =>
  (at) => ({ kind: 'add-element', parent: at(...path), order: ORDER, element: { name } });

describe('an element', () => {
  test.each<[string, string, Make]>([
    [
      'comes behind what libvirt writes before it',
      `<domain>\n  <name>g</name>⟦\n  <metadata/>⟧\n  <cpu/>\n</domain>`,
      add('metadata'),
    ],
    ['comes before what libvirt writes behind it', `<domain>⟦\n  <os/>⟧\n  <cpu/>\n</domain>`, add('os')],
    ['opens its parent', `<domain>\n  <cpu⟦/→>\n    <name/>\n  </cpu⟧>\n</domain>`, add('name', 'cpu')],
    [
      'goes with its line',
      `<domain>\r\n  <name>g</name>⟦\r\n  <os/>→⟧\r\n  <cpu/>\r\n</domain>`,
      (at) => ({ kind: 'remove-element', span: at('os').span }),
    ],
    [
      'goes without a line that holds more',
      `<domain>\n  <name>g</name>⟦<os/>→⟧ <!-- c -->\n</domain>`,
      (at) => ({ kind: 'remove-element', span: at('os').span }),
    ],
    [
      'gets another text, escaped',
      `<domain><name>⟦g→a &lt; b⟧</name></domain>`,
      (at) => {
        const { startTag, contentEnd } = at('name');
        return { kind: 'set-text', span: { start: startTag.end, end: contentEnd }, text: 'a < b' };
      },
    ],
    [
      'is replaced by one with children, in its layout',
      `<domain>\n  <os type="x">⟦<a/>→<a>\n    <b c="&quot;1&apos;"/>\n    <d>&amp;lt;</d>\n  </a>⟧</os>\n</domain>`.replace(
        '<os type="x">⟦',
        '<os type="x">\n  ⟦',
      ),
      (at) => ({
        kind: 'replace-element',
        span: at('os', 'a').span,
        element: {
          name: 'a',
          children: [
            { name: 'b', attributes: { c: `"1'` } },
            { name: 'd', text: '&lt;' },
          ],
        },
      }),
    ],
    [
      'with children fits in with its neighbours',
      `<domain type='kvm'>\n\t<name>g</name>⟦\n\t<metadata>\n\t\t<m:x xmlns:m='urn:m'/>\n\t</metadata>⟧\n</domain>`,
      (at) => ({
        kind: 'add-element',
        parent: at(),
        order: ORDER,
        element: { name: 'metadata', children: [{ name: 'm:x', attributes: { 'xmlns:m': 'urn:m' } }] },
      }),
    ],
  ])('%s', (_, shown, make) => {
    const { after, expected } = changed(shown, make);
    expect(after).toBe(expected);
  });
});

describe('several changes of one element', () => {
  const all: Make = (at) => {
    const cpu = at('cpu');
    return [
      { kind: 'add', name: 'aes', policy: 'require' },
      { kind: 'add', name: 'avx', policy: 'disable' },
      { kind: 'set-attribute', startTag: cpu.startTag, name: 'mode', value: 'custom' },
      { kind: 'set-attribute', startTag: cpu.startTag, name: 'match', value: 'exact' },
      { kind: 'remove-attribute', startTag: cpu.startTag, name: 'migratable' },
      {
        kind: 'add-element',
        parent: cpu,
        order: ['model', 'vendor', 'topology', 'feature', 'numa'],
        element: { name: 'model', attributes: { fallback: 'forbid' }, text: 'Nehalem' },
      },
    ];
  };
  const MODEL = "\n    <model fallback='forbid'>Nehalem</model>";
  const FEATURES = "\n    <feature policy='require' name='aes'/>\n    <feature policy='disable' name='avx'/>";

  test.each([
    [
      'open it once',
      `<domain>\n  <cpu mode='⟦maximum→custom⟧'⟦ migratable='on'→⟧⟦ match='exact'⟧⟦/→>${MODEL}${FEATURES}\n  </cpu⟧>\n</domain>`,
    ],
    [
      'each have their place',
      `<domain>\n  <cpu mode='⟦maximum→custom⟧'⟦ match='exact'⟧>⟦${MODEL}⟧\n    <topology/>⟦${FEATURES}⟧\n    <numa/>\n  </cpu>\n</domain>`,
    ],
  ])('%s', (_, shown) => {
    const { after, expected } = changed(shown, all);
    expect(after).toBe(expected);
  });
});
