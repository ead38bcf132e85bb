import type { CombinationFact, FeatureFact } from '../../types/facts.ts';
import { hasBit, setBit, noBits, type NameBits } from '../cpu/bits.ts';
import { COMBINATIONS } from '../cpu/facts/combinations.ts';
import { factOf } from '../cpu/facts/consequences.ts';
import { featuresAddedBy, LEVELS } from '../cpu/facts/levels.ts';
import { bitsOf, type Space } from './kinds.ts';

/** How grave it is to lose a feature, as far as losses are counted. */
type Gravity = 'security' | 'speed';

/** What is known of one feature whose loss is counted. */
interface Single {
  readonly number: number;
  readonly gravity: Gravity;
  readonly unless: readonly NameBits[];
  readonly onlyWith: NameBits | undefined;
}

/** Finds the bits of features that all must be there; `undefined` where some of them are on no host. */
type Needed = (names: readonly string[]) => NameBits | undefined;

/** What several features mean together that some host here can lose. */
export interface Combination {
  readonly gravity: Gravity | undefined;
  /** What it speaks of, all that must be lost, and what of which one must be. */
  readonly own: NameBits;
  readonly lost: NameBits;
  readonly lostOneOf: NameBits | undefined;
  readonly kept: NameBits;
  readonly notKept: NameBits;
}

/** The facts in the numbers of a space. `guestLosses` decides by the same tables, one guest at a time. */
export interface FactBits {
  readonly singles: readonly Single[];
  readonly combinations: readonly Combination[];
  /** What each level asks for beyond the one below it, lowest first. */
  readonly levels: readonly (NameBits | undefined)[];
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
  const needed: Needed = (list) => (list.every((name) => numbers.has(name)) ? bits(list) : undefined);
  return {
    singles: facts.flatMap((fact) => singleOf(fact, numbers, needed) ?? []),
    combinations: (isX86 ? COMBINATIONS : []).flatMap((rule) => combinationOf(rule, bits, needed) ?? []),
    levels: isX86 ? LEVELS.map((level) => needed(featuresAddedBy(level))) : [],
    register: isX86 ? numbers.get(REGISTER) : undefined,
    within: bits(facts.filter(({ within }) => within === REGISTER).map(({ feature }) => feature)),
    size: factCount,
  };
}

function gravityOf(cost: FeatureFact['cost']): Gravity | undefined {
  return cost === 'boot' ? undefined : cost;
}

function singleOf(
  { feature, cost, unless = [], onlyWith }: FeatureFact,
  numbers: ReadonlyMap<string, number>,
  needed: Needed,
): Single | undefined {
  const gravity = gravityOf(cost);
  // What needs a feature that no host has is of no use to anybody.
  const isIdle = onlyWith !== undefined && !numbers.has(onlyWith);
  if (gravity === undefined || isIdle || feature === REGISTER) return undefined;
  return {
    number: numbers.get(feature) ?? 0,
    gravity,
    unless: unless.flatMap((names) => needed(names) ?? []),
    onlyWith: onlyWith === undefined ? undefined : needed([onlyWith]),
  };
}

function combinationOf(
  { cost, lost: allLost = [], lostOneOf, kept: allKept = [], notKept = [] }: CombinationFact,
  bits: (list: readonly string[]) => NameBits,
  needed: Needed,
): Combination | undefined {
  const [lost, kept] = [needed(allLost), needed(allKept)];
  if (lost === undefined || kept === undefined) return undefined;
  return {
    gravity: gravityOf(cost),
    own: bits([...allLost, ...(lostOneOf ?? [])]),
    lost,
    lostOneOf: lostOneOf === undefined ? undefined : bits(lostOneOf),
    kept,
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
    if (hasBit(kept, number) || (onlyWith !== undefined && !hasAll(kept, onlyWith))) continue;
    if (unless.some((names) => hasAll(kept, names))) continue;
    setBit(gravity === 'security' ? security : speed, number);
  }
  const combinations = facts.combinations.filter(
    (rule) => hasAll(kept, rule.kept) && !hasAny(kept, rule.notKept),
  );
  const missing = facts.levels.findIndex((names) => names === undefined || !hasAll(kept, names));
  return { security, speed, combinations, level: missing === -1 ? facts.levels.length : missing };
}

export function hasAll(bits: NameBits, names: NameBits): boolean {
  for (let i = 0; i < names.length; i++) {
    const word = names[i] as number;
    if (((bits[i] as number) & word) >>> 0 !== word) return false;
  }
  return true;
}

export function hasAny(bits: NameBits, names: NameBits): boolean {
  for (let i = 0; i < names.length; i++) if (((bits[i] as number) & (names[i] as number)) !== 0) return true;
  return false;
}
