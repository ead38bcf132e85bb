import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, isSystemError } from '../errors.ts';
import { held } from '../files/held.ts';

/** Named like what is made ready there, so that every version takes it for the gate's own. */
const NAME = '.staged-0-lock';
/** An installation takes a second; several in a row may wait for each other. */
const PATIENCE_MILLISECONDS = 30_000;
const PAUSE_MILLISECONDS = 50;
/** So long it takes at most to write who holds the lock. */
const ANONYMOUS_MILLISECONDS = 5_000;

/**
 * Does something while no other process installs or removes a gate in this folder. What a process left that is no more
 * is taken over.
 *
 * @throws CommandError where another one is at work for too long.
 */
export function withGateLock<T>(folder: string, action: () => T): T {
  const lock = join(folder, NAME);
  const since = Date.now();
  while (!take(lock)) {
    if (Date.now() - since > PATIENCE_MILLISECONDS)
      throw new CommandError(
        'changed-meanwhile',
        `another process installs or removes the gate in ${folder}: try again when it is done`,
      );
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MILLISECONDS);
  }
  const remove = (): void => {
    rmSync(lock, { recursive: true, force: true });
  };
  const release = held(remove);
  try {
    return action();
  } finally {
    remove();
    release();
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock, { mode: 0o700 });
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (!isSystemError(error) || (error.code !== 'EEXIST' && error.code !== 'ENOENT')) throw error;
    if (error.code === 'EEXIST' && isAbandoned(lock)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function isAbandoned(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ESRCH') return true;
    if (isSystemError(error) && error.code === 'EPERM') return false;
    // Not written yet, or never.
    const stats = statSync(lock, { throwIfNoEntry: false });
    return stats !== undefined && Date.now() - stats.mtimeMs > ANONYMOUS_MILLISECONDS;
  }
}
