import type { HostLevel, LevelReport, PoolLevels, X86Level } from '../../../types/facts.ts';

/**
 * The levels of the x86-64 psABI in libvirt's names: LZCNT is `abm`, SSE3 `pni`, SCE `syscall`. In place of OSXSAVE,
 * which the guest's kernel sets, stands the `xsave` it needs for that; in place of OSFXSR, `fxsr`. `lm` is what makes
 * it 64 bits.
 * @see https://gitlab.com/x86-psABIs/x86-64-ABI
 */
const ADDED = {
  'x86-64-v1': ['cmov', 'cx8', 'fpu', 'fxsr', 'lm', 'mmx', 'sse', 'sse2', 'syscall'],
  'x86-64-v2': ['cx16', 'lahf_lm', 'pni', 'popcnt', 'sse4.1', 'sse4.2', 'ssse3'],
  'x86-64-v3': ['abm', 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'movbe', 'xsave'],
  'x86-64-v4': ['avx512bw', 'avx512cd', 'avx512dq', 'avx512f', 'avx512vl'],
} as const satisfies Readonly<Record<X86Level, readonly string[]>>;

/** The levels, lowest first. */
export const LEVELS: readonly X86Level[] = ['x86-64-v1', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4'];

/** Each feature of a level as a bit: there are thirty. */
const BITS: ReadonlyMap<string, number> = new Map(
  LEVELS.flatMap(featuresAddedBy).map((name, number) => [name, 1 << number]),
);

/**
 * What a level asks for beyond the one below it, by libvirt's names, sorted.
 * @example
 * featuresAddedBy('x86-64-v4');
 * // → ['avx512bw', 'avx512cd', 'avx512dq', 'avx512f', 'avx512vl']
 */
export function featuresAddedBy(level: X86Level): readonly string[] {
  return ADDED[level];
}

/**
 * All that a level asks for, lower levels included, sorted.
 * @example
 * featuresOfLevel('x86-64-v2').length; // → 16
 */
export function featuresOfLevel(level: X86Level): readonly string[] {
  return LEVELS.slice(0, rankOf(level) + 1)
    .flatMap(featuresAddedBy)
    .sort();
}

/** Is this a level's name? */
export function isLevel(word: string): word is X86Level {
  return Object.hasOwn(ADDED, word);
}

/**
 * The highest level these features reach, and what is missing to the next one.
 * @example
 * levelOf([...featuresOfLevel('x86-64-v3'), 'avx512f']);
 * // → { level: 'x86-64-v3', next: 'x86-64-v4', missing: ['avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'] }
 */
export function levelOf(features: Iterable<string>): LevelReport {
  return levelOfAll([...features]);
}

/** The same of the features in several lists. */
export function levelOfAll(...lists: readonly (readonly string[])[]): LevelReport {
  let found = 0;
  // By index: there may be thousands of hosts, and the iterator of a frozen list costs an object a step.
  for (const list of lists) for (let i = 0; i < list.length; i++) found |= BITS.get(list[i] ?? '') ?? 0;
  const has = (name: string): boolean => (found & (BITS.get(name) ?? 0)) !== 0;
  const next = LEVELS.find((level) => !featuresAddedBy(level).every(has));
  const reached = next === undefined ? LEVELS.length : rankOf(next);
  const missing = next === undefined ? [] : featuresAddedBy(next).filter((name) => !has(name));
  return { level: LEVELS[reached - 1], next, missing };
}

/** Is `level` below `other`? No level at all is below every level. */
export function isBelow(level: X86Level | undefined, other: X86Level | undefined): boolean {
  return rankOf(level) < rankOf(other);
}

/**
 * The levels of hosts, of what is left to a guest of their pool, and which hosts keep it from a higher one. A host
 * whose features are not known has no level, and is not blamed.
 * @example
 * const v2 = featuresOfLevel('x86-64-v2');
 * const hosts = [hostLevel('kvm-01', featuresOfLevel('x86-64-v3')), hostLevel('kvm-03', v2)];
 * const levels = levelsFrom(hosts, v2);
 * [levels.best, levels.level, levels.because]; // → ['x86-64-v3', 'x86-64-v2', ['kvm-03']]
 */
export function levelsFrom(alone: readonly HostLevel[], left: Iterable<string>): PoolLevels {
  const best = alone.reduce<X86Level | undefined>(
    (highest, { level }) => (isBelow(highest, level) ? level : highest),
    undefined,
  );
  const report = levelOf(left);
  const lowest = alone.filter(
    ({ level, known }) => known && isBelow(level, best) && !isBelow(report.level, level),
  );
  return { ...report, hosts: alone, best, because: lowest.map(({ host }) => host) };
}

/** The level that one host gives alone. */
export function hostLevel(host: string, features: Iterable<string> | undefined): HostLevel {
  return features === undefined
    ? { host, level: undefined, known: false }
    : { host, level: levelOf(features).level, known: true };
}

function rankOf(level: X86Level | undefined): number {
  return level === undefined ? -1 : LEVELS.indexOf(level);
}
