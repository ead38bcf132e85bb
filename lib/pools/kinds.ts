import type { X86Level } from '../../types/facts.ts';
import { isSameSet, noBits, setBit, type NameBits } from '../cpu/bits.ts';
import { COMBINATIONS } from '../cpu/facts/combinations.ts';
import { FEATURE_FACTS } from '../cpu/facts/consequences.ts';
import { featuresAddedBy, LEVELS, levelOf } from '../cpu/facts/levels.ts';
import { isX86 } from '../cpu/arches.ts';
import type { Profile } from './profiles.ts';

/** Profiles of one group whose guests see the same: for what is lost, they are one. */
export interface Kind {
  /** Numbers of the profiles. */
  readonly profiles: readonly number[];
  readonly hosts: number;
  readonly weight: number;
  /** What the source of some profile lists: a line can disable no other. */
  readonly stated: NameBits;
  readonly listed: NameBits;
  readonly seen: NameBits;
  /** How many levels of x86-64 its guests reach alone. */
  readonly level: number;
}

/** What a pool of kinds may lose, in numbers. */
export interface Space {
  /** Names of features; those that facts speak of come first. */
  readonly names: readonly string[];
  /** How many those are. */
  readonly factCount: number;
  readonly numbers: ReadonlyMap<string, number>;
  readonly kinds: readonly Kind[];
  /** Are the hosts of an architecture that the facts are about? */
  readonly isX86: boolean;
}

/** The kinds among these profiles, in the order of their first. */
export function spaceOf(profiles: readonly Profile[], members: readonly number[]): Space {
  const some = members.flatMap((number) => {
    const profile = profiles[number];
    return profile === undefined ? [] : [{ number, profile }];
  });
  const { names, factCount } = namesOf(some.map(({ profile }) => profile));
  const numbers = new Map(names.map((name, number) => [name, number]));
  const kinds: Kind[] = [];
  for (const { number, profile } of some) {
    const kind = kindOf(profile, number, numbers);
    const at = kinds.findIndex((one) => isSameSet(one.listed, kind.listed) && isSameSet(one.seen, kind.seen));
    const known = kinds[at];
    if (known === undefined) kinds.push(kind);
    else kinds[at] = joined(known, kind);
  }
  return { names, factCount, numbers, kinds, isX86: some.every(({ profile }) => isX86(profile.host)) };
}

/** First the names that facts speak of, then the others, sorted; and how many the first are. */
function namesOf(profiles: readonly Profile[]): {
  readonly names: readonly string[];
  readonly factCount: number;
} {
  const seen = new Set(profiles.flatMap(({ seen }) => seen));
  const facts = [...spokenOf()].filter((name) => seen.has(name));
  const known = new Set(facts);
  const names = [...facts, ...[...seen].filter((name) => !known.has(name)).sort()];
  return { names, factCount: facts.length };
}

/** All features in the tables of facts, also those that only make another one count. */
function spokenOf(): ReadonlySet<string> {
  const single = FEATURE_FACTS.flatMap(({ feature, unless = [], onlyWith = feature }) => [
    feature,
    onlyWith,
    ...unless.flat(),
  ]);
  const several = COMBINATIONS.flatMap(({ lost = [], lostOneOf = [], kept = [], notKept = [] }) => [
    ...lost,
    ...lostOneOf,
    ...kept,
    ...notKept,
  ]);
  return new Set([...single, ...several, ...LEVELS.flatMap(featuresAddedBy)]);
}

function kindOf(
  { names, weight, stated, listed, seen }: Profile,
  number: number,
  numbers: ReadonlyMap<string, number>,
): Kind {
  return {
    profiles: [number],
    hosts: names.length,
    weight,
    stated: bitsOf(stated, numbers),
    listed: bitsOf(listed, numbers),
    seen: bitsOf(seen, numbers),
    level: rankOf(seen),
  };
}

function joined(a: Kind, b: Kind): Kind {
  return {
    ...a,
    profiles: [...a.profiles, ...b.profiles],
    hosts: a.hosts + b.hosts,
    weight: a.weight + b.weight,
    stated: a.stated.map((word, i) => word | (b.stated[i] ?? 0)),
  };
}

/** The bits of those of these names that have a number, as a set that has room for so many. */
export function bitsOf(
  names: Iterable<string>,
  numbers: ReadonlyMap<string, number>,
  size: number = numbers.size,
): NameBits {
  const bits = noBits(size);
  for (const name of names) {
    const number = numbers.get(name);
    if (number !== undefined) setBit(bits, number);
  }
  return bits;
}

/** How many levels these features reach. */
function rankOf(features: Iterable<string>): number {
  const { level } = levelOf(features);
  return level === undefined ? 0 : LEVELS.indexOf(level) + 1;
}

/** The name of a level by its number; `undefined` below the lowest. */
export function levelAt(level: number): X86Level | undefined {
  return LEVELS[level - 1];
}
