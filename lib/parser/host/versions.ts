import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import type { VersionRange } from '../../cpu/bundled.ts';
import { normalVersion } from '../../cpu/versions.ts';
import { issue } from '../../issues/issues.ts';

/** Any version there is: nobody says which. */
export const ANY_VERSION: VersionRange = { from: '0.0.0', to: '9999.0.0' };

/** The stated version as a range; any where none is stated. @throws RangeError for a version that is none */
export function statedRange({ libvirtVersion }: ParseHostOptions): VersionRange {
  if (libvirtVersion === undefined) return ANY_VERSION;
  const version = normalVersion(libvirtVersion);
  if (version === undefined) throw new RangeError(`"${libvirtVersion}" is not a libvirt version`);
  return { from: version, to: version };
}

/** What all readings have, and what only some have; sorted. */
export function agreement(readings: readonly ReadonlySet<string>[]): {
  readonly common: readonly string[];
  readonly uncertain: readonly string[];
} {
  const all = [...new Set(readings.flatMap((features) => [...features]))].sort();
  const common = all.filter((name) => readings.every((features) => features.has(name)));
  const certain = new Set(common);
  return { common, uncertain: all.filter((name) => !certain.has(name)) };
}

/** What was read with which maps, and whether somebody said that these are the right ones. */
export interface Read {
  readonly uncertain: readonly string[];
  readonly cpuMaps: readonly CpuMap[];
  readonly stated: boolean;
}

/** That a host's libvirt version had to be worked out, and what depends on it. */
export function versionDoubts(name: string, { uncertain, cpuMaps, stated }: Read): Host['issues'] {
  const mapVersions = cpuMaps.map(({ version }) => version);
  if (uncertain.length > 0)
    return [issue('inferred-libvirt-version', { hosts: [name], mapVersions, uncertain })];
  if (stated || cpuMaps.length === 0) return [];
  return [issue('inferred-libvirt-version', { hosts: [name], mapVersions, uncertain: [] }, 'note')];
}
