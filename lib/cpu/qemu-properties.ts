import type { Host } from '../../types/host.ts';
import { qemuHasName } from './facts/qemu-names.ts';
import { compareVersions, machineVersion } from './versions.ts';

type Emulator = Pick<Host, 'qemuVersion' | 'machines'>;

/** Is QEMU on a host known to have no property for a feature? Then no guest gets it there, whatever the hardware. */
export function isUnknownToQemu({ qemuVersion, machines }: Emulator, feature: string): boolean {
  const version = qemuVersion ?? newestMachine(machines);
  return version !== undefined && qemuHasName(version, feature) === 'no';
}

/** Each release of QEMU brings machine types of its own number; a distribution's have other numbers. */
function newestMachine(machines: Emulator['machines']): string | undefined {
  const found = machines.map(({ name }) => machineVersion(name));
  if (found.some((parts) => parts !== undefined && parts.distribution !== '')) return undefined;
  const versions = found.flatMap((parts) => (parts === undefined ? [] : [parts.version]));
  return versions.sort(compareVersions).at(-1);
}
