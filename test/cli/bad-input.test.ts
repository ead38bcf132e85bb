import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, domain, folder, HOSTS, off, run, type Ran, text } from './run.ts';

/** What the file holds, and the code and place (line:column) of the error. */
type Row = readonly [name: string, content: string | Buffer, code: string, place: string];

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
const withCpu = (cpu: string): string => `<domain type='kvm'>\n  <name>guest</name>\n  ${cpu}\n</domain>\n`;
const hostCpu = (...lines: readonly string[]): string =>
  `<cpu>\n  <arch>x86_64</arch>\n  <model>486</model>\n${lines.map((line) => `  ${line}\n`).join('')}</cpu>\n`;

/** Wrong whatever the file is to be. */
const EITHER: readonly Row[] = [
  ['an empty file', '', 'empty-document', '1:1'],
  ['nothing but blanks', ' \n\t\n', 'empty-document', '1:1'],
  ['nothing but a byte order mark', '\ufeff', 'empty-document', '1:1'],
  ['nothing but a comment', '<!-- nothing -->\n', 'empty-document', '1:1'],
  ['text before the root', 'hello <domain/>\n', 'bad-xml', '1:1'],
  ['text behind the root', '<domain/>\nhello\n', 'bad-xml', '2:1'],
  ['a CDATA section behind the root', '<domain/>\n<![CDATA[x]]>\n', 'bad-xml', '2:1'],
  ['an element closed by another end tag', '<domain>\n  <cpu>\n</domain>\n', 'bad-xml', '3:1'],
  ['an end tag in another case', '<domain>\n</Domain>\n', 'bad-xml', '2:1'],
  ['an element never closed', '<domain>\n  <name>x</name>\n', 'bad-xml', '1:1'],
  ['an end tag alone', '</domain>', 'bad-xml', '1:1'],
  ['a tag cut off', "<domain>\n  <cpu mode='x'", 'bad-xml', '2:3'],
  ['an element without a name', '<domain>< cpu/></domain>', 'bad-xml', '1:10'],
  ['an element named by a number', '<domain><1cpu/></domain>', 'bad-xml', '1:10'],
  ['an attribute without a value', '<domain type/>', 'bad-xml', '1:9'],
  ['an attribute without quotes', '<domain type=kvm/>', 'bad-xml', '1:14'],
  ['an attribute twice', "<domain type='a' type='b'/>", 'bad-xml', '1:18'],
  ['attributes without a blank', "<domain a='1'b='2'/>", 'bad-xml', '1:14'],
  ['an attribute value with "<"', "<domain type='a<b'/>", 'bad-xml', '1:16'],
  ['an attribute value cut off', "<domain>\n\t<cpu mode='x", 'bad-xml', '2:12'],
  ['an undefined entity', '<domain>\n  <name>&nbsp;</name>\n</domain>\n', 'bad-xml', '2:9'],
  ['an undefined entity in an attribute', "<domain type='&kvm;'/>", 'bad-xml', '1:15'],
  ['a plain "&"', '<domain>a & b</domain>', 'bad-xml', '1:11'],
  ['a reference to U+0000', '<domain>&#0;</domain>', 'bad-xml', '1:9'],
  ['a reference beyond Unicode', '<domain>&#x110000;</domain>', 'bad-xml', '1:9'],
  ['"--" in a comment', '<domain>\n  <!-- a -- b -->\n</domain>\n', 'bad-xml', '2:10'],
  ['a comment that ends in "--->"', '<domain><!-- a ---></domain>', 'bad-xml', '1:16'],
  ['a comment never closed', '<domain>\n  <!-- a\n</domain>\n', 'bad-xml', '2:3'],
  ['a CDATA section never closed', '<domain><![CDATA[ ]]</domain>', 'bad-xml', '1:9'],
  ['"]]>" in text', '<domain>]]></domain>', 'bad-xml', '1:9'],
  ['a processing instruction never closed', '<domain><?p x></domain>', 'bad-xml', '1:9'],
  ['an XML declaration inside', "<domain><?xml version='1.0'?></domain>", 'bad-xml', '1:9'],
  ['an XML declaration without a version', "<?xml encoding='UTF-8'?><domain/>", 'bad-xml', '1:1'],
  ['the character U+0000', '<domain>\0</domain>', 'bad-xml', '1:9'],
  ['a control character', '<domain>\n\t\u0001\n</domain>', 'bad-xml', '2:2'],
  ['a control character in an attribute', "<domain type='\u001b[31m'/>", 'bad-xml', '1:15'],
  ['the character U+FFFF', '<domain>\uffff</domain>', 'bad-xml', '1:9'],
  ['a place on a line behind CR LF and CR', '<domain>\r\n<name/>\r&x;</domain>', 'bad-xml', '3:1'],
  ['a DOCTYPE', '<!DOCTYPE domain>\n<domain/>\n', 'doctype', '1:1'],
  ['an entity declaration', '<!DOCTYPE d [<!ENTITY a "b">]>\n<d>&a;</d>\n', 'doctype', '1:1'],
  ['an external entity', '<!DOCTYPE d [<!ENTITY a SYSTEM "kvm-a.xml">]><d>&a;</d>', 'doctype', '1:1'],
  ['a declaration inside', '<domain><!ELEMENT a EMPTY></domain>', 'bad-xml', '1:9'],
  ['UTF-16 with a byte order mark', utf16('\ufeff<domain/>'), 'bad-encoding', '1:1'],
  ['UTF-16 of the other order', utf16('\ufeff<domain/>').swap16(), 'bad-encoding', '1:1'],
  ['UTF-16 without a byte order mark', utf16('<domain/>'), 'bad-encoding', '1:1'],
  ['UTF-16 declared', "<?xml version='1.0' encoding='UTF-16'?>\n<domain/>", 'bad-encoding', '1:1'],
  ['Latin-1 bytes', Buffer.from('<domain>\n  <name>Gäste</name>', 'latin1'), 'bad-encoding', '2:10'],
  ['Latin-1 declared', "<?xml version='1.0' encoding='latin1'?><d>ä</d>", 'bad-encoding', '1:1'],
  ['a character cut off', Buffer.from('<domain>€', 'utf8').subarray(0, -1), 'bad-encoding', '1:9'],
  ['elements nested 257 deep', nested(257), 'too-deep', '1:769'],
  ['an element with a reserved name', '<domain>\n  <constructor/>\n</domain>', 'reserved-name', '2:4'],
  ['an attribute with a reserved name', "<domain __proto__='x'/>", 'reserved-name', '1:9'],
  ['a root that is neither', '<network/>', 'wrong-root', '1:1'],
  ['a root in a namespace', "<!-- -->\n<domain xmlns='urn:x'/>", 'wrong-root', '2:1'],
];

