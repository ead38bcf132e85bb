import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/** Who else could change a file or folder that a gate relies on, and what ends that. */
export interface Distrust {
  readonly path: string;
  readonly reason: string;
  /** To be pasted. */
  readonly command: string;
}

const WRITABLE_BY_OTHERS = 0o002;
const WRITABLE_BY_GROUP = 0o020;
const STICKY = 0o1000;
/** Groups below are handed out by the distribution, to programs that may do what root may (`staff` in /usr/local). */
const FIRST_OTHER_GROUP = 100;

/**
 * Whether somebody but root and the user of this process could change what stands at a path, or put something else in
 * its place: the file itself, and every folder above. Of what is not there yet, the folder it would be made in counts.
 */
export function distrustOf(path: string): Distrust | undefined {
  const real = realPathOf(path);
  return distrustOfFile(real) ?? (dirname(real) === real ? undefined : distrustOf(dirname(real)));
}

/** The same of the file or folder alone. */
export function distrustOfFile(path: string): Distrust | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!isOwn(stats))
    return { path, reason: `belongs to user ${stats.uid}`, command: `chown ${ownUser()} ${path}` };
  return isWritable(stats)
    ? { path, reason: 'can be written by other users', command: `chmod go-w ${path}` }
    : undefined;
}

/** A file that only root and the user of this process can have written; a link is none. */
export function isTrustedFile(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && distrustOfFile(path) === undefined;
}

/** Does it belong to root, or to whoever runs this? */
export function isOwn({ uid }: Pick<Stats, 'uid'>): boolean {
  return uid === 0 || uid === ownUser();
}

function ownUser(): number {
  return process.geteuid?.() ?? 0;
}

/** In a folder with the sticky bit, nobody can replace what is another's. */
function isWritable(stats: Stats): boolean {
  const { mode, gid } = stats;
  if (!stats.isDirectory()) return (mode & (WRITABLE_BY_OTHERS | WRITABLE_BY_GROUP)) !== 0;
  if ((mode & STICKY) !== 0) return false;
  return (mode & WRITABLE_BY_OTHERS) !== 0 || ((mode & WRITABLE_BY_GROUP) !== 0 && gid >= FIRST_OTHER_GROUP);
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
