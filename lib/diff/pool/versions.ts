import type { BaselineHost } from '../../../types/baseline.ts';
import { compareVersions, machineVersion } from '../../cpu/versions.ts';
import { remembered } from '../../text/remembered.ts';

/** Hosts with the same programs. What nobody knows is `undefined`. */
export interface Versions {
  readonly libvirtVersion: string | undefined;
  readonly qemuVersion: string | undefined;
  readonly hosts: readonly string[];
}

export function hostsByVersions(hosts: readonly BaselineHost[]): readonly Versions[] {
  const groups = new Map<string, Versions & { readonly hosts: string[] }>();
  for (const host of hosts) {
    const { libvirtVersion } = host;
    const qemuVersion = leastQemuVersion(host);
    const key = `${libvirtVersion} ${qemuVersion}`;
    remembered(groups, key, () => ({ libvirtVersion, qemuVersion, hosts: [] })).hosts.push(host.name);
  }
  return [...groups.values()];
}

/**
 * The version of QEMU on a host: as its capture states it, else at least that of its newest machine type in QEMU's own
 * numbering, whatever a distribution has beside it. `undefined` where nobody knows.
 */
export function leastQemuVersion({ qemuVersion, machines }: BaselineHost): string | undefined {
  if (qemuVersion !== undefined) return qemuVersion;
  const versions = machines.flatMap(({ name }) => {
    const found = machineVersion(name);
    const isQemus =
      found !== undefined && found.distribution === '' && /^(?:pc|virt|pseries)/.test(found.family);
    return isQemus ? [found.version] : [];
  });
  return versions.toSorted(compareVersions).at(-1);
}
