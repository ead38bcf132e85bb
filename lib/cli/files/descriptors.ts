import { readSync, writeSync } from 'node:fs';

const CHUNK = 1 << 16;
const PATIENCE = 5;

/** All that can be read from a descriptor, or `undefined` if it is more than `most` bytes. */
export function readDescriptor(descriptor: number, most: number): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let length = 0; length <= most;) {
    const part = Buffer.allocUnsafe(CHUNK);
    const count = patiently(() => readSync(descriptor, part, 0, CHUNK, null));
    if (count === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, count));
    length += count;
  }
  return undefined;
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
