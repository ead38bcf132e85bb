// Tries lib/xml/scan-name.ts and lib/xml/scan-tag.ts as well.
import { isLibvirtXmlError } from '../../lib/issues/issues.ts';
import { elementAt, type XmlElement } from '../../lib/xml/query.ts';
import { scanXml, type ScanOptions } from '../../lib/xml/scan.ts';
import { NODE_SIZE, type XmlTree } from '../../lib/xml/tree.ts';

/** `accepted`, or the code and the place of the refusal. */
function verdict(text: string, options?: ScanOptions): string {
  try {
    scanXml(text, options);
    return 'accepted';
  } catch (error) {
    if (isLibvirtXmlError(error)) return `${error.code} ${error.line}:${error.column}`;
    throw error;
  }
}

function elementsOf(tree: XmlTree): XmlElement[] {
  const count = tree.nodes.length / NODE_SIZE;
  return Array.from({ length: count }, (_, i) => elementAt(tree, i * NODE_SIZE));
}

/** Each element as `name start-end of start tag-start of end tag-end`. */
function outline(text: string, options?: ScanOptions): string[] {
  return elementsOf(scanXml(text, options)).map(
    ({ name, start, startTag, contentEnd, end }) => `${name} ${start}-${startTag.end}-${contentEnd}-${end}`,
  );
}

const RESERVED = '__proto__ constructor prototype toString valueOf hasOwnProperty __defineGetter__'.split(
  ' ',
);

const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
const attributes = (count: number): string => Array.from({ length: count }, (_, i) => ` a${i}=''`).join('');

