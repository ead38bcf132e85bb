// Tries lib/cli/files/cpu-map.ts as well.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, domain, folder, HOSTS, off, run, text, TWIN } from './run.ts';

/** A host of the tiny CPU map below. */
const tiny = (...features: readonly string[]): string =>
  `<cpu>\n<arch>x86_64</arch>\n<model>tiny</model>\n${features.map((name) => `<feature name='${name}'/>\n`).join('')}</cpu>\n`;
/** A host every bundled map can read. */
const plain = (...features: readonly string[]): string => tiny(...features).replace('tiny', '486');
const capabilities = (uuid: string, ...features: readonly string[]): string =>
  `<capabilities><host><uuid>${uuid}</uuid>${plain(...features)}</host></capabilities>\n`;

const HARDWARE =
  'clwb gfni mmxext fxsr_opt clzero xsaveerptr 3dnowprefetch cr8legacy osvw vme misalignsse'.split(' ');

const TABLE = `x86-64 level: v1 on a, b; in common v1
feature     a    b
(grade)     A    A
clflushopt  -    yes
clwb        yes  -
lahf_lm     yes  -
`;
const FIRST = '5a7d0cd2-6f3f-4ed6-9d6c-000000000001';
const V9 = ['--libvirt-version', '9.0.0'];

const cwd = folder({
  ...TWIN,
  'one.xml': plain('pcid', 'stibp'),
  'twin-of-one.xml': plain('pcid', 'stibp'),
  'two.XML': plain('taa-no'),
  'x=y.xml': plain('pcid'),
  'caps.xml': capabilities(FIRST, 'avx'),
  // The hardware of kvm-a.xml has what that shows to guests.
  'kvm-a-caps.xml': capabilities(FIRST, ...HARDWARE).replace('486', 'Opteron_G3'),
  'twin.xml': capabilities(FIRST, 'avx', 'pcid'),
  'other.xml': capabilities(FIRST.replace('1', '2'), 'avx'),
  'strange.xml': plain('pcid').replace('486', 'Skylake-Client'),
  'pool.xml': plain('pcid') + plain('stibp'),
  'tiny-1.xml': tiny('tsc'),
  'tiny-2.xml': tiny(),
});
for (const path of ['map', 'x/z', 'y/z']) mkdirSync(join(cwd, path), { recursive: true });
for (const path of ['x/n.xml', 'y/n.xml', 'x/z/n.xml', 'y/z/n.xml', 'x/m.xml', 'x/m.json'])
  writeFileSync(join(cwd, path), plain('pcid'));
symlinkSync('kvm-a.xml', join(cwd, 'link.xml'));
const INDEX = "<cpus>\n<arch name='x86'>\n<include filename='x86.xml'/>\n</arch>\n</cpus>\n";
const X86 = `<cpus>
<feature name='fpu'><cpuid eax_in='0x01' edx='0x00000001'/></feature>
<feature name='tsc'><cpuid eax_in='0x01' edx='0x00000010'/></feature>
<model name='tiny'><feature name='fpu'/></model>
</cpus>
`;
const MAP = {
  version: '4.5.6',
  vendors: {},
  features: [
    { name: 'fpu', bit: ['cpuid', 1, 0, 'edx', 0] },
    { name: 'tsc', bit: ['cpuid', 1, 0, 'edx', 4] },
  ],
  models: [{ name: 'tiny', features: ['fpu'] }],
  arm: { features: [], models: [] },
  ppc64: { vendors: [], models: [] },
};
writeFileSync(join(cwd, 'map/index.xml'), INDEX);
writeFileSync(join(cwd, 'map/x86.xml'), X86);
writeFileSync(join(cwd, 'map.json'), JSON.stringify(MAP));

interface Facts {
  readonly hosts: readonly { readonly name: string; readonly cpuMaps: readonly string[] }[];
  readonly issues: readonly { readonly code: string; readonly severity: string }[];
  readonly common: readonly string[];
}

/** What --json tells of these hosts. */
function factsOf(...words: readonly string[]): Facts {
  const { code, out } = run(cwd, ['diff', ...words, '--json']);
  expect(code).toBe(0);
  return JSON.parse(out) as Facts;
}

/** Host names and the versions of the maps they were read with. */
function mapsOf(...words: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(factsOf(...words).hosts.map(({ name, cpuMaps }) => [name, cpuMaps]));
}

const namesOf = (...words: readonly string[]): readonly string[] =>
  factsOf(...words).hosts.map(({ name }) => name);

