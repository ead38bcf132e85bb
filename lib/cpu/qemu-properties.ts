import type { Host } from '../../types/host.ts';
import { compareVersions, machineVersion } from './versions.ts';

/** The version of QEMU on a host, as stated or as its machine types show it; `undefined` where nobody knows. */
export function qemuVersionOn({
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
