import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { gatePool } from '../../../lib/diff/gate/facts.ts';
import { gateVerdict } from '../../../lib/gate.ts';
import { createPool } from '../../../lib/pool.ts';
import type { Host } from '../../../types/host.ts';
import type { RewriteOptions } from '../../../types/options.ts';
import { told } from '../../support/findings.ts';
import { host } from '../../support/host.ts';

const HOSTS = [host('a', ['clwb', 'pcid', 'lahf_lm']), host('b', ['pcid', 'lahf_lm'])];
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
    ['asks for what a host lacks', ['-cpu', 'host,+clwb'], [ARGUMENT, differs('clwb [b]')]],
    ['is the last one', ['-cpu', 'host', '-cpu', 'host,-clwb'], [ARGUMENT]],
    [
      'asks for what no libvirt has a name for',
      ['-cpu', 'host,-clwb,+nosuch'],
      [ARGUMENT, differs('nosuch [a,b]')],
    ],
    ['turns off what no libvirt has a name for', ['-cpu', 'host,-clwb,-nosuch'], [ARGUMENT]],
    [
      'takes its enlightenments from its host',
      ['-cpu', 'host,-clwb,hv_passthrough=on'],
      [ARGUMENT, 'error not-migratable'],
    ],
    [
      'is added to by -global',
      ['-cpu', 'host,-clwb', '-global', 'x86_64-cpu.nosuch=on'],
      [ARGUMENT, differs('nosuch [a,b]')],
    ],
    [
      'has the last word on -global',
      ['-cpu', 'host,-clwb', '-global', 'host-x86_64-cpu.clwb=on'],
      [ARGUMENT],
    ],
    ['cannot migrate', ['-cpu', 'host,-clwb,migratable=no'], [ARGUMENT, 'error not-migratable']],
    ['has an invariant clock', ['-cpu', 'host,-clwb,invtsc'], [ARGUMENT, 'error not-migratable']],
    [
      'has one of a stated rate',
      ['-cpu', 'host,-clwb,invtsc=on,tsc_frequency=2000000000'],
      [ARGUMENT, differs('invtsc [a,b]')],
    ],
    [
      'asks its host about its threads',
      ['-cpu', 'host,-clwb,hv-no-nonarch-coresharing=auto'],
      [ARGUMENT, 'error not-migratable'],
    ],
    ['asks with a name alone', ['-cpu', '486,clwb'], ['warning cpu-argument 486', differs('clwb [b]')]],
    ['is a model', ['-cpu', '486,+pcid,vendor=x,hv-relaxed'], ['warning cpu-argument 486']],
    ['is a model with more', ['-cpu', '486,+clwb'], ['warning cpu-argument 486', differs('clwb [b]')]],
  ])('%s', (_, args, expected, cpu = "<cpu mode='host-passthrough'/>") => {
    const text = guest(args, cpu);
    const result = createPool(HOSTS).rewrite(text);
    expect(told(result.issues)).toEqual(expected);
    expect(result.ok && result.changed).toBe(false);
    expect(createPool(HOSTS).check(text).safe).toBe(result.ok);
  });

  test.each<[string, RewriteOptions]>([
    ['-cpu host,migratable=off,-clwb', { also: { migratable: 'on' } }],
    ['-cpu host,+clwb', { accept: ['conflicts'] }],
    ['-cpu host', { cpu: 'pin' }],
    ['-cpu host', { cpu: 'guard' }],
    ['-cpu host', { cpu: { exhaustive: true } }],
  ])('is not mended by what is written into <cpu>: %s %j', (words, options) => {
    expect(createPool(HOSTS).rewrite(guest(words.split(' ')), options).ok).toBe(false);
    expect(createPool(HOSTS).rewritePerHost(guest(words.split(' ')), options).ok).toBe(false);
  });

  test('is for no gate to judge', () => {
    const verdict = gateVerdict(guest(['-cpu', 'host,-clwb']), gatePool(diffHosts(HOSTS), 'b'), 'migrate');
    expect([verdict.decision, told(verdict.issues)]).toEqual(['unjudged', ['error cpu-argument host']]);
  });
});

