import type { PoolLoss } from '../../types/pools.ts';
import { hasBit, noBits, type NameBits } from '../cpu/bits.ts';
import {
  factBits,
  factsFor,
  hasAll,
  hasAny,
  type Combination,
  type FactBits,
  type PoolFactBits,
} from './facts.ts';
import type { Kind, Space } from './kinds.ts';

/** What guests lose, the gravest first: guests that cannot run, defences, levels, what is slower, features in all. */
export type Loss = readonly [
  guests: number,
  defences: number,
  levels: number,
  speed: number,
  features: number,
];

export const NO_LOSS: Loss = [0, 0, 0, 0, 0];

/** The first difference decides. */
export function compareLoss(a: Loss, b: Loss): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function sumOfLosses(a: Loss, b: Loss): Loss {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]];
}

/** What is left of a loss without another. */
export function lossLess(a: Loss, b: Loss): Loss {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3], a[4] - b[4]];
}

/** A loss as it is given out, with one number for a picture. */
export function namedLoss([guests, defences, levels, speed, features]: Loss): PoolLoss {
  const score = guests * 10_000 + defences * 1000 + levels * 100 + speed * 10 + features;
  return { guests, defences, levels, speed, features, score };
}

/** What the hosts of a pool have in common and what one of them lists. */
export interface PoolSets {
  readonly common: NameBits;
  readonly seen: NameBits;
  readonly union: NameBits;
}

/** Of no hosts yet. */
export function noSets(size: number): PoolSets {
  const all = noBits(size).fill(0xffffffff);
  return { common: all, seen: all.slice(), union: noBits(size) };
}

/** Puts into `to` the sets of a pool with one kind more. */
export function addKind(to: PoolSets, from: PoolSets, { stated, listed, seen }: Kind): void {
  for (let i = 0; i < listed.length; i++) {
    to.common[i] = (from.common[i] as number) & (listed[i] as number);
    to.seen[i] = (from.seen[i] as number) & (seen[i] as number);
    to.union[i] = (from.union[i] as number) | (stated[i] as number);
  }
}

export interface Weigher {
  readonly space: Space;
  /** What guests need, each as bits. */
  readonly needs: readonly NameBits[];
  readonly setsOf: (kinds: readonly number[]) => PoolSets;
  /** What guests of these kinds, or of some of them, lose in a pool with these sets, all hosts together. */
  readonly weigh: (kinds: readonly number[], sets: PoolSets) => Loss;
  /** What the guests of one host of a kind lose. */
  readonly weighOne: (kind: number, sets: PoolSets) => Loss;
  /** What guests keep: what all list, and what all are seen to give and nobody lists, so that no line disables it. */
  readonly keptIn: (sets: PoolSets) => NameBits;
  readonly levelOf: (sets: PoolSets) => number;
}

/** A weigher for the kinds of a space, and for guests that need these features. */
export function newWeigher(space: Space, needs: readonly NameBits[] = []): Weigher {
  const size = space.names.length;
  const facts = factBits(space);
  const lost = noBits(size);
  const setsOf = (kinds: readonly number[]): PoolSets => {
    const sets = noSets(size);
    for (const kind of kinds) addKind(sets, sets, kindAt(space, kind));
    return sets;
  };
  const questionFor = (sets: PoolSets): Question => {
    const kept = keptIn(sets);
    return {
      sets,
      facts,
      lost,
      pool: factsFor(facts, kept),
      refused: needs.filter((bits) => !hasAll(kept, bits)),
    };
  };
  const lossIn = (question: Question, number: number): Loss => lossOfKind(kindAt(space, number), question);
  return {
    space,
    needs,
    setsOf,
    keptIn,
    weigh: (kinds, sets) => {
      const question = questionFor(sets);
      const total: [number, number, number, number, number] = [0, 0, 0, 0, 0];
      for (const number of kinds) {
        const loss = lossIn(question, number);
        const { weight } = kindAt(space, number);
        for (let i = 0; i < total.length; i++) total[i] = (total[i] ?? 0) + weight * (loss[i] ?? 0);
      }
      return total;
    },
    weighOne: (kind, sets) => lossIn(questionFor(sets), kind),
    levelOf: (sets) => factsFor(facts, keptIn(sets)).level,
  };
}

