// Tries lib/cli/guests/manifests.ts as well.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sarifProblems } from '../report/reports.ts';
import { folder, HOSTS, run, text } from './run.ts';

const VM = `# ours
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: {name: web, namespace: prod}
spec:
  template:
    spec:
      domain:
        cpu:
          model: host-passthrough
          features: [{name: vmx, policy: disable}]
`;
const instance = (name: string, cpu: object): object => ({
  ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', metadata: { name } },
  spec: { domain: { cpu } },
});
const cwd = folder({
  'vm.yaml': VM,
  'list.json': JSON.stringify(
    {
      ...{ kind: 'List', apiVersion: 'v1' },
      items: [
        instance('level', {
          model: 'host-passthrough',
          features: ['clflushopt', 'clwb', 'lahf_lm'].map((name) => ({ name, policy: 'disable' })),
        }),
        instance('picky', { model: 'host-passthrough', features: [{ name: 'clwb' }] }),
        { kind: 'VirtualMachine', metadata: { name: 'typed' }, spec: { instancetype: { name: 'u1' } } },
      ],
    },
    null,
    2,
  ),
});

test('what to paste, and where it can run as it is', () => {
  const { code, out, err } = run(cwd, ['check', 'vm.yaml', ...HOSTS]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toBe(`vm.yaml (prod/web): not safe: clflushopt, clwb, lahf_lm (x86-64-v1)
  One CPU on a, b, in spec.template.spec.domain:
    cpu:
      model: host-passthrough
      features:
        - name: vmx
          policy: disable
        - name: clflushopt
          policy: disable
        - name: clwb
          policy: disable
        - name: lahf_lm
          policy: disable

1 guest among 2 hosts
  not safe  1

feature     guests  why
clflushopt       1  b has it, a lacks it
clwb             1  a has it, b lacks it
lahf_lm          1  a has it, b lacks it
`);
  const [, features = ''] = /( {6}features:\n[\s\S]*?)\n\n/.exec(out) ?? [];
  const pasted = VM.replace(/ {10}features: .*/, features.replaceAll(/^/gm, '    '));
  writeFileSync(join(cwd, 'pasted.yaml'), pasted);
  expect(run(cwd, ['check', 'pasted.yaml', ...HOSTS])).toMatchObject({
    code: 0,
    out: text('(prod/web): safe'),
  });
});

test('a list: each is a guest, and nodes that cannot run one are named', () => {
  const { code, out, err } = run(cwd, ['check', 'list.json', ...HOSTS]);
  expect(code).toBe(2);
  expect(out).toContain(`list.json (level): safe (x86-64-v1)
list.json (picky): not safe; 1 error
  b cannot run it; only a, in spec:
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms:
            - matchExpressions:
                - key: kubernetes.io/hostname
                  operator: In
                  values:
                    - a
list.json (typed): cannot be read
`);
  expect(err).toMatch(/^list\.json:\d+:\d+: error: its instance type, "u1", may set its CPU/m);
});

test('for programs', () => {
  const [first, second] = run(cwd, ['check', 'vm.yaml', 'list.json', ...HOSTS, '--json'])
    .out.split('\n')
    .slice(0, 2)
    .map((line) => JSON.parse(line) as object);
  expect(first).toMatchObject({
    kubevirt: {
      ...{ kind: 'VirtualMachine', namespace: 'prod', path: 'spec.template.spec', nodes: ['a', 'b'] },
      features: [{ name: 'vmx', policy: 'disable' }, {}, {}, {}],
      groups: [['a'], ['b']],
    },
  });
  expect(second).toMatchObject({ domain: 'level', compatible: true, kubevirt: { changed: false } });
  const log: unknown = JSON.parse(run(cwd, ['check', 'vm.yaml', ...HOSTS, '-o', 'sarif']).out);
  expect(sarifProblems(log)).toEqual([]);
  const location = { physicalLocation: { region: { startLine: 4 } } };
  expect(log).toMatchObject({ runs: [{ results: [{ locations: [location] }, { locations: [location] }] }] });
});

test('they are explained and linted, and not rewritten', () => {
  expect(run(cwd, ['explain', 'vm.yaml', ...HOSTS])).toMatchObject({ code: 0, out: text('disable clwb\n') });
  expect(run(cwd, ['lint', 'vm.yaml'])).toMatchObject({ code: 0, err: text('cpu-follows-host') });
  expect(run(cwd, ['lint', 'vm.yaml']).err).not.toContain('machine-unversioned');
  for (const place of [['-o', 'out'], ['--in-place'], []])
    expect(run(cwd, ['rewrite', 'vm.yaml', ...place, ...HOSTS])).toMatchObject({
      code: 2,
      err: text('"virt-migratable check" prints'),
    });
});

test('one without a machine type gets that of KubeVirt, whatever the default of libvirt is on each host', () => {
  const hosts = ['before', 'after'].flatMap((when) => [
    '--host',
    `${when}=${join(__dirname, '../../examples/upgrade', when, 'kvm-a.xml')}`,
  ]);
  const { err } = run(cwd, ['check', 'vm.yaml', ...hosts]);
  expect(err).toContain('[feature-not-expressible]');
  expect(err).not.toContain('machine-alias');
});

test.each([
  ['YAML that is none', 'kind: [', 'this is no YAML'],
  ['JSON that is none', '{ "kind": ', 'the text ends in the middle'],
  ['another object', 'kind: ConfigMap\n', 'this holds no virtual machine'],
  [
    'a policy that there is not',
    VM.replace('policy: disable', 'policy: never'),
    '<stdin>:1:1: error: "never" is no policy',
  ],
  ['a feature twice', VM.replace('[{', '[{name: vmx}, {'), 'is given twice'],
  [
    'an instance type',
    VM.replace('  template', '  instancetype: {name: u1}\n  template').replace(/ +model.*\n/, ''),
    '<stdin>:4:1: error: its instance type',
  ],
])('%s cannot be read', (_, input, told) => {
  expect(run(cwd, ['check', '-', ...HOSTS], { input })).toMatchObject({ code: 2, err: text(told) });
});

test("the guest's system in its annotation is its floor", () => {
  const input = VM.replace('metadata: {', 'metadata: {annotations: {vm.kubevirt.io/os: rhel10.0}, ');
  expect(run(cwd, ['check', '-', ...HOSTS], { input })).toMatchObject({ code: 1, err: text('below-floor') });
});
