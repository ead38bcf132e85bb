import { isSince } from './since.ts';

/**
 * What becomes of a guest with such a thing: `refused` always; `depends` on what no document tells (the device's driver,
 * the program behind it, what the guest does), as the row says; `unshared` where its storage is on one host only: the
 * move needs `--copy-storage-all` or, where the storage is shared all the same, `--unsafe`.
 */
export type MigrationOutcome = 'refused' | 'depends' | 'unshared';

/** Something in a domain that keeps libvirt or QEMU from a live migration. */
export interface MigrationFact {
  /** Name of the device's element, or of the domain's own child; an option that is handed to QEMU (`-device`). */
  readonly element: string;
  /** Path of an attribute or child (`type`, `driver@type`) → its values, any of which will do. */
  readonly is?: Readonly<Record<string, string>>;
  /** Path → value of what makes an exception. */
  readonly unless?: Readonly<Record<string, string>>;
  readonly outcome: MigrationOutcome;
  /** First libvirt, or QEMU, for which the row does not hold any more. */
  readonly libvirtBefore?: string;
  readonly qemuBefore?: string;
  /** First libvirt, or QEMU, for which it holds. */
  readonly libvirtSince?: string;
  readonly qemuSince?: string;
  /** First machine type, in QEMU's numbering, for which it does not hold any more. */
  readonly machineBefore?: string;
}

