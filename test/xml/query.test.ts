import {
  attributeOf,
  attributesOf,
  childrenNamed,
  childrenOf,
  descend,
  elementAt,
  hasOwnNamespace,
  textOf,
} from '../../lib/xml/query.ts';
import { scanXml } from '../../lib/xml/scan.ts';

const rootOf = (text: string): ReturnType<typeof elementAt> => elementAt(scanXml(text), 0);

describe('elementAt', () => {
  test('has the places of every part of an element', () => {
    expect(rootOf("<a b='1'>x</a >")).toEqual({
      index: 0,
      name: 'a',
      start: 0,
      end: 15,
      startTag: { start: 0, end: 9 },
      contentEnd: 10,
    });
  });

  test('a self-closing element ends where its content would', () => {
    const { startTag, contentEnd, end } = rootOf("<a b='1' />");
    expect([startTag, contentEnd, end]).toEqual([{ start: 0, end: 11 }, 11, 11]);
  });
});

describe('childrenOf', () => {
  test.each([
    ['none', '<a/>', []],
    ['none in text', '<a>x</a>', []],
    ['in document order', '<a><c/>x<b></b><c/></a>', ['c', 'b', 'c']],
    ['children alone, not theirs', '<a><b><c><d/></c></b><e><f/></e></a>', ['b', 'e']],
    ['those of any namespace', "<a><x:b/><c xmlns='y'/></a>", ['x:b', 'c']],
    ['not what comments and CDATA hold', '<a><!--<b/>--><![CDATA[<c/>]]><?d <e/>?><f/></a>', ['f']],
  ])('gives %s', (_, text, expected) => {
    expect(childrenOf(scanXml(text), 0).map(({ name }) => name)).toEqual(expected);
  });

  test('of a child gives its own', () => {
    const tree = scanXml('<a><b/><c><d/><e/></c><f/></a>');
    const [, c] = childrenOf(tree, 0);
    expect(childrenOf(tree, c?.index ?? 0).map(({ name }) => name)).toEqual(['d', 'e']);
  });
});

describe('childrenNamed', () => {
  test.each([
    ['each of that name', '<a><b/><c/><b/></a>', [3, 11]],
    ['none deeper', '<a><c><b/></c></a>', []],
    ['none with a longer or shorter name', '<a><bb/><B/></a>', []],
    ['none with a prefix', "<a xmlns:x='y'><x:b/></a>", []],
    ['none in a namespace of its own', "<a><b xmlns='y'/><b/></a>", [17]],
    ['one that leaves all namespaces', "<a><b xmlns=''/></a>", [3]],
    ['one that declares a prefix alone', "<a><b xmlns:x='y'/></a>", [3]],
    ['one that speaks of xmlns', "<a><b c='xmlns'>xmlns='y'</b></a>", [3]],
  ])('gives %s', (_, text, expected) => {
    expect(childrenNamed(scanXml(text), 0, 'b').map(({ start }) => start)).toEqual(expected);
  });
});

describe('descend', () => {
  const tree = scanXml("<a><x xmlns='y'><b/></x><x><c/></x><x><b/></x><z><b><d/></b></z></a>");

  test.each([
    ['follows the first child of each name', ['z', 'b', 'd'], 52],
    ['passes what is in a namespace of its own', ['x'], 24],
    ['does not go back to a second child', ['x', 'b'], undefined],
    ['finds nothing that is not there', ['z', 'd'], undefined],
    ['finds nothing without a name', [], undefined],
  ])('%s', (_, names, start) => {
    expect(descend(tree, 0, ...names)?.start).toBe(start);
  });
});

describe('hasOwnNamespace', () => {
  test.each([
    ["<a xmlns='y'/>", true],
    ["<a\txmlns = 'y'></a>", true],
    ["<a xmlns=''/>", false],
    ["<a xmlns:b='y'/>", false],
    ["<a b='xmlns'/>", false],
    ["<a><b xmlns='y'/></a>", false],
  ])('%j: %s', (text, expected) => {
    expect(hasOwnNamespace(scanXml(text), 0)).toBe(expected);
  });
});

describe('attributesOf', () => {
  test('has the places of the attribute and of its value', () => {
    const text = `<a b='1'\r\n\tcd = "" />`;
    expect(attributesOf(scanXml(text), rootOf(text))).toEqual([
      { name: 'b', value: '1', start: 3, end: 8, valueSpan: { start: 6, end: 7 } },
      { name: 'cd', value: '', start: 11, end: 18, valueSpan: { start: 17, end: 17 } },
    ]);
  });

  test.each([
    ['no attributes', '<a/>', []],
    ['none of the children', "<a><b c='1'/></a>", []],
    [
      'both quotes',
      `<a b='"' c="'"/>`,
      [
        ['b', '"'],
        ['c', "'"],
      ],
    ],
    [
      '"=", "/" and ">" in values',
      "<a b='c=d' e='/>' f='>'/>",
      [
        ['b', 'c=d'],
        ['e', '/>'],
        ['f', '>'],
      ],
    ],
    ['no blank before "/>"', "<a b='1'/>", [['b', '1']]],
    ['blanks before ">"', "<a b='1'\n></a>", [['b', '1']]],
    [
      'prefixes',
      "<a x:b='1' xmlns:x='y'/>",
      [
        ['x:b', '1'],
        ['xmlns:x', 'y'],
      ],
    ],
    ['names beyond ASCII', "<\u{10000} é='ü'/>", [['é', 'ü']]],
    ['references', "<a b='&lt;&amp;lt;&#x41;&#66;&quot;'/>", [['b', '<&lt;AB"']]],
    ['blanks made one kind', "<a b='1\r\n2\t3\n4\r5 6'/>", [['b', '1 2 3 4 5 6']]],
    ['blanks that were referred to', "<a b='1&#10;2&#x9;3'/>", [['b', '1\n2\t3']]],
  ])('reads %s', (_, text, expected) => {
    expect(attributesOf(scanXml(text), rootOf(text)).map(({ name, value }) => [name, value])).toEqual(
      expected,
    );
  });
});

describe('attributeOf', () => {
  const text = "<a b='1' c='&amp;' d=''/>";

  test.each([
    ['b', '1'],
    ['c', '&'],
    ['d', ''],
    ['e', undefined],
    ['toString', undefined],
  ])('%s: %j', (name, expected) => {
    expect(attributeOf(scanXml(text), rootOf(text), name)).toBe(expected);
  });
});

describe('textOf', () => {
  test.each([
    ['nothing in a self-closing element', '<a/>', ''],
    ['nothing in an empty element', '<a></a>', ''],
    ['blanks as they are', '<a> x\t</a>', ' x\t'],
    ['line ends as LF', '<a>1\r\n2\r3\n4</a>', '1\n2\n3\n4'],
    ['references once', '<a>&amp;lt;&#xd;&#x1F600;</a>', '&lt;\r\u{1f600}'],
    ['CDATA as it is', '<a>1<![CDATA[<b>&amp;</b>]]>2</a>', '1<b>&amp;</b>2'],
    ['CDATA with brackets', '<a><![CDATA[]]]]><![CDATA[>]]></a>', ']]>'],
    ['text around a comment joined', '<a>1<!-- > - -></a> -->2</a>', '12'],
    ['text around an instruction joined', '<a>1<?x "> < ?>2</a>', '12'],
    ['">" as it is', '<a>1 > 2</a>', '1 > 2'],
    ['text around an empty child joined', '<a>1<b/>2</a>', '12'],
  ])('gives %s', (_, text, expected) => {
    expect(textOf(scanXml(text), rootOf(text))).toBe(expected);
  });
});