test.each<[string, readonly string[], readonly string[]]>([
  ['an assigned device', ['-device', 'vfio-pci,host=01:00.0'], ['error device-not-migratable [a,b]']],
  [
    'its other spelling',
    ['--device', '{"driver":"vfio-pci","host":"0000:01:00.0"}'],
    ['error device-not-migratable [a,b]'],
  ],
  [
    'a device of vDPA',
    ['-device', 'vhost-vdpa-device-pci,vhostdev=/dev/vhost-vdpa-0'],
    ['error device-not-migratable [a,b]'],
  ],
  ['shared memory', ['-device', 'ivshmem-plain,memdev=m'], ['error device-not-migratable [a,b]']],
  ['shared memory of a master', ['-device', 'ivshmem-plain,memdev=m,master=on'], []],
  ['a folder', ['-virtfs', 'local,path=/a'], ['warning device-may-not-migrate [a,b]']],
  [
    'an image that QEMU does not move',
    ['-drive', 'file=/a,format=vmdk,if=none,id=x'],
    ['error device-not-migratable [a,b]'],
  ],
  [
    'such an image as a node',
    ['--blockdev', '{"node-name":"x","file":{"driver":"file"},"driver":"vdi"}'],
    ['error device-not-migratable [a,b]'],
  ],
  [
    'an image on such an image',
    ['-blockdev', 'driver=qcow2,node-name=x,backing.driver=qcow'],
    ['error device-not-migratable [a,b]'],
  ],
  ['any other image', ['-drive', 'file=/vmdk,format=qcow2,file.detect-format=vdi'], []],
  ['any other device', ['-device', 'virtio-rng-pci'], []],
  ['a file of options', ['-readconfig', '/a', '-readconfig', '/b'], ['warning argument-not-judged']],
  ['another machine', ['-machine', 'pc'], ['warning argument-not-judged']],
  ['another topology', ['-smp', '4,threads=2'], ['warning argument-not-judged']],
  ['a processor that sleeps as its host', ['-overcommit', 'cpu-pm=on'], ['warning argument-not-judged']],
  ['a feature of every CPU', ['-global', 'cpu.avx2=on'], ['error cpu-argument-differs avx2 [a,b]']],
  [
    'a feature in another order',
    ['-global', 'value=on,property=avx2,driver=x86_64-cpu'],
    ['error cpu-argument-differs avx2 [a,b]'],
  ],
  ['no migration', ['-global', 'host-x86_64-cpu.migratable=off'], ['error not-migratable']],
  [
    'an invariant clock',
    ['-global', 'host-x86_64-cpu.invtsc=on'],
    ['error not-migratable', 'error cpu-argument-differs invtsc [a,b]'],
  ],
])('handed to QEMU past libvirt: %s', (_, args, expected) => {
  const level = "<cpu mode='host-passthrough'><feature policy='disable' name='clwb'/></cpu>";
  expect(told(createPool(HOSTS).check(guest(args, level)).issues)).toEqual(expected);
});

test.each<[string, readonly string[]]>([
  ['host', ['cpu-identity [a,b]', 'physical-address-bits [a,b]']],
  ['host,phys-bits=39', ['cpu-identity [a,b]']],
  ['host,host_phys_bits_limit=39', ['cpu-identity [a,b]']],
  ['486', []],
  ['486,host-phys-bits', ['physical-address-bits [a,b]']],
])('-cpu %s shows what no feature line levels', (argument, expected) => {
  const hosts = [46, 39].map((physicalAddressBits, i): Host => ({
    ...host(['a', 'b'][i] ?? ''),
    processor: {
      ...{ physicalAddressBits, family: 6, model: 85 + i, stepping: 4 },
      ...{ microcode: undefined, tsc: undefined },
    },
  }));
  const named = "<cpu mode='custom'><model>486</model></cpu>";
  const { issues } = createPool(hosts).check(guest(['-cpu', argument], named));
  const found = told(issues).filter((line) => /identity|bits/.test(line));
  expect(found.map((line) => line.replace('warning ', ''))).toEqual(expected);
});

describe('at a gate, what -global switches on', () => {
  const custom = "<cpu mode='custom'><model>486</model></cpu>";
  test.each<[string, string, string, string]>([
    ['has to be on every host', '486-x86_64-cpu.clwb=yes', custom, 'closed'],
    ['has to be on every host, by the name of all CPUs', 'cpu.clwb=on', custom, 'closed'],
    ['may be on every host', '486-x86_64-cpu.pcid=yes', custom, 'open'],
    ['may be on every host in another spelling', '486-x86_64-cpu.lahf_lm=on', custom, 'open'],
    ['has to have a name', 'x86_64-cpu.nosuch=on', custom, 'closed'],
    ['may be no feature', '486-x86_64-cpu.kvm-pv-eoi=on', custom, 'open'],
    [
      'is off by <cpu>',
      'host-x86_64-cpu.clwb=on',
      "<cpu mode='host-passthrough'><feature policy='disable' name='clwb'/></cpu>",
      'open',
    ],
  ])('%s', (_, word, cpu, decision) => {
    const decisions = ['a', 'b'].flatMap((self) =>
      (['migrate', 'prepare'] as const).map(
        (operation) =>
          gateVerdict(guest(['-global', word], cpu), gatePool(diffHosts(HOSTS), self), operation).decision,
      ),
    );
    expect(decisions).toEqual(decisions.map(() => decision));
  });
});

test.each<[string, readonly string[], string, readonly string[]]>([
  [
    'what nobody has a name for',
    ['-global', 'host-x86_64-cpu.nosuch=on'],
    '',
    ['warning no-cpu-model', differs('nosuch [a,b]')],
  ],
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