/** The kind of a number that there is. */
function kindAt({ kinds }: Space, number: number): Kind {
  return kinds[number] as Kind;
}

function keptIn({ common, seen, union }: PoolSets): NameBits {
  return common.map((word, i) => word | ((seen[i] ?? 0) & ~(union[i] ?? 0)));
}

/** A pool, and all that is the same for every host of it. */
interface Question {
  readonly sets: PoolSets;
  readonly facts: FactBits;
  readonly pool: PoolFactBits;
  /** Guests that cannot run there. */
  readonly refused: readonly NameBits[];
  /** Room for what one host's guests lose. */
  readonly lost: NameBits;
}

function lossOfKind(kind: Kind, { sets, facts, pool, refused, lost }: Question): Loss {
  let [guests, features] = [0, 0];
  for (const needs of refused) if (hasAll(kind.seen, needs)) guests++;
  for (let i = 0; i < lost.length; i++) {
    const word = (kind.listed[i] as number) & (sets.union[i] as number) & ~(sets.common[i] as number);
    lost[i] = word;
    features += ones(word);
  }
  if (features === 0) return guests === 0 ? NO_LOSS : [guests, 0, 0, 0, 0];
  const { security, speed } = gravestIn(lost, facts, pool);
  return [guests, security, Math.max(kind.level - pool.level, 0), speed, features];
}

/** How many losses there are of each gravity, and what of the register is among them. */
interface Counts {
  security: number;
  speed: number;
  readonly inside: { security: boolean; speed: boolean };
}

/** How many losses cost security and how many speed: combinations first, then each feature they do not speak of. */
function gravestIn(lost: NameBits, facts: FactBits, pool: PoolFactBits): Counts {
  const { register, within } = facts;
  const isRegisterLost = register !== undefined && hasBit(lost, register);
  const counts: Counts = { security: 0, speed: 0, inside: { security: false, speed: false } };
  const open = lost.slice(0, within.length);
  for (const rule of pool.combinations) {
    if (!holds(rule, lost) || !hasAny(open, rule.own)) continue;
    const isInside = isRegisterLost && isWithin(open, rule.own, within);
    clear(open, rule.own);
    if (rule.gravity === undefined) continue;
    if (isInside) counts.inside[rule.gravity] = true;
    else counts[rule.gravity]++;
  }
  const inside = isRegisterLost ? within : undefined;
  for (const gravity of GRAVITIES) countSingles(open, pool[gravity], gravity, counts, inside);
  // What stands in the register is one loss, as grave as the gravest of it.
  if (counts.inside.security) counts.security++;
  else if (counts.inside.speed) counts.speed++;
  return counts;
}

const GRAVITIES = ['security', 'speed'] as const;

function holds({ lost: all, lostOneOf }: Combination, lost: NameBits): boolean {
  return hasAll(lost, all) && (lostOneOf === undefined || hasAny(lost, lostOneOf));
}

function countSingles(
  open: NameBits,
  grave: NameBits,
  gravity: (typeof GRAVITIES)[number],
  counts: Counts,
  inside: NameBits | undefined,
): void {
  for (let i = 0; i < grave.length; i++) {
    const word = (open[i] as number) & (grave[i] as number);
    if (word === 0) continue;
    const outer = inside === undefined ? -1 : ~(inside[i] as number);
    counts[gravity] += ones(word & outer);
    if ((word & ~outer) !== 0) counts.inside[gravity] = true;
  }
}

/** Is all of `own` that is still open within the register? */
function isWithin(open: NameBits, own: NameBits, within: NameBits): boolean {
  for (let i = 0; i < own.length; i++)
    if (((open[i] as number) & (own[i] as number) & ~(within[i] as number)) !== 0) return false;
  return true;
}

function clear(open: NameBits, own: NameBits): void {
  for (let i = 0; i < own.length; i++) open[i] = (open[i] as number) & ~(own[i] as number);
}

export function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
