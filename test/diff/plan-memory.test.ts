import fc from 'fast-check';
import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../lib/diff/plan.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import type { DomainCpu } from '../../types/domain.ts';
import type { PlanOptions } from '../../types/options.ts';
import { domainXml, guests, styles } from '../support/domains.ts';
import { documentedHosts, host } from '../support/host.ts';
import { hostOf } from '../support/pool.ts';

const BUS = "<disk supported='yes'><enum name='bus'><value>virtio</value></enum></disk>";
const enumOf = (device: string, name: string): string =>
  `<${device} supported='yes'><enum name='${name}'><value>none</value></enum></${device}>`;
const OFFERS = [
  ...[enumOf('disk', 'bus'), enumOf('rng', 'model'), enumOf('console', 'type')],
  "<hostdev supported='yes'><enum name='subsysType'><value>none</value></enum></hostdev>",
].join('');
const POOL = [
  hostOf('a', {
    ...{ features: ['avx2', 'pcid', 'vmx'], devices: BUS, limit: 46, emulator: '/usr/bin/qemu-kvm' },
    machines: "<machine canonical='pc-q35-7.2'>q35</machine><machine>pc-q35-7.2</machine>",
    processor: "<signature family='6' model='85' stepping='4'/>",
  }),
  hostOf('b', {
    ...{ features: ['avx2', 'stibp', 'vmx'], limit: 39 },
    machines: "<machine canonical='pc-q35-7.1'>q35</machine><machine>pc-q35-7.1</machine>",
    processor: "<signature family='6' model='79' stepping='1'/>",
  }),
];
const NAMES = ['avx2', 'pcid', 'stibp', 'vmx', 'invtsc', 'avx512f'];
const POLICIES = ['force', 'require', 'optional', 'disable', 'forbid', undefined] as const;

/** What a plan looks at beside the CPU: many, and of many lengths, so that places differ where the rest does not. */
const parts = fc.record({
  attributes: fc.subarray([" id='1'"]),
  before: fc.subarray([
    '<title>a</title>',
    "<!--\n\n-->\n<os><type arch='x86_64' machine='q35'>hvm</type></os>",
    "<os><type machine='pc-q35-7.2'>hvm</type></os>",
  ]),
  devices: fc.shuffledSubarray([
    "<disk><target bus='virtio'/></disk>",
    "<disk><target bus='sata'/></disk>\n",
    "<disk device='cdrom'><target dev='sda' bus='sata'/></disk>",
    '<emulator>/usr/bin/qemu</emulator>',
    '<emulator>/opt/a/very/long/path/to/qemu</emulator>',
  ]),
  features: fc.subarray(["<pmu state='off'/>", "<hyperv mode='passthrough'/>"]),
});
const texts = fc
  .tuple(guests(NAMES, POLICIES), styles, parts)
  .map(([guest, style, { attributes, before, devices, features }]) =>
    domainXml(guest, style)
      .replace(/<domain type=.kvm./, `$&${attributes.join('')}`)
      .replace(
        '</name>',
        `$&${before.join('')}<features>${features.join('')}</features><devices>${devices.join('')}</devices>`,
      ),
  );

const OPTIONS: readonly PlanOptions[] = [
  ...[{}, { strict: true }, { overrideConflicts: true }, { anyMachine: true }, { dropNested: true }],
  ...[
    { guard: true },
    { exhaustive: true },
    { machine: 'common' },
    { maxphysaddr: 'common' },
    { pmu: 'off' },
  ],
  ...[{ pin: { model: '486' } }, { climb: true, strict: false }],
] as const;

test('a plan is what it would be if no domain had been planned before', () => {
  const baseline = diffHosts(POOL);
  let moved = 0;
  fc.assert(
    fc.property(texts, fc.constantFrom(...OPTIONS), (text, options) => {
      // Again with something in front: then all of it is known and stands elsewhere.
      for (const start of ['', '<!-- here -->', '\n\n \n']) {
        const domain = parseDomain(text.replace('<name>', `${start}<name>`));
        const plan = planDomain(domain, baseline, options);
        expect(plan).toEqual(planDomain(domain, diffHosts(POOL), options));
        moved += plan.issues.filter(({ span }) => span !== undefined).length;
      }
    }),
    { numRuns: 1000 },
  );
  expect(moved).toBeGreaterThan(1000);
});

const CPU = "<cpu mode='host-model'/>";
const os = (machine: string): string =>
  `<domain type='kvm'><os><type machine='${machine}'/></os>${CPU}</domain>`;
