import { lossOf, type Divided, type Division, type DivisionRules } from './exact.ts';
import { compareLoss, lossLess, NO_LOSS, sumOfLosses, type Loss, type Weigher } from './loss.ts';

/** A pool on the way. */
export interface Cluster {
  readonly kinds: readonly number[];
  readonly hosts: number;
  readonly loss: Loss;
}

/** Above so many kinds none is moved, and above so many no two change places. */
export const MOST_MOVED = 400;
const MOST_SWAPPED = 128;

/** Passes over all kinds; each moves what helps, and the last ones seldom find any. */
const MOST_PASSES = 20;

/** These kinds as a pool. */
export function clusterOf(weigher: Weigher, members: readonly number[]): Cluster {
  const kinds = [...members].sort((a, b) => a - b);
  const hosts = kinds.reduce((sum, kind) => sum + (weigher.space.kinds[kind]?.hosts ?? 0), 0);
  return { kinds, hosts, loss: weigher.weigh(kinds, weigher.setsOf(kinds)) };
}

/** A division after every change that helps: kinds move, or two of them change places too, which takes longer to look for. */
export function improved(
  weigher: Weigher,
  start: Division,
  { minSize }: DivisionRules,
  changes: 'moves' | 'moves-and-swaps',
): Divided {
  const clusters = start.map((kinds) => clusterOf(weigher, kinds));
  const numbers = weigher.space.kinds.map((_, kind) => kind);
  const moved = numbers.length <= MOST_MOVED ? numbers : [];
  const swapped = numbers.length <= MOST_SWAPPED && changes === 'moves-and-swaps' ? numbers : [];
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const moves = moved.filter((kind) => moveIfBetter(weigher, clusters, kind, minSize));
    const swaps = swapped.filter((kind) => swapIfBetter(weigher, clusters, kind, minSize));
    if (moves.length + swaps.length === 0) break;
  }
  const division = clusters.map(({ kinds }) => kinds).filter((kinds) => kinds.length > 0);
  return { division, loss: lossOf(weigher, division), proved: false };
}

/** Clusters that are to be there in place of others. */
interface Change {
  readonly places: readonly [number, number];
  readonly clusters: readonly [Cluster, Cluster];
}

function without(kinds: readonly number[], kind: number): readonly number[] {
  return kinds.filter((one) => one !== kind);
}

/** The change that helps most, if one does; a pool that is to be left with too few hosts is none. */
function takeBest(clusters: Cluster[], changes: Iterable<Change>, minSize: number): boolean {
  let best: Change | undefined;
  let least: Loss = NO_LOSS;
  for (const change of changes) {
    const [[a, b], [one, other]] = [change.places, change.clusters];
    if ([one, other].some(({ hosts }) => hosts > 0 && hosts < minSize)) continue;
    const before = sumOfLosses(clusters[a]?.loss ?? NO_LOSS, clusters[b]?.loss ?? NO_LOSS);
    const difference = lossLess(sumOfLosses(one.loss, other.loss), before);
    if (compareLoss(difference, least) >= 0) continue;
    least = difference;
    best = change;
  }
  if (best === undefined) return false;
  for (const i of [0, 1] as const) clusters[best.places[i]] = best.clusters[i];
  return true;
}

function moveIfBetter(weigher: Weigher, clusters: Cluster[], kind: number, minSize: number): boolean {
  const at = clusters.findIndex(({ kinds }) => kinds.includes(kind));
  const own = clusters[at];
  if (own === undefined) return false;
  const rest = clusterOf(weigher, without(own.kinds, kind));
  if (rest.hosts > 0 && rest.hosts < minSize) return false;
  const changes = clusters.flatMap((other, place): readonly Change[] =>
    place === at || other.kinds.length === 0
      ? []
      : [{ places: [at, place], clusters: [rest, clusterOf(weigher, [...other.kinds, kind])] }],
  );
  return takeBest(clusters, changes, minSize);
}

function swapIfBetter(weigher: Weigher, clusters: Cluster[], kind: number, minSize: number): boolean {
  const at = clusters.findIndex(({ kinds }) => kinds.includes(kind));
  const own = clusters[at];
  if (own === undefined) return false;
  const rest = without(own.kinds, kind);
  const changes = clusters.flatMap((other, place): readonly Change[] =>
    place === at
      ? []
      : other.kinds.map((one) => ({
          places: [at, place],
          clusters: [
            clusterOf(weigher, [...rest, one]),
            clusterOf(weigher, [...without(other.kinds, one), kind]),
          ],
        })),
  );
  return takeBest(clusters, changes, minSize);
}
