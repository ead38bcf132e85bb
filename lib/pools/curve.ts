import { exactDivisions, isSummable, type Divided, type Division, type DivisionRules } from './exact.ts';
import { goodDivisions } from './heuristic.ts';
import { compareLoss, namedLoss, NO_LOSS, sumOfLosses, type Loss, type Weigher } from './loss.ts';

/** Up to so many kinds every division is looked at. */
const MOST_EXACT = 16;

export function divisionsOf(weigher: Weigher, rules: DivisionRules): readonly Divided[] {
  return weigher.space.kinds.length <= MOST_EXACT && isSummable(weigher)
    ? exactDivisions(weigher, rules)
    : goodDivisions(weigher, rules);
}

/** All groups divided: a division for each of them. */
export interface WholeDivision {
  readonly divisions: readonly Division[];
  readonly loss: Loss;
  readonly proved: boolean;
}

/**
 * The best for each number of pools among all groups, fewest first; only what loses less than fewer pools. The groups'
 * own are added up in every way that comes to so many pools: that is the best, because losses add up.
 */
export function wholeDivisions(
  groups: readonly (readonly Divided[])[],
  most: number,
): readonly WholeDivision[] {
  const nothing: WholeDivision = { divisions: [], loss: NO_LOSS, proved: true };
  const bySize = groups.reduce<ReadonlyMap<number, WholeDivision>>(
    (before, divided) => withGroup(before, divided, most),
    new Map([[0, nothing]]),
  );
  const found: WholeDivision[] = [];
  for (const [, whole] of [...bySize].sort(([a], [b]) => a - b)) {
    const last = found.at(-1);
    if (last === undefined || compareLoss(whole.loss, last.loss) < 0) found.push(whole);
  }
  return found;
}

function withGroup(
  before: ReadonlyMap<number, WholeDivision>,
  divided: readonly Divided[],
  most: number,
): ReadonlyMap<number, WholeDivision> {
  const after = new Map<number, WholeDivision>();
  for (const [pools, whole] of before)
    for (const { division, loss, proved } of divided) {
      const count = pools + division.length;
      const sum = sumOfLosses(whole.loss, loss);
      const known = after.get(count);
      if (count > most || (known !== undefined && compareLoss(known.loss, sum) <= 0)) continue;
      const divisions = [...whole.divisions, division];
      after.set(count, { divisions, loss: sum, proved: whole.proved && proved });
    }
  return after;
}

/**
 * After which of these more pools save little: the one that is farthest below the straight line from the first to the
 * last, by the score. Where none is below it, each pool more saves at least as much as those before: the last.
 */
export function kneeOf(losses: readonly Loss[]): number {
  const scores = losses.map((loss) => namedLoss(loss).score);
  const [first = 0, last = 0] = [scores[0], scores.at(-1)];
  let [knee, farthest] = [last < first ? scores.length - 1 : 0, 0];
  for (const [at, score] of scores.entries()) {
    const line = first + ((last - first) * at) / Math.max(scores.length - 1, 1);
    if (line - score <= farthest) continue;
    farthest = line - score;
    knee = at;
  }
  return knee;
}
