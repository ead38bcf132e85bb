// Tries lib/parser/host/nfd.ts as well.
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { parseHost, parseHosts } from '../../../lib/parser/host/host.ts';
import { errorOf, refusalOf, told } from '../../support/findings.ts';

const nine = { libvirtVersion: '9.0.0' };
type Labels = Readonly<Record<string, string>>;

const labels = (features: readonly string[], more: Labels = {}): Labels => ({
  'kubernetes.io/arch': 'amd64',
  'cpu-vendor.node.kubevirt.io/Intel': 'true',
  'host-model-cpu.node.kubevirt.io/486': 'true',
  ...Object.fromEntries(features.map((name) => [`cpu-feature.node.kubevirt.io/${name}`, 'true'])),
  ...more,
});
const node = (name: string, own: Labels, annotations: Labels = {}): object => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: own, annotations } },
  status: { allocatable: { 'devices.kubevirt.io/kvm': '1k' } },
});
const list = (...items: readonly object[]): string =>
  JSON.stringify({ kind: 'List', apiVersion: 'v1', items });

const ALL = ['fpu', 'pse', 'vme'];

test('each node of a list is a host, by its own name', () => {
  const text = list(node('n1', labels([...ALL, 'avx'])), node('n2', labels(ALL)));
  const hosts = parseHosts(text, { name: 'nodes', ...nine });
  expect(hosts.map(({ name, source, grade, features }) => [name, source, grade, features])).toEqual([
    ['n1', 'kubevirt', 'B', ['avx', ...ALL]],
    ['n2', 'kubevirt', 'B', ALL],
  ]);
  expect(hosts[0]).toMatchObject({
    arch: 'x86_64',
    vendor: 'Intel',
    model: '486',
    virtType: 'kvm',
    uncertain: [],
  });
  expect(diffHosts(hosts).surplus).toEqual({ n1: ['avx'], n2: [] });
});

test.each([
  ['one node', JSON.stringify(node('n1', labels(ALL)))],
  ['a list of one', list(node('n1', labels(ALL)))],
  ['a list of its own kind', JSON.stringify({ kind: 'NodeList', items: [node('n1', labels(ALL))] })],
  [
    'a list that was filtered',
    JSON.stringify({ items: [{ metadata: { name: 'n1', labels: labels(ALL) } }] }),
  ],
  ['nodes without their list', JSON.stringify([node('n1', labels(ALL))])],
  ['a node without its kind', JSON.stringify({ metadata: { name: 'n1', labels: labels(ALL) } })],
  [
    'labels without their quotes',
    list({
      metadata: {
        name: 'n1',
        labels: JSON.parse(JSON.stringify(labels(ALL)).replaceAll('"true"', 'true')) as Labels,
      },
    }),
  ],
])('%s may be named by the caller', (_, text) => {
  expect([parseHost(text, nine).name, parseHost(text, { ...nine, name: 'a' }).name]).toEqual(['n1', 'a']);
});

