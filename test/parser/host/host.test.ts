// Tries lib/parser/host/cpu-element.ts, lib/parser/host/features.ts, lib/parser/host/one-host.ts and
// lib/parser/host/xml.ts as well.
import { candidateMaps } from '../../../lib/cpu/bundled.ts';
import { parseHost, parseHosts } from '../../../lib/parser/host/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { errorOf, refusalOf, told } from '../../support/findings.ts';
import { capabilities, domcapabilities } from '../../support/host.ts';
import { cpuMap, feature } from '../../support/map.ts';

const nine = { libvirtVersion: '9.0.0' };
const cpu = (inner: string, attributes = ''): string =>
  `<cpu${attributes}><arch>x86_64</arch><model>486</model>${inner}</cpu>`;
const guestCpu = (inner: string): string => `<cpu mode='custom' match='exact'>${inner}</cpu>`;

test.each([
  ['domcapabilities', domcapabilities(['avx']), 'domcapabilities'],
  ['capabilities', capabilities('u-1', ['avx']), 'capabilities'],
  ['a bare <cpu> of a host', cpu("<feature name='avx'/>"), 'host-cpu'],
  [
    'hypervisor-cpu-baseline',
    guestCpu("<model fallback='forbid'>486</model><feature policy='require' name='avx'/>"),
    'guest-cpu',
  ],
  [
    'a guest’s <cpu> known by its match',
    "<cpu match='exact'><model>486</model><feature name='avx'/></cpu>",
    'guest-cpu',
  ],
  [
    'a guest’s <cpu> known by a policy',
    "<cpu><model>486</model><feature policy='force' name='avx'/></cpu>",
    'guest-cpu',
  ],
  ['a <domain> that carries a host’s <cpu>', `<domain>${cpu("<feature name='avx'/>")}</domain>`, 'host-cpu'],
])('%s is read', (_, xml, source) => {
  expect(parseHost(xml, nine)).toMatchObject({
    source,
    arch: 'x86_64',
    model: '486',
    features: ['avx', 'fpu', 'pse', 'vme'],
    uncertain: [],
  });
});

test('domcapabilities say what they were asked about', () => {
  const xml = domcapabilities([], { emulator: '/opt/qemu', machine: 'pc-q35-8.0', virtType: 'qemu' });
  expect(parseHost(xml, nine)).toMatchObject({
    name: 'host',
    virtType: 'qemu',
    emulator: '/opt/qemu',
    machine: 'pc-q35-8.0',
    uuid: undefined,
    processor: undefined,
  });
});

test('capabilities say who the host is and what hardware it has', () => {
  const xml = `<capabilities><host><uuid>u-1</uuid>${cpu(
    "<vendor>AMD</vendor><microcode version='167776681'/><signature family='25' model='1' stepping='2'/>" +
      "<counter name='tsc' frequency='2600000000' scaling='yes'/><maxphysaddr mode='emulate' bits='48'/>",
  )}</host></capabilities>`;
  expect(parseHost(xml, nine)).toMatchObject({
    ...{ name: 'u-1', uuid: 'u-1', vendor: 'AMD', virtType: undefined },
    processor: {
      ...{ family: 25, model: 1, stepping: 2, microcode: '167776681', physicalAddressBits: 48 },
      tsc: { frequency: 2_600_000_000, scaling: true },
    },
  });
});

describe('raw CPUID', () => {
  const raw = (inner: string, arch = 'x86'): string => `<cpudata arch='${arch}'>\n${inner}\n</cpudata>`;
  const leaf0 = "<cpuid eax_in='0x0' ebx='0x68747541' ecx='0x444d4163' edx='0x69746e65'/>";
  const leaf1 = "<cpuid eax_in='0x1' ecx_in='0x0' eax='0x00a20f12' ecx='0x80000000' edx='0x3'/>";

  test('tells vendor, signature and every feature whose bit is set', () => {
    expect(parseHost(raw(`${leaf0}${leaf1}<msr index='0x10a' eax='0x100'/>`), nine)).toMatchObject({
      ...{ source: 'cpuid', arch: 'x86_64', vendor: 'AMD', model: undefined },
      features: ['fpu', 'hypervisor', 'taa-no', 'vme'],
      processor: { family: 25, model: 33, stepping: 2 },
    });
  });

  test('of other architectures tells nothing', () => {
    expect(parseHost(raw("<cpuid eax_in='0x1' eax='0x1'/>", 'aarch64'), nine).features).toBeUndefined();
  });

  test('without any answer is refused', () => {
    expect(refusalOf(() => parseHost(raw('', 'x86'), nine))).toBe('no-cpu-model 1:1');
  });

  test('with a register that is no number is refused', () => {
    expect(refusalOf(() => parseHost(raw("<cpuid eax_in='x'/>"), nine))).toBe('invalid-value 2:1');
  });
});

