import type { CpuMap } from '../../../types/cpu-map.ts';
import { namesIn, type NameBits } from '../../cpu/bits.ts';
import { candidateMaps, type VersionRange } from '../../cpu/bundled.ts';
import { indexOf } from '../../cpu/map.ts';

/** What one map makes of a host's CPU: a set in the numbers of that map. */
export interface MapReading {
  readonly map: CpuMap;
  readonly features: NameBits;
}

/** What all readings of a host come to. Every list is frozen. */
export interface AgreedFeatures {
  /** What every map sees; sorted. */
  readonly features: readonly string[];
  /** What only some of them see; sorted. */
  readonly uncertain: readonly string[];
  readonly cpuMaps: readonly CpuMap[];
}

/** Gives equal sets of features, and equal lists of maps, as one list each: most hosts of a fleet are alike. */
export interface FeatureSets {
  readonly mapsFor: (range: VersionRange) => readonly CpuMap[];
  readonly agreed: (readings: readonly MapReading[]) => AgreedFeatures;
}

/** Feature sets that are remembered for as long as somebody holds what this returns. */
export function newFeatureSets(): FeatureSets {
  const ranges = new Map<string, readonly CpuMap[]>();
  const numbers = new Map<CpuMap, number>();
  const lists = new Map<string, readonly CpuMap[]>();
  const sets = new Map<string, AgreedFeatures>();
  return {
    mapsFor: (range) => remembered(ranges, `${range.from} ${range.to}`, () => candidateMaps(range)),
    agreed: (readings) => {
      let key = '';
      for (const { map, features } of readings)
        key += `${remembered(numbers, map, () => numbers.size)}:${charactersOf(features)}`;
      return remembered(sets, key, () => {
        const maps = readings.map(({ map }) => map);
        const ids = maps.map((map) => numbers.get(map)).join();
        return {
          ...agreement(readings.map(({ map, features }) => namesIn(features, indexOf(map).names))),
          cpuMaps: remembered(lists, ids, () => Object.freeze(maps)),
        };
      });
    },
  };
}

/** The bits as a string of 16 bits each: the shortest key they have. */
function charactersOf(bits: NameBits): string {
  return Reflect.apply(String.fromCharCode, undefined, new Uint16Array(bits.buffer)) as string;
}

/** What all of these sorted lists have, and what only some have. */
function agreement(readings: readonly (readonly string[])[]): Omit<AgreedFeatures, 'cpuMaps'> {
  const [first = [], ...others] = readings;
  if (others.length === 0) return { features: Object.freeze(first), uncertain: NOTHING };
  const counts = new Map<string, number>();
  for (const list of readings) for (const name of list) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts.keys()].sort();
  const isCommon = (name: string): boolean => counts.get(name) === readings.length;
  return {
    features: Object.freeze(names.filter(isCommon)),
    uncertain: Object.freeze(names.filter((name) => !isCommon(name))),
  };
}

const NOTHING: readonly string[] = Object.freeze([]);

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
