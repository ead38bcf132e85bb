import type { Loss } from '../../../types/baseline.ts';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import { hasBit, setBit, type NameBits } from '../../cpu/bits.ts';
import { impliedOn } from '../../cpu/grade.ts';
import { isNamed } from '../../cpu/map.ts';
import { remembered } from '../../text/remembered.ts';

/** What one host says of every name, in bits. Hosts of one CPU share them. */
interface Answers {
  readonly present: NameBits;
  /** What is there or not, or what the source cannot show. */
  readonly uncertain: NameBits;
  /** What guests have there though the source does not list it. */
  readonly implied: NameBits;
  /** Names its libvirt knows. */
  readonly named: NameBits;
}

/** A name, and its number in the bits of a pool. */
type Numbered = readonly [name: string, number: number];

/** Every name that some host of a pool has, or may have, and what each host says of it. */
export interface PoolSets {
  /** By name. The numbers are in the order in which the names were first seen. */
  readonly names: readonly Numbered[];
  /** Host by host, in the pool's order. */
  readonly answers: readonly Answers[];
  readonly common: NameBits;
}

const NOTHING: readonly string[] = Object.freeze([]);
const NO_BITS: NameBits = new Uint32Array();

/** A pool's feature sets: each list of names that hosts do not share is looked through once. */
export function setsOf(pool: readonly Host[]): PoolSets {
  const numbers = new Map<string, number>();
  const known = new Map<unknown, NameBits>();
  const bitsFor = (list: readonly string[]): NameBits =>
    remembered(known, list, () => (list.length === 0 ? NO_BITS : bitsOf(list, numbers)));
  const lists = pool.map(({ features = NOTHING, uncertain }) => ({
    present: bitsFor(features),
    uncertain: bitsFor(uncertain),
  }));
  const names = [...numbers].sort(([a], [b]) => (a < b ? -1 : 1));
  const amongNames = (list: Iterable<string>): NameBits =>
    remembered(known, list, () => among(list, numbers));
  const answers = pool.map((host, i): Answers => {
    const { cpuMaps } = host;
    const { present, uncertain } = lists[i] ?? NO_ANSWER;
    return {
      present,
      uncertain: unsure(uncertain, amongNames(host.silent)),
      implied: amongNames(impliedOn(host)),
      named: remembered(known, cpuMaps.length === 1 ? cpuMaps[0] : cpuMaps, () => namedIn(cpuMaps, names)),
    };
  });
  return { names, answers, common: inAll(answers, numbers.size) };
}

/** The bits of these names. One that was never seen gets the next number. */
function bitsOf(list: readonly string[], numbers: Map<string, number>): NameBits {
  const found = new Uint32Array((numbers.size + list.length + 31) >>> 5);
  // By index, here and below: the iterator of a frozen list costs an object a step.
  for (let i = 0; i < list.length; i++) {
    const name = list[i] ?? '';
    let number = numbers.get(name);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(name, number);
    }
    setBit(found, number);
  }
  return found.slice(0, (numbers.size + 31) >>> 5);
}

/** The bits of those of these names that were seen. */
function among(list: Iterable<string>, numbers: ReadonlyMap<string, number>): NameBits {
  const found = new Uint32Array((numbers.size + 31) >>> 5);
  for (const name of list) {
    const number = numbers.get(name);
    if (number !== undefined) setBit(found, number);
  }
  return found;
}

/** What is there or not, and what a source cannot show. */
function unsure(uncertain: NameBits, silent: NameBits): NameBits {
  if (uncertain === NO_BITS) return silent;
  return silent.map((word, i) => word | (uncertain[i] ?? 0));
}

/** The names that every one of a host's possible libvirt versions knows. */
function namedIn(maps: readonly CpuMap[], names: readonly Numbered[]): NameBits {
  const found = new Uint32Array((names.length + 31) >>> 5);
  for (const [name, number] of names) if (isNamed(maps, name)) setBit(found, number);
  return found;
}

function inAll(answers: readonly Answers[], size: number): NameBits {
  const common = new Uint32Array((size + 31) >>> 5).fill(0xffffffff);
  for (const present of new Set(answers.map((answer) => answer.present))) {
    for (let word = 0; word < common.length; word++)
      common[word] = (common[word] ?? 0) & (present[word] ?? 0);
  }
  return common;
}

/** The features that every host has, sorted: what `commonOf` finds, without the rest. */
export function commonFeatures(pool: readonly Host[]): readonly string[] {
  const [first = NOTHING, ...others] = new Set(pool.map(({ features = NOTHING }) => features));
  let common = [...new Set(first)];
  for (const list of others) {
    // Lists mostly have one order: a name is looked for first behind the one that was found before it.
    let behind = 0;
    common = common.filter((name) => {
      const at = list.indexOf(name, behind);
      if (at === -1) return list.includes(name);
      behind = at;
      return true;
    });
  }
  return common.sort();
}

