import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorOf } from './monitor.ts';
import { until } from './poll.ts';
import type { Rig, RigHost } from './rig.ts';

/**
 * A firmware that does nothing but look at its CPU: it runs CPUID with every leaf of a list and writes the answers to
 * memory, where we read them, again and again. So what is compared is what a guest sees, after a migration too, and that
 * it still runs. It waits for no interrupt: of some thousand guests that a timer woke, one slept on after a migration.
 * QEMU's own firmware takes ten seconds where KVM is nested.
 */
const SIZE = 0x1_0000;
const PLACES = { leaves: 0x200, reset: 0xfff0 } as const;
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

const CODE = [
  [0xfa], // cli
  [0xb8, 0x00, 0x20, 0x8e, 0xc0], // mov ax, ANSWERS_AT / 16; mov es, ax
  [0xbe, 0x00, 0x02, 0xbf, 0x10, 0x00], // round: mov si, leaves; mov di, ANSWER_SIZE
  [0x2e, 0x66, 0x8b, 0x04], // leaf: mov eax, cs:[si]
  [0x66, 0x83, 0xf8, 0xff, 0x74, 0x22], // cmp eax, -1; je done
  [0x2e, 0x66, 0x8b, 0x4c, 0x04, 0x83, 0xc6, 0x08], // mov ecx, cs:[si + 4]; add si, 8
  [0x0f, 0xa2], // cpuid
  [0x26, 0x66, 0x89, 0x05, 0x26, 0x66, 0x89, 0x5d, 0x04], // mov es:[di], eax; mov es:[di + 4], ebx
  [0x26, 0x66, 0x89, 0x4d, 0x08, 0x26, 0x66, 0x89, 0x55, 0x0c], // mov es:[di + 8], ecx; mov es:[di + 12], edx
  [0x83, 0xc7, 0x10, 0xeb, 0xd4], // add di, ANSWER_SIZE; jmp leaf
  [0x26, 0x66, 0xff, 0x06, 0x00, 0x00], // done: inc dword es:[0]
  [0xf3, 0x90, 0xeb, 0xc4], // pause; jmp round
];

function image(): Buffer {
  const bytes = Buffer.alloc(SIZE);
  bytes.set(CODE.flat());
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