describe('the labels', () => {
  test('leave out what only the model has: that is uncertain', () => {
    const { features, uncertain } = parseHost(list(node('n1', labels(['fpu', 'vme']))), nine);
    expect([features, uncertain]).toEqual([['fpu', 'vme'], ['pse']]);
  });

  test('required features of the host-model count', () => {
    const more = { 'host-model-required-features.node.kubevirt.io/avx': 'true' };
    expect(parseHost(list(node('n1', labels(ALL, more))), nine).features).toEqual(['avx', ...ALL]);
  });

  test('say nothing of the controls of VMX', () => {
    const text = list(node('n1', labels([...ALL, 'vmx'])), node('n2', labels(ALL)));
    const [n1, n2] = parseHosts(text, { libvirtVersion: '12.8.0' });
    expect([n1?.silent.includes('vmx-ept'), n1?.silent.includes('umip'), n2?.silent]).toEqual([
      true,
      false,
      [],
    ]);
  });

  test('state models, machine types and the time stamp counter', () => {
    const more = {
      'cpu-model.node.kubevirt.io/Penryn': 'true',
      'machine-type.node.kubevirt.io/pc-q35-rhel9.2.0': 'true',
      'cpu-timer.node.kubevirt.io/tsc-frequency': '2400000000',
      'cpu-timer.node.kubevirt.io/tsc-scalable': 'true',
    };
    const { usableModels, machines, processor } = parseHost(list(node('n1', labels(ALL, more))), nine);
    expect([usableModels['Penryn'], usableModels['Haswell'], usableModels['x']]).toEqual([
      'yes',
      'unknown',
      undefined,
    ]);
    expect(machines).toMatchObject([{ name: 'pc-q35-rhel9.2.0', arch: 'x86_64' }]);
    expect(processor?.tsc).toEqual({ frequency: 2_400_000_000, scaling: true });
  });

  test('may be out of date', () => {
    const text = list(node('n1', labels(ALL), { 'node-labeller.kubevirt.io/skip-node': 'true' }));
    expect(told(parseHost(text, nine).issues)).toEqual([
      'warning weak-source [n1]',
      'warning labels-frozen [n1]',
    ]);
  });

  test('with a name that no map has are refused', () => {
    const error = errorOf(() => parseHost(list(node('n1', labels([...ALL, 'warp-drive']))), nine));
    expect([error?.code, error?.reason]).toEqual([
      'unknown-feature',
      'n1: libvirt 9.0.0 knows no CPU feature "warp-drive"',
    ]);
  });
});

test('nodes that run no virtual machines are left out, with a note; a node that does and says nothing is not', () => {
  const control = node('control', { 'kubernetes.io/arch': 'amd64' });
  const [first] = parseHosts(list(control, node('n1', labels(ALL))), nine);
  expect([first?.name, told(first?.issues ?? []).at(-1)]).toEqual(['n1', 'note nodes-skipped [n1]']);
  const silent = parseHosts(list(node('n2', { 'kubevirt.io/schedulable': 'true' })), nine);
  expect(silent.map(({ features, issues }) => [features, ...told(issues)])).toEqual([
    [undefined, 'error unknown-presence [n2]'],
  ]);
});

test('emulation on a node without KVM is said', () => {
  const bare = { ...node('n1', labels(ALL)), status: { allocatable: { 'devices.kubevirt.io/kvm': '0' } } };
  expect(parseHost(JSON.stringify(bare), nine).virtType).toBe('qemu');
});

test.each([
  ['no node', list()],
  ['no node that runs virtual machines', list(node('n1', {}))],
])('%s is refused', (_, text) => {
  expect(refusalOf(() => parseHost(text))).toBe('no-cpu-model 1:1');
});

test('features of s390x nodes are QEMU’s names', () => {
  const own = { ...labels(['vx', 'te']), 'kubernetes.io/arch': 's390x' };
  expect(parseHost(list(node('z', own)))).toMatchObject({
    arch: 's390x',
    features: ['te', 'vx'],
    grade: 'B',
  });
});

describe('labels of Node Feature Discovery', () => {
  const nfd = (...flags: readonly string[]): Labels => ({
    'feature.node.kubernetes.io/cpu-model.vendor_id': 'Intel',
    ...Object.fromEntries(flags.map((flag) => [`feature.node.kubernetes.io/cpu-cpuid.${flag}`, 'true'])),
  });

  test('prove what is there, and of the rest nothing', () => {
    const host = parseHost(list(node('n1', nfd('AVX512F', 'AESNI', 'FMA3', 'IBPB', 'AMXBF16'))), nine);
    expect(host).toMatchObject({ source: 'nfd', grade: 'C', vendor: 'Intel', arch: 'x86_64' });
    expect(
      ['avx512f', 'aes', 'fma', 'amx-bf16', 'sse2', 'hypervisor'].filter(
        (name) => host.features?.includes(name) !== true,
      ),
    ).toEqual([]);
    expect(['bmi1', 'ibpb', 'spec-ctrl'].filter((name) => !host.silent.includes(name))).toEqual([]);
  });

  test('of another architecture tell nothing', () => {
    const own = { ...nfd('SVE'), 'kubernetes.io/arch': 'arm64' };
    expect(told(parseHost(list(node('n1', own))).issues)).toEqual(['error unknown-presence [n1]']);
  });
});
