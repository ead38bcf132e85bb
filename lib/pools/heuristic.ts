import { remembered } from '../text/remembered.ts';
import { clusterOf, improved, MOST_MOVED, type Cluster } from './moves.ts';
import { divisionsInOrder } from './orders.ts';
import type { Divided, Division, DivisionRules } from './exact.ts';
import { compareLoss, lossLess, ones, sumOfLosses, type Loss, type Weigher } from './loss.ts';

/** More than so many kinds are put together by likeness before they are weighed. */
const MOST_CLUSTERS = 128;

/**
 * A good division into at most 1, 2, 3 … pools, where looking at every one would take too long. It begins with several
 * that are not bad: the two pools whose union costs least become one until there are few enough; kinds in some order are
 * cut where that costs least; a pool more than before. Then kinds move and change places as long as that helps.
 */
export function goodDivisions(weigher: Weigher, rules: DivisionRules): readonly Divided[] {
  const { divisions, order } = merged(weigher, rules);
  const orders = [order, bySize(weigher)];
  const cut = orders.map((one) => divisionsInOrder(weigher, one, rules));
  const found: Divided[] = [];
  for (let pools = 1; pools <= Math.min(rules.most, weigher.space.kinds.length); pools++) {
    const before = found.at(-1);
    const further = before && splitFurther(weigher, before.division, rules);
    const starts = [divisions.get(pools), ...cut.map((all) => all[pools - 1]), further];
    const candidates = starts.flatMap((start) =>
      start === undefined ? [] : [improved(weigher, start, rules, 'moves')],
    );
    const all = [...(before === undefined ? [] : [before]), ...candidates];
    const best = all.reduce((least, one) => (compareLoss(one.loss, least.loss) < 0 ? one : least));
    found.push(best === before ? best : improved(weigher, best.division, rules, 'moves-and-swaps'));
  }
  return found;
}

/** Kinds by how much their guests see. */
function bySize({ space: { kinds } }: Weigher): readonly number[] {
  const sizes = kinds.map(({ listed }) => listed.reduce((sum, word) => sum + ones(word), 0));
  return kinds.map((_, kind) => kind).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0) || a - b);
}

/** For each small number of pools, what merging leads to; and all kinds, those that were merged early beside each other. */
function merged(
  weigher: Weigher,
  { most, minSize }: DivisionRules,
): { readonly divisions: ReadonlyMap<number, Division>; readonly order: readonly number[] } {
  const divisions = new Map<number, Division>();
  const clusters = firstClusters(weigher);
  const orders = clusters.map(({ kinds }) => kinds);
  const gains = new Map<string, Loss>();
  for (;;) {
    const isLarge = clusters.every(({ hosts }) => hosts >= minSize) || clusters.length === 1;
    if (clusters.length <= most && isLarge)
      divisions.set(
        clusters.length,
        clusters.map(({ kinds }) => kinds),
      );
    if (clusters.length === 1) return { divisions, order: orders[0] ?? [] };
    const [a, b] = cheapestPair(weigher, clusters, gains, minSize);
    const together = [...(orders[a] ?? []), ...(orders[b] ?? [])];
    clusters.splice(b, 1);
    orders.splice(b, 1);
    clusters.splice(a, 1, clusterOf(weigher, together));
    orders.splice(a, 1, together);
  }
}

/** Every kind alone; where there are too many, the kinds that are most like one of the largest are with it. */
function firstClusters(weigher: Weigher): Cluster[] {
  const { kinds } = weigher.space;
  const numbers = kinds.map((_, number) => number);
  if (kinds.length <= MOST_CLUSTERS) return numbers.map((number) => clusterOf(weigher, [number]));
  const bySize = numbers.toSorted((a, b) => (kinds[b]?.weight ?? 0) - (kinds[a]?.weight ?? 0) || a - b);
  const leaders = bySize.slice(0, MOST_CLUSTERS);
  const members = new Map(leaders.map((leader) => [leader, [leader]]));
  for (const number of bySize.slice(MOST_CLUSTERS)) {
    const nearest = leaders.reduce((best, leader) =>
      distance(weigher, number, leader) < distance(weigher, number, best) ? leader : best,
    );
    members.get(nearest)?.push(number);
  }
  return [...members.values()].map((some) => clusterOf(weigher, some));
}

/** In how many features two kinds differ. */
function distance({ space: { kinds } }: Weigher, a: number, b: number): number {
  const [one, other] = [kinds[a]?.listed ?? [], kinds[b]?.listed ?? []];
  let count = 0;
  for (let i = 0; i < one.length; i++) count += ones((one[i] ?? 0) ^ (other[i] ?? 0));
  return count;
}

/** The places of the two clusters whose union costs least. A cluster that is too small is merged before all others. */
function cheapestPair(
  weigher: Weigher,
  clusters: readonly Cluster[],
  gains: Map<string, Loss>,
  minSize: number,
): readonly [number, number] {
  const hasSmall = clusters.some(({ hosts }) => hosts < minSize);
  let best: readonly [number, number] = [0, 1];
  let least: Loss | undefined;
  for (let a = 0; a < clusters.length; a++)
    for (let b = a + 1; b < clusters.length; b++) {
      const [one, other] = [clusters[a], clusters[b]];
      if (one === undefined || other === undefined) continue;
      if (hasSmall && Math.min(one.hosts, other.hosts) >= minSize) continue;
      const cost = costOfUnion(weigher, one, other, gains);
      if (least !== undefined && compareLoss(cost, least) >= 0) continue;
      least = cost;
      best = [a, b];
    }
  return best;
}

function costOfUnion(weigher: Weigher, a: Cluster, b: Cluster, gains: Map<string, Loss>): Loss {
  const key = `${a.kinds.join()} ${b.kinds.join()}`;
  return remembered(gains, key, () => {
    const { loss } = clusterOf(weigher, [...a.kinds, ...b.kinds]);
    return lossLess(loss, sumOfLosses(a.loss, b.loss));
  });
}

/** One pool more: the kind that leaving its pool helps most has one of its own, if it is large enough for that. */
function splitFurther(
  weigher: Weigher,
  division: Division,
  { minSize }: DivisionRules,
): Division | undefined {
  let best: Division | undefined;
  let least: Loss | undefined;
  for (const [at, kinds] of division.entries()) {
    if (kinds.length < 2 || kinds.length > MOST_MOVED) continue;
    for (const kind of kinds) {
      const rest = kinds.filter((one) => one !== kind);
      const parts = [clusterOf(weigher, rest), clusterOf(weigher, [kind])];
      if (parts.some(({ hosts }) => hosts < minSize)) continue;
      const before = clusterOf(weigher, kinds).loss;
      const cost = lossLess(sumOfLosses(parts[0]?.loss ?? before, parts[1]?.loss ?? before), before);
      if (least !== undefined && compareLoss(cost, least) >= 0) continue;
      least = cost;
      best = division.flatMap((one, i) => (i === at ? [rest, [kind]] : [one]));
    }
  }
  return best;
}
