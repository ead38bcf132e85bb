import { remembered } from '../../text/remembered.ts';
import { isSince, numberOfMachine } from './since.ts';

/**
 * What becomes of a guest with such a thing: `refused` always; `depends` on what no document tells (the device's driver,
 * the program behind it, what the guest does), as the row says; `unshared` where its storage is on one host only: the
 * move needs `--copy-storage-all` or, where the storage is shared all the same, `--unsafe`.
 */
export type MigrationOutcome = 'refused' | 'depends' | 'unshared';

type Conditions = Readonly<Record<string, string>>;

/** Something in a domain that keeps libvirt or QEMU from a live migration. */
export interface MigrationFact {
  /** Name of the device's element, or of the domain's own child; an option that is handed to QEMU (`-device`). */
  readonly element: string;
  /** Path of an attribute or child (`type`, `driver@type`) → its values, any of which will do. */
  readonly is: Conditions;
  /** Path → value of what makes an exception. */
  readonly unless?: Conditions;
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
const IMMOVABLE_FORMATS = 'vmdk vdi vpc qcow vhdx vhd parallels ploop';

type Row = readonly [
  element: string,
  is: Conditions,
  when?: Omit<MigrationFact, 'element' | 'is' | 'outcome'>,
];

function rowOf(outcome: MigrationOutcome, [element, is, when]: Row): MigrationFact {
  return { element, is, outcome, ...when };
}

function refused(...row: Row): MigrationFact {
  return rowOf('refused', row);
}

function depends(...row: Row): MigrationFact {
  return rowOf('depends', row);
}

function unshared(...row: Row): MigrationFact {
  return rowOf('unshared', row);
}

/** Refused by those before this version; up to the device's driver or the program behind it from then on. */
function refusedUntil(
  first: `${'qemu' | 'libvirt'} ${string}`,
  element: string,
  is: Conditions,
  unless?: Conditions,
): readonly MigrationFact[] {
  const [program, version] = first.split(' ');
  const when = unless && { unless };
  return [
    { ...refused(element, is, when), [`${program}Before`]: version },
    { ...depends(element, is, when), [`${program}Since`]: version },
  ];
}

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
  ...refusedUntil('qemu 8.1', 'hostdev', { type: 'pci' }, TEAMING),
  ...refusedUntil('qemu 8.1', 'interface', { type: 'hostdev' }, TEAMING),
  ...refusedUntil('qemu 8.1', 'interface', { 'actual@type': 'hostdev' }, TEAMING),
  // [S] hw/vfio/ccw.c, hw/vfio/ap.c: marked as not migratable.
  refused('hostdev', { type: 'mdev', model: 'vfio-ccw vfio-ap' }),
  ...refusedUntil('qemu 8.1', 'hostdev', { type: 'mdev', model: 'vfio-pci' }),
  // [S] qemuMigrationSrcIsAllowedHostdev: allowed. The destination's own device takes the place.
  depends('hostdev', { type: 'usb' }),
  // [S] qemuMigrationSrcIsAllowedHostdev refuses it where QEMU cannot be asked; QEMU does not. The same unit has to be there.
  ...refusedUntil('libvirt 8.6', 'hostdev', { type: 'scsi' }),
  // [B] "vhost-scsi does not support migration in all cases"; libvirt does not set `migratable` on it.
  refused('hostdev', { type: 'scsi_host' }),
  // [S] qemuMigrationSrcIsAllowed until 8.6; [B] later up to the backend ("vhost lacks VHOST_F_LOG_ALL").
  ...refusedUntil('libvirt 8.6', 'interface', { type: 'vdpa' }),
  // [B] "vhost-user backend lacks VHOST_USER_PROTOCOL_F_LOG_SHMFD".
  depends('interface', { type: 'vhostuser' }),
  depends('disk', { type: 'vhostuser vhostvdpa' }),
  // [M] 7.2.22, 10.0.13 and 11.1.3: "non-migratable device: usb-net".
  refused('interface', { 'model@type': 'usb-net' }),
  // [M] 9.0.0 refuses ("non-migratable device: vhost-user-fs"), 11.3.0 and 12.8.0 allow a virtiofsd with
  // `migrate-precopy` ([S] qemuMigrationSrcIsAllowed); which release between began with that is not known here.
  ...refusedUntil('libvirt 10.5', 'filesystem', { 'driver@type': 'virtiofs' }),
  // [M] all three allow it while the guest has not mounted it; [B] "disabled when VirtFS export path is mounted".
  depends('filesystem', { 'driver@type': 'path handle loop nbd' }),
  // [M] 7.2.22, with -only-migratable: "Device usb-mtp is not migratable".
  refused('filesystem', { 'driver@type': 'mtp' }),
  depends('filesystem', {}, { unless: { 'driver@type': '*' } }),
  // [M] all three, ivshmem-plain without role and role 'peer' ("feature 'peer mode'"); role 'master' moves.
  refused('shmem', {}, { unless: { role: 'master' } }),
  // [M] all three: "migration with transient disk is not supported".
  refused('disk', { transient: '' }),
  // [M] all three: "domain has active block job"; of the jobs, a copy or commit shows in the XML.
  refused('disk', { mirror: '' }),
  // [M] all three; QEMU's image formats without migration, and [M] 7.2.22 images on top of one. raw, qcow2, qed and luks
  // move. [S] qemuBlockStorageSourceGetFormatProps: to libvirt, vhdx is vhd, and parallels ploop.
  refused('disk', { 'driver@type': IMMOVABLE_FORMATS }),
  refused('disk', { 'format@type': IMMOVABLE_FORMATS }),
  // [M] QEMU 7.2.22, 10.0.13, 11.1.3: "The vvfat (rw) format".
  refused('disk', { type: 'dir' }, { unless: { readonly: '' } }),
  // [M] all three: "Migration without shared storage is unsafe", unless the file is on a shared or cluster filesystem;
  // also with cache 'none' and <shareable/>. Not for a disk without a source.
  unshared('disk', { type: 'file', source: '' }, { unless: { readonly: '' } }),
  // [S] qemuMigrationSrcIsSafe.
  unshared('disk', { type: 'nvme' }, { unless: { readonly: '' } }),
  // [M] 7.2.22 and 10.0.13: "non-migratable device: nvme". 11.1.3 with a controller as libvirt 12.8.0 writes it: QEMU
  // ends when the migration (or a save) starts, and the guest is lost.
  refused('controller', { type: 'nvme' }),
  // [M] all three ("non-migratable device: usb-audio", "virtio-sound-device" from QEMU 8.2 on, which has it).
  refused('sound', { model: 'usb virtio' }),
  // [M] QEMU 7.2.22, 10.0.13, 11.1.3. libvirt 9.0.0 starts such a guest without the device, and moves it.
  refused('crypto', { model: 'virtio' }),
  // [M] all three: "non-migratable device: usb-serial".
  refused('serial', { 'target@type': 'usb-serial' }),
  // [M] 7.2.22 and 10.0.13 for every machine type, 11.1.3 for those before 10.1 [B].
  refused('channel', { type: 'qemu-vdagent' }, { qemuBefore: '10.1' }),
  refused('channel', { type: 'qemu-vdagent' }, { qemuSince: '10.1', machineBefore: '10.1' }),
  // [M] 7.2.22 and 10.0.13 ("non-migratable device: amd-iommu"); 12.8.0 with 11.1.3 moves it. [S] hw/i386/amd_iommu.c:
  // from 10.1 on where the PCI device is named, as libvirt does.
  refused('iommu', { model: 'amd' }, { qemuBefore: '10.1' }),
  // [S] hw/input/virtio-input-host.c: marked as not migratable.
  refused('input', { type: 'passthrough' }),
  // [B] "virgl is not yet migratable" (hw/display/virtio-gpu-base.c).
  refused('video', { 'model@type': 'virtio', 'acceleration@accel3d': 'yes' }),
  refused('video', { 'model@device': 'virtio-vga-gl virtio-gpu-gl' }),
  // The same where the program behind it offers virgl.
  depends('video', { 'driver@name': 'vhostuser' }),
  // [B] "TPM emulator does not support migration": up to swtpm. With its state on storage that both hosts share, libvirt
  // asks swtpm as well ("does not support migration with shared storage").
  depends('tpm', { 'backend@type': 'emulator external' }),
  // What the chip of one host has sealed no other one opens.
  depends('tpm', { 'backend@type': 'passthrough' }),
  // [B] "SEV: Migration is not implemented"; [S] target/i386/kvm/tdx.c, target/s390x (protected guests).
  refused('launchSecurity', {}),
  // What is handed to QEMU past libvirt is the same device to QEMU: its rows as above.
  ...refusedUntil('qemu 8.1', '-device', { driver: 'vfio-pci vfio-pci-nohotplug' }),
  refused('-device', { driver: 'vfio-ap vfio-ccw nvme' }),
  refused('-device', { driver: 'amd-iommu' }, { unless: { 'pci-id': '*' } }),
  // [M] 7.2.22, 10.0.13 and 11.1.3, with -only-migratable, as far as they have them: these two.
  refused('-device', { driver: 'ivshmem-plain ivshmem-doorbell' }, { unless: { master: 'on' } }),
  refused('-device', {
    driver:
      'usb-audio usb-net usb-serial usb-mtp usb-uas usb-braille usb-wacom-tablet rocker ufs hv-syndbg ' +
      'vhost-user-snd-pci vhost-user-spi-pci vhost-user-test-device-pci vhost-vdpa-device-pci ' +
      'vhost-vdpa-device-pci-non-transitional vhost-vdpa-device-pci-transitional ' +
      'vhost-user-gpio-pci vhost-user-i2c-pci vhost-user-input-pci vhost-user-rng-pci vhost-user-vsock-pci ' +
      'vhost-user-vsock-pci-non-transitional virtio-crypto-pci virtio-crypto-device virtio-sound-pci ' +
      'virtio-sound-device vhost-scsi-pci vhost-scsi-ccw vhost-scsi virtio-input-host-pci virtio-input-host',
  }),
  // [M] 7.2.22, 10.0.13 and 11.1.3, with `format=vmdk` and `driver=vmdk`.
  refused('-drive', { driver: IMMOVABLE_FORMATS }),
  refused('-blockdev', { driver: IMMOVABLE_FORMATS }),
  depends('-device', { driver: 'usb-host virtio-9p-pci virtio-9p-ccw' }),
  // As with libvirt's virtiofs. [S] hw/virtio/vhost-user-fs.c: since 8.2.
  ...refusedUntil('qemu 8.2', '-device', { driver: 'vhost-user-fs-pci vhost-user-fs-ccw' }),
  // [B] "virgl is not yet migratable".
  refused('-device', { driver: 'virtio-gpu-gl-pci virtio-gpu-gl-device virtio-vga-gl' }),
  depends('-device', { driver: 'vhost-user-blk-pci' }),
  depends('-virtfs', {}),
  // [B] "'hv-passthrough' CPU flag prevents migration".
  refused('hyperv', { mode: 'passthrough' }),
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

function wantedIn(conditions: Conditions): Wanted {
  return Object.entries(conditions).map(([path, values]) => ({
    path,
    some: values === '' || values === '*' ? [] : values.split(' '),
  }));
}

/** The rows by the elements that they are about: most elements of a domain have none. */
const BY_ELEMENT: ReadonlyMap<string, readonly ReadyFact[]> = byElement(MIGRATION_FACTS);
const NO_FACTS: readonly MigrationFact[] = Object.freeze([]);
const NO_ROWS: readonly ReadyFact[] = Object.freeze([]);

/** In one pass, for the command waits for it. */
function byElement(facts: readonly MigrationFact[]): ReadonlyMap<string, readonly ReadyFact[]> {
  const rows = new Map<string, ReadyFact[]>();
  for (const fact of facts) {
    const { element, is, unless } = fact;
    const ready = { fact, is: wantedIn(is), unless: unless && wantedIn(unless) };
    remembered(rows, element, () => []).push(ready);
  }
  return rows;
}

/** Is such a thing refused for some version? Asked of every device, so it leaves nothing behind. */
export function mayBeRefused({ element, values }: DomainThing): boolean {
  for (const ready of BY_ELEMENT.get(element) ?? NO_ROWS)
    if (ready.fact.outcome === 'refused' && isMeant(ready, values)) return true;
  return false;
}

/** The rows that are about such a thing, for some version. */
export function factsAbout({ element, values }: DomainThing): readonly MigrationFact[] {
  let facts: MigrationFact[] | undefined;
  for (const ready of BY_ELEMENT.get(element) ?? NO_ROWS)
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
  return (
    isWithin(libvirtVersion, fact.libvirtSince, fact.libvirtBefore) &&
    isWithin(qemuVersion, fact.qemuSince, fact.qemuBefore) &&
    isWithin(numberOfMachine(machine), undefined, fact.machineBefore)
  );
}

function isWithin(version: string | undefined, since = '0', before?: string): boolean {
  if (version === undefined) return true;
  return isSince(version, since) && (before === undefined || !isSince(version, before));
}