describe('the table', () => {
  test('has a line for each feature and a column for each host', () => {
    expect(run(cwd, ['diff', ...HOSTS])).toEqual({
      code: 0,
      out: TABLE,
      err: '43 features in common, 3 differ\n',
    });
  });

  test('is as wide as the longest name, its columns sorted', () => {
    const words = ['--host', 'second=kvm-b.xml', '--host', 'a-long-name=kvm-a.xml', ...V9];
    expect(run(cwd, ['diff', ...words]).out).toBe(`x86-64 level: v1 on a-long-name, second; in common v1
feature     a-long-name  second
(grade)     A            A
clflushopt  -            yes
clwb        yes          -
lahf_lm     yes          -
`);
  });

  test('marks what nobody knows', () => {
    const words = ['--host', 'new=one.xml', '--host', 'old=tiny-2.xml', '--cpu-map', 'old=map'];
    expect(run(cwd, ['diff', ...words, '--libvirt-version', 'new=9.0.0']).out).toBe(`feature  new  old
(grade)  C    C
pcid     yes  ?
pse      yes  ?
stibp    yes  ?
vme      yes  ?
`);
  });

  test('is left out for identical hosts', () => {
    const words = ['diff', '--host', 'a=kvm-a.xml', '--host', 'b=kvm-a-twin.xml', ...V9];
    expect(run(cwd, words)).toEqual({
      code: 0,
      out: 'x86-64 level: v1 on a, b; in common v1\ngrade of sources: A on all hosts\n',
      err: '45 features in common, 0 differ\n',
    });
  });

  test('is left out for hosts that are no pool', () => {
    const intel = bytesOf(cwd, 'kvm-b.xml').replace('<vendor>AMD<', '<vendor>Intel<');
    const ran = run(cwd, ['diff', '--host', 'a=kvm-a.xml', '--host', 'b=-', ...V9], { input: intel });
    expect(ran).toEqual({
      code: 1,
      out: '',
      err: text(/^error: .*\(AMD: a; Intel: b\).*\n"virt-migratable pools" .*\n$/),
    });
  });
});

describe('--json', () => {
  test('holds the whole comparison', () => {
    const { code, out, err } = run(cwd, ['diff', ...HOSTS, '--json']);
    const result = JSON.parse(out) as Record<string, unknown>;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`${JSON.stringify(result, null, 2)}\n`);
    expect(Object.keys(result)).toEqual([
      ...[
        'schemaVersion',
        'command',
        'levels',
        'arch',
        'vendor',
        'hosts',
        'common',
        'surplus',
        'losses',
        'issues',
      ],
    ]);
    const unknown = { unknownOn: [], unnamedOn: [] };
    expect(result).toMatchObject({
      schemaVersion: 1,
      command: 'diff',
      arch: 'x86_64',
      vendor: 'AMD',
      surplus: { a: ['clwb', 'lahf_lm'], b: ['clflushopt'] },
      losses: [
        { feature: 'clflushopt', presentOn: ['b'], missingOn: ['a'], ...unknown },
        { feature: 'clwb', presentOn: ['a'], missingOn: ['b'], ...unknown },
        { feature: 'lahf_lm', presentOn: ['a'], missingOn: ['b'], ...unknown },
      ],
      issues: [],
    });
    expect(result['common']).toHaveLength(43);
  });

  test('is the same for identical hosts, without losses', () => {
    const facts = factsOf('--host', 'a=kvm-a.xml', '--host', 'b=kvm-a-twin.xml', ...V9);
    expect(facts).toMatchObject({ surplus: { a: [], b: [] }, losses: [] });
    expect(facts.common).toHaveLength(45);
  });
});

