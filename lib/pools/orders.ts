import type { Division, DivisionRules } from './exact.ts';
import { addKind, compareLoss, NO_LOSS, noSets, sumOfLosses, type Loss, type Weigher } from './loss.ts';

/** More kinds than so many are not cut in every way: that takes as long as their number to the third power. */
const MOST_CUT = 128;

/** The best way to cut kinds that stay in an order into so many pools, and what it loses. */
interface Cut {
  readonly loss: Loss;
  readonly division: Division;
}

/** For at most 1, 2, 3 … pools, the best division whose pools are kinds beside each other in this order. */
export function divisionsInOrder(
  weigher: Weigher,
  order: readonly number[],
  { most, minSize }: DivisionRules,
): readonly Division[] {
  if (order.length > MOST_CUT) return [];
  const pools = poolsInOrder(weigher, order, minSize);
  const found: Division[] = [];
  let before = new Map<number, Cut>([[0, { loss: NO_LOSS, division: [] }]]);
  for (let count = 1; count <= most; count++) {
    before = withOnePool(before, pools, order);
    const whole = before.get(order.length);
    if (whole !== undefined) found.push(whole.division);
  }
  return found;
}

/** Losses of all pools from one place to another, by both; those that are too small, and not all, are left out. */
function poolsInOrder(
  weigher: Weigher,
  order: readonly number[],
  minSize: number,
): readonly ReadonlyMap<number, Loss>[] {
  const { kinds, names } = weigher.space;
  return order.map((_, start) => {
    const sets = noSets(names.length);
    const losses = new Map<number, Loss>();
    let hosts = 0;
    for (let end = start + 1; end <= order.length; end++) {
      const kind = kinds[order[end - 1] ?? 0];
      if (kind === undefined) continue;
      addKind(sets, sets, kind);
      hosts += kind.hosts;
      const isWhole = start === 0 && end === order.length;
      if (hosts >= minSize || isWhole) losses.set(end, weigher.weigh(order.slice(start, end), sets));
    }
    return losses;
  });
}

/** The best cuts with one pool more, by where they end. What can be had with fewer pools stays. */
function withOnePool(
  before: ReadonlyMap<number, Cut>,
  pools: readonly ReadonlyMap<number, Loss>[],
  order: readonly number[],
): Map<number, Cut> {
  const after = new Map(before);
  for (const [start, { loss, division }] of before)
    for (const [end, own] of pools[start] ?? []) {
      const sum = sumOfLosses(loss, own);
      const known = after.get(end);
      if (known !== undefined && compareLoss(known.loss, sum) <= 0) continue;
      after.set(end, { loss: sum, division: [...division, order.slice(start, end)] });
    }
  return after;
}
