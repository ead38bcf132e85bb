import type { CpuMap } from '../../../types/cpu-map.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import type { VirtioFeatures } from '../../../types/virtio.ts';
import type { VersionRange } from '../../cpu/bundled.ts';
import { isKnownMap } from '../../cpu/map.ts';
import { isWholeMap } from '../../cpu/map-shape.ts';
import { normalVersion } from '../../cpu/versions.ts';
import { FUNCTION, OBJECT, optionsOf, READ, TEXT, type OptionKinds } from '../../issues/options.ts';
import { frozenCopy } from '../../text/frozen.ts';
import { remembered } from '../../text/remembered.ts';
import { newOffersMemory, type OffersMemory } from './offers.ts';
import { newFeatureSets, type FeatureSets } from './sets.ts';

/** What the hosts of one reader share. */
export interface SharedByHosts {
  readonly sets: FeatureSets;
  readonly offers: OffersMemory;
  /** A caller's own CPU map → the copy of it that does not change. */
  readonly maps: Map<CpuMap, CpuMap>;
}

/** Nothing is shared yet. */
export function newShared(): SharedByHosts {
  return { sets: newFeatureSets(), offers: newOffersMemory(), maps: new Map() };
}

/** How the hosts of one text are to be read. */
export interface HostReading extends SharedByHosts {
  readonly options: ParseHostOptions;
  /** The host's own map, in place of a bundled one. */
  readonly cpuMap: CpuMap | undefined;
  /** The libvirt version that the caller states, as a range of one. */
  readonly stated: VersionRange | undefined;
  readonly virtio: VirtioFeatures | undefined;
}

const PARSE_HOST: OptionKinds<ParseHostOptions> = {
  ...READ,
  name: TEXT,
  defaultName: TEXT,
  libvirtVersion: TEXT,
  qemuVersion: TEXT,
  yaml: FUNCTION,
  cpuMap: OBJECT,
  virtio: OBJECT,
};

/**
 * How to read a text, as the caller wants it.
 *
 * @throws RangeError for a version that is none; TypeError for an option that there is not
 */
export function readingFor(given: ParseHostOptions, shared: SharedByHosts): HostReading {
  const options = optionsOf(given, PARSE_HOST);
  const { cpuMap, libvirtVersion, virtio } = options;
  return {
    ...shared,
    options,
    cpuMap: cpuMap === undefined ? undefined : unchanging(cpuMap, shared.maps),
    stated: statedRange(libvirtVersion),
    virtio: frozenCopy(virtio),
  };
}

function statedRange(libvirtVersion: string | undefined): VersionRange | undefined {
  if (libvirtVersion === undefined) return undefined;
  const version = normalVersion(libvirtVersion);
  if (version === undefined) throw new RangeError(`"${libvirtVersion}" is not a libvirt version`);
  return { from: version, to: version };
}

/** A caller's own map as it is now. One that `parseCpuMap` made does not change. */
function unchanging(map: CpuMap, copies: Map<CpuMap, CpuMap>): CpuMap {
  if (isKnownMap(map)) return map;
  return remembered(copies, map, () => {
    const copy = frozenCopy(map);
    if (!isWholeMap(copy)) throw new TypeError('the cpuMap is not whole: give what parseCpuMap made');
    return copy;
  });
}