describe('elements that do not match are refused', () => {
  test.each([
    ['one is never closed', '<a>', 'bad-xml 1:1'],
    ['one is never closed and text follows', '<a>text', 'bad-xml 1:1'],
    ['the innermost open one is shown', '<a>\n  <b>\n', 'bad-xml 2:3'],
    ['the end tag has another name', '<a></b>', 'bad-xml 1:4'],
    ['the end tag has a longer name', '<a></ab>', 'bad-xml 1:4'],
    ['the end tag has a shorter name', '<ab></a>', 'bad-xml 1:5'],
    ['the end tag has the name in capitals', '<a></A>', 'bad-xml 1:4'],
    ['the end tag has another name beyond ASCII', '<é></è>', 'bad-xml 1:4'],
    ['the end tag has a name longer by a character beyond ASCII', '<a></aé>', 'bad-xml 1:4'],
    ['two cross each other', '<a><b></a></b>', 'bad-xml 1:7'],
    ['an end tag closes nothing', '</a>', 'bad-xml 1:1'],
    ['an end tag follows the root element', '<a/>\r\n</a>', 'bad-xml 2:1'],
    ['an end tag has a blank before its name', '<a></ a>', 'bad-xml 1:4'],
    ['an end tag has no name', '<a></>', 'bad-xml 1:4'],
    ['an end tag has an attribute', "<a></a b=''>", 'bad-xml 1:4'],
    ['an end tag is never closed', '<a></a', 'bad-xml 1:4'],
    ['an end tag has just begun', '<é></', 'bad-xml 1:4'],
    ['there are two root elements', '<a/><b/>', 'bad-xml 1:5'],
    ['there are two root elements on two lines', '<a></a>\n<a></a>', 'bad-xml 2:1'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('tags that cannot be read are refused', () => {
  test.each([
    ['a blank before the name', '< a/>', 'bad-xml 1:2'],
    ['no name', '<>', 'bad-xml 1:2'],
    ['nothing behind "<"', '<', 'bad-xml 1:2'],
    ['a name that begins with a digit', '<1a/>', 'bad-xml 1:2'],
    ['a name that begins with "-"', '<-a/>', 'bad-xml 1:2'],
    ['a name that begins with a combining mark', '<\u0301/>', 'bad-xml 1:2'],
    ['a name that begins with what no name has', '<\u00d7/>', 'bad-xml 1:2'],
    ['a name with what no name has', '<a\u00d7/>', 'bad-xml 1:3'],
    ['a name with an astral character beyond names', '<a\u{f0000}/>', 'bad-xml 1:3'],
    ['a start tag that is never closed', '<a>\n<b', 'bad-xml 2:1'],
    ['a start tag that is never closed behind an attribute', "<a>\n<b c='1'", 'bad-xml 2:1'],
    ['a start tag that ends with "/"', '<a/', 'bad-xml 1:3'],
    ['a blank between "/" and ">"', '<a/ >', 'bad-xml 1:3'],
    ['a "<" in a start tag', "<a <b c='1'/>", 'bad-xml 1:4'],
    ['an unknown "<!"', '<!ELEMENT a ANY><a/>', 'bad-xml 1:1'],
    ['an unknown "<!" inside', '<a><!x></a>', 'bad-xml 1:4'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('attributes that cannot be read are refused', () => {
  test.each([
    ['a value without quotes', '<a b=1/>', 'bad-xml 1:6'],
    ['no value', '<a b/>', 'bad-xml 1:4'],
    ['no value behind "="', '<a b=/>', 'bad-xml 1:6'],
    ['nothing behind "="', '<a b=', 'bad-xml 1:6'],
    ['no name', "<a =''/>", 'bad-xml 1:4'],
    ['no blank before the first', "<a'b'/>", 'bad-xml 1:3'],
    ['no blank between two', "<a b='1'c='2'/>", 'bad-xml 1:9'],
    ['a value that is never closed', "<a\nb='x", 'bad-xml 2:3'],
    ['a value closed with the other quote', '<a b="x\'/>', 'bad-xml 1:6'],
    ['"<" in a value', "<a b='<'/>", 'bad-xml 1:7'],
    ['"<" in a value that was not closed', '<a b="x>\n<c d="y"/>', 'bad-xml 2:1'],
    ['the same name twice', "<a b='1' b='2'/>", 'bad-xml 1:10'],
    ['the same name twice with others between', "<a b='1' bc='2' c='3' b='4'/>", 'bad-xml 1:23'],
    ['the same name beyond ASCII twice', "<a é='1' é='2'/>", 'bad-xml 1:10'],
    ['the same astral name twice', "<a b\u{10000}='1' b\u{10000}='2'/>", 'bad-xml 1:12'],
    ['the 16th of 20 again', `<a${attributes(20)} a15=''/>`, 'bad-xml 1:134'],
    ['the last of 40 again', `<a${attributes(40)} a39=''/>`, 'bad-xml 1:274'],
    ['the last of 40 beyond ASCII again', `<a${attributes(39)} é='' é=''/>`, 'bad-xml 1:272'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('references that stand for nothing are refused', () => {
  test.each([
    ['an entity that is not defined', '<a>&bogus;</a>', 'bad-xml 1:4'],
    ['an entity of HTML', '<a>&nbsp;</a>', 'bad-xml 1:4'],
    ['an entity in capitals', '<a>&LT;</a>', 'bad-xml 1:4'],
    ['an entity that every object has', '<a>&toString;</a>', 'bad-xml 1:4'],
    ['an entity that is not defined, in a value', "<a b='&x;'/>", 'bad-xml 1:7'],
    ['a bare "&"', '<a>R & D</a>', 'bad-xml 1:6'],
    ['a bare "&" in a value', "<a b='?x=1&y=2'/>", 'bad-xml 1:11'],
    ['a bare "&" at the end', '<a>&', 'bad-xml 1:4'],
    ['an entity without ";"', '<a>&amp</a>', 'bad-xml 1:4'],
    ['an entity with a blank', '<a>&amp ;</a>', 'bad-xml 1:4'],
    ['an entity without a name', '<a>&;</a>', 'bad-xml 1:4'],
    ['a number without digits', '<a>&#;</a>', 'bad-xml 1:4'],
    ['a hexadecimal number without digits', '<a>&#x;</a>', 'bad-xml 1:4'],
    ['a hexadecimal number with "X"', '<a>&#X41;</a>', 'bad-xml 1:4'],
    ['a decimal number with a letter', '<a>&#4A;</a>', 'bad-xml 1:4'],
    ['NUL', '<a>&#0;</a>', 'bad-xml 1:4'],
    ['a control character', '<a>&#x1F;</a>', 'bad-xml 1:4'],
    ['a surrogate', '<a>&#xD800;</a>', 'bad-xml 1:4'],
    ['U+FFFE', '<a>&#65534;</a>', 'bad-xml 1:4'],
    ['U+FFFF', '<a>&#xFFFF;</a>', 'bad-xml 1:4'],
    ['U+110000', '<a>&#x110000;</a>', 'bad-xml 1:4'],
    ['a huge number', `<a>&#${'9'.repeat(400)};</a>`, 'bad-xml 1:4'],
    ['a huge number in a value', `<a b='&#x${'F'.repeat(400)};'/>`, 'bad-xml 1:7'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('comments, CDATA and instructions that break the grammar are refused', () => {
  test.each([
    ['"--" in a comment', '<a><!-- -- --></a>', 'bad-xml 1:9'],
    ['"--->" at the end of a comment', '<a><!-- x---></a>', 'bad-xml 1:10'],
    ['a comment that is never closed', '<a>\n<!-- x ></a>', 'bad-xml 2:1'],
    ['a comment whose ends overlap', '<a><!--></a>', 'bad-xml 1:4'],
    ['a comment whose ends overlap by one', '<a><!---></a>', 'bad-xml 1:4'],
    ['a comment behind the root that is never closed', '<a/>\n<!--', 'bad-xml 2:1'],
    ['CDATA that is never closed', '<a><![CDATA[ ]] > </a>', 'bad-xml 1:4'],
    ['CDATA in small letters', '<a><![cdata[]]></a>', 'bad-xml 1:4'],
    ['CDATA with a blank', '<a><![ CDATA[]]></a>', 'bad-xml 1:4'],
    ['CDATA before the root', '<![CDATA[x]]><a/>', 'bad-xml 1:1'],
    ['CDATA behind the root', '<a/><![CDATA[x]]>', 'bad-xml 1:5'],
    ['"]]>" in text', '<a>x]]></a>', 'bad-xml 1:5'],
    ['"]]>" behind more brackets', '<a>]]]]></a>', 'bad-xml 1:6'],
    ['an instruction that is never closed', '<a><?x y></a>', 'bad-xml 1:4'],
    ['an instruction whose ends overlap', '<a><?x></a>', 'bad-xml 1:7'],
    ['an instruction without a target', '<a><??></a>', 'bad-xml 1:6'],
    ['an instruction with a blank before its target', '<a><? x?></a>', 'bad-xml 1:6'],
    ['an instruction without a blank behind its target', "<a><?x='1'?></a>", 'bad-xml 1:7'],
    ['an instruction to XML', '<a><?xml y?></a>', 'bad-xml 1:4'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('text outside the root element is refused', () => {
  test.each([
    ['before it', 'x<a/>', 'bad-xml 1:1'],
    ['behind it', '<a/> \nx', 'bad-xml 2:1'],
    ['alone', 'x', 'bad-xml 1:1'],
    ['a reference', '<a/>&#32;', 'bad-xml 1:5'],
    ['a blank that is none to XML', '<a/>\u00a0', 'bad-xml 1:5'],
    ['NUL behind it', '<a/>\0', 'bad-xml 1:5'],
    ['a second byte order mark', '\ufeff\ufeff<a/>', 'bad-xml 1:2'],
    ['a byte order mark that is not first', ' \ufeff<a/>', 'bad-xml 1:2'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('characters that XML does not allow are refused', () => {
  test.each([
    ['NUL', '\0'],
    ['a control character', '\u0001'],
    ['escape', '\u001b'],
    ['a lone high surrogate', '\ud800'],
    ['a lone low surrogate', '\udc00'],
    ['surrogates in the wrong order', '\udc00\ud800'],
    ['U+FFFE', '\ufffe'],
    ['U+FFFF', '\uffff'],
  ])('%s, wherever it stands', (_, character) => {
    expect(verdict(`<a>${character}</a>`)).toBe('bad-xml 1:4');
    expect(verdict(`<a b='${character}'/>`)).toBe('bad-xml 1:7');
    expect(verdict(`<a><!--${character}--></a>`)).toBe('bad-xml 1:8');
    expect(verdict(`<a><![CDATA[${character}]]></a>`)).toBe('bad-xml 1:13');
    expect(verdict(`<a><?x ${character}?></a>`)).toBe('bad-xml 1:8');
    expect(verdict(`<a${character}/>`)).toBe('bad-xml 1:3');
    expect(verdict(`<a/>${character}`)).toBe('bad-xml 1:5');
  });
});

describe('the XML declaration', () => {
  test.each([
    ['is first', '<?xml version="1.0"?><a/>', 'accepted'],
    ['is behind a byte order mark', '\ufeff<?xml version="1.0"?><a/>', 'accepted'],
    [
      'has all it may have',
      "<?xml\tversion = '1.0'\r\nencoding='UTF-8' standalone=\"yes\" ?><a/>",
      'accepted',
    ],
    ['says 1.1, which a parser of 1.0 reads as 1.0', '<?xml version="1.1"?><a/>', 'accepted'],
    ['says 2.0', '<?xml version="2.0"?><a/>', 'bad-xml 1:1'],
    ['says no version', '<?xml encoding="UTF-8"?><a/>', 'bad-xml 1:1'],
    ['says nothing', '<?xml ?><a/>', 'bad-xml 1:1'],
    ['has no blank', '<?xml?><a/>', 'bad-xml 1:1'],
    ['is in capitals', '<?XML version="1.0"?><a/>', 'bad-xml 1:1'],
    ['has quotes that do not match', '<?xml version="1.0\'?><a/>', 'bad-xml 1:1'],
    ['has no blank between two', '<?xml version="1.0"encoding="UTF-8"?><a/>', 'bad-xml 1:1'],
    ['is in the wrong order', '<?xml encoding="UTF-8" version="1.0"?><a/>', 'bad-xml 1:1'],
    ['stands alone "maybe"', '<?xml version="1.0" standalone="maybe"?><a/>', 'bad-xml 1:1'],
    ['names an encoding that is no name', '<?xml version="1.0" encoding="8-bit"?><a/>', 'bad-encoding 1:1'],
    ['has something else', '<?xml version="1.0" valid="yes"?><a/>', 'bad-xml 1:1'],
    ['is never closed', '<?xml version="1.0"><a/>', 'bad-xml 1:1'],
    ['is behind a blank', '\n<?xml version="1.0"?><a/>', 'bad-xml 2:1'],
    ['is behind a comment', '<!-- --><?xml version="1.0"?><a/>', 'bad-xml 1:9'],
    ['is inside', '<a><?xml version="1.0"?></a>', 'bad-xml 1:4'],
    ['comes twice', '<?xml version="1.0"?><?xml version="1.0"?><a/>', 'bad-xml 1:22'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('a declared encoding', () => {
  const declared = (encoding: string, content: string): string =>
    `<?xml version='1.0' encoding='${encoding}'?><a>${content}</a>`;
  test.each([
    ['UTF-8 is what it is', 'UTF-8', 'ü', 'accepted'],
    ['utf8 is that, too', 'utf8', 'ü', 'accepted'],
    ['US-ASCII with ASCII', 'US-ASCII', 'u', 'accepted'],
    ['ISO-8859-1 with ASCII', 'ISO-8859-1', 'u', 'accepted'],
    ['windows-1252 with ASCII', 'windows-1252', 'u', 'accepted'],
    ['US-ASCII with more', 'US-ASCII', 'ü', 'bad-encoding 1:1'],
    ['ISO-8859-1 with more than ASCII', 'ISO-8859-1', 'ü', 'bad-encoding 1:1'],
    ['UTF-16', 'UTF-16', 'u', 'bad-encoding 1:1'],
    ['UTF-32', 'UTF-32', 'u', 'bad-encoding 1:1'],
    ['UTF-7', 'UTF-7', 'u', 'bad-encoding 1:1'],
  ])('%s', (_, encoding, content, expected) => {
    expect(verdict(declared(encoding, content))).toBe(expected);
    expect(verdict(`\ufeff${declared(encoding, content)}`)).toBe(expected);
  });
});

describe('documents without an element are refused', () => {
  test.each([
    ['empty', ''],
    ['a byte order mark alone', '\ufeff'],
    ['blanks alone', ' \t\r\n'],
    ['a comment alone', '<!-- <a/> -->'],
    ['an instruction alone', '<?a?>'],
    ['a declaration alone', "<?xml version='1.0'?>\n"],
  ])('%s', (_, text) => {
    expect(verdict(text)).toBe('empty-document 1:1');
    expect(verdict(text, { several: true })).toBe('empty-document 1:1');
  });
});

describe('a DOCTYPE is refused', () => {
  test.each([
    ['without anything', '<!DOCTYPE a><a/>', 'doctype 1:1'],
    ['behind a declaration', "<?xml version='1.0'?>\n<!DOCTYPE a><a/>", 'doctype 2:1'],
    ['with entities', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'doctype 1:1'],
    ['from elsewhere', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'doctype 1:1'],
    ['inside the root', '<a><!DOCTYPE a></a>', 'doctype 1:4'],
    ['behind the root', '<a/><!DOCTYPE a>', 'doctype 1:5'],
    ['in small letters', '<!doctype a><a/>', 'bad-xml 1:1'],
    ['not when it is a comment', '<!-- <!DOCTYPE a> --><a/>', 'accepted'],
    ['not when it is CDATA', '<a><![CDATA[<!DOCTYPE a>]]></a>', 'accepted'],
  ])('%s', (_, text, expected) => {
    expect(verdict(text)).toBe(expected);
  });
});

describe('limits', () => {
  test.each<[string, string, ScanOptions, string]>([
    ['256 levels', nested(256), {}, 'accepted'],
    ['257 levels', nested(257), {}, 'too-deep 1:769'],
    ['a 257th level that is self-closing', `${'<a>'.repeat(256)}<b/>`, {}, 'too-deep 1:769'],
    ['257 levels and maxDepth 257', nested(257), { maxDepth: 257 }, 'accepted'],
    ['10,000 levels and maxDepth 10,000', nested(10_000), { maxDepth: 10_000 }, 'accepted'],
    ['two levels and maxDepth 1', '<a>\n<b/></a>', { maxDepth: 1 }, 'too-deep 2:1'],
    ['one level and maxDepth 1', '<a/>', { maxDepth: 1 }, 'accepted'],
    ['as long as maxLength', '<a/>', { maxLength: 4 }, 'accepted'],
    ['longer than maxLength', '<a/>\n', { maxLength: 4 }, 'too-large 1:1'],
    ['16 MiB', `<a/>${' '.repeat(2 ** 24 - 4)}`, {}, 'accepted'],
    ['one more than 16 MiB', `<a/>${' '.repeat(2 ** 24 - 3)}`, {}, 'too-large 1:1'],
  ])('%s', (_, text, options, expected) => {
    expect(verdict(text, options)).toBe(expected);
  });
});

describe('names that every JavaScript object has are refused', () => {
  test.each(RESERVED)('%s', (name) => {
    expect(verdict(`<${name}/>`)).toBe('reserved-name 1:2');
    expect(verdict(`<a>\n<${name}></${name}></a>`)).toBe('reserved-name 2:2');
    expect(verdict(`<a ${name}=''/>`)).toBe('reserved-name 1:4');
    expect(verdict(`<a${attributes(20)}\n${name}=''/>`)).toBe('reserved-name 2:1');
    expect(outline(`<a:${name} ${name}s='${name}'>${name}</a:${name}>`)).toHaveLength(1);
  });
});

describe('elements are found where they stand', () => {
  test.each([
    ['self-closing', '<a/>', ['a 0-4-4-4']],
    ['empty', '<a></a>', ['a 0-3-3-7']],
    ['nested', '<a><b><c/></b><d/></a>', ['a 0-3-18-22', 'b 3-6-10-14', 'c 6-10-10-10', 'd 14-18-18-18']],
    ['LF', '<a>\n<b/>\n</a>\n', ['a 0-3-9-13', 'b 4-8-8-8']],
    ['CRLF', '<a>\r\n<b/>\r\n</a>\r\n', ['a 0-3-11-15', 'b 5-9-9-9']],
    ['CR', '<a>\r<b/>\r</a>\r', ['a 0-3-9-13', 'b 4-8-8-8']],
    ['a byte order mark', '\ufeff<a/>', ['a 1-5-5-5']],
    ['a declaration', "<?xml version='1.0'?><a/>", ['a 21-25-25-25']],
    ['tabs', "<a\t>\t<b\tc='\t'\t/></a>", ['a 0-4-16-20', 'b 5-16-16-16']],
    ['line breaks in tags', "<a\nb='1'\r\nc='2'\n/>", ['a 0-18-18-18']],
    ['blanks before "/>"', '<a  />', ['a 0-6-6-6']],
    ['blanks in the end tag', '<a></a \t\r\n>', ['a 0-3-3-11']],
    ['blanks around "="', "<a b = '1' c\n=\n'2'/>", ['a 0-20-20-20']],
    ['">" and "/>" in values', '<a b=\'>\' c="/>"><d/></a>', ['a 0-16-20-24', 'd 16-20-20-20']],
    ['the other quote in values', `<a b='"' c="'"/>`, ['a 0-16-16-16']],
    ['">" and "]" in text', '<a>]] > ]> ></a>', ['a 0-3-12-16']],
    ['"]]>" in a value', "<a b=']]>'/>", ['a 0-12-12-12']],
    ['markup in CDATA', '<a><![CDATA[</a><b>&x;]]]]></a>', ['a 0-3-27-31']],
    ['two CDATA in a row', '<a><![CDATA[]]><![CDATA[x]]></a>', ['a 0-3-28-32']],
    ['markup in a comment', '<!--<x>--><a><!--</a>&x;--></a><!----><!-- -->', ['a 10-13-27-31']],
    [
      'quotes in instructions',
      `<a><?x "?><b/><?x y='?><c/><?z?></a>`,
      ['a 0-3-32-36', 'b 10-14-14-14', 'c 23-27-27-27'],
    ],
    ['instructions around the root', '<?xml-model x?><a/><?y ??>', ['a 15-19-19-19']],
    ['astral text', '<a>\u{1f600}<b/></a>', ['a 0-3-9-13', 'b 5-9-9-9']],
    ['astral values', "<a b='\u{1f600}'><c/></a>", ['a 0-10-14-18', 'c 10-14-14-14']],
    ['astral names', '<\u{10000}><\u{efffd}/></\u{10000}>', ['\u{10000} 0-4-9-14', '\u{efffd} 4-9-9-9']],
    ['names of all letters', '<aé·\u0301中:_.-1/>', ['aé·\u0301中:_.-1 0-13-13-13']],
    ['DEL and C1 characters', '<a>\u007f\u0085</a>', ['a 0-3-5-9']],
    ['all references', '<a>&lt;&gt;&amp;&apos;&quot;&#9;&#x10FFFF;</a>', ['a 0-3-42-46']],
    ['names that begin alike', "<a bcd='' b='' bc='' éé='' é='' e\u0301=''></a>", ['a 0-38-38-42']],
  ])('%s', (_, text, expected) => {
    expect(outline(text)).toEqual(expected);
  });
});

describe('several documents in a row', () => {
  const several = true;

  test.each([
    ['one', '<a/>', ['a 0-4-4-4']],
    ['two', '<a><b/></a>\n<a/>', ['a 0-3-7-11', 'b 3-7-7-7', 'a 12-16-16-16']],
    [
      'each with a declaration',
      "<?xml version='1.0'?><a/>\n<?xml version='1.0'?><b/>",
      ['a 21-25-25-25', 'b 47-51-51-51'],
    ],
    ['with comments and instructions between', '<a/><!-- --><?x?><b/>', ['a 0-4-4-4', 'b 17-21-21-21']],
  ])('%s', (_, text, expected) => {
    expect(outline(text, { several })).toEqual(expected);
  });

  test('the tree has the index of each root', () => {
    const { roots } = scanXml('<a><b/></a><c/><d/>', { several });
    expect(roots).toEqual([0, 2 * NODE_SIZE, 3 * NODE_SIZE]);
  });

  test.each([
    ['text between', '<a/>x<b/>', 'bad-xml 1:5'],
    ['a declaration inside', "<a/><b><?xml version='1.0'?></b>", 'bad-xml 1:8'],
    ['a declaration that is not valid', "<a/>\n<?xml version='2.0'?><b/>", 'bad-xml 2:1'],
    ['the second is not closed', '<a/>\n<b>', 'bad-xml 2:1'],
    ['the second is too deep', '<a/><b><c/></b>', 'too-deep 1:8'],
  ])('are refused: %s', (_, text, expected) => {
    expect(verdict(text, { several, maxDepth: 1 })).toBe(expected);
  });
});

describe('hostile sizes are read', () => {
  test.each([
    ['20,000 attributes', `<a${attributes(20_000)}/>`, 1],
    ['200,000 siblings', `<a>${'<b/>'.repeat(200_000)}</a>`, 200_001],
    ['10 MB of text', `<a>${'text ]]&gt; '.repeat(800_000)}</a>`, 1],
    ['10 MB of text beyond ASCII', `<a>${'ü€'.repeat(2_500_000)}</a>`, 1],
    ['a comment of 1 MB', `<a><!--${'- '.repeat(500_000)}--></a>`, 1],
    ['a value of 1 MB', `<a b='${'&lt;"'.repeat(200_000)}'/>`, 1],
    ['a name of 1 MB', `<${'a'.repeat(1_000_000)}/>`, 1],
  ])('%s', (_, text, count) => {
    expect(scanXml(text).nodes).toHaveLength(count * NODE_SIZE);
  });

  test('a repeated attribute is found behind 20,000 others', () => {
    expect(verdict(`<a${attributes(20_000)}\na19999=''/>`)).toBe('bad-xml 2:1');
  });
});
