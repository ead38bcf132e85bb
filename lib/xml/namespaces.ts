/** @see https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands */
export const QEMU_NAMESPACE = 'http://libvirt.org/schemas/domain/qemu/1.0';

/** libvirt's own prefix for it, unless a domain that declares these has given it to something else. */
export function freePrefix(declared: readonly string[]): string {
  for (let number = 1; ; number++) {
    const prefix = number === 1 ? 'qemu' : `qemu${number}`;
    if (!declared.includes(prefix)) return prefix;
  }
}

/** The namespace of what the library keeps in a domain's `<metadata>`. A name for it, not an address. */
export const RECORD_NAMESPACE = 'urn:libvirt-migratable:1';

/** The namespace of the mark of a guest that is levelled on arrival. A name for it, not an address. */
export const MARK_NAMESPACE = 'urn:libvirt-migratable:arrival:1';
