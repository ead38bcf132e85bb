import type { CpuMap } from '../../types/cpu-map.ts';
import type { Host } from '../../types/host.ts';
import { bundledMap, bundledVersions } from './packed.ts';
import { compareVersions, normalVersion } from './versions.ts';

/** What is known of a host's libvirt version: at least `from`, and below `to`. The version itself when both are equal. */
export interface VersionRange {
  readonly from: string;
  readonly to: string;
}

/** The newest bundled version, if this one is newer still: then nobody knows what it has learned since. */
export function newestBelow(version: string): string | undefined {
  const all = bundledVersions();
  const newest = all.at(-1);
  // Most hosts have one that is bundled: to compare versions takes longer.
  if (newest === undefined || all.includes(version)) return undefined;
  return compareVersions(version, newest) > 0 ? newest : undefined;
}

/** The map of a libvirt version, else the host's own. @throws RangeError for a version that is none, or where there is none */
export function mapFor({ cpuMaps: [own] }: Pick<Host, 'cpuMaps'>, libvirtVersion?: string): CpuMap {
  const version = libvirtVersion === undefined ? undefined : normalVersion(libvirtVersion);
  const map = version === undefined ? own : candidateMaps({ from: version, to: version })[0];
  if (map === undefined || (version === undefined && libvirtVersion !== undefined))
    throw new RangeError(`"${libvirtVersion ?? ''}" is not a libvirt version`);
  return map;
}

/**
 * The bundled maps that may hold for a libvirt version in a range, oldest first: those of the range, or where none
 * is bundled its neighbours below and above. Exactly one for a version that is bundled itself. All is frozen.
 */
export function candidateMaps({ from, to }: VersionRange): readonly CpuMap[] {
  const all = bundledVersions();
  const inside = all.filter(
    (v) => v === from || (compareVersions(v, from) > 0 && compareVersions(v, to) < 0),
  );
  const older = all.findLast((v) => compareVersions(v, from) < 0);
  const newer = all.find((v) => compareVersions(v, from) > 0);
  const versions = inside.length > 0 ? inside : [older, newer].filter((v) => v !== undefined);
  return Object.freeze(versions.map(bundledMap));
}
