// Tries lib/pools/guest-issues.ts, lib/pools/moves.ts, lib/pools/orders.ts and lib/pools/pool.ts as well.
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { hostFromFeatures } from '../../lib/parser/host/from-features.ts';
import { needsOf } from '../../lib/pools/needs.ts';
import { planPools } from '../../lib/pools/pools.ts';
import type { Domain } from '../../types/domain.ts';
import type { Host } from '../../types/host.ts';
import { hostWith, LEVEL_FEATURES } from './support.ts';

const { v2, v3 } = LEVEL_FEATURES;

function guest(cpu: string, { name = '', arch = 'x86_64', os = '' } = {}): Domain {
  const named = name === '' ? '' : `<name>${name}</name>`;
  const system =
    os === ''
      ? ''
      : `<metadata><l:libosinfo xmlns:l="http://libosinfo.org/xmlns/libvirt/domain/1.0"><l:os id="${os}"/></l:libosinfo></metadata>`;
  return parseDomain(
    `<domain type='kvm'>${named}${system}<os><type arch='${arch}'>hvm</type></os>${cpu}</domain>`,
  );
}

const required = (...features: readonly string[]): string =>
  `<cpu mode='host-model'>${features.map((name) => `<feature policy='require' name='${name}'/>`).join('')}</cpu>`;

describe('what a guest needs', () => {
  const { cpuMaps } = hostWith('a', v2);
  test.each<[string, Domain, string, readonly string[]]>([
    ['nothing', guest(''), 'guest-1', []],
    [
      'what it requires, by the name of libvirt',
      guest(required('sse4_1', 'aes'), { name: 'web' }),
      'web',
      ['aes', 'sse4.1'],
    ],
    ['a name that nobody knows', guest(required('flux'), { name: 'web' }), 'web', ['flux']],
    ['not what no guest sees', guest(required('osxsave', 'ht')), 'guest-1', []],
    [
      'not what is optional or off',
      guest(
        "<cpu mode='host-model'><feature policy='optional' name='aes'/><feature policy='disable' name='avx'/></cpu>",
      ),
      ...(['guest-1', []] as const),
    ],
    [
      'no floor of 64 bits in a guest of 32',
      guest('', { arch: 'i686', os: 'http://redhat.com/rhel/10.0' }),
      'guest-1',
      [],
    ],
  ])('%s', (_, domain, name, features) => {
    expect(needsOf([domain], cpuMaps)).toMatchObject([{ name, features }]);
  });

  test('the floor of its system', () => {
    const [needs] = needsOf([guest('', { os: 'http://redhat.com/rhel/10.0' })], cpuMaps);
    expect(needs?.features).toEqual([...v3].sort());
  });
});

describe('a guest that fits no pool', () => {
  const hosts: readonly Host[] = [hostWith('a', [...v2, 'aes']), hostWith('b', v2), hostWith('c', v2)];
  const codes = (domain: Domain, options = {}): unknown =>
    planPools(hosts, { guests: [domain], ...options }).issues.map(({ message: _, ...found }) => found);

  test('because no host can run it', () => {
    expect(codes(guest(required('aes', 'avx512f'), { name: 'g' }))).toEqual([
      { code: 'guest-fits-no-pool', severity: 'error', guest: 'g', features: ['avx512f'], hosts: [] },
    ]);
  });

  test('because those that can are among others', () => {
    expect(codes(guest(required('aes'), { name: 'g' }))).toEqual([
      { code: 'guest-fits-no-pool', severity: 'error', guest: 'g', features: ['aes'], hosts: ['a'] },
    ]);
    expect(codes(guest(required('aes'), { name: 'g' }), { minSize: 1 })).toEqual([]);
  });

  test('nor one of another architecture', () => {
    const arm = guest('', { arch: 'aarch64', name: 'arm' });
    const [pool] =
      planPools(hosts, { guests: [arm, guest('', { arch: 'i686', name: 'old' })] }).partitions[0]?.pools ??
      [];
    expect(pool?.guests).toEqual(['old']);
    expect(pool?.otherGuests).toEqual([{ guest: 'arm', missing: [] }]);
    expect(codes(arm)).toEqual([
      { code: 'guest-fits-no-pool', severity: 'error', guest: 'arm', features: [], hosts: [] },
    ]);
  });
});

test('a guest of another architecture keeps no hosts apart, whatever names they share', () => {
  const mainframe = (name: string, features: readonly string[]): Host =>
    hostFromFeatures({ name, features, arch: 's390x', libvirtVersion: '12.8.0' });
  const hosts = [mainframe('a', ['aen', 'vx']), mainframe('b', ['vx'])];
  const { partitions } = planPools(hosts, { guests: [guest(required('aen'))], minSize: 1 });
  expect(partitions[0]?.loss).toMatchObject({ guests: 0, features: 1 });
});

describe('many hosts', () => {
  test('profiles whose guests see the same are weighed as one', () => {
    const twin = (name: string, stepping: number): Host =>
      hostFromFeatures({
        name,
        features: v2,
        vendor: 'Intel',
        libvirtVersion: '12.8.0',
        processor: { family: 6, model: 85, stepping },
      });
    const plan = planPools([twin('a', 4), twin('b', 7), hostWith('c', v3), hostWith('d', v3)]);
    expect(plan.profiles.map(({ processor }) => processor?.stepping)).toEqual([4, 7, undefined]);
    expect(plan.partitions.map(({ pools }) => pools.map(({ hosts }) => hosts.join()))).toEqual([
      ['a,b,c,d'],
      ['a,b', 'c,d'],
    ]);
    expect(plan.partitions.every(({ proved }) => proved)).toBe(true);
  });

  test('above sixteen kinds nothing is called proved', () => {
    const names = ['aes', 'erms', 'pcid', 'smep', 'clwb'];
    const hosts = Array.from({ length: 34 }, (_, i) =>
      hostWith(`kvm-${i}`, [...(i < 17 ? v2 : v3), ...names.filter((_name, bit) => ((i >> bit) & 1) === 1)]),
    );
    const { partitions } = planPools(hosts, { max: 3 });
    expect(partitions.map(({ proved }) => proved)).toEqual(partitions.map(() => false));
    expect(partitions.at(-1)?.pools.flatMap((pool) => pool.hosts)).toHaveLength(34);
  });
});
