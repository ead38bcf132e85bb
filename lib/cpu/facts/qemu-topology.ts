import type { Host } from '../../../types/host.ts';
import { isSince } from './since.ts';

/** How a guest's virtual CPUs are laid out, and who runs them. */
export interface TopologyContext {
  readonly qemuVersion: string;
  /** Logical processors in one socket: dies × clusters × cores × threads. */
  readonly processorsPerSocket: number;
  /** Vendor that the guest sees, in libvirt's name: under KVM the host's, unless the domain states another. */
  readonly vendor?: string | undefined;
  readonly virtType?: string | undefined;
}

/** What QEMU derives from the topology. */
export const DERIVED = ['cmp_legacy', 'ht'] as const;
type Derived = (typeof DERIVED)[number];

function isDerived(feature: string): feature is Derived {
  return DERIVED.some((name) => name === feature);
}

/** What a guest sees of a feature: as the CPU definition says, always, never, or not known. */
export type Shown = 'as-defined' | 'always' | 'never' | 'unknown';

/**
 * What QEMU makes of `ht`, `cmp_legacy` and `topoext`; `as-defined` for every other name.
 *
 * Measured in QEMU 7.2.22, 10.0.13 and 11.1.3 by `scripts/measure-qemu.mjs topology`, KVM and emulation, by QOM and by a
 * guest that reads CPUID; the machine type makes no difference. Several processors in a socket: `ht` is always shown, and
 * `cmp_legacy` where the vendor is AMD or Hygon (in 7.2 any but Intel), also with `ht=off,cmp-legacy=off`; QEMU 10.0 and
 * later report them too, 7.2 does not. One processor in a socket: as the definition says, but for emulation in 7.2, which
 * has neither, and `ht` under KVM, where KVM may show it whatever was asked for. `topoext` is never derived: named AMD
 * models have it, `host` and `max` do not.
 *
 * @example
 * derivedByQemu('ht', { qemuVersion: '10.0.13', processorsPerSocket: 2 }); // → 'always'
 */
export function derivedByQemu(feature: string, context: TopologyContext): Shown {
  if (!isDerived(feature)) return 'as-defined';
  return context.processorsPerSocket > 1 ? ofSeveral(feature, context) : ofOne(feature, context);
}

function ofSeveral(feature: Derived, { qemuVersion, vendor }: TopologyContext): Shown {
  if (feature === 'ht' || vendor === 'AMD' || vendor === 'Hygon') return 'always';
  if (vendor === undefined) return 'unknown';
  // Every vendor but Intel, until QEMU left Zhaoxin out as well.
  return vendor === 'Intel' || isSince(qemuVersion, '10.0') ? 'as-defined' : 'always';
}

function ofOne(feature: Derived, { qemuVersion, virtType }: TopologyContext): Shown {
  if (virtType === 'qemu') return isSince(qemuVersion, '10.0') ? 'as-defined' : 'never';
  return feature === 'ht' ? 'unknown' : 'as-defined';
}

/**
 * Whether libvirt on a host takes what QEMU derives for features nobody asked for: a guest with a named model (custom,
 * host-model, pinned) and several processors in a socket neither starts there with `check='full'` nor arrives from
 * another host (`extra features: ht,cmp_legacy`), nor leaves for one with QEMU before 10.0 (`missing features`).
 *
 * Measured with libvirt 11.3.0 and QEMU 10.0.13 (so), 9.0.0 and 7.2.22, 12.8.0 and 11.1.3 (not so), in all directions;
 * libvirt's release notes name 11.10.0 as the first with the repair.
 */
export function refusesDerivedFeatures(libvirtVersion: string, qemuVersion: string): boolean {
  return isSince(qemuVersion, '10.0') && !isSince(libvirtVersion, '11.10');
}

/**
 * Whether libvirt on a host hands QEMU no line about a feature, whatever the domain says: in every mode, for every policy,
 * under KVM as in emulation. It takes the topology for what decides it, and where a socket has one processor, it does not.
 *
 * So it is with `ht` since 11.10.0, by libvirt's commit ba16113c. 11.3.0 hands over `cmp_legacy` too, 12.8.0 and 12.9.0 do
 * not (`virsh domxml-to-native`); the releases between them were not tried, and count as the newer ones. An unknown
 * version may be any whose map can read the host.
 */
export function isWithheld(feature: string, { libvirtVersion, cpuMaps }: LibvirtOfHost): boolean {
  if (!isDerived(feature)) return false;
  const versions = libvirtVersion === undefined ? cpuMaps.map(({ version }) => version) : [libvirtVersion];
  return versions.some((version) => isSince(version, '11.10'));
}

type LibvirtOfHost = Pick<Host, 'libvirtVersion' | 'cpuMaps'>;
