import type { DeviceFact, DomainDevice } from '../../../types/domain.ts';

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
  readonly device?: DomainDevice['kind'];
  /** Attribute → fact of the device that the element is, or is in. */
  readonly facts?: Readonly<Record<string, DeviceFact>>;
  /** Fact (`yes`) of a device with such an element. */
  readonly flag?: DeviceFact;
  readonly children?: Readonly<Record<string, Reader>>;
  /**
   * There may be several beside each other: libvirt reads them all. Of everything else it reads one, the first or the
   * last, and refuses few documents that have more (tried with 9.0.0).
   */
  readonly several?: true;
  /** libvirt reads the children by their local names, whatever their namespace (tried with 9.0.0). */
  readonly anyNamespace?: true;
}

const DEVICES: Readonly<Record<string, Reader>> = {
  emulator: { text: 'emulator' },
  disk: {
    several: true,
    device: 'disk',
    attributes: { device: 'disk.diskDevice', model: 'disk.model' },
    facts: { type: 'type', device: 'device' },
    children: {
      target: { attributes: { bus: 'disk.bus' } },
      source: { facts: { protocol: 'source' } },
      readonly: { flag: 'readonly' },
      shareable: { flag: 'shareable' },
    },
  },
  graphics: { several: true, attributes: { type: 'graphics.type' } },
  video: { several: true, children: { model: { attributes: { type: 'video.modelType' } } } },
  hostdev: {
    several: true,
    device: 'hostdev',
    attributes: { mode: 'hostdev.mode', type: 'hostdev.subsysType' },
    facts: { mode: 'mode', type: 'type', model: 'model' },
    children: {
      driver: { attributes: { name: 'hostdev.pciBackend' }, facts: { name: 'driver' } },
      teaming: { facts: { type: 'teaming' } },
    },
  },
  rng: {
    several: true,
    attributes: { model: 'rng.model' },
    children: { backend: { attributes: { model: 'rng.backendModel' } } },
  },
  filesystem: {
    several: true,
    device: 'filesystem',
    facts: { type: 'type', accessmode: 'accessmode' },
    children: { driver: { attributes: { type: 'filesystem.driverType' }, facts: { type: 'driver' } } },
  },
  tpm: {
    several: true,
    attributes: { model: 'tpm.model' },
    children: { backend: { attributes: { type: 'tpm.backendModel', version: 'tpm.backendVersion' } } },
  },
  redirdev: { several: true, attributes: { bus: 'redirdev.bus' } },
  channel: { several: true, attributes: { type: 'channel.type' } },
  crypto: {
    several: true,
    attributes: { model: 'crypto.model', type: 'crypto.type' },
    children: { backend: { attributes: { model: 'crypto.backendModel' } } },
  },
  interface: {
    several: true,
    device: 'interface',
    facts: { type: 'type' },
    children: {
      backend: { attributes: { type: 'interface.backendType' } },
      teaming: { facts: { type: 'teaming' } },
    },
  },
  shmem: {
    several: true,
    device: 'shmem',
    facts: { role: 'role' },
    children: { model: { facts: { type: 'model' } } },
  },
  smartcard: { several: true, device: 'smartcard', facts: { mode: 'mode', type: 'type' } },
  panic: { several: true, attributes: { model: 'panic.model' } },
  console: { several: true, attributes: { type: 'console.type' } },
  memory: { several: true, attributes: { model: 'memory.model' } },
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
    cpu: { place: 'cpu' },
    metadata: { several: true, place: 'metadata' },
    vcpu: { text: 'vcpu' },
    genid: { present: 'genid' },
    iothreads: { present: 'iothreads' },
    os: {
      attributes: { firmware: 'os.firmware' },
      children: {
        type: { place: 'osType' },
        loader: { attributes: { type: 'loader.type', secure: 'loader.secure' }, text: 'loader.path' },
      },
    },
    memoryBacking: { children: { source: { attributes: { type: 'memoryBacking.sourceType' } } } },
    features: {
      several: true,
      anyNamespace: true,
      children: {
        hyperv: { attributes: { mode: 'hyperv.mode' }, switchedOn: 'hyperv.features' },
        pmu: { attributes: { state: 'pmu' } },
        gic: { attributes: { version: 'gic.version' } },
        vmcoreinfo: { present: 'vmcoreinfo' },
        ps2: { present: 'ps2' },
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
