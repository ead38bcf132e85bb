import { nameHash } from './scan-name.ts';

/** A name in bytes. */
export interface Name {
  readonly codes: ArrayLike<number>;
  /** See `nameHash`. */
  readonly hash: number;
}

/** A name in ASCII. */
export function nameOf(name: string): Name {
  const codes: number[] = [];
  for (let i = 0; i < name.length; i++) codes.push(name.charCodeAt(i));
  return { codes, hash: nameHash(codes[0] ?? 0, codes.at(-1) ?? 0, codes.length) };
}

/** Does this name stand from `start` to `end`? */
export function isAt(bytes: Uint8Array, start: number, end: number, { codes }: Name): boolean {
  const { length } = codes;
  if (end - start !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[start + i] !== codes[i]) return false;
  return true;
}

/** Values that most domains have: they are strings already, which need not be cut out of the text and hashed again. */
const WORDS: readonly string[] = [
  'yes no on off none default custom exact minimum partial full allow forbid require optional disable force maximum',
  'host-passthrough host-model kvm qemu hvm x86_64 i686 pc q35 pflash rom file block network volume bridge user direct',
  'ethernet disk cdrom lun qcow2 raw virtio scsi sata ide usb virtio-scsi virtio-transitional pci mount passthrough',
  'virtiofs mapped qxl vga bochs cirrus vnc spice pty unix tcp spicevmc tablet mouse keyboard serial isa-serial',
  'virtio-serial isa-debug random emulator builtin 2.0 tpm-crb tpm-tis subsystem mdev e1000e e1000 rtl8139',
  '/usr/bin/qemu-system-x86_64 aes apic arch-capabilities avx avx2 bmi1 bmi2 clflushopt erms f16c fma fsgsbase hle',
  'hypervisor invpcid invtsc md-clear mpx pcid pdpe1gb rdrand rdseed rtm smap smep spec-ctrl ss ssbd stibp svm',
  'topoext tsc_adjust tsc-deadline vmx x2apic xsaveopt xsaves',
].flatMap((line) => line.split(' '));

interface Word {
  readonly name: Name;
  readonly text: string;
}

/** By the hash of its name; one whose hash another has is left out. */
const BY_HASH: readonly (Word | undefined)[] = byHash();

function byHash(): readonly (Word | undefined)[] {
  const words: (Word | undefined)[] = Array.from({ length: 1024 });
  for (const text of WORDS) {
    const name = nameOf(text);
    words[name.hash] = { name, text };
  }
  return words;
}

/** The word that stands from `start` to `end`, if it is one of those that most domains have. */
export function wordAt(bytes: Uint8Array, start: number, end: number): string | undefined {
  const hash = nameHash(bytes[start] as number, bytes[end - 1] as number, end - start);
  const word = BY_HASH[hash];
  return word !== undefined && isAt(bytes, start, end, word.name) ? word.text : undefined;
}
