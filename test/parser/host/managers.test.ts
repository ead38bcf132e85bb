// Tries lib/parser/host/build.ts, lib/parser/host/clouds.ts, lib/parser/host/foreign.ts,
// lib/parser/host/json-values.ts and lib/parser/host/proxmox.ts as well.
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { parseHost, parseHosts } from '../../../lib/parser/host/host.ts';
import { refusalOf, told } from '../../support/findings.ts';

const nine = { libvirtVersion: '9.0.0' };

describe('Proxmox VE', () => {
  const flags = [
    { name: 'nested-virt', description: 'for people', 'supported-on': ['pve1'] },
    { name: 'aes', 'supported-on': ['pve1', 'pve2'] },
    { name: 'avx2', 'supported-on': ['pve1'] },
    { name: 'md-clear', 'supported-on': [] },
    { name: 'pcid', description: 'no node was asked about this one' },
  ];

  test.each([
    ['the list of pvesh', JSON.stringify(flags)],
    ['the API’s answer', JSON.stringify({ data: flags })],
  ])('%s: each node is a host', (_, text) => {
    const [one, two, more] = parseHosts(text, { name: 'file', ...nine });
    expect([one, two].map((host) => [host?.name, host?.source, host?.grade, host?.virtType])).toEqual([
      ['pve1', 'proxmox', 'B', 'kvm'],
      ['pve2', 'proxmox', 'B', 'kvm'],
    ]);
    expect(more).toBeUndefined();
    const names = ['aes', 'avx2', 'md-clear', 'pcid', 'sse2', 'hypervisor', 'umip'];
    const said = (host = one): readonly string[] =>
      names.map((name) =>
        host?.features?.includes(name) === true ? 'yes' : host?.silent.includes(name) === true ? '?' : 'no',
      );
    expect(said(one)).toEqual(['yes', 'yes', 'no', '?', 'yes', 'yes', '?']);
    expect(said(two)).toEqual(['yes', 'no', 'no', '?', 'yes', 'yes', '?']);
  });

  test('what nobody lists makes no difference between its nodes', () => {
    const { losses } = diffHosts(parseHosts(JSON.stringify(flags), nine));
    expect(losses.map(({ feature, presentOn, missingOn }) => [feature, presentOn, missingOn])).toEqual([
      ['avx2', ['pve1'], ['pve2']],
    ]);
  });

  test.each([
    ['what pvesh says of a node', { cpuinfo: { flags: 'fpu avx', model: 'AMD EPYC 7402' } }],
    ['the API’s answer about it', { data: { cpuinfo: { flags: 'fpu avx', model: 'AMD EPYC 7402' } } }],
  ])('%s is its physical CPU', (_, value) => {
    const host = parseHost(JSON.stringify(value), { name: 'a', ...nine });
    expect(host).toMatchObject({ name: 'a', source: 'cpuinfo', grade: 'C', vendor: 'AMD' });
    expect(host.features).toEqual(expect.arrayContaining(['avx', 'fpu']));
  });

  test('one node may be named by the caller', () => {
    const text = JSON.stringify([{ name: 'aes', 'supported-on': ['pve1'] }]);
    expect([parseHost(text).name, parseHost(text, { name: 'a' }).name]).toEqual(['pve1', 'a']);
  });

  test.each([
    ['a list without nodes', [{ name: 'aes', description: 'x' }], 'no-cpu-model 1:1'],
    ['a list of models', [{ name: 'host', vendor: 'default', custom: 0 }], 'not-a-host 1:1'],
  ])('%s is refused', (_, value, expected) => {
    expect(refusalOf(() => parseHost(JSON.stringify(value)))).toBe(expected);
  });
});

describe('OpenStack', () => {
  const cpu = {
    arch: 'x86_64',
    model: '486',
    vendor: 'Intel',
    features: ['avx', 'fpu'],
    topology: { cores: 2 },
  };
  const one = { hypervisor_hostname: 'h1', cpu_info: cpu };

  test.each([
    ['openstack hypervisor show', one],
    ['the answer about one', { hypervisor: one }],
    ['the answer about all', { hypervisors: [one] }],
    ['the answer of an old version', { hypervisors: [{ ...one, cpu_info: JSON.stringify(cpu) }] }],
  ])('%s', (_, value) => {
    const host = parseHost(JSON.stringify(value), nine);
    expect(host).toMatchObject({
      ...{ name: 'h1', source: 'openstack', grade: 'C', vendor: 'Intel', model: '486' },
      features: ['avx', 'fpu', 'pse', 'vme'],
    });
    expect(told(host.issues)).toEqual(['warning weak-source [h1]']);
  });

  test('several are called as they call themselves', () => {
    const text = JSON.stringify({ hypervisors: [one, { ...one, hypervisor_hostname: 'h2' }] });
    expect(parseHosts(text, { name: 'f', ...nine }).map(({ name }) => name)).toEqual(['h1', 'h2']);
  });

  test.each([
    ['without a CPU', { ...one, cpu_info: '' }, 'no-cpu-model 1:1'],
    ['with a CPU in words', { ...one, cpu_info: "arch='x86_64'" }, 'no-cpu-model 1:1'],
    ['with a model nobody knows', { ...one, cpu_info: { ...cpu, model: 'M5' } }, 'unknown-model 1:1'],
  ])('one %s is refused', (_, value, expected) => {
    expect(refusalOf(() => parseHost(JSON.stringify(value), nine))).toBe(expected);
  });
});

describe('OpenNebula', () => {
  const template = { ARCH: 'x86_64', KVM_CPU_MODEL: '486', KVM_CPU_FEATURES: 'avx,acpi' };
  const show = { HOST: { ID: '0', NAME: 'h1', TEMPLATE: template } };

  test('onehost show -j and onehost list -j', () => {
    const all = { HOST_POOL: { HOST: [show.HOST, { ...show.HOST, NAME: 'h2' }] } };
    expect(parseHost(JSON.stringify(show), nine)).toMatchObject({
      ...{ name: 'h1', source: 'opennebula', grade: 'C', features: ['acpi', 'avx', 'fpu', 'pse', 'vme'] },
    });
    expect(parseHosts(JSON.stringify(all), nine).map(({ name }) => name)).toEqual(['h1', 'h2']);
  });

  test('one that was not monitored is refused', () => {
    const text = JSON.stringify({ HOST: { NAME: 'h1', TEMPLATE: { ARCH: 'x86_64' } } });
    expect(refusalOf(() => parseHost(text))).toBe('no-cpu-model 1:1');
  });
});
