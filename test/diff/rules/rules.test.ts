// Tries lib/diff/rules/address-bits.ts and lib/diff/rules/clock.ts as well.
import type { Host } from '../../../types/host.ts';
import type { PlanOptions } from '../../../types/options.ts';
import { hostOf, outcomeOf, type HostParts } from '../../support/pool.ts';

const pair = (a: HostParts, b: HostParts = {}): readonly Host[] => [hostOf('a', a), hostOf('b', b)];
const cpu = (inner = '', mode = 'host-passthrough'): string => `<cpu mode='${mode}'>${inner}</cpu>`;
const custom = (inner = ''): string => `<cpu mode='custom'><model>486</model>${inner}</cpu>`;
const signature = (model: number, more = ''): string =>
  `<signature family='6' model='${model}' stepping='4'/>${more}`;
const bits = (count: number): string => `<maxphysaddr mode='emulate' bits='${count}'/>`;
const tsc = (frequency: number, scaling = 'no'): string =>
  `<counter name='tsc' frequency='${frequency}' scaling='${scaling}'/>`;
const timer = (frequency: number): string => `<clock><timer name='tsc' frequency='${frequency}'/></clock>`;

interface Row {
  readonly of: string;
  readonly guest: string;
  readonly a: HostParts;
  readonly b: HostParts;
  readonly told: readonly string[];
  readonly options?: PlanOptions;
  readonly type?: string;
}

