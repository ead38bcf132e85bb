import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { HookWorld } from './run.ts';
import { isOwn } from './trust.ts';

/** Longer than any XML of a domain; what is longer is refused, not kept in memory. */
const MOST_BYTES = 64 * 1024 * 1024;
const CHUNK = 1 << 16;

/** The hook's process. Lines of the log start with a time, as the journal's and syslog's do. */
export function processWorld(log: string | null): HookWorld {
  return {
    stdin: readStdin,
    out: (text) => {
      writeAll(1, text);
    },
    err: (text) => {
      attempt(() => {
        writeAll(2, text);
      });
    },
    log: (line) => {
      if (log === null) return;
      attempt(() => {
        append(log, `${new Date().toISOString()} virt-migratable[${process.pid}]: ${line}\n`);
      });
    },
    now: () => Date.now(),
  };
}

/** The log and the words must not keep a verdict from being given. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    return;
  }
}

/**
 * A pipe in the log's place that nobody reads, or that is full, is not waited for; a link, or what belongs to somebody
 * else, is not written to.
 */
function append(path: string, line: string): void {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK, O_NOFOLLOW } = constants;
  const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOFOLLOW, 0o600);
  try {
    if (isOwn(fstatSync(file))) writeSync(file, line);
  } finally {
    closeSync(file);
  }
}

function readStdin(): Uint8Array {
  const parts: Buffer[] = [];
  for (let length = 0; length <= MOST_BYTES;) {
    const part = Buffer.allocUnsafe(CHUNK);
    const read = waited(() => readSync(0, part, 0, CHUNK, null));
    if (read === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, read));
    length += read;
  }
  throw new RangeError(`more than ${MOST_BYTES} bytes`);
}

function writeAll(stream: 1 | 2, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.length;) done += waited(() => writeSync(stream, bytes, done));
}

/** The other end of a pipe may be slow. */
function waited(action: () => number): number {
  for (;;) {
    try {
      return action();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EOF') return 0;
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
