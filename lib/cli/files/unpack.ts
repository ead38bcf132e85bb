import { gunzipSync } from 'node:zlib';

/** How a compressed file begins. */
const COMPRESSED: readonly (readonly [name: string, ...start: readonly number[]])[] = [
  ['gzip', 0x1f, 0x8b],
  ['bzip2', 0x42, 0x5a, 0x68],
  ['xz', 0xfd, 0x37, 0x7a, 0x58, 0x5a],
  ['zip', 0x50, 0x4b, 0x03, 0x04],
  ['zstd', 0x28, 0xb5, 0x2f, 0xfd],
];

/** The bytes of a file, or why they are not to be had. */
export type Unpacked = { readonly bytes: Uint8Array } | { readonly problem: string };

/** The bytes of a file, if nothing packed them. */
export function notPacked(bytes: Uint8Array): Unpacked {
  const found = packerOf(bytes);
  return found === undefined ? { bytes } : { problem: `it is packed with ${found}: unpack it first` };
}

function packerOf(bytes: Uint8Array): string | undefined {
  return COMPRESSED.find(([, ...start]) => start.every((byte, i) => bytes[i] === byte))?.[0];
}

/** The bytes of a file, unpacked where gzip packed them. */
export function unpacked(bytes: Uint8Array, mostBytes: number): Unpacked {
  if (packerOf(bytes) !== 'gzip') return notPacked(bytes);
  try {
    return { bytes: gunzipSync(bytes, { maxOutputLength: mostBytes }) };
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return {
      problem: isTooLarge ? `it is larger than ${mostBytes} bytes when unpacked` : 'it is damaged (gzip)',
    };
  }
}