test.each([
  ['another counter', "<counter name='hpet' frequency='1'/>"],
  ['no counter', ''],
  ['a frequency that is no number', "<counter name='tsc' frequency='fast'/>"],
])('%s is no time stamp counter', (_, inner) => {
  expect(parseHost(cpu(inner), nine).processor?.tsc).toBeUndefined();
});

test.each<[string, string, ParseHostOptions, string]>([
  ['the caller’s', capabilities('u-1'), { name: 'kvm-a' }, 'kvm-a'],
  ['else its UUID', capabilities('u-1'), {}, 'u-1'],
  ['else just "host"', domcapabilities([]), {}, 'host'],
])('the name of a host is %s', (_, xml, options, expected) => {
  expect(parseHost(xml, { ...nine, ...options }).name).toBe(expected);
});

test.each<[string, readonly string[], readonly string[]]>([
  ['a disabled feature of the model is not there', ['-fpu'], ['pse', 'vme']],
  ['names are libvirt’s', ['pclmulqdq', 'sse4_1', 'xd'], ['fpu', 'nx', 'pclmuldq', 'pse', 'sse4.1', 'vme']],
  ['names are sorted', ['xsave', 'avx'], ['avx', 'fpu', 'pse', 'vme', 'xsave']],
])('%s', (_, lines, expected) => {
  expect(parseHost(domcapabilities(lines), nine).features).toEqual(expected);
});

test('a host’s own list has no policies: what libvirt would not read there counts for nothing', () => {
  const xml = cpu("<feature policy='disable' name='avx'/>");
  expect(parseHost(xml, nine).features).toEqual(['avx', 'fpu', 'pse', 'vme']);
});

test('an optional feature of a guest’s CPU is not promised', () => {
  const xml = guestCpu("<model>486</model><feature policy='optional' name='avx'/>");
  expect(parseHost(xml, nine).features).toEqual(['fpu', 'pse', 'vme']);
});

test('look-alikes in comments, CDATA and other namespaces count for nothing', () => {
  const xml = cpu(
    "<!-- <feature name='avx'/> --><![CDATA[<feature name='pcid'/>]]><x:feature xmlns:x='u' name='aes'/>" +
      "<feature xmlns='u' name='sep'/>",
  );
  expect(parseHost(xml, nine).features).toEqual(['fpu', 'pse', 'vme']);
});

describe('where libvirt does not say', () => {
  const unsupported = (arch: string): string =>
    `<domainCapabilities><arch>${arch}</arch><cpu><mode name='host-passthrough' supported='yes'/>` +
    "<mode name='host-model' supported='no'/></cpu></domainCapabilities>";

  test.each([
    ['host-model is not supported', unsupported('x86_64'), 'x86_64', 'error unknown-presence [h]'],
    ['aarch64 has no host-model', unsupported('aarch64'), 'aarch64', 'error unknown-presence [h]'],
    [
      'domcapabilities without a <cpu>',
      '<domainCapabilities><arch>x86_64</arch></domainCapabilities>',
      'x86_64',
      'error unknown-presence [h]',
    ],
    [
      'an aarch64 host’s names are no guest’s',
      "<capabilities><host><cpu><arch>aarch64</arch><model>cortex-a57</model><feature name='asimd'/></cpu></host></capabilities>",
      'aarch64',
      undefined,
    ],
  ])('%s: features are undefined, never empty', (_, xml, arch, expected) => {
    const read = parseHost(xml, { name: 'h' });
    expect([read.features, read.uncertain, read.arch]).toEqual([undefined, [], arch]);
    expect(told(read.issues)).toEqual(expected === undefined ? [] : [expected]);
  });
});

