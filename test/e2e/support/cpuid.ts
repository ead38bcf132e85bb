import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorOf } from './monitor.ts';
import { until } from './poll.ts';
import type { Rig, RigHost } from './rig.ts';

/**
 * A firmware that does nothing but look at its CPU: woken by the timer, it runs CPUID with every leaf of a list and writes
 * the answers to memory, where we read them. So what is compared is what a guest sees, after a migration too, and that
 * it still runs. QEMU's own firmware takes ten seconds where KVM is nested.
 */
const SIZE = 0x1_0000;
const PLACES = { ports: 0x100, gdtr: 0x180, gdt: 0x190, leaves: 0x200, reset: 0xfff0 } as const;
const ANSWERS_AT = 0x2_0000;
const ANSWER_SIZE = 16;

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** Leaves whose answer depends on more than the leaf, and their last subleaf. */
const SUBLEAVES: Readonly<Record<number, number>> = {
  ...Object.fromEntries([4, 7, 0xb, 0xf, 0x10, 0x12, 0x14, 0x18, 0x1d, 0x1e, 0x1f].map((leaf) => [leaf, 3])),
  ...{ 0xd: 19, 0x24: 1, 0x8000_001d: 4, 0x8000_0026: 3 },
};

/** Leaves and subleaves that the guest asks for: all that QEMU 11 fills, and some more. */
const LEAVES: readonly (readonly [leaf: number, subleaf: number])[] = [
  ...range(0, 0x24),
  ...range(0x4000_0000, 0x4000_0001),
  ...range(0x8000_0000, 0x8000_0026),
].flatMap((leaf) => range(0, SUBLEAVES[leaf] ?? 0).map((subleaf) => [leaf, subleaf] as const));

/** What the firmware writes to ports before anything else. */
const PORTS: readonly (readonly [port: number, value: number])[] = [
  // The interrupt controllers: vectors from 8 and 0x70, and the timer alone interrupts.
  ...([0x11, 8, 4, 1, 0xfe] as const).map((value, i) => [i === 0 ? 0x20 : 0x21, value] as const),
  ...([0x11, 0x70, 2, 1, 0xff] as const).map((value, i) => [i === 0 ? 0xa0 : 0xa1, value] as const),
  // The timer: a hundred times a second.
  ...([0x34, 0x9c, 0x2e] as const).map((value, i) => [i === 0 ? 0x43 : 0x40, value] as const),
];

const CODE = [
  [0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xd0], // cli; xor ax, ax; mov ds, ax; mov ss, ax
  [0xb8, 0x00, 0x20, 0x8e, 0xc0], // mov ax, ANSWERS_AT / 16; mov es, ax
  [0xc7, 0x06, 0x20, 0x00, 0xa0, 0x00], // mov word [8 * 4], timer
  [0xc7, 0x06, 0x22, 0x00, 0x00, 0xf0], // mov word [8 * 4 + 2], 0xf000
  [0xbe, 0x00, 0x01], // mov si, ports
  [0x2e, 0xad, 0x85, 0xc0, 0x74, 0x07], // port: cs lodsw; test ax, ax; je ready
  [0x31, 0xd2, 0x88, 0xe2, 0xee, 0xeb, 0xf3], // xor dx, dx; mov dl, ah; out dx, al; jmp port
  [0x2e, 0x66, 0x0f, 0x01, 0x16, 0x80, 0x01], // ready: lgdt cs:[gdtr]
  [0x0f, 0x20, 0xc0, 0x0c, 0x01, 0x0f, 0x22, 0xc0], // mov eax, cr0; or al, 1; mov cr0, eax
  [0xbb, 0x08, 0x00, 0x8e, 0xe3], // mov bx, 8; mov fs, bx: fs reaches all memory
  [0x24, 0xfe, 0x0f, 0x22, 0xc0], // and al, 0xfe; mov cr0, eax
  [0x66, 0xbb, 0x00, 0x00, 0xe0, 0xfe], // mov ebx, 0xfee00000: the local APIC is switched on,
  [0x64, 0x67, 0x66, 0xc7, 0x83, 0xf0, 0x00, 0x00, 0x00, 0xff, 0x01, 0x00, 0x00], // mov fs:[ebx + 0xf0], 0x1ff
  [0x64, 0x67, 0x66, 0xc7, 0x83, 0x50, 0x03, 0x00, 0x00, 0x00, 0x07, 0x00, 0x00], // mov fs:[ebx + 0x350], 0x700
  [0xbc, 0x00, 0x70], // round: mov sp, 0x7000
  [0xbe, 0x00, 0x02, 0xbf, 0x10, 0x00], // mov si, leaves; mov di, ANSWER_SIZE
  [0x2e, 0x66, 0x8b, 0x04], // leaf: mov eax, cs:[si]
  [0x66, 0x83, 0xf8, 0xff, 0x74, 0x22], // cmp eax, -1; je done
  [0x2e, 0x66, 0x8b, 0x4c, 0x04, 0x83, 0xc6, 0x08], // mov ecx, cs:[si + 4]; add si, 8
  [0x0f, 0xa2], // cpuid
  [0x26, 0x66, 0x89, 0x05, 0x26, 0x66, 0x89, 0x5d, 0x04], // mov es:[di], eax; mov es:[di + 4], ebx
  [0x26, 0x66, 0x89, 0x4d, 0x08, 0x26, 0x66, 0x89, 0x55, 0x0c], // mov es:[di + 8], ecx; mov es:[di + 12], edx
  [0x83, 0xc7, 0x10, 0xeb, 0xd4], // add di, ANSWER_SIZE; jmp leaf
  [0x26, 0x66, 0xff, 0x06, 0x00, 0x00], // done: inc dword es:[0]
  [0xfb, 0xf4, 0xeb, 0xfd], // sti; hlt; jmp to hlt
  [0xb0, 0x20, 0xe6, 0x20, 0xeb, 0xbb], // timer: mov al, 0x20; out 0x20, al; jmp round
];

