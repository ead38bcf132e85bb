import type { Incident } from '../../../types/incident.ts';
import { CPU_INCIDENTS } from './incidents-cpu.ts';
import { MACHINE_INCIDENTS } from './incidents-machine.ts';

/**
 * Trouble with upgrades of libvirt, QEMU, kernel or microcode that others had: a row each, with the versions that it
 * depends on, what cures it, and where that is written. `docs/incidents.md` is written from it.
 */
export const INCIDENTS: readonly Incident[] = Object.freeze([...CPU_INCIDENTS, ...MACHINE_INCIDENTS]);