describe('--host', () => {
  const A = ['--host', 'a=kvm-a.xml'];

  test.each([
    ['the name given', 'name=one.xml', 'name'],
    ['the file without .xml', 'one.xml', 'one'],
    ['the file without .XML', 'two.XML', 'two'],
    ['the file without its folder', '../x/./map/../../x/one.xml', 'one'],
    ['what stands before the first "="', 'b=x=y.xml', 'b'],
    ['the file, where a slash precedes the "="', './x=y.xml', 'x=y'],
    ['a name beyond ASCII, with blanks', 'Büro 1=one.xml', 'Büro 1'],
    ['a name every object has', '__proto__=one.xml', '__proto__'],
    ['a name every object has, too', 'constructor=one.xml', 'constructor'],
  ])('is called by %s', (_, word, name) => {
    const path = word.replaceAll('../x/', `../${cwd.slice(cwd.lastIndexOf('/') + 1)}/`);
    expect(namesOf('--host', path, '--host', 'zz=twin-of-one.xml', ...V9)).toEqual([name, 'zz'].sort());
  });

  test.each([
    ['one name for two hosts', ['a=kvm-b.xml'], 'each of them is a whole host'],
    ['one name for unlike hosts', ['a=strange.xml'], 'they state unlike vendor (AMD, Intel)'],
    ['one name for two UUIDs', ['c=caps.xml', 'c=other.xml'], 'they state unlike UUIDs'],
    ['one file by a link', ['b=link.xml'], 'the same file'],
    ['one file under two names', ['b=kvm-a.xml'], 'the same file'],
  ])('%s is an error', (_, more, why) => {
    const ran = run(cwd, ['diff', ...A, ...more.flatMap((word) => ['--host', word]), ...V9]);
    expect(ran).toEqual({ code: 2, out: '', err: text(why) });
  });

  test.each([
    ['one file name in two folders', ['x/n.xml', 'y/n.xml'], ['x/n', 'y/n']],
    ['one folder name in two folders', ['x/z/n.xml', 'y/z/n.xml'], ['x/z/n', 'y/z/n']],
    ['a name that was given already', ['n=x/n.xml', 'y/n.xml'], ['n', 'y/n']],
    ['names that differ in their ending', ['x/m.xml', 'x/m.json'], ['m.json', 'm.xml']],
  ])('%s stays apart', (_, words, names) => {
    const ran = run(cwd, ['diff', ...words.flatMap((word) => ['--host', word]), ...V9, '--json']);
    expect(ran.err).toMatch(/^note: hosts with the same name are named by file or directory: /);
    expect((JSON.parse(ran.out) as Facts).hosts.map(({ name }) => name)).toEqual(names);
  });

  test('of one name in capabilities and domcapabilities is one host, its features those of the latter', () => {
    const facts = factsOf(...HOSTS, '--host', 'a=kvm-a-caps.xml');
    const { hosts, ...features } = factsOf(...HOSTS);
    expect(facts).toMatchObject(features);
    expect(facts.hosts[0]).toMatchObject({ ...hosts[0], uuid: '5a7d0cd2-6f3f-4ed6-9d6c-000000000001' });
    expect(factsOf('--host', 'a=kvm-a-caps.xml', ...HOSTS)).toEqual(facts);
  });

  test('given twice under two names is refused, unless boards are clones', () => {
    const words = ['diff', '--host', 'a=caps.xml', '--host', 'b=twin.xml', ...V9, '--json'];
    const severities = (...more: string[]): unknown => {
      const { code, out } = run(cwd, [...words, ...more]);
      const { issues } = JSON.parse(out) as Facts;
      return [code, issues.map(({ code: name, severity }) => `${severity} ${name}`)];
    };
    expect(severities()).toEqual([1, ['warning weak-source', 'error duplicate-host']]);
    expect(severities('--same-host')).toEqual([0, ['warning weak-source', 'warning duplicate-host']]);
  });

  test('may hold several documents', () => {
    expect(namesOf('--host', 'pool.xml', ...V9)).toEqual(['pool#1', 'pool#2']);
  });
});

describe('--libvirt-version', () => {
  const TWO = ['--host', 'a=one.xml', '--host', 'b=twin-of-one.xml'];
  const ALL = ['9.0.0', '11.3.0', '12.8.0'];

  test.each([
    ['nothing', [], { a: ALL, b: ALL }],
    ['all hosts', ['11.3.0'], { a: ['11.3.0'], b: ['11.3.0'] }],
    ['one host', ['b=9.0.0'], { a: ALL, b: ['9.0.0'] }],
    ['one host and all others', ['b=9.0.0', '12.8.0'], { a: ['12.8.0'], b: ['9.0.0'] }],
    ['all others and one host', ['12.8.0', 'b=9.0.0'], { a: ['12.8.0'], b: ['9.0.0'] }],
    ['a version between two maps', ['10.0.0'], { a: ['9.0.0', '11.3.0'], b: ['9.0.0', '11.3.0'] }],
    ['a version as a distribution writes it', ['libvirt 9.0.0-4+deb12u1'], { a: ['9.0.0'], b: ['9.0.0'] }],
    ['two numbers', ['9.0'], { a: ['9.0.0'], b: ['9.0.0'] }],
  ])('states %s', (_, versions, maps) => {
    expect(mapsOf(...TWO, ...versions.flatMap((version) => ['--libvirt-version', version]))).toEqual(maps);
  });

  test('leaves nothing to be noted', () => {
    const codes = (...words: readonly string[]): readonly string[] =>
      factsOf(...TWO, ...words).issues.map(({ code }) => code);
    expect(codes()).toContain('inferred-libvirt-version');
    expect(codes(...V9)).toEqual(['weak-source']);
  });

  test.each(['newest', '', 'a=newest', 'v'])('"%s" is none', (version) => {
    const ran = run(cwd, ['diff', ...TWO, '--libvirt-version', version]);
    expect(ran).toEqual({
      code: 2,
      out: '',
      err: text(/^error: ".*" is not a libvirt version\n$/),
    });
  });
});

