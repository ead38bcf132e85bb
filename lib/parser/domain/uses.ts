/** Elements that are asked for as a whole, numbered. */
export const PLACES = { name: 0, uuid: 1, osType: 2, cpu: 3, metadata: 4 } as const;

/** What to read of an element, by its place in a domain. */
export interface Reader {
  /** Attribute → key of its value in `Domain.uses`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Key of the element's text. */
  readonly text?: string;
  /** Key that is used (`yes`) by an element that is there and not switched off. */
  readonly present?: string;
  /** Key whose values are the names of the child elements that are switched on. */
  readonly switchedOn?: string;
  readonly place?: keyof typeof PLACES;
  /** Only for an element whose attribute has this value. */
  readonly only?: readonly [attribute: string, value: string];
  /** The element is one of `Domain.devices`. */
  readonly device?: true;
  /** Attributes that are told of the device that the element is, or is in. */
  readonly values?: readonly string[];
  /** That there is such an element is told of the device it is in. */
  readonly flag?: true;
  readonly children?: Readonly<Record<string, Reader>>;
  /**
   * There may be several beside each other: libvirt reads them all. Of everything else it reads one, the first or the
   * last, and refuses few documents that have more (tried with 9.0.0).
   */
  readonly several?: true;
  /** libvirt reads the children by their local names, whatever their namespace (tried with 9.0.0). */
  readonly anyNamespace?: true;
}

/** An image that another one lies on, in a chain of so many. */
function backingStore(depth: number): Reader {
  const format: Reader = { several: true, values: ['type'] };
  return depth === 0
    ? format
    : { several: true, children: { format, backingStore: backingStore(depth - 1) } };
}

const DEVICES: Readonly<Record<string, Reader>> = {
  emulator: { text: 'emulator' },
  disk: {
    several: true,
    device: true,
    attributes: { device: 'disk.diskDevice', model: 'disk.model' },
    values: ['type', 'device', 'model'],
    children: {
      target: { attributes: { bus: 'disk.bus', dpofua: 'disk.dpofua' }, values: ['bus'] },
      blockio: { several: true, attributes: { discard_granularity: 'disk.discard_granularity' } },
      driver: { values: ['type'] },
      source: { flag: true },
      backingStore: backingStore(4),
      readonly: { several: true, flag: true },
      shareable: { several: true, flag: true },
      transient: { several: true, flag: true },
      mirror: { flag: true },
    },
  },
  controller: { several: true, only: ['type', 'nvme'], device: true, values: ['type'] },
  graphics: { several: true, attributes: { type: 'graphics.type' } },
  video: {
    several: true,
    device: true,
    children: {
      model: {
        attributes: { type: 'video.modelType', edid: 'video.edid', blob: 'video.blob' },
        values: ['type', 'device'],
        children: { acceleration: { values: ['accel3d'] } },
      },
      driver: { several: true, values: ['name'] },
    },
  },
  hostdev: {
    several: true,
    device: true,
    attributes: { mode: 'hostdev.mode', type: 'hostdev.subsysType' },
    values: ['mode', 'type', 'model'],
    children: {
      driver: { attributes: { name: 'hostdev.pciBackend' }, values: ['name'] },
      teaming: { values: ['type'] },
    },
  },
  rng: {
    several: true,
    attributes: { model: 'rng.model' },
    children: { backend: { attributes: { model: 'rng.backendModel' } } },
  },
  filesystem: {
    several: true,
    device: true,
    values: ['type', 'accessmode'],
    children: { driver: { attributes: { type: 'filesystem.driverType' }, values: ['type'] } },
  },
  tpm: {
    several: true,
    device: true,
    attributes: { model: 'tpm.model' },
    children: {
      backend: {
        attributes: { type: 'tpm.backendModel', version: 'tpm.backendVersion' },
        values: ['type'],
      },
    },
  },
  redirdev: { several: true, attributes: { bus: 'redirdev.bus' } },
  channel: { several: true, device: true, attributes: { type: 'channel.type' }, values: ['type'] },
  crypto: {
    several: true,
    device: true,
    attributes: { model: 'crypto.model', type: 'crypto.type' },
    values: ['model'],
    children: { backend: { attributes: { model: 'crypto.backendModel' } } },
  },
  input: { several: true, only: ['type', 'passthrough'], device: true, values: ['type'] },
  interface: {
    several: true,
    device: true,
    values: ['type'],
    children: {
      backend: { attributes: { type: 'interface.backendType' } },
      model: { values: ['type'] },
      driver: {
        several: true,
        attributes: { rss: 'driver.rss', rss_hash_report: 'driver.rss_hash_report' },
      },
      teaming: { values: ['type'] },
      // What a network's interface has come to, in the status of a running guest.
      actual: { values: ['type'] },
    },
  },
  iommu: {
    several: true,
    device: true,
    attributes: { model: 'iommu.model' },
    values: ['model'],
    children: {
      driver: {
        several: true,
        attributes: { dma_translation: 'iommu.dma_translation' },
        children: { granule: { several: true, present: 'iommu.granule' } },
      },
    },
  },
  serial: { several: true, device: true, children: { target: { values: ['type'] } } },
  shmem: { several: true, device: true, values: ['role'], children: { model: { values: ['type'] } } },
  smartcard: { several: true, device: true, values: ['mode', 'type'] },
  sound: { several: true, device: true, values: ['model'] },
  panic: { several: true, attributes: { model: 'panic.model' } },
  pstore: { several: true, present: 'pstore' },
  audio: { several: true, attributes: { type: 'audio.type' } },
  console: { several: true, attributes: { type: 'console.type' } },
  memory: {
    several: true,
    attributes: { model: 'memory.model' },
    children: { driver: { several: true, present: 'memory.driver' } },
  },
};

