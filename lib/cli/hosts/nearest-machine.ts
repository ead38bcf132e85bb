import { compareVersions, machineVersion } from '../../cpu/versions.ts';
import { parseHosts } from '../../parser/host/host.ts';

/**
 * The machine type to ask a host about that lacks the one wanted: the newest of its family that is no newer, else the
 * oldest. `undefined` where the host has it, lists none, or has none of the family.
 *
 * @param capabilities what `virsh capabilities` printed.
 */
export function nearestMachine(
  capabilities: string,
  arch: string | undefined,
  wanted: string,
): string | undefined {
  const machines = parseHosts(capabilities).flatMap((host) => host.machines);
  const own = machines.filter((machine) => arch === undefined || machine.arch === arch);
  const isThere = own.some(({ name, canonical }) => name === wanted || canonical === wanted);
  const asked = machineVersion(wanted);
  if (isThere || asked === undefined) return undefined;
  const family = own
    .flatMap(({ name }) => {
      const parts = machineVersion(name);
      const isOfFamily = parts?.family === asked.family && parts.distribution === asked.distribution;
      return isOfFamily ? [{ name, ...parts }] : [];
    })
    .sort((a, b) => compareVersions(a.version, b.version));
  const older = family.filter(({ version }) => compareVersions(version, asked.version) <= 0);
  return (older.at(-1) ?? family[0])?.name;
}