describe('--cpu-map', () => {
  const TINY = ['--host', 'a=tiny-1.xml', '--host', 'b=tiny-2.xml'];

  test.each([
    ['a directory', ['--cpu-map', 'map'], ['unknown']],
    ['a directory with its version', ['--cpu-map', 'map', '--libvirt-version', '4.5.6'], ['4.5.6']],
    ['JSON', ['--cpu-map', 'map.json'], ['4.5.6']],
    ['one for each host', ['--cpu-map', 'a=map.json', '--cpu-map', 'b=map.json'], ['4.5.6']],
  ])('reads %s', (_, words, versions) => {
    expect(run(cwd, ['diff', ...TINY, ...words]).out).toBe(
      'feature  a    b\n(grade)  C    C\ntsc      yes  -\n',
    );
    expect(mapsOf(...TINY, ...words)).toEqual({ a: versions, b: versions });
  });

  test('holds for the host it names only', () => {
    const ran = run(cwd, ['diff', ...TINY, '--cpu-map', 'a=map']);
    expect(ran).toMatchObject({ code: 2, out: '', err: text('tiny-2.xml:3:1: ') });
  });

  test('of one host goes before that of all', () => {
    const words = [...TINY, '--cpu-map', 'b=map', '--cpu-map', 'map.json'];
    expect(mapsOf(...words)).toEqual({ a: ['4.5.6'], b: ['unknown'] });
  });

  test('decides which features exist', () => {
    const words = ['check', '-', ...TINY, '--cpu-map', 'map'];
    expect(run(cwd, words, { input: domain(off('tsc')) })).toMatchObject({ code: 0 });
    expect(run(cwd, words, { input: domain(off('avx')) })).toMatchObject({ code: 2 });
  });

  const files = { 'index.xml': INDEX, 'x86.xml': X86 };
  test.each([
    ['without index.xml', { 'index.xml': undefined }, 'bad-map', 'index.xml'],
    ['without a file it includes', { 'x86.xml': undefined }, 'bad-map', 'x86.xml'],
    ['that is not well-formed', { 'x86.xml': '<cpus>' }, 'bad-xml', 'is never closed'],
    ['with another root', { 'x86.xml': '<cpu/>' }, 'bad-map', '<cpu>'],
    [
      'with two features on one bit',
      { 'x86.xml': X86.replace('0x00000010', '0x00000001') },
      'bad-map',
      '"tsc"',
    ],
    ['with a feature without a bit', { 'x86.xml': "<cpus><feature name='a'/></cpus>" }, 'bad-map', '"a"'],
    [
      'with a model of an unknown feature',
      { 'x86.xml': X86.replace("<feature name='fpu'/>", "<feature name='f'/>") },
      'bad-map',
      '"f"',
    ],
    [
      'with a model of an unknown parent',
      { 'x86.xml': X86.replace("'tiny'>", "'tiny'><model name='p'/>") },
      'bad-map',
      '"p"',
    ],
  ])('a directory %s is refused', (_, change, code, words) => {
    const broken = folder({ 'tiny-1.xml': tiny(), 'tiny-2.xml': tiny() });
    mkdirSync(join(broken, 'map'));
    for (const [name, content] of Object.entries({ ...files, ...change }))
      if (content !== undefined) writeFileSync(join(broken, 'map', name), content);
    const ran = run(broken, ['diff', ...TINY, '--cpu-map', 'map', '--json']);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(words);
    expect(JSON.parse(ran.out)).toMatchObject({ schemaVersion: 1, error: { code } });
  });

  test.each([
    ['text', 'hello'],
    ['XML', X86],
    ['another object', '{}'],
    ['a list', '[]'],
    ['nothing', 'null'],
    [
      'two features on one bit',
      JSON.stringify({
        ...MAP,
        features: MAP.features.map(({ name }) => ({ name, bit: ['msr', 1, 'eax', 0] })),
      }),
    ],
    ['a file of a map', '<cpus/>'],
    [
      'a model of an unknown feature',
      JSON.stringify({ ...MAP, models: [{ name: 'tiny', features: ['f'] }] }),
    ],
  ])('a file that holds %s is refused', (_, content) => {
    const broken = folder({ 'tiny-1.xml': tiny(), 'tiny-2.xml': tiny(), 'map.json': content });
    const ran = run(broken, ['diff', ...TINY, '--cpu-map', 'map.json']);
    expect(ran).toEqual({
      code: 2,
      out: '',
      err: text(/^error: map\.json is no CPU map: /),
    });
  });

  test('a missing one is told', () => {
    const ran = run(cwd, ['diff', ...TINY, '--cpu-map', 'missing']);
    expect(ran).toEqual({ code: 2, out: '', err: text(/^error: cannot read missing: /) });
  });
});