/** The features that every host has, sorted. */
export function commonOf({ names, common }: PoolSets): readonly string[] {
  return Object.freeze(names.flatMap(([name, number]) => (hasBit(common, number) ? [name] : [])));
}

/** Host name → its features that are not common; of no pool, everything it has. */
export function surplusOf(
  pool: readonly Host[],
  { names, common, answers }: PoolSets,
  isPool: boolean,
): Readonly<Record<string, readonly string[]>> {
  const known = new Map<unknown, readonly string[]>();
  const counting = isPool ? names.filter(([, number]) => !hasBit(common, number)) : names;
  const surplus = ({ present }: Answers): readonly string[] =>
    remembered(known, present, () => namesAmong(counting, present));
  return Object.freeze(
    Object.fromEntries(pool.map(({ name }, i) => [name, surplus(answers[i] ?? NO_ANSWER)])),
  );
}

/** Those of the names that are in the set. */
function namesAmong(names: readonly Numbered[], bits: NameBits): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < names.length; i++) {
    const named = names[i];
    if (named !== undefined && hasBit(bits, named[1])) found.push(named[0]);
  }
  // A list that has grown holds room for half as much again; its copy does not.
  return Object.freeze(found.slice());
}

/**
 * Every feature that not all hosts are known to have, with who has it, lacks it, or is not known to do either; or those
 * among a few.
 */
export function lossesOf(
  pool: readonly Host[],
  { names, answers, common }: PoolSets,
  among?: ReadonlyMap<string, unknown>,
): readonly Loss[] {
  const lost = names.filter(
    ([name, number]) => !hasBit(common, number) && (among === undefined || among.has(name)),
  );
  if (lost.length === 0) return [];
  const asked = new Uint32Array(common.length);
  for (const [, number] of lost) setBit(asked, number);
  const sizes = new Uint32Array(names.length * ANSWERS);
  eachAnswer(answers, asked, (place) => {
    sizes[place] = (sizes[place] ?? 0) + 1;
  });
  const lists = Array.from(sizes, (size) => (size === 0 ? NOTHING : new Array<string>(size)));
  sizes.fill(0);
  eachAnswer(answers, asked, (place, host) => {
    (lists[place] as string[])[(sizes[place] = (sizes[place] ?? 0) + 1) - 1] = pool[host]?.name ?? '';
  });
  const listOf = (number: number, answer: number): readonly string[] =>
    Object.freeze(lists[number * ANSWERS + answer] ?? NOTHING);
  // What every host has, listed or not, is no loss.
  const differing = lost.filter(([, number]) => (sizes[number * ANSWERS + PRESENT] ?? 0) < pool.length);
  return Object.freeze(
    differing.map(([feature, number]) =>
      Object.freeze({
        feature,
        presentOn: listOf(number, PRESENT),
        missingOn: listOf(number, MISSING),
        unknownOn: listOf(number, UNKNOWN),
        unnamedOn: listOf(number, UNNAMED),
      }),
    ),
  );
}

/** What a host may say of a name. */
const [PRESENT, MISSING, UNKNOWN, UNNAMED, ANSWERS] = [0, 1, 2, 3, 4];

/** Visits all that the hosts say of the names asked for, host by host, as the number of the name × 4 + the answer. */
function eachAnswer(
  answers: readonly Answers[],
  asked: NameBits,
  visit: (place: number, host: number) => void,
): void {
  for (const [host, { present, uncertain, implied, named }] of answers.entries()) {
    for (let word = 0; word < asked.length; word++) {
      const open = asked[word] ?? 0;
      const has = open & ((present[word] ?? 0) | (implied[word] ?? 0));
      const unnamed = open & ~(named[word] ?? 0);
      const unknown = open & ~has & (unnamed | (uncertain[word] ?? 0));
      const first = word * 32;
      for (let bits = has; bits !== 0; bits &= bits - 1)
        visit((first + lowest(bits)) * ANSWERS + PRESENT, host);
      for (let bits = open & ~has & ~unknown; bits !== 0; bits &= bits - 1)
        visit((first + lowest(bits)) * ANSWERS + MISSING, host);
      for (let bits = unknown; bits !== 0; bits &= bits - 1)
        visit((first + lowest(bits)) * ANSWERS + UNKNOWN, host);
      for (let bits = unnamed; bits !== 0; bits &= bits - 1)
        visit((first + lowest(bits)) * ANSWERS + UNNAMED, host);
    }
  }
}

/** The number of the lowest bit that is set. */
function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

const NO_ANSWER: Answers = { present: NO_BITS, uncertain: NO_BITS, implied: NO_BITS, named: NO_BITS };
