import type { FactOfKind, FeatureFact } from '../../../types/facts.ts';
import { ERRATA, LINUX_BUG_BITS, MMIO, RFDS, RSB, TSA, XEN_FEATURES, XEN_POLICY } from './sources.ts';

/**
 * Bits that say "you must defend": true of a pool as soon as they are true of one host. Linux reads them as "or may
 * migrate to such hardware" (vulnerable_to_rfds), and Xen joins them over a pool (cpufeatureset.h marks most `|`). KVM
 * offers each only where the host has it (kvm_get_arch_capabilities, kvm_set_cpu_caps), so QEMU turns a line that
 * requires one down on any other host: libvirt can keep a duty bit exactly where every host has it.
 */
export const DUTIES: readonly FactOfKind[] = [
  {
    feature: 'rsba',
    cost: 'security',
    cve: ['CVE-2022-29901', 'CVE-2022-28693'],
    flaw: 'Retbleed',
    guestOption: 'spectre_v2=ibrs',
    within: 'arch-capabilities',
    text: 'the guest may trust retpolines on a CPU where they leak (Retbleed, CVE-2022-29901, CVE-2022-28693)',
    source: `${LINUX_BUG_BITS}; ${RSB}; ${XEN_POLICY}`,
  },
  {
    feature: 'fb-clear',
    cost: 'security',
    cve: ['CVE-2022-21123', 'CVE-2022-21125', 'CVE-2022-21166'],
    flaw: 'MMIO stale data',
    within: 'arch-capabilities',
    unless: [['sbdr-ssdp-no', 'fbsdp-no', 'psdp-no']],
    text: 'the guest does not know that it can clear the fill buffers, and KVM may take that away while it runs (MMIO stale data: CVE-2022-21123, CVE-2022-21125, CVE-2022-21166)',
    source: `${MMIO}; Linux commit 027bbb884be006b05d9c577d6401686053aa789e; ${XEN_POLICY}`,
  },
  {
    feature: 'rfds-clear',
    cost: 'security',
    cve: ['CVE-2023-28746'],
    flaw: 'register file data sampling',
    within: 'arch-capabilities',
    unless: [['rfds-no']],
    text: 'the guest does not clear the register file on a CPU that leaks from it (RFDS, CVE-2023-28746)',
    source: `Linux, arch/x86/kernel/cpu/common.c (vulnerable_to_rfds); ${RFDS}; ${XEN_POLICY}`,
  },
  {
    feature: 'verw-clear',
    cost: 'security',
    cve: ['CVE-2024-36350', 'CVE-2024-36357'],
    flaw: 'transient scheduler attacks',
    unless: [['tsa-sq-no', 'tsa-l1-no']],
    text: 'the guest does not know that clearing CPU buffers works against transient scheduler attacks (CVE-2024-36350, CVE-2024-36357)',
    source: `${TSA}; ${XEN_POLICY}`,
  },
];

/** Bits that say "an old behaviour has ended": clearing one brings nothing back. */
export const INVERSES: readonly FactOfKind[] = [
  {
    feature: 'zero-fcs-fds',
    text: 'the FPU stores zero for its code and data segments all the same',
    source: ERRATA,
  },
  {
    feature: 'fdp-excptn-only',
    text: 'the FPU notes its data pointer only when an exception occurs all the same',
    source: ERRATA,
  },
  {
    feature: 'fs-gs-base-ns',
    text: 'writing the bases of FS and GS does not serialise all the same',
    source: XEN_FEATURES,
  },
];

/** Bits of these kinds that no bundled CPU map has a name for yet, under the names libvirt would give them. */
export const UPCOMING: readonly FeatureFact[] = [
  {
    feature: 'rrsba',
    kind: 'duty',
    cost: 'security',
    cve: ['CVE-2022-28693'],
    flaw: 'return stack buffer underflow',
    within: 'arch-capabilities',
    text: 'the guest may trust retpolines on a CPU where they leak within one privilege level (RRSBA, CVE-2022-28693)',
    source: `${RSB}; ${XEN_POLICY}`,
  },
  {
    feature: 'btc-no',
    kind: 'immunity',
    cost: 'speed',
    cve: ['CVE-2022-29900', 'CVE-2022-23825'],
    text: 'the guest guards every return needlessly (branch type confusion, CVE-2022-29900, CVE-2022-23825)',
    source: LINUX_BUG_BITS,
  },
  {
    feature: 'no-lmsl',
    kind: 'inverse',
    text: 'the CPU has no segment limits in long mode all the same',
    source: XEN_FEATURES,
  },
];