const devices = (xml: string): string => `<domain type='kvm'>${CPU}<devices>${xml}</devices></domain>`;

// All are equal in length and in the letters that the memory looks at before it compares.
test.each([
  ['type', `<domain type='kvm'>${CPU}</domain>`, `<domain type='kim'>${CPU}</domain>`],
  ['machine', os('pc-q35-7.2'), os('pc-q35-6.2')],
  [
    'architecture',
    "<domain><os><type arch='x86_64'/></os></domain>",
    "<domain><os><type arch='x89_64'/></os></domain>",
  ],
  ['emulator', devices('<emulator>/usr/bin/qemu</emulator>'), devices('<emulator>/opt/bin/qemu</emulator>')],
  ['use', devices("<disk><target bus='scsi'/></disk>"), devices("<disk><target bus='sdsi'/></disk>")],
  ['key of a use', devices("<hostdev mode='x'/>"), devices("<console type='x'/>")],
  [
    'element of a use',
    devices("<hostdev mode='a' type='b'/>\n<hostdev/>"),
    devices("<hostdev mode='a'/>\n<hostdev type='b'/>"),
  ],
  ['state', `<domain>${CPU}</domain>`, `<domain id='1'>${CPU}</domain>`],
  [
    'root',
    `<domstatus><domain>${CPU}</domain></domstatus>`,
    `<domainsnapshot><domain>${CPU}</domain></domainsnapshot>`,
  ],
])('another %s is another question', (_, one, other) => {
  const pool = [hostOf('a', { devices: OFFERS, features: ['pcid'] }), hostOf('b', { devices: OFFERS })];
  const baseline = diffHosts(pool);
  const alone = [one, other].map((text) => planDomain(parseDomain(text), diffHosts(pool)));
  expect(alone[0]).not.toEqual(alone[1]);
  expect([one, other].map((text) => planDomain(parseDomain(text), baseline))).toEqual(alone);
});

const OFF = "<cpu mode='host-passthrough'><feature policy='disable' name='pcid'/></cpu>";

test.each<[string, string, Partial<DomainCpu>]>([
  ['mode', OFF, { mode: 'custom' }],
  ['match', OFF, { match: 'strict' }],
  ['check', OFF, { check: 'full' }],
  ['switch', OFF, { migratable: 'off' }],
  ['list', OFF, { features: [] }],
  ['cache', "<cpu mode='host-model'><cache mode='emulate' level='3'/></cpu>", { cacheMode: 'passthrough' }],
  ['vendor', "<cpu mode='custom'><model>486</model></cpu>", { vendor: 'AMD' }],
  ['model', "<cpu mode='custom'><model>486</model></cpu>", { model: 'none' }],
])('another %s, set by hand, is another question', (_, cpu, facts) => {
  const pool = [host('a', ['pcid'], { vendor: 'Intel' }), host('b', [], { vendor: 'Intel' })];
  const domain = parseDomain(`<domain type='kvm'>${cpu}</domain>`);
  const changed = { ...domain, cpu: domain.cpu && { ...domain.cpu, ...facts } };
  const alone = [domain, changed].map((one) => planDomain(one, diffHosts(pool)));
  expect(alone[0]).not.toEqual(alone[1]);
  const [forth, back] = [diffHosts(pool), diffHosts(pool)];
  expect([domain, changed].map((one) => planDomain(one, forth))).toEqual(alone);
  expect([changed, domain].map((one) => planDomain(one, back)).reverse()).toEqual(alone);
});

test('other options are another question, also where they are no words', () => {
  const domain = parseDomain(devices("<interface><model type='virtio'/></interface>"));
  const pool = documentedHosts();
  const baseline = diffHosts(pool);
  const offered = { offered: { 'virtio-net': ['csum'] }, properties: {} };
  const asked: readonly PlanOptions[] = [{ virtio: { A: offered, B: offered } }, { virtio: {} }];
  const alone = asked.map((options) => planDomain(domain, diffHosts(pool), options));
  expect(alone[0]).not.toEqual(alone[1]);
  expect(asked.map((options) => planDomain(domain, baseline, options))).toEqual(alone);
});

test('what comes again is answered by the same plan', () => {
  const baseline = diffHosts(documentedHosts());
  const planOf = (name: string, options: PlanOptions): unknown =>
    planDomain(
      parseDomain(`<domain><name>${name}</name><cpu mode='host-model'/></domain>`),
      baseline,
      options,
    );
  const first = planOf('a', {});
  expect(planOf('bc', { climb: false })).toBe(first);
  expect(planOf('bc', { strict: true })).not.toBe(first);
});
