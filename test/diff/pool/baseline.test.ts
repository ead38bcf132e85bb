import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { parseHost } from '../../../lib/parser/host/host.ts';
import type { Baseline } from '../../../types/baseline.ts';
import type { DiffOptions } from '../../../types/options.ts';
import type { Host } from '../../../types/host.ts';
import { told } from '../../support/findings.ts';
import { capabilities, documentedHosts, domcapabilities, host } from '../../support/host.ts';

const basic = ['fpu', 'pse', 'vme'];
const weak = (name: string): Host =>
  parseHost(capabilities(`uuid-of-${name}`, ['avx']), { name, libvirtVersion: '9.0.0' });
const silent = (name: string, arch = 'x86_64'): Host =>
  parseHost(`<domainCapabilities><arch>${arch}</arch></domainCapabilities>`, { name });
const losses = ({ losses: found }: Baseline): readonly string[] =>
  found.map(
    ({ feature, presentOn, missingOn, unknownOn, unnamedOn }) =>
      `${feature}: on ${presentOn.join(',') || '-'}, not on ${missingOn.join(',') || '-'}` +
      (unknownOn.length > 0 ? `, unknown on ${unknownOn.join(',')}` : '') +
      (unnamedOn.length > 0 ? `, no name on ${unnamedOn.join(',')}` : ''),
  );

describe('the example of QEMU’s documentation', () => {
  const baseline = diffHosts(documentedHosts());

  test('has in common what both hosts have', () => {
    expect(baseline.common).toEqual(basic);
  });

  test('gives each host its own surplus', () => {
    expect(baseline.surplus).toEqual({ A: ['pcid', 'stibp'], B: ['taa-no'] });
  });

  test('names who has and who lacks each feature', () => {
    expect(losses(baseline)).toEqual([
      'pcid: on A, not on B',
      'stibp: on A, not on B',
      'taa-no: on B, not on A',
    ]);
  });

  test('has nothing doubtful', () => {
    expect(baseline.issues).toEqual([]);
  });
});

test.each<[string, readonly Host[], readonly string[]]>([
  ['one host has everything in common with itself', [host('a', ['avx'])], ['avx', ...basic]],
  ['equal hosts lose nothing', [host('a', ['avx']), host('b', ['avx'])], ['avx', ...basic]],
  [
    'what one of three lacks is not common',
    [host('a', ['avx', 'aes']), host('b', ['avx', 'aes']), host('c', ['aes'])],
    ['aes', ...basic],
  ],
  ['what a model has and a host lacks is not common', [host('a', ['-pse']), host('b')], ['fpu', 'vme']],
  [
    'spellings are no difference',
    [host('a', ['pclmulqdq', 'sse4_1', 'xd']), host('b', ['pclmuldq', 'sse4.1', 'nx'])],
    ['fpu', 'nx', 'pclmuldq', 'pse', 'sse4.1', 'vme'],
  ],
  [
    'models are no difference where their features are none',
    [host('a', ['cx8', 'de', 'mce', 'mmx', 'msr', 'tsc']), host('b', [], { model: 'pentium' })],
    ['cx8', 'de', 'fpu', 'mce', 'mmx', 'msr', 'pse', 'tsc', 'vme'],
  ],
])('%s', (_, hosts, expected) => {
  expect(diffHosts(hosts).common).toEqual(expected);
});

