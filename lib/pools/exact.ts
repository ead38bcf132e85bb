import { COMBINATIONS } from '../cpu/facts/combinations.ts';
import { FEATURE_FACTS } from '../cpu/facts/consequences.ts';
import { LEVELS } from '../cpu/facts/levels.ts';
import type { Space } from './kinds.ts';
import { addKind, NO_LOSS, noSets, sumOfLosses, type Loss, type PoolSets, type Weigher } from './loss.ts';

/** Kinds, by their numbers, in pools. */
export type Division = readonly (readonly number[])[];

/** The best division into at most so many pools, and what it loses. */
export interface Divided {
  readonly division: Division;
  readonly loss: Loss;
  /** Is it proved that none is better? */
  readonly proved: boolean;
}

/** What a division may be. */
export interface DivisionRules {
  /** Most pools. */
  readonly most: number;
  /** Fewest hosts of a pool, unless it is the only one. */
  readonly minSize: number;
}

/** Losses of sets of kinds, each set a number whose bits are kinds; three numbers for a loss, to be compared in turn. */
interface SetLosses {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly third: Float64Array;
}

/**
 * The best division into at most 1, 2, 3 … pools: every division is looked at, by way of the best ones of all smaller
 * sets of kinds. Takes three times as long for each kind more.
 */
export function exactDivisions(weigher: Weigher, { most, minSize }: DivisionRules): readonly Divided[] {
  const count = weigher.space.kinds.length;
  const whole = 2 ** count - 1;
  const single = lossesOfSets(weigher, minSize);
  const choices: Int32Array[] = [];
  let best = single;
  const found = [dividedBy(weigher, choices, whole)];
  for (let pools = 2; pools <= Math.min(most, count); pools++) {
    const next = onePoolMore(single, best, whole);
    choices.push(next.choice);
    best = next.losses;
    found.push(dividedBy(weigher, choices, whole));
  }
  return found;
}

/** What every set of kinds loses as one pool; what has too few hosts to be one can lose no more. */
function lossesOfSets(weigher: Weigher, minSize: number): SetLosses {
  const { kinds, names } = weigher.space;
  const numbers = (): Float64Array => new Float64Array(2 ** kinds.length);
  const losses: SetLosses = { first: numbers(), second: numbers(), third: numbers() };
  const pack = packer(weigher);
  const whole = 2 ** kinds.length - 1;
  const sets: readonly PoolSets[] = Array.from({ length: kinds.length + 1 }, () => noSets(names.length));
  const members: number[] = [];
  const visit = (next: number, mask: number, hosts: number): void => {
    const above = sets[members.length];
    for (let kind = next; kind < kinds.length; kind++) {
      const one = kinds[kind];
      members.push(kind);
      const own = sets[members.length];
      if (one === undefined || above === undefined || own === undefined) return;
      addKind(own, above, one);
      const set = mask | (1 << kind);
      const size = hosts + one.hosts;
      if (size >= minSize || set === whole) pack(losses, set, weigher.weigh(members, own));
      else losses.first[set] = Infinity;
      visit(kind + 1, set, size);
      members.pop();
    }
  };
  visit(0, 0, 0);
  return losses;
}

/** What no host of a group can lose more of, of defences and of what is slower: each is a fact. */
const MOST_OF_ONE = FEATURE_FACTS.length + COMBINATIONS.length;

/** Most that the weights of hosts may add up to, so that no sum of losses without guests is rounded. */
export const MOST_WEIGHT = 2_000_000;

/** Is no sum of losses rounded, whatever the division? Each host is in one pool, and may refuse all guests there. */
export function isSummable({ space, needs }: Weigher): boolean {
  const weight = weightOf(space);
  const most = Math.max(needs.length, LEVELS.length) * weight;
  return most * baseFor(weight) + MOST_OF_ONE * weight <= Number.MAX_SAFE_INTEGER;
}

function weightOf({ kinds }: Space): number {
  return kinds.reduce((sum, kind) => sum + kind.weight, 0);
}

function baseFor(weight: number): number {
  return MOST_OF_ONE * weight + 1;
}

/** Puts a loss into the three numbers of a set. */
function packer({ space }: Weigher): (losses: SetLosses, set: number, loss: Loss) => void {
  const base = baseFor(weightOf(space));
  return (losses, set, [guests, defences, levels, speed, features]) => {
    losses.first[set] = guests * base + defences;
    losses.second[set] = levels * base + speed;
    losses.third[set] = features;
  };
}

/**
 * The best for at most one pool more: for each set, the pool that the lowest kind is in, and the best of the rest. What
 * is left of all kinds never has the lowest of them: other sets with it need not be looked at.
 */
function onePoolMore(
  single: SetLosses,
  before: SetLosses,
  whole: number,
): { readonly losses: SetLosses; readonly choice: Int32Array } {
  const losses = {
    first: before.first.slice(),
    second: before.second.slice(),
    third: before.third.slice(),
  };
  const choice = new Int32Array(whole + 1);
  const half = whole >>> 1;
  for (let step = 1; step <= half + 1; step++) {
    const set = step > half ? whole : step << 1;
    const rest = set ^ (set & -set);
    let first = losses.first[set] as number;
    let second = losses.second[set] as number;
    let third = losses.third[set] as number;
    for (let others = rest; others > 0; others = (others - 1) & rest) {
      const pool = set ^ others;
      const one = (single.first[pool] as number) + (before.first[others] as number);
      if (one > first) continue;
      const two = (single.second[pool] as number) + (before.second[others] as number);
      const three = (single.third[pool] as number) + (before.third[others] as number);
      if (one === first && (two > second || (two === second && three >= third))) continue;
      first = one;
      second = two;
      third = three;
      choice[set] = pool;
    }
    losses.first[set] = first;
    losses.second[set] = second;
    losses.third[set] = third;
  }
  return { losses, choice };
}

/** The division that the choices lead to: where there is none, the set stays as it is with a pool fewer. */
function dividedBy(weigher: Weigher, choices: readonly Int32Array[], whole: number): Divided {
  const division: number[][] = [];
  let set = whole;
  for (const choice of choices.toReversed()) {
    const pool = choice[set] ?? 0;
    if (pool === 0) continue;
    division.push(kindsIn(pool));
    set ^= pool;
  }
  division.push(kindsIn(set));
  return { division, loss: lossOf(weigher, division), proved: true };
}

function kindsIn(set: number): number[] {
  const kinds: number[] = [];
  for (let bits = set; bits !== 0; bits &= bits - 1) kinds.push(31 - Math.clz32(bits & -bits));
  return kinds;
}

/** What all pools of a division lose together. */
export function lossOf({ setsOf, weigh }: Weigher, division: Division): Loss {
  return division.reduce<Loss>((sum, kinds) => sumOfLosses(sum, weigh(kinds, setsOf(kinds))), NO_LOSS);
}
