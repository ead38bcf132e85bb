import { refusedToMigrate, type DomainThing } from '../../../lib/cpu/facts/migration.ts';

const DEBIAN_12 = { libvirtVersion: '9.0.0', qemuVersion: '7.2.22' };
const DEBIAN_13 = { libvirtVersion: '11.3.0', qemuVersion: '10.0.13' };
const NEWEST = { libvirtVersion: '12.8.0', qemuVersion: '11.1.3' };
const REFUSED = ['refused'];
const DEPENDS = ['depends'];
const UNSHARED = ['unshared'];
const NONE: readonly string[] = [];

type Outcomes = readonly [
  debian12: readonly string[],
  debian13: readonly string[],
  newest: readonly string[],
];
const everywhere = (outcome: readonly string[]): Outcomes => [outcome, outcome, outcome];

test.each<[element: string, values: DomainThing['values'], outcomes: Outcomes]>([
  ['hostdev', { type: 'pci' }, [REFUSED, DEPENDS, DEPENDS]],
  ['hostdev', { type: 'pci', 'teaming@type': 'transient' }, everywhere(NONE)],
  ['hostdev', { type: 'pci', 'teaming@type': 'persistent' }, [REFUSED, DEPENDS, DEPENDS]],
  ['hostdev', { type: 'mdev', model: 'vfio-pci' }, [REFUSED, DEPENDS, DEPENDS]],
  ['hostdev', { type: 'mdev', model: 'vfio-ccw' }, everywhere(REFUSED)],
  ['hostdev', { type: 'usb' }, everywhere(DEPENDS)],
  ['hostdev', { type: 'scsi' }, everywhere(DEPENDS)],
  ['hostdev', { type: 'scsi_host' }, everywhere(REFUSED)],
  ['interface', { type: 'hostdev' }, [REFUSED, DEPENDS, DEPENDS]],
  ['interface', { type: 'hostdev', 'teaming@type': 'transient' }, everywhere(NONE)],
  ['interface', { type: 'vdpa' }, everywhere(DEPENDS)],
  ['interface', { type: 'user', 'model@type': 'virtio' }, everywhere(NONE)],
  ['interface', { type: 'user', 'model@type': 'usb-net' }, everywhere(REFUSED)],
  ['filesystem', { 'driver@type': 'virtiofs' }, [REFUSED, DEPENDS, DEPENDS]],
  ['filesystem', {}, everywhere(DEPENDS)],
  ['filesystem', { 'driver@type': 'mtp' }, everywhere(REFUSED)],
  ['shmem', { name: 'a', 'model@type': 'ivshmem-plain' }, everywhere(REFUSED)],
  ['shmem', { name: 'a', role: 'peer' }, everywhere(REFUSED)],
  ['shmem', { name: 'a', role: 'master' }, everywhere(NONE)],
  ['disk', { type: 'file', source: '', 'driver@type': 'qcow2' }, everywhere(UNSHARED)],
  ['disk', { type: 'file', source: '', readonly: '' }, everywhere(NONE)],
  ['disk', { type: 'file', 'driver@type': 'raw' }, everywhere(NONE)],
  ['disk', { type: 'network', source: '', 'driver@type': 'raw' }, everywhere(NONE)],
  ['disk', { type: 'network', source: '', 'driver@type': 'vmdk' }, everywhere(REFUSED)],
  ['disk', { type: 'network', source: '', 'driver@type': 'vhd' }, everywhere(REFUSED)],
  ['disk', { type: 'network', source: '', 'driver@type': 'ploop' }, everywhere(REFUSED)],
  ['disk', { type: 'network', 'driver@type': 'qcow2', 'format@type': 'vmdk' }, everywhere(REFUSED)],
  ['disk', { type: 'network', 'driver@type': 'qcow2', 'format@type': 'raw' }, everywhere(NONE)],
  ['disk', { type: 'block', source: '', transient: '' }, everywhere(REFUSED)],
  ['disk', { type: 'network', source: '', mirror: '' }, everywhere(REFUSED)],
  ['interface', { type: 'network', 'actual@type': 'hostdev' }, [REFUSED, DEPENDS, DEPENDS]],
  ['interface', { type: 'network', 'actual@type': 'bridge' }, everywhere(NONE)],
  ['-device', { driver: 'vhost-user-fs-pci' }, [REFUSED, DEPENDS, DEPENDS]],
  ['-device', { driver: 'virtio-vga-gl' }, everywhere(REFUSED)],
  ['-device', { driver: 'amd-iommu' }, everywhere(REFUSED)],
  ['-device', { driver: 'amd-iommu', 'pci-id': 'iommu0' }, everywhere(NONE)],
  ['-device', { driver: 'vhost-user-vsock-pci' }, everywhere(REFUSED)],
  ['controller', { type: 'nvme' }, everywhere(REFUSED)],
  ['controller', { type: 'scsi' }, everywhere(NONE)],
  ['sound', { model: 'usb' }, everywhere(REFUSED)],
  ['sound', { model: 'ich9' }, everywhere(NONE)],
  ['serial', { type: 'pty', 'target@type': 'usb-serial' }, everywhere(REFUSED)],
  ['serial', { type: 'pty', 'target@type': 'isa-serial' }, everywhere(NONE)],
  ['crypto', { model: 'virtio' }, everywhere(REFUSED)],
  ['iommu', { model: 'amd' }, [REFUSED, REFUSED, NONE]],
  ['iommu', { model: 'intel' }, everywhere(NONE)],
  ['launchSecurity', { type: 'sev' }, everywhere(REFUSED)],
  ['hyperv', { mode: 'passthrough' }, everywhere(REFUSED)],
  ['hyperv', { mode: 'custom' }, everywhere(NONE)],
  ['video', { 'model@type': 'virtio', 'acceleration@accel3d': 'yes' }, everywhere(REFUSED)],
  ['video', { 'model@type': 'virtio' }, everywhere(NONE)],
  ['video', { 'model@type': 'virtio', 'model@device': 'virtio-gpu-gl' }, everywhere(REFUSED)],
  ['video', { 'model@type': 'virtio', 'model@device': 'virtio-gpu' }, everywhere(NONE)],
  ['video', { 'model@type': 'virtio', 'driver@name': 'vhostuser' }, everywhere(DEPENDS)],
  ['tpm', { model: 'tpm-crb', 'backend@type': 'external' }, everywhere(DEPENDS)],
  ['memballoon', { model: 'virtio' }, everywhere(NONE)],
])('%s %j', (element, values, outcomes) => {
  const found = [DEBIAN_12, DEBIAN_13, NEWEST].map((context) =>
    refusedToMigrate({ element, values }, context).map(({ outcome }) => outcome),
  );
  expect(found).toEqual(outcomes);
});

