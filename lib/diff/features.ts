import type { Loss } from '../../types/baseline.ts';
import type { Host } from '../../types/host.ts';
import { indexOf } from '../cpu/map.ts';

/** Hosts that say the same of every feature: a fleet of thousands has only a few different CPUs. */
interface Kind {
  readonly features: ReadonlySet<string>;
  readonly uncertain: ReadonlySet<string>;
  readonly cpuMaps: Host['cpuMaps'];
}

/** What a kind of host says of one feature, and whether its libvirt has a name for it. */
interface Answer {
  readonly presence: 'present' | 'missing' | 'unknown';
  readonly named: boolean;
}

/** The features that every host has, sorted. */
export function commonFeatures(pool: readonly Host[]): readonly string[] {
  const lists = [...new Set(pool.map(({ features }) => features ?? []))];
  const counts = new Map<string, number>();
  for (const list of lists) for (const name of list) counts.set(name, (counts.get(name) ?? 0) + 1);
  const everywhere = [...counts].filter(([, count]) => count === lists.length);
  return everywhere.map(([name]) => name).sort();
}

/** Host name → its features that are not common. */
export function surplusOf(
  pool: readonly Host[],
  common: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const shared = new Set(common);
  const known = new Map<Host['features'], readonly string[]>();
  const surplus = (features: Host['features']): readonly string[] => {
    const own = known.get(features) ?? (features ?? []).filter((name) => !shared.has(name));
    known.set(features, own);
    return own;
  };
  return Object.fromEntries(pool.map(({ name, features }) => [name, surplus(features)]));
}

/** Every feature that not all hosts are known to have, with who has it, lacks it, or is not known to do either. */
export function lossesOf(pool: readonly Host[], common: readonly string[]): readonly Loss[] {
  const { kinds, kindOf } = kindsOf(pool);
  const names = new Set(kinds.flatMap(({ features, uncertain }) => [...features, ...uncertain]));
  for (const name of common) names.delete(name);
  const hosts = pool.map(({ name }) => name);
  return [...names].sort().map((feature) =>
    lossOf(
      feature,
      hosts,
      kindOf,
      kinds.map((kind) => answer(kind, feature)),
    ),
  );
}

function kindsOf(pool: readonly Host[]): {
  readonly kinds: readonly Kind[];
  readonly kindOf: readonly number[];
} {
  const kinds: Kind[] = [];
  const numbers = new Map<unknown, Map<unknown, Map<unknown, number>>>();
  const kindOf = pool.map(({ features = [], uncertain, cpuMaps }) => {
    const byUncertain = entry(numbers, features, () => new Map<unknown, Map<unknown, number>>());
    const byMaps = entry(byUncertain, uncertain, () => new Map<unknown, number>());
    return entry(
      byMaps,
      cpuMaps,
      () => kinds.push({ features: new Set(features), uncertain: new Set(uncertain), cpuMaps }) - 1,
    );
  });
  return { kinds, kindOf };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function answer({ features, uncertain, cpuMaps }: Kind, feature: string): Answer {
  const named = cpuMaps.every((map) => indexOf(map).features.has(feature));
  if (features.has(feature)) return { presence: 'present', named };
  return { presence: uncertain.has(feature) || !named ? 'unknown' : 'missing', named };
}

function lossOf(
  feature: string,
  hosts: readonly string[],
  kindOf: readonly number[],
  answers: readonly Answer[],
): Loss {
  const lists = { present: [] as string[], missing: [] as string[], unknown: [] as string[] };
  const unnamedOn: string[] = [];
  for (const [i, host] of hosts.entries()) {
    const { presence, named } = answers[kindOf[i] ?? 0] ?? UNKNOWN;
    lists[presence].push(host);
    if (!named) unnamedOn.push(host);
  }
  return { feature, presentOn: lists.present, missingOn: lists.missing, unknownOn: lists.unknown, unnamedOn };
}

const UNKNOWN: Answer = { presence: 'unknown', named: false };
