import type { Loss } from '../../../types/baseline.ts';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import { isNamed } from '../../cpu/map.ts';

/** A set of names as bits: the number of a name is its place in the pool's sorted list. */
type Bits = Uint32Array;

/** What one host says of every name, in bits. Hosts of one CPU share them. */
interface Answers {
  readonly present: Bits;
  readonly uncertain: Bits;
  /** Names its libvirt knows. */
  readonly named: Bits;
}

/** Every name that some host of a pool has, or may have, and what each host says of it. */
export interface PoolSets {
  /** Sorted. */
  readonly names: readonly string[];
  /** Host by host, in the pool's order. */
  readonly answers: readonly Answers[];
  readonly common: Bits;
}

const NOTHING: readonly string[] = [];

/** A pool's feature sets: one pass over the hosts, and one over each list of names that hosts do not share. */
export function setsOf(pool: readonly Host[]): PoolSets {
  const lists = new Set<readonly string[]>();
  for (const { features = NOTHING, uncertain } of pool) lists.add(features).add(uncertain);
  const all = new Set<string>();
  for (const list of lists) for (const name of list) all.add(name);
  const names = [...all].sort();
  const numbers = new Map(names.map((name, number) => [name, number]));
  const known = new Map<unknown, Bits>();
  for (const list of lists) known.set(list, bitsOf(list, numbers));
  const answers = pool.map(({ features = NOTHING, uncertain, cpuMaps }) => ({
    present: remembered(known, features, () => new Uint32Array()),
    uncertain: remembered(known, uncertain, () => new Uint32Array()),
    named: remembered(known, cpuMaps.length === 1 ? cpuMaps[0] : cpuMaps, () =>
      bitsOf(namesIn(cpuMaps, names), numbers),
    ),
  }));
  return { names, answers, common: inAll(answers, names.length) };
}

/** The features that every host has, sorted. */
export function commonFeatures(pool: readonly Host[]): readonly string[] {
  return commonOf(setsOf(pool));
}

/** The features that every host has, sorted. */
export function commonOf({ names, common }: PoolSets): readonly string[] {
  return names.filter((_, number) => has(common, number));
}

/** Host name → its features that are not common; of no pool, everything it has. */
export function surplusOf(
  pool: readonly Host[],
  { names, common, answers }: PoolSets,
  isPool: boolean,
): Readonly<Record<string, readonly string[]>> {
  const known = new Map<unknown, readonly string[]>();
  const surplus = ({ present }: Answers): readonly string[] =>
    remembered(known, present, () =>
      names.filter((_, number) => has(present, number) && !(isPool && has(common, number))),
    );
  return Object.fromEntries(pool.map(({ name }, i) => [name, surplus(answers[i] ?? NO_ANSWER)]));
}

/** Every feature that not all hosts are known to have, with who has it, lacks it, or is not known to do either. */
export function lossesOf(pool: readonly Host[], { names, answers, common }: PoolSets): readonly Loss[] {
  const hosts = pool.map(({ name }) => name);
  return names.flatMap((feature, number) =>
    has(common, number) ? [] : [lossOf(feature, number, hosts, answers)],
  );
}

function lossOf(
  feature: string,
  number: number,
  hosts: readonly string[],
  answers: readonly Answers[],
): Loss {
  const loss = { feature, presentOn: [], missingOn: [], unknownOn: [], unnamedOn: [] } as {
    readonly [list in Exclude<keyof Loss, 'feature'>]: string[];
  } & Pick<Loss, 'feature'>;
  for (const [i, { present, uncertain, named }] of answers.entries()) {
    const host = hosts[i] ?? '';
    const isNamed = has(named, number);
    if (has(present, number)) loss.presentOn.push(host);
    else if (has(uncertain, number) || !isNamed) loss.unknownOn.push(host);
    else loss.missingOn.push(host);
    if (!isNamed) loss.unnamedOn.push(host);
  }
  return loss;
}

const NO_ANSWER: Answers = {
  present: new Uint32Array(),
  uncertain: new Uint32Array(),
  named: new Uint32Array(),
};

/** The names, of these, that every one of a host's possible libvirt versions knows. */
function namesIn(maps: readonly CpuMap[], names: readonly string[]): readonly string[] {
  return names.filter((name) => isNamed(maps, name));
}

function bitsOf(list: readonly string[], numbers: ReadonlyMap<string, number>): Bits {
  const bits = new Uint32Array(Math.ceil(numbers.size / 32));
  for (const name of list) {
    const number = numbers.get(name) ?? 0;
    bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31));
  }
  return bits;
}

function has(bits: Bits, number: number): boolean {
  return (((bits[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1;
}

function inAll(answers: readonly Answers[], length: number): Bits {
  const common = new Uint32Array(Math.ceil(length / 32)).fill(0xffffffff);
  for (const present of new Set(answers.map((answer) => answer.present))) {
    for (const [word, bits] of common.entries()) common[word] = bits & (present[word] ?? 0);
  }
  return common;
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
