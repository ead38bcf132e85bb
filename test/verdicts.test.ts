// Tries lib/xml/place.ts as well.
import { gateVerdict } from '../lib/gate.ts';
import { parseHost } from '../lib/parser/host/host.ts';
import { createPool } from '../lib/pool.ts';
import { undoRewrite } from '../lib/record/record.ts';
import type { Host } from '../types/host.ts';
import type { PoolOptions, RewriteOptions } from '../types/options.ts';
import { told } from './support/findings.ts';
import { capabilities, domcapabilities, host } from './support/host.ts';
import { hostOf } from './support/pool.ts';

const PASSTHROUGH = "<cpu mode='host-passthrough'/>";
const kvm = (inner: string): string => `<domain type='kvm'>${inner}</domain>`;
const enlightened = (...names: string[]): string =>
  `<hyperv supported='yes'><enum name='features'>${names.map((name) => `<value>${name}</value>`).join('')}</enum></hyperv>`;
const hyperv = (mode: string): string => kvm(`<features><hyperv mode='${mode}'/></features>${PASSTHROUGH}`);
const [plainA, plainB] = [host('a'), host('b')];
const twins = ['a', 'b'].map((name): Host => ({
  ...host(name),
  uuid: '4dea22b3-1d52-d8f3-2516-782e98ab3fa0',
}));

const UNKNOWN_PROCESSOR = {
  ...{ family: undefined, model: undefined, stepping: undefined },
  ...{ microcode: undefined, tsc: undefined },
};

/** Inputs that looked safe and are not, and their neighbours that are. */
test.each<[string, string, readonly Host[], readonly string[], PoolOptions?, RewriteOptions?]>([
  [
    'a domain that does not say its type, of hosts asked about both',
    `<domain>${PASSTHROUGH}</domain>`,
    [hostOf('a'), hostOf('b', { virtType: 'qemu' })],
    ['error domain-type-missing [a,b]'],
  ],
  [
    'a domain that does not say its type, of hosts asked about one',
    `<domain>${PASSTHROUGH}</domain>`,
    [hostOf('a'), hostOf('b')],
    [],
  ],
  [
    'enlightenments that follow a host, and hosts that differ',
    hyperv('host-model'),
    [
      hostOf('a', { guestFeatures: enlightened('relaxed', 'evmcs') }),
      hostOf('b', { guestFeatures: enlightened('relaxed') }),
    ],
    ['error hyperv-host-model evmcs'],
  ],
  [
    'enlightenments that follow a host, and hosts that are alike',
    hyperv('host-model'),
    [
      hostOf('a', { guestFeatures: enlightened('relaxed') }),
      hostOf('b', { guestFeatures: enlightened('relaxed') }),
    ],
    [],
  ],
  [
    'enlightenments that follow a host of which nobody knows',
    hyperv('host-model'),
    [hostOf('a', { guestFeatures: enlightened('relaxed') }), hostOf('b')],
    ['error hyperv-host-model [b]'],
  ],
  [
    'enlightenments in a way nobody knows',
    hyperv('strict'),
    [hostOf('a'), hostOf('b')],
    ['error hyperv-mode'],
  ],
  [
    'a default model with what a host lacks',
    kvm(''),
    [host('a', ['svm']), plainB],
    ['warning no-cpu-model', 'error default-model-differs svm [b]'],
  ],
  [
    'a default model with a topology only',
    kvm("<cpu><topology sockets='1' cores='2' threads='1'/></cpu>"),
    [host('a', ['svm']), plainB],
    ['warning no-cpu-model', 'error default-model-differs svm [b]'],
  ],
  [
    'a default model of which no host lacks anything',
    kvm(''),
    [host('a', ['avx2']), plainB],
    ['warning no-cpu-model'],
  ],
  [
    'a default model with several cores in a socket, of which libvirt takes what QEMU adds for extra features',
    kvm("<cpu><topology sockets='1' cores='2' threads='1'/></cpu>"),
    [plainA, { ...plainB, libvirtVersion: '11.3.0', qemuVersion: '10.0.0' }],
    ['warning no-cpu-model', 'warning derived-features-refused [b]'],
  ],
  ['two documents of one machine', kvm(PASSTHROUGH), twins, ['error duplicate-host [a,b]']],
  [
    'lines required of a weak source',
    kvm(PASSTHROUGH),
    [host('a', [], { fallback: 'allow' }), plainB],
    ['warning weak-source [a]', 'error weak-source-requires [a]'],
    {},
    { cpu: 'guard' },
  ],
  [
    'a model fixed by a weak source',
    kvm(PASSTHROUGH),
    [host('a', [], { fallback: 'allow' }), plainB],
    ['warning weak-source [a]', 'error weak-source-requires [a]'],
    {},
    { cpu: 'pin' },
  ],
  [
    'address bits without a number, of hosts that differ in them',
    kvm("<cpu mode='host-passthrough'><maxphysaddr mode='emulate'/></cpu>"),
    [46, 39].map((physicalAddressBits): Host => ({
      ...host(`bits-${physicalAddressBits}`),
      processor: { ...UNKNOWN_PROCESSOR, physicalAddressBits },
    })),
    ['warning physical-address-bits [bits-39,bits-46]'],
  ],
  ['two cloned boards', kvm(PASSTHROUGH), twins, ['warning duplicate-host [a,b]'], { accept: ['same-host'] }],
])('%s', (_, text, hosts, expected, options = {}, asked = {}) => {
  const pool = createPool(hosts, options);
  expect(told(pool.rewrite(text, asked).issues)).toEqual(expected);
  const isSafe = !expected.some((line) => line.startsWith('error'));
  expect([pool.rewrite(text, asked).ok, pool.check(text, asked).safe]).toEqual([isSafe, isSafe]);
});