const DOMAINS: readonly Row[] = [
  ['plain text', 'hello\n', 'bad-xml', '1:1'],
  ['a prompt before the root', '[root@kvm ~]# virsh dumpxml web\n<domain/>\n', 'bad-xml', '1:1'],
  ['two roots', "<domain type='kvm'/>\n<network/>\n", 'bad-xml', '2:1'],
  ['a declaration behind a line break', "\n<?xml version='1.0'?>\n<domain/>", 'bad-xml', '2:1'],
  ["a host's document", '<domainCapabilities/>', 'wrong-root', '1:1'],
  ['a snapshot without a domain', '<domainsnapshot/>', 'wrong-root', '1:1'],
  ['a second <cpu>', withCpu("<cpu mode='host-model'/>\n  <cpu/>"), 'two-cpus', '4:3'],
  ['a feature twice', domain(off('avx'), off('pcid'), off('avx')), 'duplicate-feature', '9:5'],
  ['a feature name with a blank', domain("<feature name='a b'/>"), 'bad-feature-name', '7:5'],
  ['a feature name with markup', domain("<feature name='&lt;x/>'/>"), 'bad-feature-name', '7:5'],
  ['a feature without a name', domain("<feature policy='disable'/>"), 'bad-feature-name', '7:5'],
  ['an unknown policy', domain("<feature policy='off' name='avx'/>"), 'invalid-value', '7:5'],
  ['an unknown mode', withCpu("<cpu mode='passthrough'/>"), 'invalid-value', '3:3'],
  ['features without a model', withCpu("<cpu><feature name='avx'/></cpu>"), 'no-cpu-model', '3:3'],
  ['a vendor without a model', withCpu('<cpu><vendor>AMD</vendor></cpu>'), 'no-cpu-model', '3:3'],
];

const HOST_FILES: readonly Row[] = [
  ['plain text', 'hello\n', 'unknown-format', '1:1'],
  ["a guest's document", domain(), 'wrong-root', '6:3'],
  ['a domain without a <cpu>', '<domain/>', 'wrong-root', '1:1'],
  ['capabilities without a host', '<capabilities/>', 'no-cpu-model', '1:1'],
  ['capabilities without a <cpu>', '<capabilities><host/></capabilities>', 'no-cpu-model', '1:15'],
  ['a second <cpu>', '<capabilities><host><cpu/><cpu/></host></capabilities>', 'two-cpus', '1:27'],
  ['a <cpu> without an architecture', '<cpu>\n<model>486</model>\n</cpu>', 'unknown-arch', '1:1'],
  ['an unknown architecture', '<cpu><arch>z80</arch><model>486</model></cpu>', 'unknown-arch', '1:1'],
  ['a <cpu> without a model', '<cpu><arch>x86_64</arch></cpu>', 'no-cpu-model', '1:1'],
  ['an unknown model', hostCpu().replace('486', '80486'), 'unknown-model', '3:3'],
  ['an unknown vendor', hostCpu('<vendor>ACME</vendor>'), 'unknown-vendor', '4:3'],
  ['an unknown feature', hostCpu("<feature name='nope'/>"), 'unknown-feature', '4:3'],
  ['a feature without a name', hostCpu('<feature/>'), 'bad-feature-name', '4:3'],
  ['a feature twice', hostCpu("<feature name='avx'/>", "<feature name='avx'/>"), 'duplicate-feature', '5:3'],
  [
    'an unknown policy',
    "<cpu match='exact'><model>486</model><feature policy='x' name='avx'/></cpu>",
    'invalid-value',
    '1:38',
  ],
  ['the mark of a failed decoding', hostCpu('<vendor>\ufffd</vendor>'), 'bad-encoding', '4:11'],
];

