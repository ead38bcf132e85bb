import { COMPAT } from './measured/compat.ts';
import { isSince, numberOfMachine, releaseOf } from './since.ts';

/** A feature that a guest of an old machine type is shown though domcapabilities, asked without a machine, omit it. */
interface ShownByCompat {
  readonly property: string;
  readonly feature: string;
  /** Only for guests of this CPU vendor. */
  readonly vendor: string;
  readonly virtType: 'kvm' | 'qemu';
}

/**
 * What the compat properties of measured/compat.ts that came since QEMU 6.1 do, in modes host-passthrough and maximum.
 * Two old machine types of one number are alike on all hosts, so only what no document shows has a row:
 *
 * - `x-arch-cap-always-on`: `arch-capabilities` and the bits of MSR 0x10a. Measured: 11.1.3, `shown`.
 * - `x-pdcm-on-even-without-pmu`, with `<pmu state='off'/>`: `pdcm` in the list that libvirt compares (measured: 11.1.3,
 *   `shown`) and MSR 0x345 in the guest, while CPUID hides `pdcm` (target/i386/cpu.c).
 * - `x-vendor-cpuid-only`: leaves of the other vendor, CPUID 2 and 4 on AMD, AMD's cache leaves on Intel (target/i386/cpu.c).
 * - `x-vendor-cpuid-only-v2`, Intel: the vendor in CPUID 0x80000000 EBX, ECX, EDX; the number of cores in 0x80000008 ECX.
 *   Measured: a guest of 11.1.3 that reads CPUID, Skylake-Server, property on and off.
 * - `x-l1-cache-per-thread`, Intel, several threads a core: in CPUID 4 no thread shares the L1 caches. Measured likewise.
 * - `legacy-multi-node`, AMD: CPUID 0x8000001e with several dies (target/i386/cpu.c).
 * - `guest-phys-bits`, KVM: no guest physical address bits in CPUID 0x80000008 EAX 23-16, where the host has them
 *   (target/i386/cpu.c).
 * - `x-amd-topoext-features-only`, `x-consistent-cache`: no difference in any CPU that was measured.
 */
const SHOWN_BY_COMPAT: readonly ShownByCompat[] = [
  { property: 'x-arch-cap-always-on', feature: 'arch-capabilities', vendor: 'AMD', virtType: 'kvm' },
];

/** Whose guest it is. What is not known is left out and counts as any. */
export interface CompatContext {
  readonly qemuVersion: string;
  /** Versioned machine type: `pc-q35-9.2`, `pc-i440fx-noble`. */
  readonly machine?: string | undefined;
  readonly virtType?: string | undefined;
  /** libvirt's name: `AMD`, `Intel`. */
  readonly vendor?: string | undefined;
}

/**
 * Features that a guest of this machine type is shown (host-passthrough, maximum) and that domcapabilities and a
 * `query-cpu-model-expansion` of a QEMU without that machine omit: for them absence proves nothing. A distribution's
 * machine types have compat tables of their own, so such a type, or none, counts as an old one. What depends on such a
 * feature is not listed here (`parentsOf`).
 *
 * Measured on AMD under KVM: domcapabilities of libvirt 11.3.0 and 12.8.0 with QEMU 11.1.3 omit `arch-capabilities` for
 * every machine type; those with QEMU 7.2.22 and 10.0.13 list it.
 *
 * @example
 * alwaysShown({ qemuVersion: '11.1.3', machine: 'pc-q35-10.0', vendor: 'AMD', virtType: 'kvm' }); // → ['arch-capabilities']
 * alwaysShown({ qemuVersion: '11.1.3', machine: 'pc-q35-10.1', vendor: 'AMD', virtType: 'kvm' }); // → []
 */
export function alwaysShown(context: CompatContext): readonly string[] {
  const { qemuVersion, machine, virtType, vendor } = context;
  return SHOWN_BY_COMPAT.filter((row) => {
    const until = lastToSet(row.property);
    const isMeant = isMaybe(row.virtType, virtType) && isMaybe(row.vendor, vendor);
    return isOlder(until, qemuVersion) && isMachineUntil(machine, until) && isMeant;
  }).map(({ feature }) => feature);
}

/** The last machine type whose guests are shown a feature though their documents omit it. */
export function shownUntil(feature: string): string | undefined {
  const row = SHOWN_BY_COMPAT.find((one) => one.feature === feature);
  return row === undefined ? undefined : lastToSet(row.property);
}

function lastToSet(property: string): string {
  return COMPAT.find(([, models, sets]) => models === '' && sets.includes(`${property}=on`))?.[0] ?? '';
}

/**
 * Features that this machine type turns on (`true`) or off in a named model that QEMU defines otherwise today. None for a
 * type without a number of QEMU's own.
 *
 * @example
 * setByMachine('EPYC', 'pc-q35-3.1').get('npt'); // → false
 * setByMachine('EPYC', 'pc-q35-4.0').get('npt'); // → undefined
 */
export function setByMachine(model: string, machine: string | undefined): ReadonlyMap<string, boolean> {
  const own = numberOfMachine(machine);
  const found = new Map<string, boolean>();
  // The newest type stands first: what an older one sets takes its place.
  for (const [until, models, sets] of own === undefined ? [] : COMPAT) {
    if (!isSince(until, own ?? '')) break;
    const isOfModel = ` ${models} `.includes(` ${model} `);
    if (models !== '' && !isOfModel) continue;
    for (const [property = '', value] of sets.split(',').map((set) => set.split('=')))
      // What is turned on in all models is no feature.
      if (value === 'off' || (value === 'on' && isOfModel)) found.set(property, value === 'on');
  }
  return found;
}

/**
 * What this machine type sets in every CPU of this QEMU: of two types with equal lists, what one guest is shown the other
 * is shown as well.
 *
 * @example
 * setForEveryModel('pc-q35-10.0', '11.1.3').length; // → 1
 * setForEveryModel('pc-q35-10.0', '10.0.13'); // → []
 */
export function setForEveryModel(machine: string, qemuVersion: string): readonly string[] {
  return COMPAT.flatMap(([until, models, sets]) =>
    models === '' && isOlder(until, qemuVersion) && isMachineUntil(machine, until) ? [sets] : [],
  );
}

/** Is a release of QEMU older than this QEMU's own? */
function isOlder(release: string, qemuVersion: string): boolean {
  return isSince(qemuVersion, release) && !isSince(release, releaseOf(qemuVersion));
}

/** Is a machine type, in QEMU's numbering, not newer than this one? One without such a number may be any. */
export function isMachineUntil(machine: string | undefined, until: string): boolean {
  const own = numberOfMachine(machine);
  return own === undefined || isSince(until, own);
}

function isMaybe(wanted: string, stated: string | undefined): boolean {
  return stated === undefined || wanted === stated;
}
