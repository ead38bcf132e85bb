import type { LeaveOut } from '../../types/pools.ts';
import { hasBit } from '../cpu/bits.ts';
import { levelAt } from './kinds.ts';
import { lossLess, namedLoss, type Weigher } from './loss.ts';
import { naturalOrder } from '../text/natural.ts';
import type { Profile } from './profiles.ts';

/**
 * What the others get back without some hosts, for every set of hosts that alone are to blame for a feature, and are
 * fewer than the others; what gives most back for a host first.
 */
export function leaveOuts(weigher: Weigher, profiles: readonly Profile[]): readonly LeaveOut[] {
  const kinds = weigher.space.kinds.map((_, kind) => kind);
  const lackers = lackersByFeature(weigher, kinds);
  const sets = new Map([...lackers.values()].map((some) => [some.join(), some]));
  const found = [...sets.values()].flatMap((some) => leaveOut(weigher, profiles, kinds, some, lackers));
  return found.sort(
    (a, b) =>
      worth(b) - worth(a) || a.hosts.length - b.hosts.length || naturalOrder(a.hosts.join(), b.hosts.join()),
  );
}

/** What leaving a host out gives the others, on average. */
function worth({ relief, hosts }: LeaveOut): number {
  return relief.score / hosts.length;
}

/** Feature that is lost → the kinds that are not known to have it. */
function lackersByFeature(
  { space, setsOf }: Weigher,
  members: readonly number[],
): ReadonlyMap<string, readonly number[]> {
  const { common, union } = setsOf(members);
  const found = new Map<string, readonly number[]>();
  for (const [number, name] of space.names.entries()) {
    if (!hasBit(union, number) || hasBit(common, number)) continue;
    found.set(
      name,
      members.filter((kind) => !hasBit(space.kinds[kind]?.listed ?? common, number)),
    );
  }
  return found;
}

function leaveOut(
  weigher: Weigher,
  profiles: readonly Profile[],
  kinds: readonly number[],
  some: readonly number[],
  lackers: ReadonlyMap<string, readonly number[]>,
): readonly LeaveOut[] {
  const { setsOf, weigh, levelOf, space } = weigher;
  const blamed = new Set(some);
  const rest = kinds.filter((kind) => !blamed.has(kind));
  const [hosts, others] = [namesOf(weigher, profiles, some), namesOf(weigher, profiles, rest)];
  if (hosts.length >= others.length || others.length < 2) return [];
  const [before, after] = [setsOf(kinds), setsOf(rest)];
  const gains = [...lackers].flatMap(([name, lacking]) =>
    lacking.every((kind) => blamed.has(kind)) ? [name] : [],
  );
  return [
    {
      hosts,
      others,
      gains: gains.sort(),
      profiles: some.flatMap((kind) => space.kinds[kind]?.profiles ?? []).sort((a, b) => a - b),
      level: levelAt(levelOf(before)),
      levelWithout: levelAt(levelOf(after)),
      relief: namedLoss(lossLess(weigh(rest, before), weigh(rest, after))),
    },
  ];
}

function namesOf(
  { space }: Weigher,
  profiles: readonly Profile[],
  kinds: readonly number[],
): readonly string[] {
  const numbers = kinds.flatMap((kind) => space.kinds[kind]?.profiles ?? []);
  return numbers.flatMap((number) => profiles[number]?.names ?? []).sort(naturalOrder);
}