/** Runs a rewrite that must leave an older target alone. */
function rewriteOver(content: string | Buffer, words: readonly string[]): Ran {
  const cwd = folder({ 'bad.xml': content, 'guest.xml': domain(), 'target.xml': 'old\r\n\xff' });
  const ran = run(cwd, ['rewrite', ...words, '-o', 'target.xml']);
  expect(bytesOf(cwd, 'target.xml')).toBe(Buffer.from('old\r\n\xff').toString('latin1'));
  return ran;
}

const SHOWN = /^(bad\.xml:\d+:\d+): error: \S.*\n.*\n[\t ]*\^\n\S.*\n$/;

/** How a rewrite is refused: as data, and in words that begin with the place, show the line and end with a hint. */
function refusal(words: readonly string[], content: string | Buffer): object {
  const { code, out, err } = rewriteOver(content, [...words, '--json']);
  const { schemaVersion, error } = JSON.parse(out) as {
    readonly schemaVersion: number;
    readonly error: Readonly<Record<string, string | number>>;
  };
  const { file, line, column, message, excerpt, hint, ...rest } = error;
  // Where there is no text, there is no line to show.
  const shown = excerpt === '' ? /^(bad\.xml:\d+:\d+): error: \S.*\n\S.*\n$/ : SHOWN;
  const told = shown.exec(err)?.[1];
  expect([typeof message, typeof excerpt, typeof hint]).toEqual(['string', 'string', 'string']);
  return { exit: code, schemaVersion, ...rest, at: [file, line, column].join(':'), told };
}

/** The refusal a row calls for. */
function refused(code: string, place: string): object {
  return { exit: 2, schemaVersion: 1, code, at: `bad.xml:${place}`, told: `bad.xml:${place}` };
}

describe('a domain', () => {
  test.each([...EITHER, ...DOMAINS])('%s', (_, content, code, place) => {
    const words = ['bad.xml', ...HOSTS];
    expect(refusal(words, content)).toEqual(refused(code, place));
    expect(rewriteOver(content, words)).toEqual({ code: 2, out: '', err: text(`bad.xml:${place}: `) });
  });
});

describe('a host', () => {
  const words = ['guest.xml', '--host', 'a=kvm-a.xml', '--host', 'b=bad.xml'];

  test.each([...EITHER, ...HOST_FILES])('%s', (_, content, code, place) => {
    expect(refusal(words, content)).toEqual(refused(code, place));
  });

  test('is refused in words alone without --json', () => {
    expect(rewriteOver('<cpu>', words)).toEqual({ code: 2, out: '', err: text('bad.xml:1:1: ') });
  });
});

describe('the caret', () => {
  test.each([
    ['stands under the culprit', '<domain>\n  <name>&nbsp;</name>\n', '  <name>&nbsp;</name>\n        ^\n'],
    ['keeps tabs', '<domain>\n\t<a>\t&x;\n', '\t<a>\t&x;\n\t   \t^\n'],
    ['shows no control characters', '<domain>\u001b[31m\u0007', '<domain>?[31m?\n        ^\n'],
    ['counts a byte order mark', '\ufeff<domain>&x;', '?<domain>&x;\n         ^\n'],
    [
      'cuts a long line',
      `<domain>${'a'.repeat(300)}&x;${'b'.repeat(300)}`,
      `${'a'.repeat(50)}&x;${'b'.repeat(47)}\n${' '.repeat(50)}^\n`,
    ],
  ])('%s', (_, content, excerpt) => {
    const cwd = folder({ 'bad.xml': content });
    const { err } = run(cwd, ['check', 'bad.xml', ...HOSTS]);
    expect(err.slice(err.indexOf('\n') + 1, err.indexOf('^') + 2)).toBe(excerpt);
  });
});

