// Tries lib/pools/facts.ts, lib/pools/groups.ts, lib/pools/joining.ts, lib/pools/leave-out.ts and
// lib/pools/options.ts as well.
import fc from 'fast-check';
import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import { planPools } from '../../lib/pools/pools.ts';
import type { Host } from '../../types/host.ts';
import type { PlanPoolsOptions, PoolLoss, PoolsPlan } from '../../types/pools.ts';
import { featureSets, hostsOf, hostWith, LEVEL_FEATURES } from './support.ts';

const { v1, v2, v3 } = LEVEL_FEATURES;

function poolsIn(plan: PoolsPlan): readonly (readonly string[])[] {
  return plan.partitions.map(({ pools }) => pools.map(({ hosts }) => hosts.join(' ')));
}

function isLess(a: PoolLoss, b: PoolLoss): boolean {
  const order = ['guests', 'defences', 'levels', 'speed', 'features'] as const;
  const first = order.find((key) => a[key] !== b[key]);
  return first !== undefined && a[first] < b[first];
}

/** Two old hosts among nine. */
function nine(): readonly Host[] {
  const names = ['01', '02', '04', '05', '06', '08', '09'];
  const young = names.map((name) => hostWith(`kvm-${name}`, [...v3, 'aes', 'smep', 'clwb']));
  return [...young, hostWith('kvm-03', [...v2, 'aes']), hostWith('kvm-07', [...v2, 'smep', 'aes'])];
}

describe('a plan', () => {
  test('says which two hosts cost the others what, and gives them a pool of their own', () => {
    const plan = planPools(nine());
    expect(poolsIn(plan)[1]).toEqual(['kvm-01 kvm-02 kvm-04 kvm-05 kvm-06 kvm-08 kvm-09', 'kvm-03 kvm-07']);
    expect(plan.knee).toBe(1);
    const first = plan.leaveOut.find(({ hosts }) => hosts.length === 2);
    expect(first?.hosts).toEqual(['kvm-03', 'kvm-07']);
    expect(first?.gains).toEqual(
      ['abm', 'avx', 'avx2', 'bmi1', 'bmi2', 'clwb', 'f16c', 'fma', 'movbe', 'smep', 'xsave'].sort(),
    );
    expect([first?.level, first?.levelWithout]).toEqual(['x86-64-v2', 'x86-64-v3']);
    expect(first?.relief.levels).toBe(7);
  });

  test('of no hosts has nothing in it', () => {
    expect(planPools([])).toEqual({
      ...{
        profiles: [],
        groups: [],
        unplanned: [],
        partitions: [],
        knee: 0,
        leaveOut: [],
        joining: [],
        issues: [],
      },
    });
  });

  test('of one host is one pool that is too small', () => {
    const [only] = planPools([hostWith('a', v2)]).partitions;
    expect(only?.pools.map(({ hosts, tooSmall }) => [hosts, tooSmall])).toEqual([[['a'], true]]);
  });

  test('divides vendors, kinds of guest and architectures first', () => {
    const plan = planPools([
      hostWith('i1', v2),
      hostWith('i2', v3),
      hostWith('a1', v3, { vendor: 'AMD' }),
      hostWith('a2', v3, { vendor: 'AMD' }),
      hostWith('q', v2, { virtType: 'qemu' }),
      hostWith('k', v2, { virtType: 'kvm' }),
      parseHost('<cpu><arch>ppc64</arch><model>POWER9</model><vendor>IBM</vendor></cpu>', { name: 'p' }),
    ]);
    expect(poolsIn(plan)[0]).toEqual(['a1 a2', 'i1 i2', 'k', 'p', 'q']);
    expect(plan.groups.map(({ arch, vendor, virtType }) => [arch, vendor, virtType])).toContainEqual([
      'ppc64',
      'IBM',
      undefined,
    ]);
  });

  test('puts a host that states no vendor to the only group it fits', () => {
    const bare = parseHost('<cpu><arch>x86_64</arch><model>Nehalem</model></cpu>', {
      name: 'x',
      libvirtVersion: '9.0.0',
    });
    const stated = parseHost('<cpu><arch>x86_64</arch><model>486</model></cpu>', {
      name: 'y',
      libvirtVersion: '9.0.0',
    });
    expect(planPools([bare, stated, hostWith('a', v2)]).groups).toHaveLength(1);
    expect(planPools([stated, hostWith('a', v2), hostWith('b', v2, { vendor: 'AMD' })]).groups).toHaveLength(
      3,
    );
  });

  test('leaves hosts out of which nobody knows the features, and says so', () => {
    const silent = parseHost('<domainCapabilities><arch>x86_64</arch><cpu/></domainCapabilities>', {
      name: 's',
    });
    const plan = planPools([silent, ...nine()]);
    expect(plan.unplanned).toEqual(['s']);
    expect(plan.issues.map(({ code, severity }) => [code, severity])).toContainEqual([
      'unknown-presence',
      'error',
    ]);
    expect(plan.profiles.flatMap(({ hosts }) => hosts)).toHaveLength(9);
  });

  test('keeps POWER levels apart, which share no CPU', () => {
    const power = (name: string, model: string): Host =>
      parseHost(`<cpu><arch>ppc64</arch><model>${model}</model><vendor>IBM</vendor></cpu>`, { name });
    expect(poolsIn(planPools([power('a', 'POWER8'), power('b', 'POWER9'), power('c', 'POWER8')]))[0]).toEqual(
      ['a c', 'b'],
    );
  });

  test('opens every pool into features and the profiles that lack them', () => {
    const plan = planPools([hostWith('a', [...v2, 'ssbd']), hostWith('b', [...v2, 'clwb'])], { max: 1 });
    const [pool] = plan.partitions[0]?.pools ?? [];
    expect(pool?.lost).toEqual([
      { feature: 'clwb', presentIn: [1], missingIn: [0], unknownIn: [] },
      { feature: 'ssbd', presentIn: [0], missingIn: [1], unknownIn: [] },
    ]);
    expect(pool?.lossOfOne.map(({ defences, features }) => [defences, features])).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(pool?.costs.map(({ features, cost }) => [features, cost])).toEqual([[['ssbd'], 'security']]);
    expect(pool?.model).toBeDefined();
  });

  test('takes what a weak source cannot show for unknown, not for missing', () => {
    const weak = parseHost(`<cpu><arch>x86_64</arch><model>Nehalem</model><vendor>Intel</vendor></cpu>`, {
      name: 'weak',
      libvirtVersion: '9.0.0',
    });
    const strong = hostWith('strong', [...(weak.features ?? []), 'ssbd', 'avx']);
    const plan = planPools([weak, strong], { max: 1 });
    const lost = plan.partitions[0]?.pools[0]?.lost ?? [];
    expect(lost.map(({ feature, missingIn, unknownIn }) => [feature, missingIn, unknownIn])).toEqual(
      expect.arrayContaining([
        ['avx', [1], []],
        ['ssbd', [], [1]],
      ]),
    );
    // Every guest has it, and nobody lists it: no line disables it.
    expect(lost.map(({ feature }) => feature)).not.toContain('hypervisor');
    expect(plan.partitions[0]?.pools[0]?.grade).toBe('C');
  });
});

