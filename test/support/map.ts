import { candidateMaps } from '../../lib/cpu/bundled.ts';
import type { CpuMap, CpuMapFeature, CpuMapModel } from '../../types/cpu-map.ts';

/** A feature on a bit of CPUID leaf 1, register edx. */
export function feature(name: string, bit: number, more: Partial<CpuMapFeature> = {}): CpuMapFeature {
  return { name, bit: ['cpuid', 1, 0, 'edx', bit], ...more };
}

/** A CPU map with nothing in it but these. */
export function cpuMap(features: readonly CpuMapFeature[], models: readonly CpuMapModel[] = []): CpuMap {
  return {
    version: '1.2.3',
    vendors: { Intel: 'GenuineIntel', AMD: 'AuthenticAMD' },
    features,
    models,
    arm: { features: [], models: [] },
    ppc64: { vendors: [], models: [] },
  };
}

/** The bundled map of a libvirt version. */
export function mapOf(version: string): CpuMap {
  const [map] = candidateMaps({ from: version, to: version });
  if (map === undefined) throw new RangeError(version);
  return map;
}
