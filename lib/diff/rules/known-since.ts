import type { BaselineHost } from '../../../types/baseline.ts';
import { isSince } from '../../cpu/facts/since.ts';

/**
 * Key → value → the first libvirt that knows it, by its release notes. An older one refuses to read the domain (9.0.0
 * tried: "unknown panic model"), or starts the guest without it.
 */
const KNOWN_SINCE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'async-teardown': { yes: '9.6' },
  'audio.type': { pipewire: '9.10' },
  'iommu.model': { amd: '11.5', virtio: '8.3' },
  'loader.format': { qcow2: '9.2' },
  'panic.model': { pvpanic: '9.1' },
  ps2: { yes: '10.7' },
  pstore: { yes: '10.6' },
  'ras.state': { on: '10.4', off: '10.4' },
  'tlbflush.direct': { yes: '11.0' },
  'tlbflush.extended': { yes: '11.0' },
  varstore: { yes: '12.1' },
};

/** The values of a key that not every libvirt knows. */
export function newerValues(key: string): readonly string[] {
  return Object.keys(KNOWN_SINCE[key] ?? {});
}

/** The hosts whose libvirt is stated, and too old for a use. */
export function olderHosts(hosts: readonly BaselineHost[], key: string, value: string): readonly string[] {
  const first = KNOWN_SINCE[key]?.[value];
  if (first === undefined) return [];
  return hosts.flatMap(({ name, libvirtVersion = first }) => (isSince(libvirtVersion, first) ? [] : name));
}
