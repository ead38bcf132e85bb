import type { CpuMap } from '../../../types/cpu-map.ts';

/** libvirt versions whose maps are bundled, oldest first. */
export const versions: readonly string[];

/** The bundled map of one of these versions. */
export function readMap(version: string): CpuMap;
