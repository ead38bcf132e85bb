import {
  chmodSync,
  chownSync,
  closeSync,
  fsync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { attempt, CommandError } from '../errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { writeDescriptor } from './descriptors.ts';
import { held } from './held.ts';

export interface WriteTextOptions {
  /** The mode of what was read for it: who could not read that cannot read a new file either. */
  readonly source?: number | undefined;
  /** What must still stand in the file. */
  readonly expected?: string;
}

/** What became of the file beside its new content. */
export interface Written {
  /** How many other names, hard links, still have the old content. */
  readonly otherNames: number;
}

/** A descriptor by its name. Opened again, it would begin at its start, and a file be cut. */
const DESCRIPTOR = /^\/(?:dev|proc\/self|proc\/(\d+))\/fd\/(\d+)$/;

/**
 * Puts a text into a file in one step: readers see the old content or the new, never a part. A file that is there
 * keeps its mode and owner; behind a symbolic link, the file it points to is written. What is no plain file, and
 * what is open already, is written to.
 */
export function writeText(path: string, text: string, options: WriteTextOptions = {}): Written {
  return attempt('write', path, () => {
    const begun = begin(path, text, options);
    if ('otherNames' in begun) return begun;
    try {
      fsyncSync(begun.file);
      return begun.finish();
    } catch (error) {
      begun.abandon();
      throw error;
    }
  });
}

/** Puts a result into a file, or prints it where none is named. */
export function writeOrPrint(path: string | undefined, text: string, { data, detail }: Terminal): void {
  if (path === undefined) data(text);
  else {
    writeText(path, text);
    detail(words`wrote ${path}\n`);
  }
}

/** Begins to replace a file. What is no plain file, and what is open already, is written to at once. */
function begin(path: string, text: string, options: WriteTextOptions): Written | Replacing {
  const target = destinationOf(resolve(path));
  if (typeof target === 'number') writeDescriptor(target, text);
  else {
    const before = statSync(target, { throwIfNoEntry: false });
    if (before?.isFile() !== false) return beginReplacing(target, text, before, options);
    writeFileSync(target, text);
  }
  return { otherNames: 0 };
}

/** Does a path lead to what is open already, as `/dev/stdin` does? */
export function isOpen(path: string): boolean {
  try {
    return typeof destinationOf(resolve(path)) === 'number';
  } catch {
    // Whoever reads it says what is wrong with it.
    return false;
  }
}

/** Where a path leads, also when nothing is there yet: to another path, or to a descriptor that is open. */
function destinationOf(path: string): string | number {
  const [, process_, descriptor] = DESCRIPTOR.exec(path) ?? [];
  if (descriptor !== undefined && (process_ === undefined || Number(process_) === process.pid))
    return Number(descriptor);
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link === undefined) return path;
  if (!link.isSymbolicLink()) return realpathSync(path);
  // Links that lead back to themselves are for the system to refuse.
  if (isLoop(path)) return realpathSync(path);
  return destinationOf(resolve(dirname(path), readlinkSync(path)));
}

function isLoop(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ELOOP';
  }
}

/**
 * The same as `writeText` while other things are done: of several files, the system brings the bytes to the disk at once,
 * where one after the other each would wait for its own.
 */
export async function writeTextMeanwhile(
  path: string,
  text: string,
  options: WriteTextOptions = {},
): Promise<Written> {
  const begun = attempt('write', path, () => begin(path, text, options));
  if ('otherNames' in begun) return begun;
  try {
    const problem = await new Promise<NodeJS.ErrnoException | null>((resolved) => {
      fsync(begun.file, resolved);
    });
    return attempt('write', path, () => {
      if (problem !== null) throw problem;
      return begun.finish();
    });
  } catch (error) {
    begun.abandon();
    throw error;
  }
}

/** A file that is about to be replaced: the new content stands beside it, and may not have reached the disk. */
interface Replacing {
  readonly file: number;
  /** Puts it in place. */
  readonly finish: () => Written;
  /** Leaves everything as it was. */
  readonly abandon: () => void;
}

function beginReplacing(
  path: string,
  text: string,
  before: Stats | undefined,
  { source = 0o777, expected }: WriteTextOptions,
): Replacing {
  const mode = before === undefined ? 0o666 & (source | 0o700) : before.mode;
  // Short: the name that is written may be as long as names can be.
  const name = `.vm-${process.pid}-${Math.random().toString(36).slice(2, 10)}.tmp`;
  const temporary = join(dirname(path), name);
  let file: number | undefined;
  const remove = (): void => {
    rmSync(temporary, { force: true });
  };
  const release = held(remove);
  const abandon = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
    remove();
    release();
  };
  try {
    file = openSync(temporary, 'wx', mode);
    writeFileSync(file, text);
  } catch (error) {
    abandon();
    throw error;
  }
  return {
    file,
    abandon,
    finish: () => {
      if (before !== undefined) keepOwnerAndMode(temporary, before, path);
      if (expected !== undefined) refuseOther(path, expected);
      renameSync(temporary, path);
      if (file !== undefined) closeSync(file);
      file = undefined;
      release();
      return { otherNames: (before?.nlink ?? 1) - 1 };
    },
  };
}

function keepOwnerAndMode(temporary: string, { uid, gid, mode }: Stats, path: string): void {
  const now = statSync(temporary);
  try {
    if (now.uid !== uid || now.gid !== gid) chownSync(temporary, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    const reason = 'it belongs to another user or group, to whom only root can give the new content';
    throw new CommandError('permission-denied', `cannot write ${path}: ${reason}`);
  }
  chmodSync(temporary, mode & 0o7777);
}

function refuseOther(path: string, expected: string): void {
  if (hasContent(path, expected)) return;
  throw new CommandError(
    'changed-meanwhile',
    `${path} was changed by somebody else meanwhile: nothing was written; run the command again`,
  );
}

function hasContent(path: string, expected: string): boolean {
  try {
    return readFileSync(path).equals(Buffer.from(expected, 'utf8'));
  } catch {
    return false;
  }
}
