import type { CpuMap } from '../../types/cpu-map.ts';
import { facts as facts900 } from './maps/9.0.0.ts';
import { facts as facts1130 } from './maps/11.3.0.ts';
import { facts as facts1280 } from './maps/12.8.0.ts';
import { compareVersions } from './versions.ts';

/** libvirt versions whose maps are bundled, oldest first, with their facts as JSON: parsed when first asked for. */
const FACTS: readonly (readonly [string, string])[] = [
  ['9.0.0', facts900],
  ['11.3.0', facts1130],
  ['12.8.0', facts1280],
];

const parsed = new Map<string, CpuMap>();

/** Versions of the bundled maps, oldest first. */
export const BUNDLED_VERSIONS: readonly string[] = FACTS.map(([version]) => version);

/** The bundled map of exactly this libvirt version. */
export function bundledMap(version: string): CpuMap | undefined {
  const known = parsed.get(version);
  if (known !== undefined) return known;
  const facts = FACTS.find(([bundled]) => bundled === version)?.[1];
  if (facts === undefined) return undefined;
  const map = JSON.parse(facts) as CpuMap;
  parsed.set(version, map);
  return map;
}

/** What is known of a host's libvirt version: at least `from`, and below `to`. The version itself when both are equal. */
export interface VersionRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The bundled maps that may hold for a libvirt version in a range, oldest first: those of the range, or where none
 * is bundled its neighbours below and above. Exactly one for a version that is bundled itself.
 */
export function candidateMaps({ from, to }: VersionRange): readonly CpuMap[] {
  const inside = BUNDLED_VERSIONS.filter(
    (v) => v === from || (compareVersions(v, from) > 0 && compareVersions(v, to) < 0),
  );
  const older = BUNDLED_VERSIONS.findLast((v) => compareVersions(v, from) < 0);
  const newer = BUNDLED_VERSIONS.find((v) => compareVersions(v, from) > 0);
  const versions = inside.length > 0 ? inside : [older, newer];
  return versions
    .map((v) => (v === undefined ? undefined : bundledMap(v)))
    .filter((map) => map !== undefined);
}
