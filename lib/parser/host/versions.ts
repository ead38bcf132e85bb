import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import { newestBelow, type VersionRange } from '../../cpu/bundled.ts';
import { issue } from '../../issues/issues.ts';
import type { HostReading } from './reading.ts';

/** Any version there is: nobody says which. */
export const ANY_VERSION: VersionRange = { from: '0.0.0', to: '9999.0.0' };

/** What to do where a map does not have a name. */
export const VERSION_OR_MAP =
  "State that host's libvirt version, or give its own CPU map (/usr/share/libvirt/cpu_map).";

/** The versions of these maps, in words. */
export function mapVersions(maps: readonly CpuMap[]): string {
  return maps.map(({ version }) => version).join(', ');
}

/** That a host's libvirt version had to be worked out, and what depends on it. */
export function versionDoubts(
  name: string,
  { uncertain, cpuMaps, isStated }: Pick<Host, 'uncertain' | 'cpuMaps'> & { readonly isStated: boolean },
): Host['issues'] {
  if (uncertain.length === 0 && (isStated || cpuMaps.length === 0)) return NO_ISSUES;
  const facts = { hosts: [name], mapVersions: cpuMaps.map(({ version }) => version), uncertain };
  return [issue('inferred-libvirt-version', facts, uncertain.length === 0 ? 'note' : undefined)];
}

/** That a host's libvirt is newer than every bundled map, and which one stands in. */
export function beyondMaps(
  name: string,
  { stated, cpuMap }: Pick<HostReading, 'cpuMap' | 'stated'>,
): Host['issues'] {
  const mapVersion = stated === undefined || cpuMap !== undefined ? undefined : newestBelow(stated.from);
  if (stated === undefined || mapVersion === undefined) return NO_ISSUES;
  return [issue('libvirt-newer-than-maps', { hosts: [name], libvirtVersion: stated.from, mapVersion })];
}

const NO_ISSUES: Host['issues'] = Object.freeze([]);