test.each<[qemuVersion: string, machine: string, refused: number]>([
  ['10.0.13', 'pc-q35-10.0', 1],
  ['11.1.3', 'pc-q35-10.0', 1],
  ['11.1.3', 'pc-q35-10.1', 0],
  ['11.1.3', 'q35', 1],
])('QEMU %s with %s and an agent of QEMU for the clipboard', (qemuVersion, machine, refused) => {
  const thing = { element: 'channel', values: { type: 'qemu-vdagent' } };
  expect(refusedToMigrate(thing, { qemuVersion, machine })).toHaveLength(refused);
});

test.each([
  ['10.0.13', 'iommu', { model: 'amd' }, REFUSED],
  ['10.1.0', 'iommu', { model: 'amd' }, NONE],
  ['8.1.5', '-device', { driver: 'vhost-user-fs-pci' }, REFUSED],
  ['8.2.2', '-device', { driver: 'vhost-user-fs-pci' }, DEPENDS],
])('QEMU %s, %s %j', (qemuVersion, element, values, outcomes) => {
  const found = refusedToMigrate({ element, values }, { qemuVersion });
  expect(found.map(({ outcome }) => outcome)).toEqual(outcomes);
});

test('where no version is known, what holds for some version counts', () => {
  const device = { element: 'hostdev', values: { type: 'pci' } };
  expect(refusedToMigrate(device).map(({ outcome }) => outcome)).toEqual(['refused', 'depends']);
});
