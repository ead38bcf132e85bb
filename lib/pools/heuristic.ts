import { lossOf, type Divided, type Division, type DivisionRules } from './exact.ts';
import { compareLoss, lossLess, ones, sumOfLosses, type Loss, type Weigher } from './loss.ts';

/** A pool on the way. */
interface Cluster {
  readonly kinds: readonly number[];
  readonly hosts: number;
  readonly loss: Loss;
}

/** More than so many kinds are put together by likeness before they are weighed. */
const MOST_CLUSTERS = 128;

/** Above so many kinds none is moved any more. */
const MOST_MOVED = 400;

/** Passes over all kinds; each moves what helps, and the last ones seldom find any. */
const MOST_PASSES = 20;

/**
 * A good division into at most 1, 2, 3 … pools, where looking at every one would take too long: the two pools whose
 * union costs least become one until there are few enough; then single kinds move as long as that helps.
 */
export function goodDivisions(weigher: Weigher, rules: DivisionRules): readonly Divided[] {
  const merged = mergedDivisions(weigher, rules);
  const found: Divided[] = [];
  for (let pools = 1; pools <= Math.min(rules.most, weigher.space.kinds.length); pools++) {
    const before = found.at(-1);
    const starts = [merged.get(pools), before && splitFurther(weigher, before.division, rules)];
    const candidates = starts.flatMap((start) =>
      start === undefined ? [] : [improved(weigher, start, rules)],
    );
    const best = [...(before === undefined ? [] : [before]), ...candidates].reduce((least, one) =>
      compareLoss(one.loss, least.loss) < 0 ? one : least,
    );
    found.push(best);
  }
  return found;
}

/** For each small number of pools, what merging leads to. */
function mergedDivisions(weigher: Weigher, { most, minSize }: DivisionRules): ReadonlyMap<number, Division> {
  const found = new Map<number, Division>();
  const clusters = firstClusters(weigher);
  const gains = new Map<string, Loss>();
  for (;;) {
    const isLarge = clusters.every(({ hosts }) => hosts >= minSize) || clusters.length === 1;
    if (clusters.length <= most && isLarge)
      found.set(
        clusters.length,
        clusters.map(({ kinds }) => kinds),
      );
    if (clusters.length === 1) return found;
    const [a, b] = cheapestPair(weigher, clusters, gains, minSize);
    const union = clusterOf(weigher, [...(clusters[a]?.kinds ?? []), ...(clusters[b]?.kinds ?? [])]);
    clusters.splice(b, 1);
    clusters.splice(a, 1, union);
  }
}

function clusterOf(weigher: Weigher, members: readonly number[]): Cluster {
  const kinds = [...members].sort((a, b) => a - b);
  const hosts = kinds.reduce((sum, kind) => sum + (weigher.space.kinds[kind]?.hosts ?? 0), 0);
  return { kinds, hosts, loss: weigher.weigh(kinds, weigher.setsOf(kinds)) };
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
  const known = gains.get(key);
  if (known !== undefined) return known;
  const { loss } = clusterOf(weigher, [...a.kinds, ...b.kinds]);
  const cost = lossLess(loss, sumOfLosses(a.loss, b.loss));
  gains.set(key, cost);
  return cost;
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

/** The division after all moves of single kinds that help. */
function improved(weigher: Weigher, start: Division, { minSize }: DivisionRules): Divided {
  const clusters = start.map((kinds) => clusterOf(weigher, kinds));
  const count = weigher.space.kinds.length;
  for (let pass = 0; pass < MOST_PASSES && count <= MOST_MOVED; pass++) {
    let hasMoved = false;
    for (let kind = 0; kind < count; kind++)
      hasMoved = moveIfBetter(weigher, clusters, kind, minSize) || hasMoved;
    if (!hasMoved) break;
  }
  const division = clusters.map(({ kinds }) => kinds).filter((kinds) => kinds.length > 0);
  return { division, loss: lossOf(weigher, division), proved: false };
}

function moveIfBetter(weigher: Weigher, clusters: Cluster[], kind: number, minSize: number): boolean {
  const at = clusters.findIndex(({ kinds }) => kinds.includes(kind));
  const own = clusters[at];
  if (own === undefined || clusters.length < 2) return false;
  const rest = clusterOf(
    weigher,
    own.kinds.filter((one) => one !== kind),
  );
  if (rest.hosts > 0 && rest.hosts < minSize) return false;
  let best: { readonly place: number; readonly cluster: Cluster } | undefined;
  let least: Loss = [0, 0, 0, 0, 0];
  for (const [place, other] of clusters.entries()) {
    if (place === at || other.kinds.length === 0) continue;
    const cluster = clusterOf(weigher, [...other.kinds, kind]);
    const before = sumOfLosses(own.loss, other.loss);
    const change = lossLess(sumOfLosses(rest.loss, cluster.loss), before);
    if (compareLoss(change, least) >= 0) continue;
    least = change;
    best = { place, cluster };
  }
  if (best === undefined) return false;
  clusters[at] = rest;
  clusters[best.place] = best.cluster;
  return true;
}
