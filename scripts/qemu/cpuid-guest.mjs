// What a guest itself sees: a guest of one sector, which asks CPUID for a list of leaves, writes the answers to the
// debug console and switches itself off. QOM shows what QEMU means to give; some bits are set only when CPUID is asked.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TABLE = 0x50;

/**
 * 16-bit code at 0x7c00: stack and segments; for each pair in the table at 0x7c50 CPUID, whose four registers go to
 * port 0xe9 byte by byte; at the end of the table a write to port 0xf4, which ends QEMU.
 */
const CODE = [
  ...[0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0, 0x8e, 0xd0, 0xbc, 0x00, 0x7c, 0xfc, 0xbe, TABLE, 0x7c],
  // next pair: lodsd; cmp eax, -1; je end; push eax; lodsd; mov ecx, eax; pop eax; cpuid
  ...[0x66, 0xad, 0x66, 0x83, 0xf8, 0xff, 0x74, 0x2e, 0x66, 0x50, 0x66, 0xad, 0x66, 0x89, 0xc1, 0x66, 0x58],
  ...[0x0f, 0xa2],
  // the registers to 0x8000
  ...[0xbf, 0x00, 0x80, 0x66, 0xab, 0x66, 0x89, 0xd8, 0x66, 0xab, 0x66, 0x89, 0xc8, 0x66, 0xab, 0x66, 0x89],
  ...[0xd0, 0x66, 0xab],
  // and from there to the port
  ...[0x56, 0xbe, 0x00, 0x80, 0xb9, 0x10, 0x00, 0xba, 0xe9, 0x00, 0xf3, 0x6e, 0x5e, 0xeb, 0xca],
  // end: out 0xf4, 0; hlt
  ...[0xb0, 0x00, 0xba, 0xf4, 0x00, 0xee, 0xf4],
];

/** Leaves with something for the architecture's features, topology, caches and KVM. */
const LEAVES = [
  ...[0, 1, 4, 6, 7, 0xa, 0xb, 0xd, 0x14, 0x1d, 0x1e, 0x24, 0x40000000, 0x40000001].map((leaf) => [leaf, 0]),
  ...[0x80000000, 0x80000001, 0x80000007, 0x80000008, 0x8000000a, 0x8000001e, 0x80000021].map((leaf) => [
    leaf,
    0,
  ]),
  ...[4, 7, 0xb, 0xd].map((leaf) => [leaf, 1]),
  [7, 2],
];

/** A floppy disk, in size, whose first sector can be booted from. */
function disk() {
  const bytes = Buffer.alloc(1_474_560, 0xff);
  Buffer.from(CODE).copy(bytes);
  LEAVES.flat().forEach((number, i) => bytes.writeUInt32LE(number, TABLE + 4 * i));
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}

/** The registers of each leaf as a guest with these arguments sees them: `{ '0x1.0': { eax, ebx, ecx, edx } }`. */
export function guestCpuid(command, args, root = '/') {
  const path = `/tmp/cpuid-${process.pid}.img`;
  writeFileSync(join(root, path), disk());
  const [program, ...rest] = command;
  const devices = [
    ...['-display', 'none', '-nodefaults', '-m', '32', '-no-reboot'],
    ...['-debugcon', 'stdio', '-device', 'isa-debug-exit,iobase=0xf4,iosize=4'],
    ...['-drive', `file=${path},format=raw,snapshot=on`],
  ];
  const { stdout, stderr, error } = spawnSync(program, [...rest, ...devices, ...args], { timeout: 60_000 });
  rmSync(join(root, path));
  if (error !== undefined || stdout.length < 16 * LEAVES.length)
    throw new Error(`the guest ended early: ${args.join(' ')}: ${error?.message ?? stderr}`);
  const registers = (i) =>
    ['eax', 'ebx', 'ecx', 'edx'].map((name, j) => [name, stdout.readUInt32LE(16 * i + 4 * j)]);
  return Object.fromEntries(
    LEAVES.map(([leaf, sub], i) => [`0x${leaf.toString(16)}.${sub}`, Object.fromEntries(registers(i))]),
  );
}
