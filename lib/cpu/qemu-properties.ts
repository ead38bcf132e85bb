import type { Host } from '../../types/host.ts';
import { compareVersions, machineVersion } from './versions.ts';

/**
 * The version of QEMU on a host, as stated or as its machine types show it; `undefined` where nobody knows, as beside a
 * distribution's own types. For how new it is at least, see `leastQemuVersion`.
 */
export function knownQemuVersion({
  qemuVersion,
  machines,
}: Pick<Host, 'qemuVersion' | 'machines'>): string | undefined {
  return qemuVersion ?? newestMachine(machines);
}

/** Each release of QEMU brings machine types of its own number; a distribution's have other numbers. */
function newestMachine(machines: Host['machines']): string | undefined {
  const found = machines.map(({ name }) => machineVersion(name));
  if (found.some((parts) => parts !== undefined && parts.distribution !== '')) return undefined;
  const versions = found.flatMap((parts) => (parts === undefined ? [] : [parts.version]));
  return versions.sort(compareVersions).at(-1);
}
