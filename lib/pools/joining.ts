import type { BaselineHost } from '../../types/baseline.ts';
import type { JoiningHost, JoiningPool, PlannedPool } from '../../types/pools.ts';
import { hasBit } from '../cpu/bits.ts';
import { reasonsAgainst } from './groups.ts';
import { levelAt, spaceOf } from './kinds.ts';
import { compareLoss, lossLess, namedLoss, newWeigher, NO_LOSS, type Loss } from './loss.ts';
import type { Profile } from './profiles.ts';

/** What a host would take from each of these pools. */
export function joiningHost(
  joining: Profile,
  pools: readonly PlannedPool[],
  profiles: readonly Profile[],
): JoiningHost {
  const all = pools.map((pool, number) => joiningPool(joining, pool, number, profiles));
  const open = all.flatMap(({ pool, loss }) => (pool.refused.length > 0 ? [] : [{ pool, loss }]));
  const [best] = open.toSorted((a, b) => compareLoss(a.loss, b.loss));
  return {
    host: joining.host.name,
    pools: all.map(({ pool }) => pool),
    best: best?.pool.pool,
  };
}

function joiningPool(
  joining: Profile,
  { profiles: numbers }: PlannedPool,
  number: number,
  profiles: readonly Profile[],
): { readonly pool: JoiningPool; readonly loss: Loss } {
  const members = numbers.flatMap((one) => profiles[one] ?? []);
  const hosts: readonly BaselineHost[] = members.map(({ host }) => host);
  const refused = reasonsAgainst([...hosts, joining.host]);
  const space = spaceOf(
    [...members, joining],
    [...members, joining].map((_, i) => i),
  );
  const { setsOf, weigh, levelOf } = newWeigher(space);
  const kindOf = (profile: number): number =>
    space.kinds.findIndex((kind) => kind.profiles.includes(profile));
  const own = [...new Set(members.map((_, i) => kindOf(i)))];
  const added = kindOf(members.length);
  const [before, after] = [setsOf(own), setsOf([...new Set([...own, added])])];
  const change = lossLess(weigh(own, after), weigh(own, before));
  const isRefused = refused.length > 0;
  const loss = isRefused ? NO_LOSS : change;
  const listed = space.kinds[added]?.listed ?? before.common;
  const isLost = (one: number): boolean => hasBit(after.union, one) && !hasBit(after.common, one);
  const namesWhere = (test: (number: number) => boolean): readonly string[] =>
    isRefused ? [] : space.names.filter((_, one) => test(one)).sort();
  return {
    loss,
    pool: {
      pool: number,
      refused,
      takes: namesWhere((one) => hasBit(before.common, one) && isLost(one)),
      loss: namedLoss(loss),
      level: space.isX86 ? levelAt(levelOf(before)) : undefined,
      levelWith: space.isX86 ? levelAt(levelOf(isRefused ? before : after)) : undefined,
      loses: namesWhere((one) => hasBit(listed, one) && isLost(one)),
    },
  };
}