test.each([
  [
    'ppc64 domcapabilities',
    domcapabilities([], { arch: 'ppc64le', model: 'POWER9', vendor: 'IBM' }),
    { arch: 'ppc64le', model: 'POWER9', vendor: 'IBM', features: [] },
  ],
  [
    'a guest’s CPU with a ppc64 model',
    guestCpu("<model fallback='forbid'>POWER8</model>"),
    { arch: 'ppc64', model: 'POWER8', vendor: undefined, features: [] },
  ],
])('%s has a model and no features', (_, xml, expected) => {
  expect(parseHost(xml, nine)).toMatchObject(expected);
});

describe('the libvirt version', () => {
  const skylake = (lines: readonly string[] = []): string =>
    domcapabilities(lines, { model: 'Skylake-Client' });
  const readWith = (xml: string, options: ParseHostOptions): readonly string[] =>
    parseHost(xml, options).cpuMaps.map(({ version }) => version);
  const shaped = (inner: string, lines: readonly string[] = []): string =>
    domcapabilities(lines).replace('</cpu>', `<mode name='custom' supported='yes'>${inner}</mode></cpu>`);

  test.each<[string, string, ParseHostOptions, readonly string[]]>([
    ['is what the caller states', skylake(), { libvirtVersion: '9.0.0' }, ['9.0.0']],
    ['may be written as virsh prints it', skylake(), { libvirtVersion: 'libvirt 11.3.0-1' }, ['11.3.0']],
    ['may lie between two maps', skylake(), { libvirtVersion: '10.0.0' }, ['9.0.0', '11.3.0']],
    ['may be unknown', skylake(), {}, ['9.0.0', '11.3.0', '12.8.0']],
    ['is newer where a name is', domcapabilities(['vmx-ept']), {}, ['11.3.0', '12.8.0']],
    ['is newer where only newer ones know a name', domcapabilities(['xstore']), {}, ['12.8.0']],
    [
      'is 10.10 or newer where models have versions',
      shaped("<model usable='yes' vendor='AMD'>EPYC-v3</model>"),
      {},
      ['11.3.0', '12.8.0'],
    ],
    [
      'is 10.10 or newer where models have canonical names',
      shaped("<model usable='yes' canonical='EPYC-v1'>EPYC</model>"),
      {},
      ['11.3.0', '12.8.0'],
    ],
    ['is older where they have none', shaped("<model usable='yes' vendor='AMD'>EPYC</model>"), {}, ['9.0.0']],
    [
      'lies between where blockers are given but no canonical names',
      shaped("<model usable='no' vendor='AMD'>EPYC</model><blockers model='EPYC'/>"),
      {},
      ['9.0.0', '11.3.0'],
    ],
  ])('%s', (_, xml, options, expected) => {
    expect(readWith(xml, options)).toEqual(expected);
  });

  test.each<[string, string | undefined, boolean, boolean]>([
    ['mpx is part of Skylake-Client in 9.0.0', '9.0.0', true, false],
    ['and not in 11.3.0', '11.3.0', false, false],
    ['in between it is uncertain', '10.0.0', false, true],
    ['and where nobody knows the version', undefined, false, true],
  ])('%s', (_, libvirtVersion, has, doubts) => {
    const { features, uncertain } = parseHost(skylake(), { ...(libvirtVersion && { libvirtVersion }) });
    expect([features?.includes('mpx'), uncertain.includes('mpx')]).toEqual([has, doubts]);
  });

  test('what the document states itself is never uncertain', () => {
    const { features, uncertain } = parseHost(skylake(['mpx']));
    expect([features?.includes('mpx'), uncertain]).toEqual([true, []]);
  });

  test.each<[string, string, ParseHostOptions, readonly string[]]>([
    ['uncertain names are a warning', skylake(), {}, ['warning inferred-libvirt-version mpx [h]']],
    [
      'even of a stated version',
      skylake(),
      { libvirtVersion: '10.0.0' },
      ['warning inferred-libvirt-version mpx [h]'],
    ],
    ['an unstated version is a note', domcapabilities([]), {}, ['note inferred-libvirt-version [h]']],
    ['a stated one is none', domcapabilities([]), nine, []],
    ['nor is a map of its own', domcapabilities([]), { cpuMap: ownMap() }, []],
  ])('%s', (_, xml, options, expected) => {
    expect(told(parseHost(xml, { name: 'h', ...options }).issues)).toEqual(expected);
  });

  test('that is none is a mistake of the program', () => {
    expect(() => parseHost(skylake(), { libvirtVersion: 'latest' })).toThrow(RangeError);
  });
});

