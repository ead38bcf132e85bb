import type { Baseline } from '../../../types/baseline.ts';
import type { FeatureChange } from '../../../types/plan.ts';

/** Raised when a program that reads the JSON would have to change. */
const SCHEMA_VERSION = 1;

/** A result for programs, with the version of its shape. */
export function json(result: object): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...result }, null, 2)}\n`;
}

/** A baseline without the whole CPU maps: the versions they are of tell as much. */
export function baselineFacts({ hosts, common, surplus, losses, arch, vendor }: Baseline): object {
  const known = hosts.map(({ cpuMaps, ...host }) => ({
    ...host,
    cpuMaps: cpuMaps.map(({ version }) => version),
  }));
  return { arch, vendor, hosts: known, common, surplus, losses };
}

/** Changes by what happens to which feature. */
export function changeFacts(changes: readonly FeatureChange[]): object {
  return changes.map(({ kind, name }) => ({ kind, name }));
}
