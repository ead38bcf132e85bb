// Tries lib/xml/parser-options.ts, lib/xml/scan-plain.ts, lib/xml/scanner.ts and lib/xml/syntax.ts as well.
import fc from 'fast-check';
import { refusalOf } from '../support/findings.ts';
import { attributesOf, childrenOf, elementAt, textOf, type XmlElement } from '../../lib/xml/query.ts';
import { scanXml } from '../../lib/xml/scan.ts';
import type { XmlTree } from '../../lib/xml/tree.ts';
import { readValues, type XmlValue } from '../../lib/xml/values.ts';

describe('text is kept as written', () => {
  test.each([
    ['nothing', '<a/>', ''],
    ['a hexadecimal number', '<a>0x5000</a>', '0x5000'],
    ['leading zeros', '<a>007</a>', '007'],
    ['trailing zeros', '<a>1.10</a>', '1.10'],
    ['an exponent', '<a>1e3</a>', '1e3'],
    ['a number too long for a double', '<a>12345678901234567890</a>', '12345678901234567890'],
    ['a truth value', '<a>true</a>', 'true'],
    ['blanks around it', '<a>  x\t\n</a>', '  x\t\n'],
    ['blanks alone', '<a> \n </a>', ' \n '],
    ['line ends as LF', '<a>1\r\n2\r3</a>', '1\n2\n3'],
    ['entities once', '<a>&lt;&amp;lt;&amp;amp;</a>', '<&lt;&amp;'],
    ['numbers of characters once', '<a>&#x41;&#66;&#38;#67;</a>', 'AB&#67;'],
    ['a carriage return referred to', '<a>1&#13;2</a>', '1\r2'],
    ['CDATA as it is', '<a><![CDATA[ &lt;b/>&#65; ]]></a>', ' &lt;b/>&#65; '],
    ['CDATA among text', '<a>1<![CDATA[2]]>3<![CDATA[]]>4</a>', '1234'],
    ['text around a comment', '<a>1<!-- x <b/> -->2</a>', '12'],
    ['text around an instruction', '<a>1<?x y?>2</a>', '12'],
    ['text around a child', '<a>1<b>x</b>2</a>', '12'],
    ['a quote', '<a>it\'s "</a>', 'it\'s "'],
    ['">"', '<a>1 > 2</a>', '1 > 2'],
  ])('%s', (_, slice, expected) => {
    expect(readValues(slice).text).toBe(expected);
  });
});

describe('attributes are kept as written', () => {
  test.each<[string, string, [string, string][]]>([
    ['none', '<a/>', []],
    [
      'numbers and truth values',
      "<a b='0x5000' c='007' d='true'/>",
      [
        ['b', '0x5000'],
        ['c', '007'],
        ['d', 'true'],
      ],
    ],
    ['blanks', "<a b='  x '/>", [['b', '  x ']]],
    ['other blanks as U+0020', "<a b='1\r\n2\t3\n4'/>", [['b', '1 2 3 4']]],
    ['references once', "<a b='&amp;lt;&#x41;&quot;&#10;'/>", [['b', '&lt;A"\n']]],
    ['an empty value', "<a b=''/>", [['b', '']]],
    [
      'both quotes',
      `<a b='"' c="'"></a>`,
      [
        ['b', '"'],
        ['c', "'"],
      ],
    ],
    [
      '">", "/" and "=" in values',
      "<a b='/>' c='d=\"e\"'/>",
      [
        ['b', '/>'],
        ['c', 'd="e"'],
      ],
    ],
    ['blanks around "="', "<a\n\tb = '1'\r\n/>", [['b', '1']]],
    [
      'prefixes',
      "<x:a x:b='1' xmlns:x='y'/>",
      [
        ['x:b', '1'],
        ['xmlns:x', 'y'],
      ],
    ],
    ['names beyond ASCII', "<a é='ü'/>", [['é', 'ü']]],
    [
      'none that every object has',
      "<a to='1' string='2'/>",
      [
        ['to', '1'],
        ['string', '2'],
      ],
    ],
  ])('%s', (_, slice, expected) => {
    expect([...readValues(slice).attributes]).toEqual(expected);
  });
});

