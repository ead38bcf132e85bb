// Tries lib/checked-guest.ts as well.
import { createLinter } from '../lib/lint.ts';

const { lint } = createLinter();
const domain = (cpu: string, { machine = 'pc-q35-7.2', rest = '', arch = 'x86_64' } = {}): string =>
  `<domain type='kvm'><os><type arch='${arch}' machine='${machine}'>hvm</type></os>${cpu}${rest}</domain>`;
const custom = (inside: string): string => `<cpu mode='custom'><model>Haswell</model>${inside}</cpu>`;
const HOSTDEV = "<devices><hostdev mode='subsystem' type='pci'/></devices>";

test.each<[string, string, readonly string[]]>([
  ['a named model of a versioned machine', domain(custom('')), []],
  ['lines of a rewrite', domain(custom("<feature policy='disable' name='avx'/>")), []],
  ['no machine', domain(custom('')).replace(/ machine='[^']*'/, ''), ['note machine-unversioned']],
  ['an unversioned machine', domain(custom(''), { machine: 'q35' }), ['note machine-unversioned']],
  ['a CPU of its host', domain("<cpu mode='host-model'/>"), ['note cpu-follows-host']],
  [
    'a model that is the least',
    domain("<cpu match='minimum'><model>Haswell</model></cpu>"),
    ['note cpu-follows-host'],
  ],
  ['no CPU', domain(''), ['warning no-cpu-model']],
  ['a container', domain('').replace('kvm', 'lxc'), ['error context-mismatch']],
  ['a model that there is not', domain('<cpu><model>Haswel</model></cpu>'), ['error unknown-model']],
  ['a feature that there is not', domain(custom("<feature name='avx9'/>")), ['error unknown-feature']],
  ['a device that stays', domain(custom(''), { rest: HOSTDEV }), ['error device-not-migratable']],
  [
    'a guest that may not move',
    domain("<cpu mode='host-passthrough' migratable='off'/>"),
    ['error not-migratable', 'note cpu-follows-host'],
  ],
  [
    'another architecture',
    domain("<cpu mode='host-passthrough'/>", { arch: 'aarch64', machine: 'virt-7.2' }),
    [],
  ],
])('%s', (_, xml, found) => {
  const { ok, issues } = lint(xml);
  expect(issues.map(({ severity, code }) => `${severity} ${code}`)).toEqual(found);
  expect(ok).toBe(!found.some((one) => one.startsWith('error')));
});

test('what is true of every host is said of any', () => {
  const messages = [domain(custom(''), { rest: HOSTDEV }), domain('<cpu><model>Haswel</model></cpu>')]
    .flatMap((xml) => lint(xml).issues)
    .map(({ message }) => message);
  expect(messages).toEqual([
    expect.stringMatching(/^libvirt and QEMU on any host do not migrate/),
    expect.stringMatching(/^libvirt on any host does not know/),
  ]);
});

test('places are those of the text', () => {
  expect(lint(`\n${domain(custom("<feature name='avx9'/>"))}`).issues).toMatchObject([{ line: 2 }]);
});

test('what cannot be read throws', () => {
  expect(() => lint('<domain>', { file: 'x.xml' })).toThrow(/^x\.xml:1:1: /);
});
