import type { CpuMapBit } from '../../../types/cpu-map.ts';
import { isSince } from './since.ts';

/** A leaf or register that QEMU shows only with one feature: what stands in it goes with that feature. */
export interface Opener {
  readonly opens: (bit: CpuMapBit) => boolean;
  readonly parent: string;
  readonly since?: string;
}

/**
 * Source of the rule: `feature_dependencies` in target/i386/cpu.c. `npm run generate-qemu-facts` measures that each holds, and
 * writes what they do not explain to measured/dependencies.ts. EPT and VPID share a register.
 */
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

/** Whether a row holds in this QEMU; where no version is stated, whether it holds in every QEMU that was measured. */
export function holdsIn(row: { readonly since?: string }, qemuVersion: string | undefined): boolean {
  return row.since === undefined || (qemuVersion !== undefined && isSince(qemuVersion, row.since));
}