const GHZ = 1_000_000_000;
const identity: readonly Row[] = [
  { of: 'hosts of which nothing is known', guest: cpu(), a: {}, b: {}, told: [] },
  { of: 'one host known', guest: cpu(), a: { processor: signature(85) }, b: {}, told: [] },
  {
    of: 'the same processors',
    guest: cpu("<cache mode='passthrough'/>"),
    a: { processor: signature(85) },
    b: { processor: signature(85) },
    told: [],
  },
  {
    of: 'other processors',
    guest: cpu(),
    a: { processor: signature(85) },
    b: { processor: signature(106) },
    told: ['cpu-identity! a b', 'pmu'],
  },
  {
    of: 'other processors, strictly',
    guest: cpu(),
    a: { processor: signature(85) },
    b: { processor: signature(106) },
    told: ['cpu-identity!! a b', 'pmu'],
    options: { refuse: ['weak-source', 'identity'] },
  },
  {
    of: 'other processors under a named model',
    guest: custom(),
    a: { processor: signature(85) },
    b: { processor: signature(106) },
    told: [],
  },
  {
    of: 'other processors under emulation',
    guest: cpu('', 'maximum'),
    a: { processor: signature(85), virtType: 'qemu' },
    b: { processor: signature(106), virtType: 'qemu' },
    told: [],
    type: 'qemu',
  },
  {
    of: 'microcode',
    guest: custom(),
    a: { processor: "<microcode version='1'/>" },
    b: { processor: "<microcode version='2'/>" },
    told: ['microcode a b'],
  },
  {
    of: 'caches nobody knows',
    guest: cpu("<cache mode='passthrough'/>"),
    a: {},
    b: {},
    told: ['cache-passthrough'],
  },
  {
    of: 'caches that differ',
    guest: `<features><pmu state='off'/></features>${cpu("<cache mode='passthrough'/>")}`,
    a: { processor: signature(85) },
    b: { processor: signature(106) },
    told: ['cpu-identity! a b', 'cache-passthrough!'],
  },
  { of: 'an emulated cache', guest: cpu("<cache mode='emulate' level='3'/>"), a: {}, b: {}, told: [] },
  {
    of: 'nested guests',
    guest: cpu(),
    a: { features: ['vmx'] },
    b: { features: ['vmx'] },
    told: ['nested-virtualisation'],
  },
  {
    of: 'nested guests switched off',
    guest: cpu("<feature policy='disable' name='vmx'/>"),
    a: { features: ['vmx'] },
    b: { features: ['vmx'] },
    told: [],
  },
  {
    of: 'QEMU versions under emulation',
    guest: cpu('', 'maximum'),
    a: { virtType: 'qemu' },
    b: { virtType: 'qemu', machine: 'pc-q35-8.2' },
    told: ['emulator-version! a b'],
    type: 'qemu',
  },
  {
    of: 'QEMU versions for a named model',
    guest: custom(),
    a: { virtType: 'qemu' },
    b: { virtType: 'qemu', machine: 'pc-q35-8.2' },
    told: [],
    type: 'qemu',
  },
];
const clocks: readonly Row[] = [
  {
    of: 'rates that differ',
    guest: custom(),
    a: { processor: tsc(2.6 * GHZ) },
    b: { processor: tsc(2.1 * GHZ) },
    told: ['tsc-frequency! a b'],
  },
  {
    of: 'rates that all can scale',
    guest: cpu(),
    a: { processor: tsc(2.6 * GHZ, 'yes') },
    b: { processor: tsc(2.1 * GHZ, 'yes') },
    told: [],
  },
  {
    of: 'rates one cannot scale',
    guest: cpu(),
    a: { processor: tsc(2.6 * GHZ, 'yes') },
    b: { processor: tsc(2.1 * GHZ) },
    told: ['tsc-frequency! a b'],
  },
  {
    of: 'rates 250 parts in a million apart',
    guest: cpu(),
    a: { processor: tsc(2 * GHZ) },
    b: { processor: tsc(2 * GHZ + 500_000) },
    told: [],
  },
  {
    of: 'rates a little further apart',
    guest: cpu(),
    a: { processor: tsc(2 * GHZ) },
    b: { processor: tsc(2 * GHZ + 500_001) },
    told: ['tsc-frequency! a b'],
  },
  {
    of: 'a rate the domain fixes',
    guest: timer(2.6 * GHZ) + cpu(),
    a: { processor: tsc(2.6 * GHZ) },
    b: { processor: tsc(2.1 * GHZ, 'yes') },
    told: [],
  },
  {
    of: 'a rate a host would refuse',
    guest: timer(2.6 * GHZ) + cpu(),
    a: { processor: tsc(2.6 * GHZ) },
    b: { processor: tsc(2.1 * GHZ) },
    told: ['tsc-frequency!! b'],
  },
  {
    of: 'rates under emulation',
    guest: custom(),
    a: { processor: tsc(2.6 * GHZ), virtType: 'qemu' },
    b: { processor: tsc(2.1 * GHZ), virtType: 'qemu' },
    told: [],
    type: 'qemu',
  },
  {
    of: 'invtsc without a rate',
    guest: cpu("<feature policy='require' name='invtsc'/>"),
    a: { features: ['invtsc'] },
    b: { features: ['invtsc'] },
    told: ['tsc-unspecified!!'],
  },
  {
    of: 'invtsc with a rate of nothing',
    guest: timer(0) + cpu("<feature policy='require' name='invtsc'/>"),
    a: { features: ['invtsc'] },
    b: { features: ['invtsc'] },
    told: ['tsc-unspecified!!'],
  },
  {
    of: 're-enlightenment without a rate',
    guest: "<features><hyperv><reenlightenment state='on'/></hyperv></features>" + cpu(),
    a: {},
    b: {},
    told: ['tsc-unspecified!'],
  },
  {
    of: 're-enlightenment with a rate',
    guest: "<features><hyperv><reenlightenment state='on'/></hyperv></features>" + timer(2.6 * GHZ) + cpu(),
    a: {},
    b: {},
    told: [],
  },
  {
    of: 'invtsc with a rate',
    guest: timer(2.6 * GHZ) + cpu("<feature policy='require' name='invtsc'/>"),
    a: { features: ['invtsc'] },
    b: { features: ['invtsc'] },
    told: [],
  },
];
const addresses: readonly Row[] = [
  {
    of: 'the same address bits',
    guest: cpu(),
    a: { processor: bits(46) },
    b: { processor: bits(46) },
    told: [],
  },
  {
    of: 'other address bits',
    guest: cpu(),
    a: { processor: bits(46) },
    b: { processor: bits(39) },
    told: ['physical-address-bits! a b'],
  },
  {
    of: 'other address bits under a named model',
    guest: custom(),
    a: { processor: bits(46) },
    b: { processor: bits(39) },
    told: [],
  },
  {
    of: 'other address bits under host-model of before 9.5',
    guest: cpu('', 'host-model'),
    a: { processor: bits(46) },
    b: { processor: bits(39) },
    told: [],
  },
  {
    of: 'limits of host-model',
    guest: cpu('', 'host-model'),
    a: { limit: 46 },
    b: { limit: 39 },
    told: ['physical-address-bits! a b'],
  },
  {
    of: 'limits alone',
    guest: cpu(),
    a: { limit: 46 },
    b: { limit: 39 },
    told: ['physical-address-bits! a b'],
  },
  {
    of: 'emulated bits that fit',
    guest: cpu("<maxphysaddr mode='emulate' bits='39'/>"),
    a: { processor: bits(46) },
    b: { processor: bits(39) },
    told: [],
  },
  {
    of: 'emulated bits that do not',
    guest: custom("<maxphysaddr mode='emulate' bits='46'/>"),
    a: { processor: bits(46) },
    b: { processor: bits(39) },
    told: ['maxphysaddr-too-large!! b'],
  },
  {
    of: 'a limit libvirt 9.0.0 does not heed',
    guest: cpu("<maxphysaddr mode='passthrough' limit='39'/>"),
    a: { processor: bits(46) },
    b: { processor: bits(39) },
    told: ['physical-address-bits! a b'],
  },
  {
    of: 'a limit later versions heed',
    guest: cpu("<maxphysaddr mode='passthrough' limit='39'/>"),
    a: { processor: bits(46), libvirtVersion: '9.3.0' },
    b: { processor: bits(39), libvirtVersion: '11.3.0' },
    told: [],
  },
  {
    of: 'a named model with the bits of its host',
    guest: custom("<maxphysaddr mode='passthrough'/>"),
    a: { processor: bits(46) },
    b: { processor: bits(39) },
    told: ['physical-address-bits! a b'],
  },
  {
    of: 'address bits under emulation',
    guest: cpu('', 'maximum'),
    a: { processor: bits(46), virtType: 'qemu' },
    b: { processor: bits(39), virtType: 'qemu' },
    told: [],
    type: 'qemu',
  },
];