/** A map in which a 486 has just one feature. */
function ownMap(): ReturnType<typeof cpuMap> {
  return cpuMap([feature('fpu', 0), feature('turbo', 1)], [{ name: '486', features: ['fpu'] }]);
}

test('a host’s own CPU map is read in place of a bundled one', () => {
  const cpuMapOfHost = ownMap();
  const read = parseHost(domcapabilities(['turbo']), { cpuMap: cpuMapOfHost });
  expect(read.features).toEqual(['fpu', 'turbo']);
  expect(read.cpuMaps).toEqual([cpuMapOfHost]);
});

test.each([
  ['capabilities', capabilities('u-1'), ['warning weak-source [h]']],
  ['a host’s bare <cpu>', cpu(''), ['warning weak-source [h]']],
  ['a fallback model', domcapabilities([], { fallback: 'allow' }), ['warning weak-source [h]']],
  ['a model without a word on fallback', guestCpu('<model>486</model>'), ['warning weak-source [h]']],
  ['QEMU’s own answer', domcapabilities([]), []],
  ['a baseline of the hypervisor', guestCpu("<model fallback='forbid'>486</model>"), []],
])('how far to trust %s', (_, xml, expected) => {
  expect(told(parseHost(xml, { name: 'h', ...nine }).issues)).toEqual(expected);
});

describe('several documents in one text', () => {
  const one = domcapabilities(['avx', 'pcid']);
  const other = domcapabilities(['avx', 'aes']);

  test('are hosts of their own with numbered names', () => {
    const hosts = parseHosts(`<?xml version='1.0'?>\n${one}\n<!-- next -->\n${other}`, {
      ...nine,
      name: 'p',
    });
    expect(hosts.map(({ name, features }) => [name, features?.[0]])).toEqual([
      ['p#1', 'avx'],
      ['p#2', 'aes'],
    ]);
  });

  test('carry their numbers into their findings', () => {
    const hosts = parseHosts(cpu('') + cpu(''), { ...nine, name: 'p' });
    expect(hosts.flatMap(({ issues }) => told(issues))).toEqual([
      'warning weak-source [p#1]',
      'warning weak-source [p#2]',
    ]);
  });

  test('as one host have what all of them have; the rest is uncertain', () => {
    expect(parseHost(one + other, { ...nine, name: 'p' })).toMatchObject({
      name: 'p',
      features: ['avx', 'fpu', 'pse', 'vme'],
      uncertain: ['aes', 'pcid'],
    });
  });

  test('as one host have no features when one of them has none', () => {
    const silent = '<domainCapabilities><arch>x86_64</arch></domainCapabilities>';
    expect(parseHost(one + silent, nine).features).toBeUndefined();
  });

  test('tell a doubt that all of them have once', () => {
    expect(told(parseHost(cpu('') + cpu(''), { ...nine, name: 'p' }).issues)).toEqual([
      'warning weak-source [p]',
    ]);
  });

  test.each([
    ['identity first', capabilities('u-1', ['aes']) + one],
    ['identity second', one + capabilities('u-1', ['aes'])],
  ])('may be one host: who it is and what it gives (%s)', (_, xml) => {
    expect(parseHosts(xml, nine)).toMatchObject([
      { name: 'u-1', uuid: 'u-1', source: 'domcapabilities', features: ['avx', 'fpu', 'pcid', 'pse', 'vme'] },
    ]);
  });

  test('may be one host by the caller’s name', () => {
    const hosts = parseHosts(capabilities('u-1') + one, { ...nine, name: 'kvm-a' });
    expect(hosts).toMatchObject([{ name: 'kvm-a', uuid: 'u-1', issues: [] }]);
  });
});

test('the maps are the bundled ones themselves', () => {
  expect(parseHost(domcapabilities([]), nine).cpuMaps).toEqual(candidateMaps({ from: '9.0.0', to: '9.0.0' }));
});

const inHost = (inner: string): string => `<capabilities>\n<host>\n${inner}\n</host>\n</capabilities>`;
const inMode = (inner: string): string =>
  `<domainCapabilities>\n<cpu>\n<mode name='host-model' supported='yes'>\n${inner}\n</mode>\n</cpu>\n</domainCapabilities>`;
const model = "<model fallback='forbid'>486</model>";

