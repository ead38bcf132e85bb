/** The machine type that libvirt prefers where a domain names none, whatever QEMU's own default is. */
const PREFERRED: ReadonlyMap<string | undefined, string> = new Map([
  ...['x86_64', 'i686'].map((arch) => [arch, 'pc'] as const),
  ...['ppc64', 'ppc64le'].map((arch) => [arch, 'pseries'] as const),
  ['aarch64', 'virt'],
  ['s390x', 's390-ccw-virtio'],
]);

/**
 * The machine type that a domain of QEMU's gets which names none, wherever QEMU has it; `undefined` where nobody knows.
 *
 * @see https://gitlab.com/libvirt/libvirt/-/blob/master/src/qemu/qemu_capabilities.c preferredMachines
 */
export function preferredMachine(arch: string | undefined, type: string | undefined): string | undefined {
  return type === 'kvm' || type === 'qemu' ? PREFERRED.get(arch) : undefined;
}
