import type { BaselineHost } from '../../../types/baseline.ts';
import { isSince } from '../../cpu/facts/since.ts';

/**
 * Key → value, or `*` for any → the first libvirt that knows it, by its documentation. An older one refuses to read the
 * domain (9.0.0 tried: "unknown panic model"), or takes the guest in a migration and leaves the value out, so that the
 * device changes under it (9.0.0 and 11.3.0 tried, from 12.9.0: `disk.discard_granularity` and all that follows it there).
 */
const KNOWN_SINCE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'acpi.table': { raw: '11.2', msdm: '11.2' },
  'async-teardown': { yes: '9.6' },
  'audio.type': { pipewire: '9.10' },
  'disk.discard_granularity': { '*': '10.0' },
  'disk.dpofua': { '*': '11.10' },
  'disk.model': { 'usb-bot': '11.5' },
  'driver.rss': { on: '8.3' },
  'driver.rss_hash_report': { on: '8.3' },
  hwuuid: { yes: '11.7' },
  'iommu.dma_translation': { off: '10.7' },
  'iommu.granule': { yes: '12.1' },
  'iommu.model': { amd: '11.5', virtio: '8.3' },
  'loader.format': { qcow2: '9.2' },
  'maxphysaddr.mode': { emulate: '8.7' },
  'memory.driver': { yes: '11.9' },
  'panic.model': { pvpanic: '9.1' },
  ps2: { yes: '10.7' },
  pstore: { yes: '10.6' },
  'ras.state': { on: '10.4', off: '10.4' },
  'tlbflush.direct': { yes: '11.0' },
  'tlbflush.extended': { yes: '11.0' },
  varstore: { yes: '12.1' },
  'video.blob': { on: '9.2' },
  'video.edid': { off: '11.7' },
};

/** The values of a key that not every libvirt knows. */
export function newerValues(key: string): readonly string[] {
  return Object.keys(KNOWN_SINCE[key] ?? {});
}

/** The hosts whose libvirt is stated, and too old for a use. */
export function olderHosts(hosts: readonly BaselineHost[], key: string, value: string): readonly string[] {
  const first = KNOWN_SINCE[key]?.[value] ?? KNOWN_SINCE[key]?.['*'];
  if (first === undefined) return [];
  return hosts.flatMap(({ name, libvirtVersion = first }) => (isSince(libvirtVersion, first) ? [] : name));
}
