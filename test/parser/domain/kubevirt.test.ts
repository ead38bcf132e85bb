import { parseDomain } from '../../../lib/parser/domain/domain.ts';
import { kubevirtDomain, kubevirtGuests } from '../../../lib/parser/domain/kubevirt.ts';

const cpu = { model: 'Haswell', cores: 2, features: [{ name: 'avx', policy: 'disable' }, { name: 'pcid' }] };
const spec = { domain: { cpu, machine: { type: 'pc-q35-rhel9.4.0' } } };
const template = { metadata: { annotations: { 'vm.kubevirt.io/os': 'rhel10.0' } }, spec };
const metadata = { name: 'web', namespace: 'prod' };

test.each<[string, object, string]>([
  ['VirtualMachine', { template }, 'spec.template.spec'],
  ['VirtualMachineInstance', spec, 'spec'],
  ['VirtualMachineInstancePreset', spec, 'spec'],
  ['VirtualMachineInstanceReplicaSet', { template }, 'spec.template.spec'],
  [
    'VirtualMachinePool',
    { virtualMachineTemplate: { spec: { template } } },
    'spec.virtualMachineTemplate.spec.template.spec',
  ],
])('%s', (kind, own, path) => {
  const [guest, ...others] = kubevirtGuests({ kind, metadata, spec: own });
  expect(others).toEqual([]);
  expect(guest).toMatchObject({
    ...{ kind, path, name: 'web', namespace: 'prod', model: 'Haswell', arch: 'x86_64' },
    ...{ machine: 'pc-q35-rhel9.4.0', topology: { sockets: 1, cores: 2, threads: 1 } },
    features: [
      { name: 'avx', policy: 'disable' },
      { name: 'pcid', policy: 'require' },
    ],
  });
  expect(guest?.system).toBe(path.includes('template') ? 'rhel10.0' : undefined);
});

test('nothing stated is host-model, with one CPU', () => {
  const [guest] = kubevirtGuests({ kind: 'VirtualMachineInstance', spec: { domain: {} } });
  expect(guest).toMatchObject({ name: undefined, model: 'host-model', isStated: false, features: [] });
  expect(guest?.topology).toEqual({ sockets: 1, cores: 1, threads: 1 });
});

test.each(['List', 'VirtualMachineList', 'VirtualMachineInstanceList'])('a %s has those in it', (kind) => {
  const one = { kind: 'VirtualMachineInstance', metadata, spec };
  expect(kubevirtGuests({ kind, items: [one, { kind: 'ConfigMap' }, one] })).toHaveLength(2);
  expect(kubevirtGuests([new Map(Object.entries(one)), null, 7])).toHaveLength(1);
});

test.each([null, 'x', {}, { kind: 'Node' }, { kind: 'constructor' }, { kind: 'NodeList', items: [{}] }, []])(
  '%j holds none',
  (value) => {
    expect(kubevirtGuests(value)).toEqual([]);
  },
);

test.each<[string, object, RegExp]>([
  ['features that are no list', { features: {} }, /no list/],
  ['a feature without a name', { features: [{}] }, /cannot be the name/],
  ['a policy that there is not', { features: [{ name: 'avx', policy: 'no' }] }, /"no" is no policy/],
  ['half a core', { cores: 0.5 }, /"cores" that is no whole number/],
])('%s is refused', (_, own, message) => {
  expect(() => kubevirtGuests({ kind: 'VirtualMachineInstance', spec: { domain: { cpu: own } } })).toThrow(
    message,
  );
});

test.each(['host-model', 'host-passthrough', 'Haswell', 'a"<&'])(
  'the domain of %s means the same',
  (model) => {
    const [guest] = kubevirtGuests({
      ...{ kind: 'VirtualMachineInstance', metadata: { name: "we<b>'" } },
      spec: { architecture: 'amd64', domain: { cpu: { ...cpu, model }, machine: { type: 'q35' } } },
    });
    if (guest === undefined) throw new Error('no guest');
    const domain = parseDomain(kubevirtDomain(guest));
    expect(domain).toMatchObject({ name: "we<b>'", type: 'kvm', arch: 'x86_64', machine: 'q35' });
    const isMode = model.startsWith('host-');
    expect(domain.cpu).toMatchObject({
      ...{ mode: isMode ? model : 'custom', model: isMode ? undefined : model },
      topology: { sockets: 1, cores: 2, threads: 1 },
      features: [
        { name: 'avx', policy: 'disable' },
        { name: 'pcid', policy: 'require' },
      ],
    });
  },
);

test('a CPU that the instance type may set is not guessed', () => {
  const of = (own: object): string => {
    const [guest] = kubevirtGuests({
      kind: 'VirtualMachine',
      spec: { instancetype: { name: 'u1' }, template: { spec: { domain: { cpu: own } } } },
    });
    return guest === undefined ? '' : kubevirtDomain(guest);
  };
  expect(() => of({})).toThrow(/instance type, "u1"/);
  expect(of({ model: 'host-model' })).toContain("mode='host-model'");
});
