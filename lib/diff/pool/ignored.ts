import { FILTERED, NOT_MIGRATABLE, TOPOLOGY_OWNED } from '../../cpu/names.ts';

/** Why a difference in this feature needs no action, if so. */
export function reasonToIgnore(
  feature: string,
): 'feature-filtered' | 'feature-topology' | 'feature-not-migratable' | undefined {
  if (FILTERED.has(feature)) return 'feature-filtered';
  if (TOPOLOGY_OWNED.has(feature)) return 'feature-topology';
  return NOT_MIGRATABLE.has(feature) ? 'feature-not-migratable' : undefined;
}
