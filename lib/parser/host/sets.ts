import type { CpuMap } from '../../../types/cpu-map.ts';
import { isSameSet, namesIn, sumOf, type NameBits } from '../../cpu/bits.ts';
import { candidateMaps, type VersionRange } from '../../cpu/bundled.ts';
import { indexOf } from '../../cpu/map.ts';
import { hiddenNames, type Hides } from '../../cpu/grade.ts';
import { remembered } from '../../text/remembered.ts';
import { tallied } from '../../text/tallied.ts';

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
  /** The names whose absence says nothing, because the source hides such features. */
  readonly silent: (read: AgreedFeatures, hides: Hides) => readonly string[];
}

/** What was read before, and what it came to. */
interface KnownReadings {
  readonly readings: readonly MapReading[];
  readonly agreed: AgreedFeatures;
}

/** What sources of one kind cannot show. */
interface Unshown {
  /** Of all that maps know, by the lists of maps. */
  readonly all: Map<readonly CpuMap[], ReadonlySet<string>>;
  /** Of what is not in a list of features. */
  readonly less: Map<readonly string[], readonly string[]>;
  /** Each of those lists once, by those of its names that hosts list all the same. */
  readonly lists: Map<ReadonlySet<string>, Map<string, readonly string[]>>;
}

function newUnshown(): Unshown {
  return { all: new Map(), less: new Map(), lists: new Map() };
}

/** Every list of maps that was needed, by its first. */
type ListsOfMaps = Map<CpuMap, (readonly CpuMap[])[]>;

/** Feature sets that are remembered for as long as somebody holds what this returns. */
export function newFeatureSets(): FeatureSets {
  const ranges = new Map<string, Map<string, readonly CpuMap[]>>();
  const known = new Map<number, KnownReadings[]>();
  const listsOfMaps: ListsOfMaps = new Map();
  const unshown = new Map<Hides, Unshown>();
  return {
    mapsFor: ({ from, to }) =>
      remembered(
        remembered(ranges, from, () => new Map<string, readonly CpuMap[]>()),
        to,
        () => candidateMaps({ from, to }),
      ),
    silent: ({ cpuMaps, features, uncertain }, hides) => {
      const { all, less, lists } = remembered(unshown, hides, newUnshown);
      return remembered(less, features, () => {
        const names = remembered(all, cpuMaps, () => new Set(hiddenNames(cpuMaps, hides)));
        const shown = new Set([...features, ...uncertain].filter((name) => names.has(name)));
        return remembered(
          remembered(lists, names, () => new Map<string, readonly string[]>()),
          [...shown].join(' '),
          () => Object.freeze([...names].filter((name) => !shown.has(name))),
        );
      });
    },
    agreed: (readings) => {
      let sum = 0;
      for (const { features } of readings) sum = (sum + sumOf(features)) | 0;
      const alike = remembered(known, sum, () => []);
      const found = alike.find((one) => isSame(one.readings, readings));
      if (found !== undefined) return found.agreed;
      const agreed = agreementOf(readings, listsOfMaps);
      alike.push({ readings, agreed });
      return agreed;
    },
  };
}

function isSame(a: readonly MapReading[], b: readonly MapReading[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ map, features }, i) => {
    const other = b[i];
    return other !== undefined && map === other.map && isSameSet(features, other.features);
  });
}

/** What all readings have, and what only some have. `lists` are the lists of maps that there are already. */
function agreementOf(readings: readonly MapReading[], lists: ListsOfMaps): AgreedFeatures {
  const cpuMaps = listOf(
    readings.map(({ map }) => map),
    lists,
  );
  const [first = [], ...others] = readings.map(({ map, features }) => namesIn(features, indexOf(map).names));
  if (others.length === 0) return { features: Object.freeze(first), uncertain: NOTHING, cpuMaps };
  const counts = tallied([first, ...others].flat());
  const names = [...counts.keys()].sort();
  const isCommon = (name: string): boolean => counts.get(name) === readings.length;
  return {
    features: Object.freeze(names.filter(isCommon)),
    uncertain: Object.freeze(names.filter((name) => !isCommon(name))),
    cpuMaps,
  };
}

/** The one list of these maps. */
function listOf(maps: readonly CpuMap[], lists: ListsOfMaps): readonly CpuMap[] {
  const [first] = maps;
  if (first === undefined) return maps;
  const alike = remembered(lists, first, () => []);
  const known = alike.find((list) => isSameList(list, maps));
  if (known !== undefined) return known;
  alike.push(Object.freeze(maps));
  return maps;
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

const NOTHING: readonly string[] = Object.freeze([]);