test('what hosts have in common is told though two of them are one', () => {
  expect(createPool(twins).baseline.common).toEqual(['fpu', 'pse', 'vme']);
});

describe('the way out', () => {
  const newer = { libvirtVersion: '12.8.0' };
  const hosts = [host('new', ['vmx', 'vmx-ept', 'avx2'], newer), host('old', ['vmx', 'avx2'])];
  const text = kvm(PASSTHROUGH);

  test('of a name that some libvirt does not know is the first that keeps the guest equal', () => {
    const result = createPool(hosts).rewrite(text);
    expect(told(result.issues)).toEqual([
      'error feature-not-expressible vmx-ept [old]',
      'note nested-virtualisation vmx',
      'note way-out',
    ]);
    const [found] = result.issues.filter((one) => one.code === 'way-out');
    expect(found?.options).toEqual(['disableParent']);
    expect(createPool(hosts).rewrite(text, { cpu: { disableParent: true } }).ok).toBe(true);
  });

  test('is each host’s own form, where its libvirt can name what it has', () => {
    const result = createPool(hosts).rewritePerHost(text);
    expect(result.ok && Object.entries(result.perHost)).toEqual([
      ['new', kvm("<cpu mode='host-passthrough'><feature policy='disable' name='vmx-ept'/></cpu>")],
      ['old', text],
    ]);
    expect('xml' in result).toBe(false);
    expect(told(result.issues)).toEqual([
      'warning feature-not-named vmx-ept [old]',
      'note nested-virtualisation vmx',
    ]);
  });

  test('is found by a check of what was rewritten that way', () => {
    const off = kvm("<cpu mode='host-passthrough'><feature policy='disable' name='vmx'/></cpu>");
    const result = createPool(hosts).rewrite(off);
    expect(result.ok && [result.xml, createPool(hosts).check(off).safe]).toEqual([off, true]);
  });

  test('is none where hosts cannot be a pool at all', () => {
    const strangers = [host('a', [], { vendor: 'Intel' }), host('b', [], { vendor: 'AMD' })];
    expect(
      told(createPool(strangers).rewrite(text).issues).filter((line) => line.includes('way-out')),
    ).toEqual([]);
  });
});

