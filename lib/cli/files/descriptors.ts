import { fstatSync, readSync, writeSync } from 'node:fs';

const CHUNK = 1 << 16;
const PATIENCE = 5;

/** All that can be read from a descriptor, or `undefined` if it is more than `most` bytes. */
export function readDescriptor(descriptor: number, most: number): Buffer | undefined {
  // A plain file says how long it is: its bytes are there once, and one more asks whether that was all.
  let bytes = Buffer.allocUnsafe(Math.min(Math.max(fstatSync(descriptor).size, CHUNK), most) + 1);
  for (let length = 0; length <= most;) {
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(length * 2, most + 1));
    const [target, from] = [bytes, length];
    const count = patiently(() => readSync(descriptor, target, from, target.length - from, null));
    if (count === 0) return bytes.subarray(0, length);
    length += count;
  }
  return undefined;
}

/** In bytes: to decode more at once is no faster, and the texts of larger pieces stay in memory until V8 looks through all of it. */
const PIECE = 1 << 17;

/** All that can be read from a descriptor, piece by piece; a piece is lent until the next one. */
export function readChunks(descriptor: number, use: (bytes: Uint8Array) => void): void {
  const buffer = Buffer.allocUnsafe(PIECE);
  for (;;) {
    const count = patiently(() => readSync(descriptor, buffer, 0, buffer.length, null));
    if (count === 0) return;
    use(buffer.subarray(0, count));
  }
}

/** Writes every byte, however slow the reader is. */
export function writeDescriptor(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.length;) {
    const from = done;
    done += patiently(() => writeSync(descriptor, bytes, from));
  }
}

/** A pipe that does not block says so where it is full, or still empty. */
function patiently(action: () => number): number {
  for (;;) {
    try {
      return action();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE);
    }
  }
}
