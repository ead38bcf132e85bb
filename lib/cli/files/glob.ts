import { existsSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { naturalOrder } from '../../text/natural.ts';
import { attempt } from '../errors.ts';

const WILD = /[*?[{]/;

/** What is known of what stands at a path; nothing where it cannot be reached, which whoever reads it says. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Is it a directory? What is not there is for the reading to complain of. */
export function isDirectory(path: string): boolean {
  return statsOf(path)?.isDirectory() === true;
}

/** The file behind a path and all its links; whoever reads it says what is wrong with it. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** Does a path stand for whatever files match it? One that is there by this very name does not. */
export function isGlob(path: string): boolean {
  return WILD.test(path) && !existsSync(path);
}

/**
 * The paths that match a pattern, in natural order: `*` and `?` as in a shell, `[a-z]`, `[!a-z]` and `{a,b}`, and
 * `**` for directories at any depth. Hidden names match a pattern that begins with a dot.
 */
export function globbed(pattern: string): readonly string[] {
  const found = alternativesOf(pattern).flatMap((one) => {
    const parts = one.split('/').filter((part, i) => part !== '' || i === 0);
    const isAbsolute = parts[0] === '';
    return matches(isAbsolute ? '/' : '', isAbsolute ? parts.slice(1) : parts);
  });
  return [...new Set(found)].sort(naturalOrder);
}

function matches(folder: string, [part, ...rest]: readonly string[]): readonly string[] {
  if (part === undefined) return [folder];
  if (part === '**')
    return [
      ...matches(folder, rest),
      ...directoriesIn(folder).flatMap((one) => matches(one, [part, ...rest])),
    ];
  if (!WILD.test(part)) {
    const path = join(folder, part);
    return existsSync(path) ? matches(path, rest) : [];
  }
  const pattern = expressionOf(part);
  const place = folder === '' ? '.' : folder;
  if (!isDirectory(place)) return [];
  const names = attempt('read', place, () => readdirSync(place));
  return names
    .filter((name) => pattern.test(name) && (!name.startsWith('.') || part.startsWith('.')))
    .flatMap((name) => matches(join(folder, name), rest));
}

/** Its directories, but for hidden ones and what only leads to one. */
function directoriesIn(folder: string): readonly string[] {
  const place = folder === '' ? '.' : folder;
  const entries = attempt('read', place, () => readdirSync(place, { withFileTypes: true }));
  return entries.flatMap((one) =>
    one.isDirectory() && !one.name.startsWith('.') ? [join(folder, one.name)] : [],
  );
}

/** `a{b,c}` → `ab`, `ac`; the innermost braces first. */
function alternativesOf(pattern: string): readonly string[] {
  const [braces, inner] = /\{([^{},]*(?:,[^{},]*)+)\}/.exec(pattern) ?? [];
  if (braces === undefined || inner === undefined) return [pattern];
  return inner.split(',').flatMap((word) => alternativesOf(pattern.replace(braces, () => word)));
}

/** One part of a path as a regular expression. */
function expressionOf(part: string): RegExp {
  const source = part.replaceAll(/\[[^\]]+\]|[^\w-]/g, (found) => {
    if (found === '*') return '.*';
    if (found === '?') return '.';
    if (found.length === 1) return `\\${found}`;
    return `[${found.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`;
  });
  return new RegExp(`^${source}$`, 's');
}
