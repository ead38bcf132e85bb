import type { CombinationFact, FeatureFact } from '../../types/facts.ts';
import { hasBit, setBit, noBits, type NameBits } from '../cpu/bits.ts';
import { COMBINATIONS } from '../cpu/facts/combinations.ts';
import { factOf } from '../cpu/facts/consequences.ts';
import { featuresAddedBy, LEVELS } from '../cpu/facts/levels.ts';
import { bitsOf, type Space } from './kinds.ts';

/** How grave it is to lose a feature, as far as losses are counted. */
type Gravity = 'security' | 'speed' | undefined;

/** What is known of one feature. */
interface Single {
  readonly number: number;
  readonly gravity: Gravity;
  readonly unless: readonly Needed[];
  readonly onlyWith: Needed | undefined;
}

/** Features that all must be there; `undefined` where some of them are on no host. */
type Needed = NameBits | undefined;

/** What several features mean together. */
export interface Combination {
  readonly gravity: Gravity;
  /** What it speaks of, all that must be lost, and what of which one must be. */
  readonly own: NameBits;
  readonly lost: Needed;
  readonly lostOneOf: NameBits | undefined;
  readonly kept: Needed;
  readonly notKept: NameBits;
}

/** The facts in the numbers of a space. `guestLosses` decides by the same tables, one guest at a time. */
export interface FactBits {
  readonly singles: readonly Single[];
  readonly combinations: readonly Combination[];
  /** What each level asks for beyond the one below it, lowest first. */
  readonly levels: readonly Needed[];
  /** Number of what opens the register, if it is there; and what stands in the register. */
  readonly register: number | undefined;
  readonly within: NameBits;
  /** How many names the facts speak of: the sets have room for no more. */
  readonly size: number;
}

const REGISTER = 'arch-capabilities';

/** The facts about the features of a space; none for hosts of another architecture. */
export function factBits({ names, numbers, factCount, isX86 }: Space): FactBits {
  const facts = isX86 ? names.flatMap((name) => factOf(name) ?? []) : [];
  const bits = (list: readonly string[]): NameBits => bitsOf(list, numbers, factCount);
  const needed = (list: readonly string[]): Needed =>
    list.every((name) => numbers.has(name)) ? bits(list) : undefined;
  return {
    singles: facts
      .filter(({ cost, feature }) => gravityOf(cost) !== undefined && feature !== REGISTER)
      .map((fact) => singleOf(fact, numbers, needed)),
    combinations: (isX86 ? COMBINATIONS : []).map((rule) => combinationOf(rule, bits, needed)),
    levels: isX86 ? LEVELS.map((level) => needed(featuresAddedBy(level))) : [],
    register: isX86 ? numbers.get(REGISTER) : undefined,
    within: bits(facts.filter(({ within }) => within === REGISTER).map(({ feature }) => feature)),
    size: factCount,
  };
}

function gravityOf(cost: FeatureFact['cost']): Gravity {
  return cost === 'boot' ? undefined : cost;
}

function singleOf(
  { feature, cost, unless = [], onlyWith }: FeatureFact,
  numbers: ReadonlyMap<string, number>,
  needed: (list: readonly string[]) => Needed,
): Single {
  const known = unless.map(needed).filter((bits) => bits !== undefined);
  // What needs a feature that no host has is of no use to anybody.
  const isIdle = onlyWith !== undefined && !numbers.has(onlyWith);
  return {
    number: numbers.get(feature) ?? 0,
    gravity: isIdle ? undefined : gravityOf(cost),
    unless: known,
    onlyWith: onlyWith === undefined ? undefined : needed([onlyWith]),
  };
}

function combinationOf(
  { cost, lost = [], lostOneOf, kept = [], notKept = [] }: CombinationFact,
  bits: (list: readonly string[]) => NameBits,
  needed: (list: readonly string[]) => Needed,
): Combination {
  return {
    gravity: gravityOf(cost),
    own: bits([...lost, ...(lostOneOf ?? [])]),
    lost: needed(lost),
    lostOneOf: lostOneOf === undefined ? undefined : bits(lostOneOf),
    kept: needed(kept),
    notKept: bits(notKept),
  };
}

/** What the facts say of a pool whose guests keep these features, whoever of its hosts they are on. */
export interface PoolFactBits {
  readonly security: NameBits;
  readonly speed: NameBits;
  readonly combinations: readonly Combination[];
  /** How many levels the guests reach. */
  readonly level: number;
}

/** The same for one pool: what it costs to lose each feature, given what guests keep. */
export function factsFor(facts: FactBits, kept: NameBits): PoolFactBits {
  const [security, speed] = [noBits(facts.size), noBits(facts.size)];
  for (const { number, gravity, unless, onlyWith } of facts.singles) {
    if (gravity === undefined || hasBit(kept, number)) continue;
    if (onlyWith !== undefined && !hasAll(kept, onlyWith)) continue;
    if (unless.some((names) => names !== undefined && hasAll(kept, names))) continue;
    setBit(gravity === 'security' ? security : speed, number);
  }
  const combinations = facts.combinations.filter(
    (rule) =>
      rule.lost !== undefined &&
      rule.kept !== undefined &&
      hasAll(kept, rule.kept) &&
      !hasAny(kept, rule.notKept),
  );
  const missing = facts.levels.findIndex((names) => names === undefined || !hasAll(kept, names));
  return { security, speed, combinations, level: missing === -1 ? facts.levels.length : missing };
}

/** Are all of these in the set? */
export function hasAll(bits: NameBits, names: NameBits): boolean {
  for (let i = 0; i < names.length; i++) {
    const word = names[i] as number;
    if (((bits[i] as number) & word) >>> 0 !== word) return false;
  }
  return true;
}

/** Is one of these in the set? */
export function hasAny(bits: NameBits, names: NameBits): boolean {
  for (let i = 0; i < names.length; i++) if (((bits[i] as number) & (names[i] as number)) !== 0) return true;
  return false;
}
