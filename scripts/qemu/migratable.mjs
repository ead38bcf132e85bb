// Which devices and images keep QEMU from migrating a guest: asked of a QEMU that was started with one, paused.
import { withQemu } from './session.mjs';

const RAM = ['-object', 'memory-backend-ram,id=m,size=64M,share=on'];
const USB = ['-device', 'qemu-xhci'];
const AUDIO = ['-audiodev', 'none,id=a'];
const blank = (format) => [
  ...['-blockdev', 'driver=null-co,node-name=n,size=1048576'],
  ...['-device', `virtio-blk-pci,drive=${format}`],
];

/** Name → arguments that give the guest one such thing. */
export const KINDS = {
  nothing: [],
  'usb-audio': [...AUDIO, ...USB, '-device', 'usb-audio,audiodev=a'],
  'virtio-sound': [...AUDIO, '-device', 'virtio-sound-pci,audiodev=a'],
  'ich9-intel-hda': [...AUDIO, '-device', 'ich9-intel-hda', '-device', 'hda-duplex,audiodev=a'],
  'usb-serial': [...USB, '-chardev', 'null,id=c', '-device', 'usb-serial,chardev=c'],
  'usb-net': [...USB, '-device', 'usb-net'],
  'usb-mtp': [...USB, '-device', 'usb-mtp,rootdir=/tmp'],
  'usb-wacom-tablet': [...USB, '-device', 'usb-wacom-tablet'],
  'virtio-crypto': ['-object', 'cryptodev-backend-builtin,id=c', '-device', 'virtio-crypto-pci,cryptodev=c'],
  'amd-iommu': ['-device', 'amd-iommu'],
  'intel-iommu': ['-device', 'intel-iommu'],
  'virtio-iommu': ['-device', 'virtio-iommu-pci'],
  'ivshmem-peer': [...RAM, '-device', 'ivshmem-plain,memdev=m'],
  'ivshmem-master': [...RAM, '-device', 'ivshmem-plain,memdev=m,master=on'],
  'virtio-mem': [...RAM, '-m', '64,maxmem=1G,slots=2', '-device', 'virtio-mem-pci,memdev=m'],
  'virtio-blk': blank('n'),
  invtsc: ['-accel', 'kvm', '-cpu', 'host,migratable=off,arch-capabilities=off'],
};

/** Why QEMU does not migrate a guest that has one of these; `null` where it does, `undefined` where none starts. */
export async function blocker(command, args) {
  const accelerator = args.includes('-accel') ? [] : ['-accel', 'tcg'];
  try {
    return await withQemu(command, ['-machine', 'q35', '-m', '64', ...accelerator, ...args], async (ask) => {
      const { 'blocked-reasons': reasons } = await ask('query-migrate');
      return reasons?.join('; ') ?? null;
    });
  } catch {
    return undefined;
  }
}

/** The same for an image: a block device of `format` made by qemu-img at `path`. */
export const imageOf = (format, path) => [
  ...['-blockdev', `driver=file,node-name=f,filename=${path}`],
  ...['-blockdev', `driver=${format},node-name=n,file=f`, '-device', 'virtio-blk-pci,drive=n'],
];
