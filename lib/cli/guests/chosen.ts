import { CommandError } from '../errors.ts';
import type { TextFile } from '../files/read.ts';
import { isUri, namedSource } from '../hosts/names.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Dump, FromConnection } from './connection.ts';
import { contentOf, guestFiles, isPath, type GuestFile } from './files.ts';
import { guestsIn } from './guests.ts';

export interface Chosen extends FromConnection {
  /** The file, if one is named and holds one guest: the command answers it in full. */
  readonly only: TextFile | undefined;
}

/**
 * The guests of a command line, in the order given: with `--connect` or `--all` those that libvirt has, whose XML is read
 * at once; then files, and those in directories.
 */
export async function chosenGuests(
  args: Arguments,
  terminal: Terminal,
  dump: Dump,
  onConnection: boolean = args.has('all') || args.text('connect') !== undefined,
): Promise<Chosen> {
  const { positionals } = args;
  const isAll = args.has('all');
  refuseWords(positionals, isAll);
  const files = guestFiles(onConnection ? positionals.filter(isPath) : positionals);
  const names = onConnection ? positionals.filter((word) => !isPath(word)) : [];
  if (names.length === 0 && !isAll) return withOnly({ files, failed: [] }, args, terminal);
  const found = await foundThere(isAll ? undefined : names, dump, args, terminal);
  const [failure, ...others] = found.failed;
  // The only one is refused as a file would be.
  if (failure !== undefined && others.length + found.files.length + files.length === 0) throw failure.error;
  return withOnly({ ...found, files: [...found.files, ...files] }, args, terminal);
}

function refuseWords([first]: readonly string[], isAll: boolean): void {
  if (isAll && first !== undefined)
    throw new CommandError('contradictory-options', `--all stands for every guest: leave "${first}" out`);
  if (!isAll && first === undefined)
    throw new CommandError(
      'missing-argument',
      'no DOMAIN.xml given: give files or directories, - for standard input, or --all with --connect URI',
    );
}

/** Guests by these names, or all there are. What asks virsh is loaded here: most guests are files. */
async function foundThere(
  names: readonly string[] | undefined,
  dump: Dump,
  args: Arguments,
  terminal: Terminal,
): Promise<FromConnection> {
  const { allGuests, connectionOf, guestsOn } = await import('./connection.ts');
  const uri = connectionOf(args);
  return guestsOn(uri, names ?? (await allGuests(uri, args, terminal)), dump, args, terminal);
}

/** Several to a file are many, and so is what a directory holds. */
function withOnly(chosen: FromConnection, args: Arguments, terminal: Terminal): Chosen {
  const [file, another] = chosen.files;
  const isAlone = file !== undefined && another === undefined && chosen.failed.length === 0;
  if (!isAlone || file.origin === 'found' || args.has('all')) return { ...chosen, only: undefined };
  const content = contentOf(file, terminal);
  const [guest, other] = guestsIn(content, args);
  const only =
    guest !== undefined && other === undefined && guest.manifest === undefined ? content : undefined;
  return { ...chosen, files: [{ ...file, content }], only };
}

/** A guest for hosts to be asked about, where they are to be asked; of many guests, the first. */
export function sampleOf(
  files: readonly GuestFile[],
  args: Arguments,
  terminal: Terminal,
): TextFile | undefined {
  const [file] = files;
  const areAsked = args.texts('host').some((word) => isUri(namedSource(word).value));
  if (file === undefined || !areAsked) return undefined;
  const content = contentOf(file, terminal);
  const [guest] = guestsIn(content, args);
  return guest === undefined ? undefined : { ...content, text: guest.text };
}
