import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isLibvirtXmlError } from '../../issues/issues.ts';
import { naturalOrder } from '../../text/natural.ts';
import { count } from '../../report/words.ts';
import { attempt, CommandError } from '../errors.ts';
import { globbed, isDirectory, isGlob, realPath } from '../files/glob.ts';
import { readTextFile, type TextFile } from '../files/read.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** A file that holds guests, or a guest that libvirt has; it is read where it is worked on. */
export interface GuestFile {
  /** A path, `-` for standard input, or the name of a guest on a connection. */
  readonly path: string;
  /** What was found in a directory or by a pattern, and not named, is passed over where it holds no guest. */
  readonly origin: 'named' | 'found' | 'connection';
  /** What it holds, where that is read already. */
  readonly content?: TextFile;
}

/** Files of a directory that may hold guests. */
const GUEST_FILE = /^[^.].*\.(?:xml|ya?ml|json)$/i;

/** Is this word a path? It has a slash or the ending of a file; others are names or UUIDs where guests are defined. */
export function isPath(word: string): boolean {
  return word === '-' || word.includes('/') || /\.(?:xml|ya?ml|json)$/i.test(word);
}

/** The files that the words of the command line stand for, in the order given; those of a directory, or that match a pattern, by name. */
export function guestFiles(words: readonly string[]): readonly GuestFile[] {
  if (words.filter((word) => word === '-').length > 1)
    throw new CommandError('contradictory-options', 'standard input can be read once');
  return words.flatMap((word): readonly GuestFile[] => {
    if (word === '-') return [{ path: word, origin: 'named' }];
    if (isGlob(word)) return filesMatching(word);
    return isDirectory(word) ? filesIn(word) : [{ path: word, origin: 'named' }];
  });
}

function filesMatching(pattern: string): readonly GuestFile[] {
  const paths = globbed(pattern);
  if (paths.length === 0) throw new CommandError('not-found', `no file matches ${pattern}`);
  return paths.flatMap((path): readonly GuestFile[] =>
    isDirectory(path) ? filesIn(path) : [{ path, origin: 'found' }],
  );
}

function filesIn(directory: string): readonly GuestFile[] {
  const names = attempt('read', directory, () => readdirSync(directory));
  const guests = names.filter((name) => GUEST_FILE.test(name)).sort(naturalOrder);
  if (guests.length === 0) throw new CommandError('not-found', `${directory} has no guest (NAME.xml)`);
  return guests.map((name) => ({ path: join(directory, name), origin: 'found' }));
}

/** Each file once, whatever it is called: what is written while it is read again would be taken for somebody else's work. */
export function eachOnce(files: readonly GuestFile[]): readonly GuestFile[] {
  const known = new Set<string>();
  return files.filter(({ path }) => {
    const before = known.size;
    return known.add(realPath(path)).size > before;
  });
}

/** What a file that was found says somewhere if there is a guest in it: whatever else it is, nobody asked for it. */
const GUEST = /<dom(?:ain|status)|\bVirtualMachine/;

/** May there be a guest in this text of a file? In one that is named, there has to be. */
export function mayHoldGuest({ origin }: GuestFile, text: string): boolean {
  return origin !== 'found' || GUEST.test(text);
}

/** Is it no guest, in a file that was found and not named? */
export function isPassedOver({ origin }: GuestFile, error: unknown): boolean {
  return origin === 'found' && isLibvirtXmlError(error) && error.code === 'wrong-root';
}

/** Throws where files were found and no guest is in any: that nothing is wrong there would say nothing. */
export function refuseNone([first, ...others]: readonly GuestFile[]): void {
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` or ${count(others.length, 'other file')}`;
  throw new CommandError('not-found', `no guest found in ${first.path}${more}`);
}

export function contentOf(
  { path, content }: GuestFile,
  terminal: Pick<Terminal, 'stdin' | 'detail'>,
): TextFile {
  if (content !== undefined) return content;
  try {
    return readTextFile(path, terminal);
  } catch (error) {
    if (isPath(path) || !(error instanceof CommandError) || error.code !== 'not-found') throw error;
    throw new CommandError('not-found', `${error.message}; if it is the name of a guest, add --connect URI`);
  }
}