test.each([...identity, ...clocks, ...addresses])('$of', ({ guest, a, b, told, options, type }) => {
  const { told: found, text } = outcomeOf(guest, pair(a, b), options, type);
  expect(found).toEqual(told);
  expect(text).toBe(guest);
});

describe('on request', () => {
  const OLD: HostParts = { processor: bits(46) };
  const NEW: HostParts = { processor: bits(39), libvirtVersion: '11.3.0' };
  const COMMON: PlanOptions = { also: { maxphysaddr: 'common' } };
  const emulate = "<maxphysaddr mode='emulate' bits='39'/>";
  const limit = "<maxphysaddr mode='passthrough' limit='39'/>";

  test.each<[string, PlanOptions, readonly ReturnType<typeof hostOf>[], string, string]>([
    ['address bits are what all hosts have', COMMON, pair(OLD, NEW), cpu(), cpu(emulate)],
    [
      'or a limit, where all libvirt versions heed one',
      COMMON,
      pair({ ...OLD, libvirtVersion: '9.3.0' }, NEW),
      cpu(),
      cpu(limit),
    ],
    [
      'in place of what was there',
      COMMON,
      pair(OLD, NEW),
      cpu("<maxphysaddr mode='emulate' bits='46'/>"),
      cpu(emulate),
    ],
    [
      'where libvirt writes them',
      COMMON,
      pair(OLD, NEW),
      cpu("<topology sockets='1' cores='1' threads='1'/><numa/>"),
      cpu(`<topology sockets='1' cores='1' threads='1'/>${emulate}<numa/>`),
    ],
    ['address bits that are alike stay', COMMON, pair(OLD, OLD), cpu(), cpu()],
    [
      'the counters go',
      { also: { pmu: 'off' } },
      pair({}),
      `<features><acpi/></features>${cpu()}`,
      `<features><acpi/><pmu state='off'/></features>${cpu()}`,
    ],
    [
      'the counters go where they were on',
      { also: { pmu: 'off' } },
      pair({}),
      `<features><pmu state="on"/></features>${cpu()}`,
      `<features><pmu state="off"/></features>${cpu()}`,
    ],
    [
      'the counters go where there are no features',
      { also: { pmu: 'off' } },
      pair({}),
      cpu(),
      `${cpu()}<features><pmu state='off'/></features>`,
    ],
    [
      'the counters that are gone stay so',
      { also: { pmu: 'off' } },
      pair({}),
      `<features><pmu state='off'/></features>${cpu()}`,
      `<features><pmu state='off'/></features>${cpu()}`,
    ],
    [
      'nested guests go',
      { also: { nested: 'off' } },
      pair({ features: ['vmx'] }, { features: ['vmx'] }),
      cpu(),
      cpu("<feature policy='disable' name='vmx'/>"),
    ],
    ['nested guests that nobody has stay away', { also: { nested: 'off' } }, pair({}), cpu(), cpu()],
    [
      'all at once',
      { also: { ...COMMON.also, pmu: 'off', nested: 'off' } },
      pair({ ...OLD, features: ['vmx'] }, { ...NEW, features: ['vmx'] }),
      `<features/>${cpu()}`,
      `<features><pmu state='off'/></features>${cpu(`${emulate}<feature policy='disable' name='vmx'/>`)}`,
    ],
  ])('%s', (_, options, hosts, before, after) => {
    const { text, told } = outcomeOf(before, hosts, options);
    expect([text, told]).toEqual([after, []]);
    expect(outcomeOf(after, hosts, options).text).toBe(after);
  });

  test('what depends on nested guests goes with them', () => {
    const hosts = pair({ features: ['svm', 'npt'] }, { features: ['svm', 'npt'] });
    const { text, told } = outcomeOf(cpu(), hosts, { also: { nested: 'off' } });
    expect(told).toEqual(['feature-dependency a b']);
    expect(text).toBe(cpu("<feature policy='disable' name='npt'/><feature policy='disable' name='svm'/>"));
  });

  test('nothing changes where something else is wrong', () => {
    const inner = `<vcpu>999</vcpu>${cpu()}`;
    const { text } = outcomeOf(inner, pair(OLD, NEW), { also: { ...COMMON.also, pmu: 'off' } });
    expect(text).toBe(inner);
  });
});