describe('options', () => {
  test('max and minSize bound the pools', () => {
    const hosts = hostsOf([v1, v2, v3, [...v3, 'aes'], [...v3, 'smep'], [...v2, 'clwb']]);
    expect(planPools(hosts, { max: 2 }).partitions.at(-1)?.pools.length).toBe(2);
    for (const { pools } of planPools(hosts, { max: 6, minSize: 3 }).partitions)
      for (const { hosts: own, tooSmall } of pools)
        expect([own.length >= 3, tooSmall]).toEqual([true, false]);
    expect(planPools(hosts, { max: 6, minSize: 1 }).partitions.at(-1)?.loss.features).toBe(0);
  });

  test('weights decide who is to lose', () => {
    const hosts = hostsOf([
      [...v2, 'aes'],
      [...v2, 'erms'],
      [...v2, 'pcid'],
    ]);
    const withPair = (weights: Record<string, number>): unknown =>
      planPools(hosts, { max: 2, minSize: 1, weights }).partitions[1]?.pools[1]?.hosts;
    expect(withPair({ 'kvm-02': 5 })).toEqual(['kvm-02']);
    expect(withPair({ 'kvm-03': 5 })).toEqual(['kvm-03']);
  });

  test('guests are served before all else', () => {
    const guest = parseDomain(
      `<domain type='kvm'><name>el10</name><metadata><libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0"><libosinfo:os id="http://redhat.com/rhel/10.0"/></libosinfo:libosinfo></metadata><cpu mode='host-model'><feature policy='require' name='aes'/></cpu></domain>`,
    );
    const hosts = hostsOf([
      [...v3, 'aes'],
      [...v2, 'aes', 'ssbd'],
      [...v3, 'aes'],
      [...v2, 'ssbd'],
    ]);
    const plan = planPools(hosts, { guests: [guest], max: 2 });
    expect(plan.partitions[0]?.loss.guests).toBe(2);
    const [refused] = plan.partitions[0]?.pools[0]?.otherGuests ?? [];
    expect([refused?.guest, refused?.missing.includes('avx2')]).toEqual(['el10', true]);
    const [, divided] = plan.partitions;
    expect(divided?.loss.guests).toBe(0);
    expect(divided?.pools.map(({ hosts: own, guests }) => [own.join(), guests])).toEqual([
      ['kvm-01,kvm-03', ['el10']],
      ['kvm-02,kvm-04', []],
    ]);
  });

  test('a joining host takes something from one pool and nothing from another', () => {
    const joining = [hostWith('new', [...v2, 'aes', 'clwb']), hostWith('amd', v3, { vendor: 'AMD' })];
    const plan = planPools(nine(), { joining });
    const [fresh, foreign] = [plan.joining[1], plan.joining[0]];
    expect(fresh?.host).toBe('new');
    expect(fresh?.best).toBe(1);
    expect(fresh?.pools.map(({ takes }) => takes.length)).toEqual([10, 0]);
    expect(fresh?.pools[0]).toMatchObject({ level: 'x86-64-v3', levelWith: 'x86-64-v2' });
    expect(fresh?.pools[1]?.loses).toEqual(['clwb']);
    expect(foreign).toMatchObject({ host: 'amd', best: undefined });
    expect(foreign?.pools.map(({ refused }) => refused)).toEqual([['vendor-mismatch'], ['vendor-mismatch']]);
  });

  test.each<[string, PlanPoolsOptions, new () => Error]>([
    ['max', { max: 0 }, RangeError],
    ['max', { max: 1.5 }, RangeError],
    ['minSize', { minSize: -1 }, RangeError],
    ['a weight of nobody', { weights: { nobody: 2 } }, RangeError],
    ['a weight that is none', { weights: { 'kvm-01': -1 } }, RangeError],
    ['weights beyond what can be summed', { weights: { 'kvm-01': 2_000_001 } }, RangeError],
    ['an option that there is not', { ...({ maximum: 2 } as object) }, TypeError],
  ])('%s that is wrong is refused', (_, options, error) => {
    expect(() => planPools(nine(), options)).toThrow(error);
  });
});

