import type { CpuMapBit } from '../../../types/cpu-map.ts';
import { isSince } from './since.ts';

/** Children that QEMU turns off with a parent. */
export interface Enforced {
  readonly parent: string;
  readonly children: string;
  /** First QEMU that does so, where an older one has both names and does not. */
  readonly since?: string;
}

/**
 * Measured in QEMU 7.2.22, 10.0.13 and 11.1.3 by `scripts/measure-qemu.mjs dependencies`: every feature forced on, one
 * turned off at a time. Source of the rule: `feature_dependencies` in target/i386/cpu.c.
 */
export const ENFORCED: readonly Enforced[] = [
  { parent: 'lm', children: 'vmx-entry-ia32e-mode fred' },
  { parent: 'lkgs', children: 'fred' },
  { parent: 'fred', children: 'vmx-entry-load-fred', since: '11.1' },
  { parent: 'apxf', children: 'apx-nci-ndd-nf' },
  { parent: 'avx10', children: 'avx10-128' },
  { parent: 'avx10-128', children: 'avx10 avx10-256' },
  { parent: 'avx10-256', children: 'avx10-512' },
  { parent: 'sgx', children: 'sgx1 sgxlc', since: '10.0' },
  { parent: 'rdrand', children: 'vmx-rdrand-exit' },
  { parent: 'rdseed', children: 'vmx-rdseed-exit' },
  { parent: 'invpcid', children: 'vmx-invpcid-exit' },
  { parent: 'rdtscp', children: 'vmx-rdtscp-exit' },
  { parent: 'waitpkg', children: 'vmx-enable-user-wait-pause' },
  { parent: 'xsaves', children: 'vmx-xsaves' },
  { parent: 'mpx', children: 'vmx-exit-clear-bndcfgs vmx-entry-load-bndcfgs' },
  { parent: 'vmx-ept', children: 'vmx-unrestricted-guest vmx-mbec' },
  // One property of QEMU stands for both bits: the one of EPT and the one of VPID.
  { parent: 'vmx-vpid', children: 'vmx-invept-single-context' },
];

/** A leaf or register that QEMU shows only with one feature: what stands in it goes with that feature. */
export interface Opener {
  readonly opens: (bit: CpuMapBit) => boolean;
  readonly parent: string;
  readonly since?: string;
}

/** Measured like the table above. EPT and VPID share a register. */
export const ENFORCED_OPENERS: readonly Opener[] = [
  { opens: isMsr(0x10a), parent: 'arch-capabilities' },
  { opens: isMsr(0xcf), parent: 'core-capability' },
  { opens: isMsr(0x345), parent: 'pdcm' },
  { opens: isMsr(0x48b), parent: 'vmx-secondary-ctls' },
  { opens: (bit) => isMsr(0x48c)(bit) && bit[2] === 'eax', parent: 'vmx-ept' },
  { opens: isMsr(0x48c), parent: 'vmx-vpid' },
  { opens: isMsr(0x491), parent: 'vmx-vmfunc' },
  { opens: isMsr(0x480, 0x491), parent: 'vmx' },
  { opens: isLeaf(0x8000000a), parent: 'svm' },
  { opens: isLeaf(0x14), parent: 'intel-pt' },
  { opens: isLeaf(0x12), parent: 'sgx', since: '10.0' },
  { opens: isLeaf(0x24), parent: 'avx10' },
];

function isMsr(first: number, last: number = first): (bit: CpuMapBit) => boolean {
  return (bit) => bit[0] === 'msr' && bit[1] >= first && bit[1] <= last;
}

function isLeaf(leaf: number): (bit: CpuMapBit) => boolean {
  return (bit) => bit[0] === 'cpuid' && bit[1] === leaf;
}

/** Features that QEMU does not show together (11.1): with one of them on, the other one is off. */
export const EXCLUSIVE: readonly { readonly pair: readonly string[]; readonly since: string }[] = [
  { pair: ['apxf', 'mpx'], since: '11.1' },
];

/** Whether a row holds in this QEMU; where no version is stated, whether it holds in every QEMU that was measured. */
export function holdsIn(row: { readonly since?: string }, qemuVersion: string | undefined): boolean {
  return row.since === undefined || (qemuVersion !== undefined && isSince(qemuVersion, row.since));
}