describe('what no host knows', () => {
  test.each([
    [
      'a model',
      withCpu("<cpu mode='custom'>\n<model>Nope</model>\n</cpu>"),
      'unknown-model',
      '3:3',
      '"Nope"',
    ],
    [
      'a feature',
      domain("<feature policy='require' name='avx-2'/>"),
      'unknown-feature',
      '7:5',
      'did you mean "avx2"?',
    ],
    [
      "a feature in QEMU's spelling",
      domain(off('sse4-1')),
      'unknown-feature',
      '7:5',
      'did you mean "sse4.1"?',
    ],
    [
      'a feature like no other',
      domain(off('zzzzzzzz')),
      'unknown-feature',
      '7:5',
      '"zzzzzzzz": remove that line, or update libvirt there [unknown-feature]\n',
    ],
  ])('%s', (_, content, code, place, words) => {
    const told = rewriteOver(content, ['bad.xml', ...HOSTS]);
    expect({ code: told.code, out: told.out }).toEqual({ code: 2, out: '' });
    expect(told.err).toMatch(
      new RegExp(`^bad\\.xml:${place}: error: [^\\n]*\\ba, b\\b[^\\n]*\\n[^\\n]*\\n *\\^\\n$`),
    );
    expect(told.err).toContain(words);

    const asJson = rewriteOver(content, ['bad.xml', ...HOSTS, '--json']);
    const [line, column] = place.split(':').map(Number);
    expect(asJson.code).toBe(2);
    expect(JSON.parse(asJson.out)).toMatchObject({
      schemaVersion: 1,
      ok: false,
      issues: [
        {
          ...{ code, severity: 'error', line, column },
          [code === 'unknown-model' ? 'hosts' : 'unnamedOn']: ['a', 'b'],
        },
      ],
    });
  });
});

describe('limits', () => {
  const padded = domain().replace('</name>', `</name><!--${'x'.repeat(16 * 1024 * 1024)}-->`);

  test('a document of more than 16 MiB is refused', () => {
    expect(refusal(['bad.xml', ...HOSTS], padded)).toEqual(refused('too-large', '1:1'));
  });

  test('--max-length lets it in', () => {
    const cwd = folder({ 'large.xml': padded });
    expect(run(cwd, ['check', 'large.xml', ...HOSTS, '--max-length', '17000000'])).toMatchObject({
      code: 1,
      err: '',
    });
  });

  test('--max-length holds for hosts', () => {
    const cwd = folder();
    expect(run(cwd, ['diff', ...HOSTS, '--max-length', '8000']).err).toContain('kvm-a.xml:1:1: ');
  });

  test('256 levels are accepted, and with --max-depth 257', () => {
    const deep = (depth: number): string => domain().replace('</name>', `</name>${nested(depth)}`);
    const cwd = folder({ 'guest.xml': deep(255), 'deeper.xml': deep(256) });
    expect(run(cwd, ['check', 'guest.xml', ...HOSTS])).toMatchObject({ code: 1, err: '' });
    expect(run(cwd, ['check', 'deeper.xml', ...HOSTS])).toMatchObject({ code: 2, out: '' });
    expect(run(cwd, ['check', 'deeper.xml', ...HOSTS, '--max-depth', '257'])).toMatchObject({
      code: 1,
      err: '',
    });
  });

  test.each(['0', '-1', '1.5', '1e3', 'many', '', '9999999999'])('"%s" is no limit', (limit) => {
    for (const option of ['--max-depth', '--max-length']) {
      const ran = run(folder(), ['diff', ...HOSTS, `${option}=${limit}`]);
      expect(ran).toEqual({
        code: 2,
        out: '',
        err: text(`${option} takes a whole number`),
      });
    }
  });
});

describe('files that cannot be read', () => {
  test.each([
    ['a missing file', 'missing.xml'],
    ['a directory', 'folder.xml'],
    ['a link to itself', 'loop.xml'],
    ['a file in a file', 'guest.xml/guest.xml'],
    ['an empty name', ''],
  ])('%s', (_, name) => {
    const cwd = folder({ 'guest.xml': domain(), 'target.xml': 'old' });
    mkdirSync(join(cwd, 'folder.xml'));
    symlinkSync('loop.xml', join(cwd, 'loop.xml'));
    for (const words of [
      [name, ...HOSTS],
      ...(name === 'folder.xml' ? [] : [['guest.xml', ...HOSTS, '--host', name]]),
    ]) {
      const ran = run(cwd, ['rewrite', ...words, '-o', 'target.xml']);
      expect(ran).toEqual({
        code: 2,
        out: '',
        err: text(/^error: (?:cannot read \S*:|folder\.xml has no guest) [^\n]*\n$/),
      });
      expect(bytesOf(cwd, 'target.xml')).toBe('old');
    }
  });

  test('--json tells it as data', () => {
    const { code, out } = run(folder(), ['check', 'missing.xml', ...HOSTS, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      error: { code: 'not-found', message: text('missing.xml') },
    });
  });
});
