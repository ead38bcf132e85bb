import type { Domain } from '../../types/domain.ts';
import type { CpuMap } from '../../types/cpu-map.ts';
import type { Host } from '../../types/host.ts';
import { floorOfSystem } from '../cpu/facts/floors.ts';
import { canonicalIn } from '../cpu/known-names.ts';
import { namesWanted } from '../diff/cpu/changes.ts';
import { reasonToIgnore } from '../diff/pool/ignored.ts';

/** A guest, and every feature that it cannot do without, by libvirt's name. */
export interface GuestNeeds {
  readonly name: string;
  readonly arch: string | undefined;
  readonly features: readonly string[];
}

/** What guests need: what their systems boot on, and what their `<cpu>` requires. */
export function needsOf(guests: readonly Domain[], maps: readonly CpuMap[]): readonly GuestNeeds[] {
  return guests.map(({ name, arch, system, cpu }, i) => {
    const floor = system === undefined || arch === 'i686' ? undefined : floorOfSystem(system.id);
    const own = namesWanted(cpu?.features).map((written) => canonicalIn(maps, written) ?? written);
    const features = [...new Set([...(floor?.features ?? []), ...own])].sort();
    return {
      name: name ?? `guest-${i + 1}`,
      arch,
      features: features.filter((feature) => reasonToIgnore(feature) === undefined),
    };
  });
}

/** Is the guest of an architecture that the host runs? An i686 guest runs on an x86_64 host. */
export function isOfArch({ arch }: GuestNeeds, host: Pick<Host, 'arch'> | undefined): boolean {
  return arch === undefined || arch === host?.arch || (arch === 'i686' && host?.arch === 'x86_64');
}
