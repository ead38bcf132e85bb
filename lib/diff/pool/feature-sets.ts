import type { Loss } from '../../../types/baseline.ts';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import { hasBit, setBit, type NameBits } from '../../cpu/bits.ts';
import { isNamed } from '../../cpu/map.ts';

/** What one host says of every name, in bits. Hosts of one CPU share them. */
interface Answers {
  readonly present: NameBits;
  readonly uncertain: NameBits;
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
  const answers = lists.map(({ present, uncertain }, i) => {
    const maps = pool[i]?.cpuMaps ?? [];
    const key = maps.length === 1 ? maps[0] : maps;
    return { present, uncertain, named: remembered(known, key, () => namedIn(maps, names)) };
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
  const hosts = new Map(first.map((name) => [name, 0]));
  for (const [i, list] of others.entries()) {
    // A name counts on only where every list before had it, and once where a list has it twice.
    for (let at = 0; at < list.length; at++) {
      const name = list[at] ?? '';
      if (hosts.get(name) === i) hosts.set(name, i + 1);
    }
  }
  return [...hosts].flatMap(([name, count]) => (count === others.length ? [name] : [])).sort();
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
    remembered(known, present, () =>
      Object.freeze(counting.flatMap(([name, number]) => (hasBit(present, number) ? [name] : []))),
    );
  return Object.freeze(
    Object.fromEntries(pool.map(({ name }, i) => [name, surplus(answers[i] ?? NO_ANSWER)])),
  );
}

/** Every feature that not all hosts are known to have, with who has it, lacks it, or is not known to do either. */
export function lossesOf(pool: readonly Host[], { names, answers, common }: PoolSets): readonly Loss[] {
  const hosts = pool.map(({ name }) => name);
  const lost = names.filter(([, number]) => !hasBit(common, number));
  return Object.freeze(lost.map((name) => lossOf(name, hosts, answers)));
}

function lossOf([feature, number]: Numbered, hosts: readonly string[], answers: readonly Answers[]): Loss {
  const loss = { feature, presentOn: [], missingOn: [], unknownOn: [], unnamedOn: [] } as {
    readonly [list in Exclude<keyof Loss, 'feature'>]: string[];
  } & Pick<Loss, 'feature'>;
  for (let i = 0; i < answers.length; i++) {
    const { present, uncertain, named } = answers[i] ?? NO_ANSWER;
    const host = hosts[i] ?? '';
    const isNamedThere = hasBit(named, number);
    if (hasBit(present, number)) loss.presentOn.push(host);
    else if (hasBit(uncertain, number) || !isNamedThere) loss.unknownOn.push(host);
    else loss.missingOn.push(host);
    if (!isNamedThere) loss.unnamedOn.push(host);
  }
  for (const list of [loss.presentOn, loss.missingOn, loss.unknownOn, loss.unnamedOn]) Object.freeze(list);
  return Object.freeze(loss);
}

const NO_ANSWER: Answers = { present: NO_BITS, uncertain: NO_BITS, named: NO_BITS };

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
