import fc from 'fast-check';
import { hasBit } from '../../lib/cpu/bits.ts';
import { guestLosses } from '../../lib/cpu/facts/guest-losses.ts';
import { divisionsOf, kneeOf } from '../../lib/pools/curve.ts';
import { exactDivisions, isSummable, lossOf, MOST_WEIGHT, type Division } from '../../lib/pools/exact.ts';
import { goodDivisions } from '../../lib/pools/heuristic.ts';
import { bitsOf, spaceOf } from '../../lib/pools/kinds.ts';
import { compareLoss, newWeigher, ones, type Loss, type Weigher } from '../../lib/pools/loss.ts';
import { profilesOf } from '../../lib/pools/profiles.ts';
import { featureSets, hostsOf } from './support.ts';

function weigherOf(
  sets: readonly (readonly string[])[],
  weights: readonly number[] = [],
  guests = 0,
): Weigher {
  const hosts = hostsOf(sets);
  const named = Object.fromEntries(hosts.map(({ name }, i) => [name, weights[i] ?? 1]));
  const profiles = profilesOf(hosts, named);
  const space = spaceOf(
    profiles,
    profiles.map((_, i) => i),
  );
  const needs = bitsOf(sets[0] ?? [], space.numbers);
  return newWeigher(space, Array<typeof needs>(guests).fill(needs));
}

const fleets = fc
  .array(fc.tuple(featureSets, fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 6 })
  .map((hosts) =>
    weigherOf(
      hosts.map(([set]) => set),
      hosts.map(([, weight]) => weight),
    ),
  );

/** Every way to divide these kinds, one by one. */
function everyDivision(kinds: readonly number[]): Division[] {
  const [first, ...rest] = kinds;
  if (first === undefined) return [[]];
  return everyDivision(rest).flatMap((division) => [
    [[first], ...division],
    ...division.map((_, at) => division.map((pool, i) => (i === at ? [first, ...pool] : pool))),
  ]);
}

function bruteForce(weigher: Weigher, most: number, minSize: number): Loss {
  const { kinds } = weigher.space;
  const hosts = (pool: readonly number[]): number =>
    pool.reduce((sum, kind) => sum + (kinds[kind]?.hosts ?? 0), 0);
  const all = everyDivision(kinds.map((_, kind) => kind)).filter(
    (division) =>
      division.length === 1 || (division.length <= most && division.every((pool) => hosts(pool) >= minSize)),
  );
  return all.map((division) => lossOf(weigher, division)).reduce((a, b) => (compareLoss(b, a) < 0 ? b : a));
}

test('the best division is the best of all there are', () => {
  fc.assert(
    fc.property(fleets, fc.integer({ min: 1, max: 3 }), (weigher, minSize) => {
      for (const [i, { loss, division, proved }] of exactDivisions(weigher, { most: 4, minSize }).entries()) {
        expect(loss).toEqual(bruteForce(weigher, i + 1, minSize));
        expect(lossOf(weigher, division)).toEqual(loss);
        expect(proved).toBe(true);
      }
    }),
  );
});

test.each([
  ['the largest weights', MOST_WEIGHT - 3, 0, true],
  ['those, and guests', MOST_WEIGHT - 3, 100, false],
  ['many guests', 100, 100_000, true],
])('what is proved is summed without rounding: %s', (_, weight, guests, proved) => {
  const sets = [['fpu', 'aes', 'avx'], ['fpu', 'aes'], ['fpu', 'avx'], ['fpu']];
  const weigher = weigherOf(sets, [weight, 1, 1, 1], guests);
  expect(isSummable(weigher)).toBe(proved);
  for (const { loss, division, proved: isProved } of divisionsOf(weigher, { most: 3, minSize: 1 })) {
    expect(isProved).toBe(proved);
    expect(loss).toEqual(lossOf(weigher, division));
  }
});

test('a good division is never better than the best, never worse than fewer pools, and of the sizes asked for', () => {
  fc.assert(
    fc.property(fleets, fc.integer({ min: 1, max: 3 }), (weigher, minSize) => {
      const rules = { most: 4, minSize };
      const exact = exactDivisions(weigher, rules);
      const good = goodDivisions(weigher, rules);
      expect(good).toHaveLength(exact.length);
      for (const [i, { loss, division, proved }] of good.entries()) {
        const [best, before] = [exact[i], good[i - 1]];
        expect(compareLoss(best?.loss ?? loss, loss)).toBeLessThanOrEqual(0);
        expect(compareLoss(loss, before?.loss ?? loss)).toBeLessThanOrEqual(0);
        expect(lossOf(weigher, division)).toEqual(loss);
        expect(division.flat().sort((a, b) => a - b)).toEqual(weigher.space.kinds.map((_, kind) => kind));
        expect(proved).toBe(false);
      }
    }),
  );
});

test('more kinds than are merged one by one are put together by likeness first', () => {
  const names = ['aes', 'erms', 'pcid', 'smep', 'clwb', 'umip', 'vmx', 'avx'];
  const sets = Array.from({ length: 200 }, (_, i) => [
    ...['fpu', 'sse'],
    ...names.filter((_name, bit) => ((i >> bit) & 1) === 1),
  ]);
  const weigher = weigherOf(sets);
  const found = goodDivisions(weigher, { most: 3, minSize: 2 });
  expect(found.map(({ division }) => division.flat().length)).toEqual([200, 200, 200]);
  expect(compareLoss(found[2]?.loss ?? [0, 0, 0, 0, 0], found[0]?.loss ?? [0, 0, 0, 0, 0])).toBeLessThan(0);
});

test('what is counted of a loss is what is said of it', () => {
  fc.assert(
    fc.property(fleets, (weigher) => {
      const { space, setsOf, keptIn, weighOne, levelOf } = weigher;
      const all = space.kinds.map((_, kind) => kind);
      const sets = setsOf(all);
      const named = (bits: Uint32Array): string[] => space.names.filter((_, number) => hasBit(bits, number));
      const kept = named(keptIn(sets));
      for (const [kind, { listed, level }] of space.kinds.entries()) {
        const lost = named(listed.map((word, i) => word & ~(sets.common[i] ?? 0)));
        const said = guestLosses({ lost, kept });
        const count = (cost: string): number => said.filter((loss) => loss.cost === cost).length;
        const levels = level - levelOf(sets);
        expect(weighOne(kind, sets)).toEqual([0, count('security'), levels, count('speed'), lost.length]);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['the bend', [15657, 6793, 3363, 916], 1],
  ['a straight line', [30, 20, 10, 0], 3],
  ['a pool more saves more each time', [66, 44, 0], 2],
  ['nothing to gain', [0], 0],
  ['two points', [10, 0], 1],
  ['nothing lost at all', [0, 0], 0],
  ['nothing at all', [], 0],
  ['a late bend', [100, 99, 5, 0], 2],
])('the knee: %s', (_, features, knee) => {
  expect(kneeOf(features.map((count): Loss => [0, 0, 0, 0, count]))).toBe(knee);
});

test('bits are counted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (word) => {
      expect(ones(word)).toBe(word.toString(2).replaceAll('0', '').length);
      expect(ones(word | 0)).toBe(ones(word));
    }),
  );
});