function image(): Buffer {
  const bytes = Buffer.alloc(SIZE);
  bytes.set(CODE.flat());
  bytes.set(
    PORTS.flatMap(([port, value]) => [value, port]),
    PLACES.ports,
  );
  bytes.set([0x0f, 0x00, 0x90, 0x01, 0x0f, 0x00], PLACES.gdtr);
  bytes.set([0xff, 0xff, 0, 0, 0, 0x93, 0xcf, 0], PLACES.gdt + 8);
  bytes.set(new Uint8Array(Uint32Array.from([...LEAVES.flat(), 0xffff_ffff]).buffer), PLACES.leaves);
  bytes.set([0xea, 0x00, 0x00, 0x00, 0xf0], PLACES.reset); // jmp 0xf000:0
  return bytes;
}

/** Writes the firmware into the directory of a rig, where every host sees it, and gives its path. */
export function writeFirmware(rig: Rig): string {
  const path = join(rig.directory, 'cpuid.bin');
  writeFileSync(path, image());
  return path;
}

/** What CPUID answers in a running guest now: `leaf.subleaf register` → value. */
export async function cpuidIn(rig: Rig, host: RigHost, guest: string): Promise<ReadonlyMap<string, number>> {
  const first = (await memory(rig, host, guest)).readUInt32LE(0);
  const bytes = await until(`the guest on ${host.name} looks at its CPU`, async () => {
    const now = await memory(rig, host, guest);
    return now.readUInt32LE(0) >= first + 2 ? now : undefined;
  });
  const answers = LEAVES.map(([leaf, subleaf], i) => ({ leaf, subleaf, at: ANSWER_SIZE * (i + 1) }));
  const last = new Map(
    answers
      .filter(({ leaf, subleaf }) => leaf % 0x1000_0000 === 0 && subleaf === 0)
      .map(({ leaf, at }) => [leaf, bytes.readUInt32LE(at)]),
  );
  // Beyond the last leaf of its kind, an answer means nothing.
  const isAnswered = (leaf: number): boolean => leaf <= (last.get(leaf - (leaf % 0x1000_0000)) ?? 0);
  return new Map(
    answers
      .filter(({ leaf }) => isAnswered(leaf))
      .flatMap(({ leaf, subleaf, at }) =>
        ['EAX', 'EBX', 'ECX', 'EDX'].map((register, i) => [
          `0x${leaf.toString(16)}.${subleaf} ${register}`,
          bytes.readUInt32LE(at + 4 * i),
        ]),
      ),
  );
}

async function memory(rig: Rig, host: RigHost, guest: string): Promise<Buffer> {
  const filename = join(rig.directory, 'memory.bin');
  const place = { val: ANSWERS_AT, size: ANSWER_SIZE * (LEAVES.length + 1), filename };
  await monitorOf(host, guest)([{ execute: 'pmemsave', arguments: place }]);
  return readFileSync(filename);
}