describe('children are found in order', () => {
  test.each([
    ['of one name and of others', '<a><b/><c/><b/></a>', ['b', 'c', 'b']],
    ['not those of children', '<a><b><c/></b></a>', ['b']],
    ['not in comments or CDATA', '<a><!--<b/>--><![CDATA[<c/>]]><d/></a>', ['d']],
    ['between instructions with a quote', `<a><?x "?><b/><?x "?><c/><?y '?></a>`, ['b', 'c']],
    ['between instructions in comments', '<a><!--<?x--><b/><!--?>--></a>', ['b']],
    ['between instructions in CDATA', '<a><![CDATA[<?x ]]><b/><![CDATA[?>]]></a>', ['b']],
    ['behind a comment in an instruction', '<a><?x <!-- ?><b/><!-- --></a>', ['b']],
    ['with prefixes', "<a><x:b/><c xmlns='y'/></a>", ['x:b', 'c']],
    ['with blanks in tags', '<a><b\n/><c\t></c \n></a>', ['b', 'c']],
    ['with ">" in values', "<a><b c='>'/><d e='/a>'/></a>", ['b', 'd']],
  ])('%s', (_, slice, expected) => {
    expect(readValues(slice).children.map(({ name }) => name)).toEqual(expected);
  });
});

test('a slice read again gives the same values', () => {
  const slice = "<a b='1'><c>x</c></a>";
  const first = readValues(slice);
  for (let i = 0; i < 1000; i++) readValues(`<a b='${i}'/>`);
  expect(readValues(slice)).toEqual(first);
});

test('a long slice is read, too', () => {
  expect(readValues(`<a>${'<b/>'.repeat(20_000)}</a>`).children).toHaveLength(20_000);
});

test.each(['', '  ', '<!-- -->', '<?x?>'])('%j holds no element', (text) => {
  expect(refusalOf(() => readValues(text))).toBe('empty-document 1:1');
});

test('elements have their places in the text', () => {
  const { start, children } = readValues("<?x?>\n<a><b/>é<c d='1'/></a>");
  expect([start, ...children.map((child) => child.start)]).toEqual([6, 9, 14]);
});

test.each([
  ['an element', "<a\ufeff b='1'/>", 'a\ufeff', [['b', '1']]],
  ['an element with an end tag', '<a\ufeff><b/></a\ufeff>', 'a\ufeff', []],
  ['an element with a kind of blank', "<a\u1680 b='1'/>", 'a\u1680', [['b', '1']]],
  [
    'an attribute',
    "<a b='1' \ufeffb='2' b\u1680='3'/>",
    'a',
    [
      ['b', '1'],
      ['\ufeffb', '2'],
      ['b\u1680', '3'],
    ],
  ],
])('%s keeps every character of its name', (_, text, name, attributes) => {
  const value = readValues(text);
  expect([value.name, [...value.attributes]]).toEqual([name, attributes]);
});

/** A small element as text, from names and a safe alphabet that has every kind of markup. */
function elements(): fc.Arbitrary<string> {
  const name = fc.constantFrom('a', 'b', 'feature', 'x:y', 'é', 'to', 'cpu-1', '_._');
  const piece = fc.constantFrom(
    'x',
    '0x50',
    ' ',
    '\n',
    '\t',
    '\r\n',
    '&lt;',
    '&amp;',
    '&#x41;',
    '>',
    'ü',
    '\u{1f600}',
  );
  const words = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
  const attributes = fc
    .uniqueArray(fc.tuple(name, words, fc.constantFrom("'", '"')), { maxLength: 3, selector: ([key]) => key })
    .map((list) => list.map(([key, value, quote]) => ` ${key}=${quote}${value}${quote}`).join(''));
  const extra = fc.constantFrom('<!-- <x> -->', '<![CDATA[<y>&lt;]]>', `<?p "'?>`, '<?q?>', '<!---->');
  const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
    content: fc
      .array(fc.oneof({ maxDepth: 3 }, words, extra, tie('element')), { maxLength: 5 })
      .map((parts) => parts.join('')),
    element: fc
      .tuple(name, attributes, tie('content'), fc.boolean())
      .map(([tag, list, content, closed]) =>
        closed ? `<${tag}${list}/>` : `<${tag}${list}>${content}</${tag}>`,
      ),
  }));
  return element;
}

/** An element as data. Text is compared where nothing but text is inside. */
type Outline = readonly [name: string, attributes: unknown, content: unknown];

const parsed = ({ name, attributes, children, text }: XmlValue): Outline => [
  name,
  Object.fromEntries(attributes),
  children.length === 0 ? text : children.map(parsed),
];

function scanned(tree: XmlTree, element: XmlElement): Outline {
  const children = childrenOf(tree, element.index);
  return [
    element.name,
    Object.fromEntries(attributesOf(tree, element).map(({ name, value }) => [name, value])),
    children.length === 0 ? textOf(tree, element) : children.map((child) => scanned(tree, child)),
  ];
}

test('law: parser and scan find the same elements, attributes and text in the same order', () => {
  fc.assert(
    fc.property(elements(), (text) => {
      const tree = scanXml(text);
      expect(parsed(readValues(text))).toEqual(scanned(tree, elementAt(tree, 0)));
    }),
    { numRuns: 1000 },
  );
});