/** What a rule has read of one element: path → value. A child that is there has its own name as a path, with an empty value. */
export interface DomainThing {
  readonly element: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Who would move the guest. An unknown version counts as any. */
export interface MigrationContext {
  readonly libvirtVersion?: string | undefined;
  readonly qemuVersion?: string | undefined;
  readonly machine?: string | undefined;
}

const TEAMING = { 'teaming@type': 'transient' } as const;

/**
 * libvirt asks QEMU why a guest cannot be moved (`query-migrate`, blocked-reasons) from 8.6 on, and its own list of
 * assigned devices counts for older ones only (qemuMigrationSrcIsAllowed in src/qemu/qemu_migration.c). So most rows are
 * QEMU's. [M] measured: libvirt 9.0.0 with QEMU 7.2.22, 11.3.0 with 10.0.13, 12.8.0 with 11.1.3, by
 * `scripts/measure-migration.mjs` (libvirt) or `scripts/measure-qemu.mjs blockers` (QEMU). [B] the reason's text is in the
 * programs of these versions. [S] read in the source named.
 *
 * No domain XML shows what else stops all three [M]: snapshots of the domain; and, by its CPU, invtsc
 * without `<timer name='tsc' frequency='…'/>` and `migratable='off'` where the host has an invariant TSC.
 */
export const MIGRATION_FACTS: readonly MigrationFact[] = [
  // [S] hw/vfio/pci.c, hw/vfio/migration.c: until 8.1 migration of VFIO devices was experimental and off; from then on
  // it is up to the device's kernel driver [B].
  { element: 'hostdev', is: { type: 'pci' }, unless: TEAMING, outcome: 'refused', qemuBefore: '8.1' },
  { element: 'hostdev', is: { type: 'pci' }, unless: TEAMING, outcome: 'depends', qemuSince: '8.1' },
  { element: 'interface', is: { type: 'hostdev' }, unless: TEAMING, outcome: 'refused', qemuBefore: '8.1' },
  { element: 'interface', is: { type: 'hostdev' }, unless: TEAMING, outcome: 'depends', qemuSince: '8.1' },
  {
    element: 'interface',
    is: { 'actual@type': 'hostdev' },
    unless: TEAMING,
    outcome: 'refused',
    qemuBefore: '8.1',
  },
  {
    element: 'interface',
    is: { 'actual@type': 'hostdev' },
    unless: TEAMING,
    outcome: 'depends',
    qemuSince: '8.1',
  },
  // [S] hw/vfio/ccw.c, hw/vfio/ap.c: marked as not migratable.
  { element: 'hostdev', is: { type: 'mdev', model: 'vfio-ccw vfio-ap' }, outcome: 'refused' },
  { element: 'hostdev', is: { type: 'mdev', model: 'vfio-pci' }, outcome: 'refused', qemuBefore: '8.1' },
  { element: 'hostdev', is: { type: 'mdev', model: 'vfio-pci' }, outcome: 'depends', qemuSince: '8.1' },
  // [S] qemuMigrationSrcIsAllowedHostdev: allowed. The destination's own device takes the place.
  { element: 'hostdev', is: { type: 'usb' }, outcome: 'depends' },
  // [S] qemuMigrationSrcIsAllowedHostdev refuses it where QEMU cannot be asked; QEMU does not. The same unit has to be there.
  { element: 'hostdev', is: { type: 'scsi' }, outcome: 'refused', libvirtBefore: '8.6' },
  { element: 'hostdev', is: { type: 'scsi' }, outcome: 'depends', libvirtSince: '8.6' },
  // [B] "vhost-scsi does not support migration in all cases"; libvirt does not set `migratable` on it.
  { element: 'hostdev', is: { type: 'scsi_host' }, outcome: 'refused' },
  // [S] qemuMigrationSrcIsAllowed until 8.6; [B] later up to the backend ("vhost lacks VHOST_F_LOG_ALL").
  { element: 'interface', is: { type: 'vdpa' }, outcome: 'refused', libvirtBefore: '8.6' },
  { element: 'interface', is: { type: 'vdpa' }, outcome: 'depends', libvirtSince: '8.6' },
  // [B] "vhost-user backend lacks VHOST_USER_PROTOCOL_F_LOG_SHMFD".
  { element: 'interface', is: { type: 'vhostuser' }, outcome: 'depends' },
  { element: 'disk', is: { type: 'vhostuser vhostvdpa' }, outcome: 'depends' },
  // [M] 7.2.22, 10.0.13 and 11.1.3: "non-migratable device: usb-net".
  { element: 'interface', is: { 'model@type': 'usb-net' }, outcome: 'refused' },
  // [M] 9.0.0 refuses ("non-migratable device: vhost-user-fs"), 11.3.0 and 12.8.0 allow a virtiofsd with
  // `migrate-precopy` ([S] qemuMigrationSrcIsAllowed); which release between began with that is not known here.
  { element: 'filesystem', is: { 'driver@type': 'virtiofs' }, outcome: 'refused', libvirtBefore: '10.5' },
  { element: 'filesystem', is: { 'driver@type': 'virtiofs' }, outcome: 'depends', libvirtSince: '10.5' },
  // [M] all three allow it while the guest has not mounted it; [B] "disabled when VirtFS export path is mounted".
  { element: 'filesystem', is: { 'driver@type': 'path handle loop nbd' }, outcome: 'depends' },
  { element: 'filesystem', unless: { 'driver@type': '*' }, outcome: 'depends' },
  // [M] all three, ivshmem-plain without role and role 'peer' ("feature 'peer mode'"); role 'master' moves.
  { element: 'shmem', unless: { role: 'master' }, outcome: 'refused' },
  // [M] all three: "migration with transient disk is not supported".
  { element: 'disk', is: { transient: '' }, outcome: 'refused' },
  // [M] all three: "domain has active block job"; of the jobs, a copy or commit shows in the XML.
  { element: 'disk', is: { mirror: '' }, outcome: 'refused' },
  // [M] all three; QEMU's image formats without migration. raw, qcow2, qed and luks move.
  { element: 'disk', is: { 'driver@type': 'vmdk vdi vpc qcow vhdx parallels' }, outcome: 'refused' },
  // [M] QEMU 7.2.22, 10.0.13, 11.1.3: "The vvfat (rw) format".
  { element: 'disk', is: { type: 'dir' }, unless: { readonly: '' }, outcome: 'refused' },
  // [M] all three: "Migration without shared storage is unsafe", unless the file is on a shared or cluster filesystem;
  // also with cache 'none' and <shareable/>. Not for a disk without a source.
  { element: 'disk', is: { type: 'file', source: '' }, unless: { readonly: '' }, outcome: 'unshared' },
  // [S] qemuMigrationSrcIsSafe.
  { element: 'disk', is: { type: 'nvme' }, unless: { readonly: '' }, outcome: 'unshared' },
  // [M] 7.2.22 and 10.0.13: "non-migratable device: nvme". 11.1.3 with a controller as libvirt 12.8.0 writes it: QEMU
  // ends when the migration (or a save) starts, and the guest is lost.
  { element: 'controller', is: { type: 'nvme' }, outcome: 'refused' },
  // [M] all three ("non-migratable device: usb-audio", "virtio-sound-device" from QEMU 8.2 on, which has it).
  { element: 'sound', is: { model: 'usb virtio' }, outcome: 'refused' },
  // [M] QEMU 7.2.22, 10.0.13, 11.1.3. libvirt 9.0.0 starts such a guest without the device, and moves it.
  { element: 'crypto', is: { model: 'virtio' }, outcome: 'refused' },
  // [M] all three: "non-migratable device: usb-serial".
  { element: 'serial', is: { 'target@type': 'usb-serial' }, outcome: 'refused' },
  // [M] 7.2.22 and 10.0.13 for every machine type, 11.1.3 for those before 10.1 [B].
  { element: 'channel', is: { type: 'qemu-vdagent' }, outcome: 'refused', qemuBefore: '10.1' },
  {
    ...{ element: 'channel', is: { type: 'qemu-vdagent' }, outcome: 'refused' },
    ...{ qemuSince: '10.1', machineBefore: '10.1' },
  },
  // [M] 7.2.22 and 10.0.13 ("non-migratable device: amd-iommu"); 12.8.0 with 11.1.3 moves it.
  { element: 'iommu', is: { model: 'amd' }, outcome: 'refused', qemuBefore: '11.1' },
  // [S] hw/input/virtio-input-host.c: marked as not migratable.
  { element: 'input', is: { type: 'passthrough' }, outcome: 'refused' },
  // [B] "virgl is not yet migratable" (hw/display/virtio-gpu-base.c).
  { element: 'video', is: { 'model@type': 'virtio', 'acceleration@accel3d': 'yes' }, outcome: 'refused' },
  // [B] "TPM emulator does not support migration": up to swtpm. With its state on storage that both hosts share, libvirt
  // asks swtpm as well ("does not support migration with shared storage").
  { element: 'tpm', is: { 'backend@type': 'emulator' }, outcome: 'depends' },
  // What the chip of one host has sealed no other one opens.
  { element: 'tpm', is: { 'backend@type': 'passthrough' }, outcome: 'depends' },
  // [B] "SEV: Migration is not implemented"; [S] target/i386/kvm/tdx.c, target/s390x (protected guests).
  { element: 'launchSecurity', outcome: 'refused' },
  // What is handed to QEMU past libvirt is the same device to QEMU: its rows as above.
  {
    element: '-device',
    is: { driver: 'vfio-pci vfio-pci-nohotplug' },
    outcome: 'refused',
    qemuBefore: '8.1',
  },
  { element: '-device', is: { driver: 'vfio-pci vfio-pci-nohotplug' }, outcome: 'depends', qemuSince: '8.1' },
  { element: '-device', is: { driver: 'vfio-ap vfio-ccw nvme' }, outcome: 'refused' },
  { element: '-device', is: { driver: 'amd-iommu' }, outcome: 'refused', qemuBefore: '11.1' },
  // [M] 7.2.22, with -only-migratable: this and the next six rows.
  {
    element: '-device',
    is: { driver: 'ivshmem-plain ivshmem-doorbell' },
    unless: { master: 'on' },
    outcome: 'refused',
  },
  {
    element: '-device',
    is: { driver: 'usb-audio usb-net usb-serial usb-mtp usb-uas usb-braille usb-wacom-tablet rocker' },
    outcome: 'refused',
  },
  {
    element: '-device',
    is: {
      driver:
        'vhost-user-gpio-pci vhost-user-i2c-pci vhost-user-input-pci vhost-user-rng-pci vhost-user-vsock-pci vhost-user-vsock-pci-non-transitional',
    },
    outcome: 'refused',
  },
  { element: '-device', is: { driver: 'virtio-crypto-pci virtio-crypto-device' }, outcome: 'refused' },
  { element: '-device', is: { driver: 'virtio-sound-pci virtio-sound-device' }, outcome: 'refused' },
  { element: '-device', is: { driver: 'vhost-scsi-pci vhost-scsi-ccw vhost-scsi' }, outcome: 'refused' },
  { element: '-device', is: { driver: 'virtio-input-host-pci virtio-input-host' }, outcome: 'refused' },
  { element: '-device', is: { driver: 'usb-host virtio-9p-pci virtio-9p-ccw' }, outcome: 'depends' },
  // As with libvirt's virtiofs: which QEMU between 7.2 and 10.0 began is not known here.
  {
    element: '-device',
    is: { driver: 'vhost-user-fs-pci vhost-user-fs-ccw' },
    outcome: 'refused',
    qemuBefore: '10.0',
  },
  {
    element: '-device',
    is: { driver: 'vhost-user-fs-pci vhost-user-fs-ccw' },
    outcome: 'depends',
    qemuSince: '10.0',
  },
  // [B] "virgl is not yet migratable".
  {
    element: '-device',
    is: { driver: 'virtio-gpu-gl-pci virtio-gpu-gl-device virtio-vga-gl' },
    outcome: 'refused',
  },
  { element: '-device', is: { driver: 'vhost-user-blk-pci vhost-vdpa-device-pci' }, outcome: 'depends' },
  { element: '-virtfs', outcome: 'depends' },
  // [B] "'hv-passthrough' CPU flag prevents migration".
  { element: 'hyperv', is: { mode: 'passthrough' }, outcome: 'refused' },
];

/**
 * Why a guest with this thing cannot be moved live, or what that depends on; none where nothing is against it. Where a
 * version is not known, everything that holds for some version.
 *
 * @example
 * const shmem = { element: 'shmem', values: { name: 'a' } };
 * refusedToMigrate(shmem, { libvirtVersion: '11.3.0', qemuVersion: '10.0.13' }).map(({ outcome }) => outcome); // → ['refused']
 */
export function refusedToMigrate(
  thing: DomainThing,
  context: MigrationContext = {},
): readonly MigrationFact[] {
  return factsAbout(thing).filter((fact) => holdsFor(fact, context));
}

/** A path, and the values of which one is wanted there; any where there are none. */
type Wanted = readonly { readonly path: string; readonly some: readonly string[] }[];

/** A row with its conditions taken apart. */
interface ReadyFact {
  readonly fact: MigrationFact;
  readonly is: Wanted;
  readonly unless: Wanted | undefined;
}

type FactsByElement = ReadonlyMap<string, readonly ReadyFact[]>;

function wantedIn(conditions: Readonly<Record<string, string>>): Wanted {
  return Object.entries(conditions).map(([path, values]) => ({
    path,
    some: values === '' || values === '*' ? [] : values.split(' '),
  }));
}

/** The rows by the elements that they are about: most elements of a domain have none. */
const READY: readonly ReadyFact[] = MIGRATION_FACTS.map((fact) => ({
  fact,
  is: wantedIn(fact.is ?? {}),
  unless: fact.unless && wantedIn(fact.unless),
}));
const BY_ELEMENT: FactsByElement = byElement(READY);
const REFUSALS: FactsByElement = byElement(READY.filter(({ fact }) => fact.outcome === 'refused'));
const NO_FACTS: readonly MigrationFact[] = Object.freeze([]);
const NO_ROWS: readonly ReadyFact[] = Object.freeze([]);

/** In one pass, for the command waits for it. */
function byElement(facts: readonly ReadyFact[]): FactsByElement {
  const rows = new Map<string, ReadyFact[]>();
  for (const ready of facts) {
    const known = rows.get(ready.fact.element);
    if (known === undefined) rows.set(ready.fact.element, [ready]);
    else known.push(ready);
  }
  return rows;
}

/** Is such a thing refused for some version? */
export function mayBeRefused({ element, values }: DomainThing): boolean {
  for (const fact of REFUSALS.get(element) ?? NO_ROWS) if (isMeant(fact, values)) return true;
  return false;
}

/** The rows that are about such a thing, for some version. */
export function factsAbout({ element, values }: DomainThing): readonly MigrationFact[] {
  let facts: MigrationFact[] | undefined;
  for (const ready of BY_ELEMENT.get(element) ?? [])
    if (isMeant(ready, values)) (facts ??= []).push(ready.fact);
  return facts ?? NO_FACTS;
}

function isMeant({ is, unless }: ReadyFact, values: DomainThing['values']): boolean {
  return isAll(is, values) && !(unless !== undefined && isAll(unless, values));
}

function isAll(wanted: Wanted, values: DomainThing['values']): boolean {
  for (const { path, some } of wanted) {
    const value = values[path];
    if (value === undefined || !(some.length === 0 || some.includes(value))) return false;
  }
  return true;
}

/** Does the row hold for these versions? Of an unknown one, where it holds for some. */
export function holdsFor(
  fact: MigrationFact,
  { libvirtVersion, qemuVersion, machine }: MigrationContext,
): boolean {
  const number = /-(\d+\.\d+)(?:\.\d+)?$/.exec(machine ?? '')?.[1];
  return (
    isWithin(libvirtVersion, fact.libvirtSince, fact.libvirtBefore) &&
    isWithin(qemuVersion, fact.qemuSince, fact.qemuBefore) &&
    isWithin(number, undefined, fact.machineBefore)
  );
}

function isWithin(
  version: string | undefined,
  since: string | undefined,
  before: string | undefined,
): boolean {
  if (version === undefined) return true;
  return (
    (since === undefined || isSince(version, since)) && (before === undefined || !isSince(version, before))
  );
}
