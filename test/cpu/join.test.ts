// Tries lib/cpu/arches.ts, lib/cpu/contradiction.ts, lib/cpu/cpuid.ts and lib/cpu/join-documents.ts as well.
import { joinHosts } from '../../lib/cpu/join.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import type { Host } from '../../types/host.ts';
import type { ParseHostOptions } from '../../types/options.ts';
import { capabilities, domcapabilities, host, type HostFacts } from '../support/host.ts';

const identity = (name: string, features = ['tsc']): Host =>
  parseHost(capabilities(`uuid-of-${name}`, features), { name, libvirtVersion: '9.0.0' });
const sources = (hosts: readonly Host[]): readonly string[] =>
  joinHosts(hosts).map(({ name, source, features }) => `${name} ${source} ${features?.join(' ')}`);

test.each<[string, readonly Host[], readonly string[]]>([
  ['identity first', [identity('a'), host('a', ['avx'])], ['a domcapabilities avx fpu pse vme']],
  ['identity second', [host('a', ['avx']), identity('a')], ['a domcapabilities avx fpu pse vme']],
  [
    'pairs that stand crosswise',
    [identity('a'), host('b'), host('a'), identity('b')],
    ['a domcapabilities fpu pse vme', 'b domcapabilities fpu pse vme'],
  ],
  [
    'other names stay apart',
    [identity('a'), host('b')],
    ['a capabilities fpu pse tsc vme', 'b domcapabilities fpu pse vme'],
  ],
  [
    'two of one kind stay apart',
    [host('a'), host('a', ['avx'])],
    ['a domcapabilities fpu pse vme', 'a domcapabilities avx fpu pse vme'],
  ],
  [
    'two identities stay apart',
    [identity('a'), identity('a')],
    ['a capabilities fpu pse tsc vme', 'a capabilities fpu pse tsc vme'],
  ],
])('%s', (_, hosts, expected) => {
  expect(sources(hosts)).toEqual(expected);
});

test('a joined host has the identity’s UUID and hardware, and no doubt of its source', () => {
  const [joined] = joinHosts([identity('a'), host('a', ['avx'])]);
  expect(joined).toMatchObject({
    uuid: 'uuid-of-a',
    issues: [],
    processor: { family: undefined },
    virtType: 'kvm',
  });
});

test('hosts without an identity come back as the same list', () => {
  const hosts = [host('a'), host('b')];
  expect(joinHosts(hosts)).toBe(hosts);
});

describe('domcapabilities and QEMU’s answer under one name are one host', () => {
  const IN_486 = { fpu: true, pse: true, vme: true };
  const qmp = (props: object, options: ParseHostOptions = {}): Host => {
    const model = { name: 'base', props: { ...IN_486, avx2: false, ...props } };
    return parseHost(JSON.stringify({ return: { model } }), {
      name: 'a',
      libvirtVersion: '9.0.0',
      ...options,
    });
  };

  test.each<[string, readonly string[], object, readonly string[], readonly string[]]>([
    ['what both have is there', ['avx'], { avx: true }, ['avx', 'fpu', 'pse', 'vme'], []],
    ['what QEMU has no property for is not', ['avx'], {}, ['fpu', 'pse', 'vme'], []],
    ['what QEMU has off is not', ['avx'], { avx: false }, ['fpu', 'pse', 'vme'], []],
    ['what only QEMU has is uncertain', [], { avx: true }, ['fpu', 'pse', 'vme'], ['avx']],
  ])('%s', (_, features, props, expected, uncertain) => {
    const pair = [host('a', features), qmp(props)];
    for (const hosts of [pair, pair.toReversed()]) {
      const [joined, more] = joinHosts(hosts);
      expect(more).toBeUndefined();
      const facts = { source: 'domcapabilities', grade: 'A', machine: 'pc-q35-7.2' };
      expect(joined).toMatchObject({ ...facts, features: expected, uncertain });
    }
  });

  test('with capabilities, all three are', () => {
    const [joined, more] = joinHosts([identity('a'), qmp({ kvmclock: true }), host('a')]);
    expect(more).toBeUndefined();
    expect(joined).toMatchObject({
      ...{ uuid: 'uuid-of-a', unnamed: ['kvmclock'], features: ['fpu', 'pse', 'vme'] },
    });
    expect(joinHosts([joined ?? host('a'), qmp({})])).toHaveLength(2);
  });

  test('a list of what is on only denies nothing', () => {
    const partial = parseHost('{"model": {"props": {"fpu": true}}}', { name: 'a', libvirtVersion: '9.0.0' });
    expect(joinHosts([host('a', ['avx']), partial])[0]?.features).toEqual(['avx', 'fpu', 'pse', 'vme']);
  });

  test('a fallback model gives way to what QEMU answers', () => {
    const [joined] = joinHosts([host('a', ['avx'], { fallback: 'allow' }), qmp({ mmx: true })]);
    expect(joined).toMatchObject({ grade: 'A', features: ['fpu', 'mmx', 'pse', 'vme'], issues: [] });
  });

  test('unless nobody named them', () => {
    expect(joinHosts([host('host'), qmp({}, { name: 'host' })])).toHaveLength(2);
  });
});