describe('a record that somebody else wrote', () => {
  const record = (entries: string): string =>
    `<metadata><m:added xmlns:m='urn:libvirt-migratable:1'><m:element at='metadata'/>${entries}</m:added></metadata>`;
  const rest = `<os><type machine='pc-q35-7.2'>hvm</type></os>${PASSTHROUGH}<devices><emulator>/usr/bin/qemu</emulator><interface><driver name='vhost' queues='4'/></interface></devices><seclabel type='dynamic'/>`;

  test.each([
    ['a disk', "<m:removed at='devices' xml='&lt;disk/>'/>", 'devices'],
    ['a disk in the CPU', "<m:removed at='cpu' xml='&lt;model>486&lt;/model>&lt;disk/>'/>", 'cpu'],
    ['a label', "<m:element at='seclabel'/>", 'seclabel'],
    [
      'an emulator',
      "<m:text at='devices/emulator' value='/usr/bin/qemu' replaced='/tmp/evil'/>",
      'devices/emulator',
    ],
    ['a mode', "<m:attribute at='cpu' name='mode' value='host-passthrough' replaced='maximum'/>", 'cpu'],
    [
      'another driver',
      "<m:attribute at='devices/interface/driver' name='name' value='vhost' replaced='qemu'/>",
      'devices/interface/driver',
    ],
    [
      'a queue',
      "<m:attribute at='devices/interface/driver' name='queues' value='4'/>",
      'devices/interface/driver',
    ],
    ['an argument', "<m:element at='qemu:commandline/qemu:env'/>", 'qemu:commandline/qemu:env'],
  ])('undoes nothing: %s', (_, entry, place) => {
    const text = kvm(record(entry) + rest);
    expect(undoRewrite(text)).toBe(kvm(rest));
    const result = createPool([plainA, plainB]).rewrite(text, { record: true });
    expect(told(result.issues)).toEqual(['warning record-foreign']);
    expect(result.issues[0]).toMatchObject({ places: [place], line: 1 });
    expect(result.ok && result.xml).toBe(kvm(rest));
  });
});

test('a name that an older libvirt does not know, and a newer host lacks, cannot be compared', () => {
  const hosts = [host('new', [], { libvirtVersion: '12.8.0' }), host('old')];
  const found = createPool(hosts)
    .rewrite(kvm(PASSTHROUGH))
    .issues.filter(({ code }) => code === 'names-not-comparable');
  expect(found).toMatchObject([{ severity: 'warning', hosts: ['old'] }]);
  expect(createPool(hosts).rewrite(kvm(PASSTHROUGH), { refuse: ['unnamed'] }).ok).toBe(false);
});

test.each([
  ['what needs vmx is open where the host has vmx', ['vmx'], true],
  ['and absent where it is known to lack it', [], false],
])('names that an older libvirt does not know: %s', (_, features, isOpen) => {
  const hosts = [host('new', ['vmx'], { libvirtVersion: '12.8.0' }), host('old', features)];
  const { issues } = createPool(hosts).rewrite(kvm(PASSTHROUGH));
  const names = issues.flatMap((one) => (one.code === 'names-not-comparable' ? one.features : []));
  expect(['vmx-ept', 'vmx-apicv-vid'].filter((name) => names.includes(name))).toEqual(
    isOpen ? ['vmx-ept', 'vmx-apicv-vid'] : [],
  );
  expect(names).toContain('avx-vnni-int8');
});