test.each<[string, readonly Host[], readonly string[]]>([
  ['nothing', [host('a'), host('b')], []],
  [
    'a feature on two of three hosts',
    [host('c', ['avx']), host('a', ['avx']), host('b')],
    ['avx: on a,c, not on b'],
  ],
  [
    'a name that an older libvirt does not have: unknown there, and not to be written there',
    [host('new', ['vmx-ept', 'avx'], { libvirtVersion: '11.3.0' }), host('old')],
    ['avx: on new, not on old', 'vmx-ept: on new, not on -, unknown on old, no name on old'],
  ],
  [
    'a name that depends on a version nobody stated',
    [
      host('exact', ['mpx'], { model: 'Skylake-Client' }),
      host('vague', [], { model: 'Skylake-Client', libvirtVersion: '10.0.0' }),
    ],
    ['mpx: on exact, not on -, unknown on vague'],
  ],
  [
    'a name that is uncertain everywhere',
    ['a', 'b'].map((name) => host(name, [], { model: 'Skylake-Client', libvirtVersion: '10.0.0' })),
    ['mpx: on -, not on -, unknown on a,b'],
  ],
  [
    'the same model read with two maps',
    [
      host('a', [], { model: 'Skylake-Client', libvirtVersion: '9.0.0' }),
      host('b', ['mpx'], { model: 'Skylake-Client', libvirtVersion: '11.3.0' }),
    ],
    [],
  ],
])('who lacks what: %s', (_, hosts, expected) => {
  expect(losses(diffHosts(hosts))).toEqual(expected);
});

test('hosts are sorted by name, with the context they were asked about', () => {
  const hosts = [host('b', [], { vendor: 'AMD' }), host('a', [], { machine: 'pc-q35-8.0' })];
  expect(diffHosts(hosts)).toMatchObject({
    hosts: [
      { name: 'a', arch: 'x86_64', vendor: undefined, model: '486', machine: 'pc-q35-8.0' },
      { name: 'b', vendor: 'AMD', virtType: 'kvm', emulator: '/usr/bin/qemu', machine: 'pc-q35-7.2' },
    ],
    arch: 'x86_64',
    vendor: 'AMD',
  });
});

test('the order of hosts changes nothing', () => {
  const [a, b] = documentedHosts();
  expect(diffHosts([b, a])).toEqual(diffHosts([a, b]));
});

test('names given twice are numbered, so that no host hides another', () => {
  const hosts = [host('a#2', ['aes']), host('a', ['pcid']), host('a', ['avx'])];
  expect(diffHosts(hosts).surplus).toEqual({ a: ['avx'], 'a#2': ['aes'], 'a#3': ['pcid'] });
});

test('the order of hosts of one name changes nothing', () => {
  const [one, other] = [host('a', ['pcid']), host('a', ['avx'])];
  expect(diffHosts([one, other])).toEqual(diffHosts([other, one]));
});

test('capabilities and domcapabilities of one name are one host', () => {
  const baseline = diffHosts([weak('a'), host('a', ['pcid']), host('b')]);
  expect([baseline.surplus, told(baseline.issues)]).toEqual([{ a: ['pcid'], b: [] }, []]);
});

test('a host may have the name of an object’s property', () => {
  const { surplus } = diffHosts([host('__proto__', ['avx']), host('toString')]);
  expect(Object.entries(surplus)).toEqual([
    ['__proto__', ['avx']],
    ['toString', []],
  ]);
});

describe('vendors', () => {
  const amd = host('amd', [], { vendor: 'AMD' });
  const [athlon, conroe] = [host('athlon', [], { model: 'athlon' }), host('conroe', [], { model: 'Conroe' })];

  test.each<[string, readonly Host[], readonly string[]]>([
    ['the same', [amd, host('b', [], { vendor: 'AMD' })], []],
    ['stated by one only', [amd, host('b')], []],
    ['two', [amd, host('intel', [], { vendor: 'Intel' })], ['error vendor-mismatch [amd,intel]']],
    [
      'AMD’s and its licensee’s',
      [amd, host('hygon', [], { vendor: 'Hygon' })],
      ['error vendor-mismatch [amd,hygon]'],
    ],
    ['a stated one against a model’s', [amd, conroe], ['error vendor-mismatch [amd,conroe]']],
    ['of models alone', [athlon, conroe], ['warning vendor-mismatch [athlon,conroe]']],
    [
      'of models alone, two of each',
      [athlon, conroe, { ...athlon, name: 'a' }, { ...conroe, name: 'c' }],
      ['error vendor-mismatch [a,athlon,c,conroe]'],
    ],
  ])('%s', (_, hosts, expected) => {
    expect(told(diffHosts(hosts).issues)).toEqual(expected);
  });

  test('that differ have nothing in common', () => {
    const { common, losses: found, vendor } = diffHosts([amd, host('intel', ['avx'], { vendor: 'Intel' })]);
    expect([common, found, vendor]).toEqual([[], [], undefined]);
  });

  test('of models alone are computed all the same, as libvirt does', () => {
    expect(diffHosts([athlon, conroe]).common).toContain('fpu');
  });
});