describe('documents that contradict each other are no machine', () => {
  const named = (xml: string, file: string): Host =>
    parseHost(xml, { name: 'a', file, libvirtVersion: '9.0.0' });
  const caps = capabilities('u-1', ['tsc', 'cmov', 'msr']);
  const dom = (features: readonly string[], facts: HostFacts = {}): Host =>
    named(domcapabilities(features, facts), 'd.xml');

  test.each<[string, string, Host, string]>([
    [
      'vendors',
      caps.replace('</model>', '</model><vendor>AMD</vendor>'),
      dom([], { vendor: 'Intel' }),
      'vendor',
    ],
    ['vendors of their models', caps.replace('486', 'EPYC'), dom([], { model: 'Penryn' }), 'vendor'],
    ['architectures', caps, dom([], { arch: 'i686' }), 'arch'],
    ['CPUs', caps, dom(['avx', 'avx2', 'fma', 'f16c', 'mmx']), 'cpu'],
  ])('%s', (_, xml, guest, fact) => {
    const [joined, more] = joinHosts([guest, named(xml, 'c.xml')]);
    expect(more).toBeUndefined();
    expect(joined?.issues[0]).toMatchObject({
      ...{ code: 'host-contradiction', severity: 'error', hosts: ['a'] },
      ...{ files: ['c.xml', 'd.xml'], fact },
    });
  });

  test('what KVM adds, and a few features that QEMU emulates, contradict nothing', () => {
    const guest = dom(['hypervisor', 'x2apic', 'umip', 'spec-ctrl', 'amd-ssbd', 'avx']);
    expect(joinHosts([named(caps, 'c.xml'), guest])[0]?.issues).toEqual([]);
  });

  test('an emulated CPU need not be that of the host', () => {
    const guest = dom(['avx', 'avx2', 'fma', 'f16c', 'mmx'], { virtType: 'qemu', vendor: 'AMD' });
    const intel = caps.replace('</model>', '</model><vendor>Intel</vendor>');
    expect(joinHosts([named(intel, 'c.xml'), guest])[0]?.issues).toEqual([]);
  });
});

describe('aarch64', () => {
  const cpu = "<arch>aarch64</arch><model>Neoverse-N1</model><vendor>ARM</vendor><feature name='fp'/>";
  const caps = `<capabilities><host><uuid>u-1</uuid><cpu>${cpu}</cpu></host></capabilities>`;
  const dom =
    "<domainCapabilities><domain>kvm</domain><arch>aarch64</arch><cpu><mode name='host-model' supported='no'/></cpu></domainCapabilities>";

  test('without a host-model, the physical CPU is what can be compared', () => {
    expect(parseHost(`${caps}${dom}`)).toMatchObject({
      ...{ grade: 'C', model: 'Neoverse-N1', vendor: 'ARM', unnamed: ['fp'], features: undefined },
      ...{ virtType: 'kvm', issues: [] },
    });
  });

  test('alone, domcapabilities ask for the rest', () => {
    expect(parseHost(dom).issues).toMatchObject([
      { code: 'unknown-presence', source: 'domcapabilities', arch: 'aarch64' },
    ]);
  });
});
