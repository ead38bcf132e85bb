import type { CpuMap } from './cpu-map.ts';
import type { Host, HostProcessor } from './host.ts';

/** A host whose features somebody knows already: what `hostFromFeatures` takes. */
export interface StatedHost extends Partial<
  Pick<
    Host,
    | 'arch'
    | 'emulator'
    | 'libvirtVersion'
    | 'machine'
    | 'machines'
    | 'model'
    | 'modelBlockers'
    | 'offers'
    | 'physicalAddressLimit'
    | 'unnamed'
    | 'usableModels'
    | 'uuid'
    | 'vcpuMaximum'
    | 'vendor'
    | 'virtio'
    | 'virtType'
  >
> {
  readonly name: string;
  /** Everything a guest would see there, in libvirt's, QEMU's or Linux's spelling, in any order. */
  readonly features: Iterable<string>;
  /** What a guest may see or not. @default nothing */
  readonly uncertain?: Iterable<string>;
  /** That host's own CPU map instead of a bundled one; see `parseCpuMap`. */
  readonly cpuMap?: CpuMap;
  readonly processor?: Partial<HostProcessor>;
}
