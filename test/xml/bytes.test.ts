import fc from 'fast-check';
import {
  attributeAt,
  locate,
  locatedSpan,
  locatedValue,
  locatedValueSpan,
  textAt,
} from '../../lib/xml/bytes.ts';
import { attributesOf, elementAt, textOf } from '../../lib/xml/query.ts';
import { scanXml, withTree } from '../../lib/xml/scan.ts';
import { refusalOf } from '../support/findings.ts';
import { nameOf } from '../../lib/xml/words.ts';

const NAMES = ['b', 'c', 'bb'];

/** What `locate` finds of `NAMES` in the first start tag: value, the whole, what is between the quotes. */
function located(text: string): unknown[] {
  return withTree(text, {}, (tree) => {
    locate(tree, 0, NAMES.map(nameOf));
    return NAMES.map((_, k) => {
      const [whole, inner] = [locatedSpan(tree, k), locatedValueSpan(tree, k)];
      const cut = (span: typeof whole): string | undefined => span && text.slice(span.start, span.end);
      return [locatedValue(tree, k), cut(whole), cut(inner)];
    });
  });
}

/** The same by way of the other reader. */
function expected(text: string): unknown[] {
  const tree = scanXml(text);
  const attributes = attributesOf(tree, elementAt(tree, 0));
  return NAMES.map((name) => {
    const found = attributes.find((attribute) => attribute.name === name);
    const cut = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    return [found?.value, found && cut(found), found && cut(found.valueSpan)];
  });
}

const TAGS = [
  ...['<a/>', '<a>x</a>', '<a />', '<a\n></a>', "<a b='1'/>", "<a b='2'/>", "<a c='1'/>", '<a b="1"/>'],
  ...["<a\tb = '1' c='2'>x</a>", "<a c='2' b='1'/>", "<a b='&lt;&#10;'/>", "<a b='1\n2'/>", "<a b='é'/>"],
  ...["<a b='è'/>", "<a bb='1' ab='2'/>", "<a b=''/>", "<a b='>' c='/'/>", "<a é='1' b='2'/>", "<ab b='1'/>"],
  ...[
    "<a b\ufeff='1' b='2'/>",
    "<a x:d='1' b='2' xmlns:b='u'/>",
    "<a b='\t1\r\n2 '/>",
    '<a b=\'"\' c="\'"/>',
  ],
];

test.each(TAGS)('attributes are found by their bytes as they are by their characters: %j', (tag) => {
  expect(located(tag)).toEqual(expected(tag));
  withTree(tag, {}, (tree) => {
    expect(NAMES.map((name) => attributeAt(tree, 0, name))).toEqual(
      located(tag).map((one) => (one as unknown[])[0]),
    );
  });
});

test('law: what is found does not depend on what was read before', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...TAGS), { maxLength: 12 }), (tags) => {
      expect(tags.map(located)).toEqual(tags.map(expected));
    }),
  );
});

test.each([
  ['a prefix before a name that is read', "<a xmlns:q='u' q:b='1'/>", 'foreign-name 1:16'],
  ['the same beside the name itself', "<a b='1'\n q:b='2'/>", 'foreign-name 2:2'],
  ['a prefix nobody declared', "<a q:c='2'/>", 'foreign-name 1:4'],
  ['a prefix of XML itself', "<a xml:c='2'/>", 'foreign-name 1:4'],
])('%s is refused', (_, text, refusal) => {
  expect(refusalOf(() => located(text))).toBe(refusal);
});

test.each(["<a q:d='1' b='2'/>", "<a xmlns:b='u' b='2'/>", "<a b='q:b'/>"])('%s is not', (text) => {
  expect(located(text)).toEqual(expected(text));
});

test.each([
  ...['<a/>', '<a></a>', '<a> x\n</a>', '<a>&lt;</a>', '<a>1<!-- 2 -->3</a>', '<a><![CDATA[<x>]]></a>'],
  ...['<a>1\r\n2\r</a>', '<a>é</a>', '<a>1<b>2</b>3</a>', '<a>x > y</a>', '<a>\ufeffx\u00a0</a>'],
])('the text of an element is the same by its bytes: %j', (text) => {
  const tree = scanXml(text);
  expect(withTree(text, {}, (borrowed) => textAt(borrowed, 0))).toBe(textOf(tree, elementAt(tree, 0)));
});