test.each([
  [
    'a disk in a file',
    "<disk type='file'><source file='/a'/><target dev='vda'/></disk>",
    'note disk-not-shared',
  ],
  ['an assigned device', "<hostdev mode='subsystem' type='pci'/>", 'error device-not-migratable'],
  [
    'a TPM of the host',
    "<tpm model='tpm-tis'><backend type='passthrough'/></tpm>",
    'warning device-may-not-migrate',
  ],
  ['shared memory', "<shmem name='a'><model type='ivshmem-plain'/></shmem>", 'error device-not-migratable'],
])('%s', (_, device, expected) => {
  const { issues } = createPool([plainA, plainB]).check(kvm(`${PASSTHROUGH}<devices>${device}</devices>`));
  expect(issues.map(({ severity, code }) => `${severity} ${code}`)).toContain(expected);
});

test('a model that is to be pinned on hosts whose libvirt refuses what QEMU derives', () => {
  const cores = kvm("<cpu><topology sockets='1' cores='2' threads='1'/></cpu>");
  const newer = ['a', 'b'].map((name) =>
    parseHost(`<?virt-migratable libvirt='11.3.0' hypervisor='QEMU 10.0.13'?>${domcapabilities([])}`, {
      name,
    }),
  );
  expect(told(createPool(newer).rewrite(cores, { cpu: 'pin' }).issues)).toEqual([
    'error derived-features-refused [a,b]',
  ]);
});

test('weak hosts are still told as weak', () => {
  expect(
    told(
      createPool(
        ['u-1', 'u-2'].map((uuid) => capabilities(uuid)),
        { read: { libvirtVersion: '9.0.0' } },
      ).issues,
    ),
  ).toEqual(['warning weak-source [host-1,host-2]']);
});

describe('what QEMU gives guests and no libvirt has a name for', () => {
  const qmp = (name: string, ...on: readonly string[]): Host =>
    parseHost(
      JSON.stringify({
        return: {
          model: {
            name: 'host',
            props: {
              ...Object.fromEntries(['fpu', 'vme', 'pse', ...on].map((feature) => [feature, true])),
              avx2: false,
            },
          },
        },
      }),
      { name, libvirtVersion: '9.0.0' },
    );
  const hosts = (name: string): readonly Host[] => [qmp('a', name), qmp('b')];
  const model = "<cpu mode='custom'><model>486</model></cpu>";

  test.each([
    ['tsa-l1-no', PASSTHROUGH, {}, false],
    ['tsa-l1-no', "<cpu mode='maximum'/>", {}, false],
    ['tsa-l1-no', "<cpu mode='host-model'/>", {}, true],
    ['tsa-l1-no', model, {}, true],
    ['tsa-l1-no', PASSTHROUGH, { cpu: 'pin' }, true],
    ['kvm-pv-eoi', PASSTHROUGH, {}, false],
    ['kvm-pv-eoi', model, {}, false],
    ['kvm-pv-eoi', PASSTHROUGH, { cpu: 'pin' }, false],
  ] as const)(
    'is no difference that may pass where a guest sees it: %s %s %j',
    (name, cpu, options, isSafe) => {
      const pool = createPool(hosts(name));
      const result = pool.rewrite(kvm(cpu), options);
      expect(result.ok).toBe(isSafe);
      expect(told(result.issues).filter((line) => !line.startsWith('note'))).toEqual([
        `${isSafe ? 'warning' : 'error'} feature-unnamed ${name} [a,b]`,
      ]);
      const isFollower = cpu === PASSTHROUGH && !('cpu' in options);
      const gates = ['a', 'b'].map((self) => gateVerdict(kvm(cpu), pool.gate(self), 'migrate').decision);
      expect(isFollower && gates).toEqual(isFollower && ['closed', 'closed']);
    },
  );

  test('can be kept from the guest by the way out that is named', () => {
    const result = createPool(hosts('tsa-l1-no')).rewrite(kvm(PASSTHROUGH));
    expect(result.issues.find(({ code }) => code === 'way-out')).toMatchObject({ options: ['pin'] });
  });
});