test.each([
  ['an unknown model', inMode('<model>EPYC-v9</model>'), 'unknown-model 4:1'],
  ['a newer libvirt’s model', inMode('<model>EPYC-v3</model>'), 'unknown-model 4:1'],
  ['an unknown feature', inMode(`${model}\n<feature policy='require' name='warp'/>`), 'unknown-feature 5:1'],
  ['one that is off', inMode(`${model}\n<feature policy='disable' name='warp'/>`), 'unknown-feature 5:1'],
  ['a newer libvirt’s feature', inMode(`${model}<feature name='vmx-ept'/>`), 'unknown-feature 4:37'],
  ['an unknown vendor', inMode(`${model}\n  <vendor>Acme</vendor>`), 'unknown-vendor 5:3'],
  [
    'a feature twice',
    inMode(`${model}\n<feature name='avx'/>\n<feature policy='disable' name='avx'/>`),
    'duplicate-feature 6:1',
  ],
  ['a feature without a name', inMode(`${model}\n <feature policy='require'/>`), 'bad-feature-name 5:2'],
  ['a feature with an empty name', cpu("<feature name=''/>"), 'bad-feature-name 1:43'],
  ['a policy nobody has', inMode(`${model}\n<feature policy='maybe' name='avx'/>`), 'invalid-value 5:1'],
  ['no model', inMode('<vendor>AMD</vendor>'), 'no-cpu-model 3:1'],
  ['an empty model', inMode('<model/>'), 'no-cpu-model 3:1'],
  ['capabilities without a model', inHost('<cpu><arch>x86_64</arch></cpu>'), 'no-cpu-model 3:1'],
  ['capabilities without a <cpu>', inHost('<uuid>u</uuid>'), 'no-cpu-model 2:1'],
  ['capabilities without a <host>', '<capabilities><guest/></capabilities>', 'no-cpu-model 1:1'],
  ['two CPUs in capabilities', inHost(cpu('') + '\n' + cpu('')), 'two-cpus 4:1'],
  ['a mode on a host’s CPU', inHost(cpu('', " mode='host-model'")), 'invalid-value 3:1'],
  ['a mode on a bare host’s CPU', cpu('', " mode='custom'"), 'invalid-value 1:1'],
  ['a bare host’s CPU without an arch', '<cpu><model>486</model></cpu>', 'unknown-arch 1:1'],
  ['an arch nobody has', cpu('').replace('x86_64', 'x86_65'), 'unknown-arch 1:1'],
  [
    'an arch nobody has, where no CPU is stated',
    '\n<domainCapabilities><arch>vax</arch></domainCapabilities>',
    'unknown-arch 2:1',
  ],
  ['a domain', `<domain>\n${guestCpu('<model>486</model>')}</domain>`, 'wrong-root 2:1'],
  ['a domain without a <cpu>', '<domain/>', 'wrong-root 1:1'],
  ['another root', '<!-- net -->\n<network/>', 'wrong-root 2:1'],
  ['a root in a namespace', "<capabilities xmlns='urn:x'/>", 'wrong-root 1:1'],
  ['a second document of another kind', `${cpu('')}\n<network/>`, 'wrong-root 2:1'],
  [
    'a ppc64 model nobody has',
    domcapabilities([], { arch: 'ppc64', model: 'POWER99' }),
    `unknown-model 1:${domcapabilities([], { arch: 'ppc64', model: '' }).indexOf('<model') + 1}`,
  ],
  ['bytes that were not UTF-8', cpu('<vendor>\n AM\ufffd</vendor>'), 'bad-encoding 2:4'],
  ['XML that is not well-formed', '<cpu>\n</gpu>', 'bad-xml 2:1'],
  ['nothing', '', 'empty-document 1:1'],
])('%s is refused', (_, xml, expected) => {
  expect(refusalOf(() => parseHost(xml, nine))).toBe(expected);
});

test('different vendors in one text are no host', () => {
  const texts = ['AMD', 'Intel'].map((vendor) => domcapabilities([], { vendor }));
  expect(refusalOf(() => parseHost(texts.join(''), nine))).toBe('vendor-mismatch 1:1');
});

test('a refusal names the file', () => {
  expect(errorOf(() => parseHost('<network/>', { file: 'hosts/a.xml' }))?.file).toBe('hosts/a.xml');
});
