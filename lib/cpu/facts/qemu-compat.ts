import { isSince } from './since.ts';

/** A CPU property that QEMU sets by machine type. */
export interface CompatProperty {
  readonly property: string;
  /** What older machine types set. */
  readonly older: string;
  /** Last machine type, in QEMU's own numbering, that sets it. */
  readonly until: string;
  /** First QEMU that has the property. Before it every machine type behaves as an old one. */
  readonly since: string;
  /** Feature that a guest of an old machine type is shown though domcapabilities, asked without a machine, omit it. */
  readonly feature?: string;
  /** Only for guests of this CPU vendor. */
  readonly vendor?: string;
  readonly virtType?: 'kvm' | 'qemu';
}

/**
 * Compat properties of x86 CPUs (hw/i386/pc.c, `pc_compat_*`) of the machine types that QEMU 11.1 still has. Name and
 * last machine type of each: measured in 7.2.22, 10.0.13 and 11.1.3 (`scripts/measure-qemu.mjs compat`; `query-machines`
 * with `compat-props`, which QEMU 10.0 has and 7.2 has not). What a guest of an old machine type sees otherwise stands
 * beside each row.
 */
export const COMPAT_PROPERTIES: readonly CompatProperty[] = [
  // arch-capabilities and the bits of MSR 0x10a, in modes host-passthrough and maximum. Measured: 11.1.3, `shown`.
  {
    ...{ property: 'x-arch-cap-always-on', older: 'on', until: '10.0', since: '10.1' },
    ...{ feature: 'arch-capabilities', vendor: 'AMD', virtType: 'kvm' },
  },
  // With <pmu state='off'/>: pdcm in the list that libvirt compares (measured: 11.1.3, `shown`) and MSR 0x345 in the
  // guest, while CPUID hides pdcm (target/i386/cpu.c).
  { property: 'x-pdcm-on-even-without-pmu', older: 'on', until: '10.0', since: '10.1' },
  // Leaves of the other vendor: CPUID 2 and 4 on AMD, AMD's cache leaves on Intel (target/i386/cpu.c).
  { property: 'x-vendor-cpuid-only', older: 'off', until: '6.0', since: '6.1' },
  // The vendor in CPUID 0x80000000 EBX, ECX, EDX; the number of cores in 0x80000008 ECX. Measured: a guest of
  // 11.1.3 that reads CPUID, Skylake-Server, property on and off.
  { property: 'x-vendor-cpuid-only-v2', older: 'off', until: '10.0', since: '10.1', vendor: 'Intel' },
  // With several threads a core, CPUID 4: no thread shares the L1 caches. Measured in the same way.
  { property: 'x-l1-cache-per-thread', older: 'off', until: '9.0', since: '9.1', vendor: 'Intel' },
  // No difference in any CPU that was measured.
  { property: 'x-amd-topoext-features-only', older: 'off', until: '9.0', since: '9.1' },
  // CPUID 0x8000001e with several dies (target/i386/cpu.c); no difference in any CPU that was measured.
  { property: 'legacy-multi-node', older: 'on', until: '9.0', since: '9.1', vendor: 'AMD' },
  // No guest physical address bits in CPUID 0x80000008 EAX 23-16, where the host has them (target/i386/cpu.c).
  { property: 'guest-phys-bits', older: '0', until: '9.0', since: '9.1', virtType: 'kvm' },
  // No difference in any CPU that was measured.
  { property: 'x-consistent-cache', older: 'off', until: '10.0', since: '10.1' },
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
  return inEffect(context).flatMap(({ feature }) => feature ?? []);
}

/** The last machine type whose guests are shown a feature though their documents omit it. */
export function shownUntil(feature: string): string | undefined {
  return COMPAT_PROPERTIES.find((row) => row.feature === feature)?.until;
}

/** Is a machine type, in QEMU's numbering, not newer than this one? One without such a number may be any. */
export function isMachineUntil(machine: string | undefined, until: string): boolean {
  const own = /-(\d+\.\d+)(?:\.\d+)?$/.exec(machine ?? '')?.[1];
  return own === undefined || isSince(until, own);
}

/** The compat properties that a guest of this machine type has set. */
export function inEffect(context: CompatContext): readonly CompatProperty[] {
  const { qemuVersion, virtType, vendor } = context;
  return COMPAT_PROPERTIES.filter(
    (row) =>
      isSince(qemuVersion, row.since) &&
      isMachineUntil(context.machine, row.until) &&
      isMaybe(row.virtType, virtType) &&
      isMaybe(row.vendor, vendor),
  );
}

function isMaybe(wanted: string | undefined, stated: string | undefined): boolean {
  return wanted === undefined || stated === undefined || wanted === stated;
}
