import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { gatePool } from '../../../lib/diff/gate/facts.ts';
import { gateVerdict } from '../../../lib/gate.ts';
import { createPool } from '../../../lib/pool.ts';
import { told } from '../../support/findings.ts';
import { host } from '../../support/host.ts';

const HOSTS = [host('a', ['clwb', 'pcid']), host('b', ['pcid'])];
const guest = (args: readonly string[], cpu = "<cpu mode='host-passthrough'/>"): string =>
  `<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>${cpu}<qemu:commandline>${args
    .map((value) => `<qemu:arg value='${value}'/>`)
    .join('')}</qemu:commandline></domain>`;
const ARGUMENT = 'warning cpu-argument host';
const differs = (argument: string): string => `error cpu-argument-differs ${argument}`;

describe('a CPU that is handed to QEMU past libvirt', () => {
  test.each<[string, readonly string[], readonly string[], string?]>([
    ['shows what a host lacks', ['-cpu', 'host'], [ARGUMENT, differs('clwb [b]')]],
    [
      'whatever <cpu> says',
      ['-cpu', 'host'],
      [ARGUMENT, differs('clwb [b]')],
      "<cpu mode='host-passthrough'><feature policy='disable' name='clwb'/></cpu>",
    ],
    ['is level itself', ['-cpu', 'host,-clwb'], [ARGUMENT]],
    ['is level in the other spelling', ['--cpu', 'host,clwb=off'], [ARGUMENT]],
    ['has what every host has', ['-cpu', 'host,clwb=off,+pcid'], [ARGUMENT]],
    ['is switched by the minus last', ['-cpu', 'host,-clwb,clwb=on,+clwb'], [ARGUMENT]],
    ['asks for what a host lacks', ['-cpu', 'host,+clwb'], [ARGUMENT, 'error policy-conflict clwb [b]']],
    ['is the last one', ['-cpu', 'host', '-cpu', 'host,-clwb'], [ARGUMENT]],
    ['cannot migrate', ['-cpu', 'host,-clwb,migratable=no'], [ARGUMENT, 'error not-migratable']],
    ['is a model', ['-cpu', '486,+pcid,vendor=x,hv-relaxed'], ['warning cpu-argument 486']],
    [
      'is a model with more',
      ['-cpu', '486,+clwb'],
      ['warning cpu-argument 486', 'error policy-conflict clwb [b]'],
    ],
  ])('%s', (_, args, expected, cpu = "<cpu mode='host-passthrough'/>") => {
    const text = guest(args, cpu);
    const result = createPool(HOSTS).rewrite(text);
    expect(told(result.issues)).toEqual(expected);
    expect(result.ok && result.changed).toBe(false);
    expect(createPool(HOSTS).check(text).safe).toBe(result.ok);
  });

  test('is for no gate to judge', () => {
    const verdict = gateVerdict(guest(['-cpu', 'host,-clwb']), gatePool(diffHosts(HOSTS), 'b'), 'migrate');
    expect([verdict.decision, told(verdict.issues)]).toEqual(['unjudged', ['error cpu-argument host']]);
  });
});

test.each<[string, readonly string[], string, readonly string[]]>([
  [
    'what a host lacks',
    ['-global', 'host-x86_64-cpu.clwb=on'],
    "<cpu mode='custom'><model>486</model></cpu>",
    [differs('clwb [b]')],
  ],
  [
    'what every host has',
    ['-global', 'driver=486-x86_64-cpu,property=pcid,value=on'],
    "<cpu mode='custom'><model>486</model></cpu>",
    [],
  ],
  [
    'what <cpu> turns off',
    ['-global', 'host-x86_64-cpu.clwb=on'],
    "<cpu mode='host-passthrough'><feature policy='disable' name='clwb'/></cpu>",
    [],
  ],
  [
    'another device',
    ['-global', 'virtio-net-device.clwb=on'],
    "<cpu mode='custom'><model>486</model></cpu>",
    [],
  ],
])('-global switches on %s', (_, args, cpu, expected) => {
  expect(told(createPool(HOSTS).rewrite(guest(args, cpu)).issues)).toEqual(expected);
});