test.each<[string, readonly Host[], readonly string[]]>([
  [
    'another architecture',
    [host('a'), host('b', [], { arch: 'ppc64', model: 'POWER9' })],
    ['error arch-mismatch [a,b]'],
  ],
  ['i686 beside x86_64', [host('a'), host('b', [], { arch: 'i686' })], ['error arch-mismatch [a,b]']],
  ['a host nobody knows', [host('a'), silent('b')], ['error unknown-presence [b]']],
  ['aarch64 alone', [silent('a', 'aarch64'), silent('b', 'aarch64')], ['error unknown-presence [a,b]']],
  [
    'aarch64 beside x86_64',
    [host('a'), silent('b', 'aarch64')],
    ['error unknown-presence [b]', 'error arch-mismatch [a,b]'],
  ],
  [
    'nothing in common',
    [host('a', ['-fpu', '-pse', '-vme', 'avx']), host('b')],
    ['error cpus-incompatible [a,b]'],
  ],
  [
    'two ppc64 models',
    ['POWER8', 'POWER9'].map((model) => host(model, [], { arch: 'ppc64le', model })),
    ['error power-levels-differ [POWER8,POWER9]'],
  ],
])('%s is no pool', (_, hosts, expected) => {
  const { common, issues } = diffHosts(hosts);
  expect([common, told(issues)]).toEqual([[], expected]);
});

test('one ppc64 model is a pool without features', () => {
  const hosts = ['a', 'b'].map((name) => host(name, [], { arch: 'ppc64le', model: 'POWER9' }));
  expect(diffHosts(hosts)).toMatchObject({ common: [], arch: 'ppc64le', issues: [] });
});

test.each<[string, DiffOptions | undefined, string[]]>([
  ['a warning', undefined, ['warning weak-source [a,b]']],
  ['an error, when asked to be strict', { refuse: ['weak-source'] }, ['error weak-source [a,b]']],
])('a weak source is %s', (_, options, expected) => {
  const baseline = diffHosts([weak('a'), weak('b')], options);
  expect([baseline.common, told(baseline.issues)]).toEqual([['avx', ...basic], expected]);
});

test('a doubt that hosts share is told once, with all of them', () => {
  const vague = (name: string): Host => parseHost(domcapabilities([]), { name });
  expect(told(diffHosts([vague('a'), vague('b'), host('c')]).issues)).toEqual([
    'note inferred-libvirt-version [a,b]',
  ]);
});

test('a finding names all hosts; its sentence folds them', () => {
  const names = Array.from({ length: 10 }, (_, i) => `h${i}`);
  const [found] = diffHosts(names.map(weak)).issues;
  expect(found).toHaveProperty('hosts', names);
  expect(found?.message).toMatch(/^h\[0-9\] are /);
});

test('a host made by hand without features is no host of a pool either', () => {
  const handmade = { ...host('b', [], { arch: 'i686' }), features: undefined };
  expect(told(diffHosts([host('a', [], { arch: 'i686' }), handmade]).issues)).toEqual([
    'error arch-unsupported [b]',
  ]);
});

test('a machine that is given twice is told', () => {
  const again = (name: string): Host => ({ ...host(name), uuid: 'u-1' });
  expect(told(diffHosts([again('a'), again('b'), host('c')]).issues)).toEqual(['error duplicate-host [a,b]']);
});

test('no host is a mistake of the program', () => {
  expect(() => diffHosts([])).toThrow(RangeError);
});

test('the hosts given stay as they are', () => {
  const hosts = [host('b', ['avx']), host('a')];
  diffHosts(hosts);
  expect(hosts.map(({ name }) => name)).toEqual(['b', 'a']);
});
