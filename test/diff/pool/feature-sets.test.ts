import fc from 'fast-check';
import { baselineCpu } from '../../../lib/diff/pool/baseline-cpu.ts';
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { commonFeatures } from '../../../lib/diff/pool/feature-sets.ts';
import { hostFromFeatures } from '../../../lib/parser/host/from-features.ts';
import type { Baseline, Loss } from '../../../types/baseline.ts';
import type { Host } from '../../../types/host.ts';
import { candidateMaps } from '../../../lib/cpu/bundled.ts';

/** Names that every libvirt knows, and some that only later ones do; more than one word of bits. */
const NAMES = candidateMaps({ from: '12.8.0', to: '12.8.0' })
  .flatMap(({ features }) => features.map(({ name }) => name))
  .filter((_, i) => i % 5 === 0);
const OLD = new Set(
  candidateMaps({ from: '9.0.0', to: '9.0.0' }).flatMap(({ features }) => features.map(({ name }) => name)),
);

const hosts = fc
  .array(
    fc.record({
      features: fc.subarray(NAMES, { minLength: 1 }),
      uncertain: fc.subarray(NAMES, { maxLength: 6 }),
      isOld: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) =>
    all.map(({ features, uncertain, isOld }, i) =>
      hostFromFeatures({
        name: `h${i}`,
        features: ['fpu', ...features].filter((name) => !isOld || OLD.has(name)),
        uncertain: uncertain.filter((name) => !isOld || OLD.has(name)),
        libvirtVersion: isOld ? '9.0.0' : '12.8.0',
      }),
    ),
  );

/** What the words of the documentation say, name by name and host by host. */
function inWords(pool: readonly Host[]): Pick<Baseline, 'common' | 'surplus' | 'losses'> {
  const all = [
    ...new Set(pool.flatMap(({ features = [], uncertain }) => [...features, ...uncertain])),
  ].sort();
  const has = (name: string, { features = [] }: Host): boolean => features.includes(name);
  const knows = (name: string, { cpuMaps }: Host): boolean =>
    cpuMaps.every((map) => map.features.some((one) => one.name === name));
  const isUnsure = (name: string, host: Host): boolean =>
    !has(name, host) && (host.uncertain.includes(name) || !knows(name, host));
  const those = (is: (host: Host) => boolean): string[] => pool.filter(is).map(({ name }) => name);
  const common = all.filter((name) => pool.every((host) => has(name, host)));
  return {
    common,
    surplus: Object.fromEntries(
      pool.map((host) => [host.name, all.filter((name) => has(name, host) && !common.includes(name))]),
    ),
    losses: all
      .filter((name) => !common.includes(name))
      .map((feature): Loss => ({
        feature,
        presentOn: those((host) => has(feature, host)),
        missingOn: those((host) => !has(feature, host) && !isUnsure(feature, host)),
        unknownOn: those((host) => isUnsure(feature, host)),
        unnamedOn: those((host) => !knows(feature, host)),
      })),
  };
}

test('bits say what words say', () => {
  fc.assert(
    fc.property(hosts, (pool) => {
      const { common, surplus, losses } = diffHosts(pool);
      expect({ common, surplus, losses }).toEqual(inWords(pool));
      expect(commonFeatures(pool)).toEqual(common);
    }),
  );
});

describe('a baseline', () => {
  const pool = ['avx', 'aes', 'avx'].map((feature, i) =>
    hostFromFeatures({ name: `h${i}`, features: ['fpu', feature], libvirtVersion: '9.0.0' }),
  );
  const baseline = diffHosts(pool);
  const expected = {
    common: ['fpu'],
    surplus: { h0: ['avx'], h1: ['aes'], h2: ['avx'] },
    losses: [{ feature: 'aes' }, { feature: 'avx', presentOn: ['h0', 'h2'], missingOn: ['h1'] }],
  };

  test.each<[string, (one: Baseline) => unknown]>([
    ['JSON', (one) => JSON.parse(JSON.stringify(one)) as unknown],
    ['a structured clone', (one) => structuredClone(one)],
    ['a spread', (one) => ({ ...one })],
    ['its entries', (one) => Object.fromEntries(Object.entries(one))],
  ])('is plain data to %s', (_, through) => {
    expect(through(baseline)).toMatchObject(expected);
  });

  test('attributes once, and never changes', () => {
    expect(baseline.losses).toBe(baseline.losses);
    const lists = baseline.losses.flatMap(({ presentOn, missingOn, unknownOn, unnamedOn }) => [
      ...[presentOn, missingOn, unknownOn, unnamedOn],
    ]);
    const parts = [baseline, baseline.hosts, baseline.common, baseline.surplus, baseline.issues, ...lists];
    expect([...parts, ...baseline.losses, ...baseline.issues].every(Object.isFrozen)).toBe(true);
  });

  test('is refused where a host is none', () => {
    const wrong = [...pool, { name: 'x', features: [] }] as unknown as readonly Host[];
    expect(() => diffHosts(wrong)).toThrow('hosts[3] is a plain object, not a host');
    expect(() => baselineCpu(wrong)).toThrow('hosts[3] is a plain object, not a host');
  });
});