describe('laws', () => {
  const fleets = fc.array(featureSets, { minLength: 1, maxLength: 7 }).map(hostsOf);

  test('one pool is the baseline', () => {
    fc.assert(
      fc.property(fleets, (hosts) => {
        const [one] = planPools(hosts, { max: 1 }).partitions;
        expect(one?.pools.map(({ common }) => common)).toEqual([diffHosts(hosts).common]);
      }),
      { numRuns: 40 },
    );
  });

  test('more pools never lose more, and every host is in one pool', () => {
    fc.assert(
      fc.property(fleets, fc.integer({ min: 1, max: 3 }), (hosts, minSize) => {
        const { partitions } = planPools(hosts, { max: 5, minSize });
        for (const [i, { loss, pools }] of partitions.entries()) {
          const before = partitions[i - 1];
          expect(before === undefined || isLess(loss, before.loss)).toBe(true);
          expect(pools.flatMap((pool) => pool.hosts).sort()).toEqual(hosts.map(({ name }) => name));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the order of hosts, and giving one twice, changes nothing', () => {
    fc.assert(
      fc.property(
        fleets.chain((hosts) =>
          fc.tuple(
            fc.constant(hosts),
            fc.shuffledSubarray([...hosts, ...hosts], { minLength: 2 * hosts.length }),
          ),
        ),
        ([hosts, shuffled]) => {
          expect(planPools(shuffled)).toEqual(planPools(hosts));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('leaving hosts out gives back what is said: the baseline of the others has it', () => {
    fc.assert(
      fc.property(fleets, (hosts) => {
        for (const { hosts: out, others, gains, levelWithout, relief } of planPools(hosts).leaveOut) {
          const rest = hosts.filter(({ name }) => others.includes(name));
          const without = new Set(diffHosts(rest).common);
          const before = new Set(diffHosts(hosts).common);
          expect([...without].filter((name) => !before.has(name))).toEqual(gains);
          expect(gains.length).toBeGreaterThan(0);
          expect(out.length).toBeLessThan(others.length);
          const [alone] = planPools(rest, { max: 1 }).partitions;
          expect(alone?.pools[0]?.level).toBe(levelWithout);
          expect(relief.features).toBe(gains.length * rest.length);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a joining host takes what the new baseline lacks', () => {
    fc.assert(
      fc.property(fleets, featureSets, (hosts, set) => {
        const fresh = hostWith('new', set);
        const { partitions, knee, joining } = planPools(hosts, { joining: [fresh] });
        for (const [i, pool] of (partitions[knee]?.pools ?? []).entries()) {
          const members = hosts.filter(({ name }) => pool.hosts.includes(name));
          const after = new Set(diffHosts([...members, fresh]).common);
          const { takes = [], loses = [] } = joining[0]?.pools[i] ?? {};
          expect(takes).toEqual(pool.common.filter((name) => !after.has(name)));
          expect(loses).toEqual([...(fresh.features ?? [])].filter((name) => !after.has(name)));
        }
      }),
      { numRuns: 40 },
    );
  });
});
