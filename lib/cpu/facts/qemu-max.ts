import { isSince } from './since.ts';

/** What CPUID leaf 1 says a processor is. */
export interface CpuSignature {
  readonly family: number;
  readonly model: number;
  readonly stepping: number;
}

/** What every host of a pool can say an emulated `max` CPU is: the oldest measured QEMU's own word. */
export const COMMON_SIGNATURE: CpuSignature = { family: 15, model: 107, stepping: 1 };

/**
 * What the emulated `max` CPU says it is, by the first QEMU that was measured to say so: family, model and stepping of the
 * vCPU by QOM in 7.2.22, 10.0.13 and 11.1.3, machine type pc-q35-7.2. All three take others by `-global`.
 */
const SIGNATURES: readonly (CpuSignature & { readonly since: string })[] = [
  { since: '7.2', ...COMMON_SIGNATURE },
  { since: '10.0', family: 6, model: 6, stepping: 3 },
];

/**
 * What the emulated `max` CPU of this QEMU says it is; `undefined` for a release between two that were measured, and for
 * one older than these.
 */
export function emulatedSignature(qemuVersion: string): CpuSignature | undefined {
  const row = SIGNATURES.findLast(({ since }) => isSince(qemuVersion, since));
  const isNewest = row === SIGNATURES.at(-1);
  const isMeasured = row !== undefined && (isNewest || `${qemuVersion}.`.startsWith(`${row.since}.`));
  return isMeasured ? row : undefined;
}