/**
 * Where a domain says what it uses, and which devices it has: to read more of it, add a line.
 *
 * @see https://libvirt.org/formatdomain.html
 */
export const DOMAIN: Reader = {
  children: {
    name: { place: 'name' },
    uuid: { place: 'uuid' },
    cpu: {
      place: 'cpu',
      children: { maxphysaddr: { several: true, attributes: { mode: 'maxphysaddr.mode' } } },
    },
    metadata: { several: true, place: 'metadata' },
    vcpu: { text: 'vcpu' },
    genid: { present: 'genid' },
    hwuuid: { several: true, present: 'hwuuid' },
    iothreads: { present: 'iothreads' },
    os: {
      attributes: { firmware: 'os.firmware' },
      children: {
        type: { place: 'osType' },
        smbios: { attributes: { mode: 'smbios.mode' } },
        varstore: { present: 'varstore' },
        acpi: {
          several: true,
          children: { table: { several: true, attributes: { type: 'acpi.table' } } },
        },
        loader: {
          attributes: { type: 'loader.type', secure: 'loader.secure', format: 'loader.format' },
          text: 'loader.path',
        },
      },
    },
    memoryBacking: { children: { source: { attributes: { type: 'memoryBacking.sourceType' } } } },
    features: {
      several: true,
      anyNamespace: true,
      children: {
        hyperv: {
          attributes: { mode: 'hyperv.mode' },
          switchedOn: 'hyperv.features',
          children: {
            tlbflush: {
              several: true,
              children: {
                direct: { several: true, present: 'tlbflush.direct' },
                extended: { several: true, present: 'tlbflush.extended' },
              },
            },
          },
        },
        pmu: { attributes: { state: 'pmu' } },
        gic: { attributes: { version: 'gic.version' } },
        vmcoreinfo: { present: 'vmcoreinfo' },
        ps2: { present: 'ps2' },
        ras: { attributes: { state: 'ras.state' } },
        'async-teardown': { present: 'async-teardown' },
      },
    },
    clock: {
      several: true,
      children: {
        timer: { several: true, attributes: { frequency: 'timer.tsc' }, only: ['name', 'tsc'] },
      },
    },
    devices: { several: true, children: DEVICES },
    launchSecurity: { attributes: { type: 'launchSecurity' } },
  },
};
