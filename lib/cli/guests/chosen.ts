import { usageError } from '../errors.ts';
import type { TextFile } from '../files/read.ts';
import { isUri, namedSource } from '../hosts/names.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Dump, FromConnection } from './connection.ts';
import { contentOf, guestFiles, isPath, type GuestFile } from './files.ts';
import { guestsIn } from './guests.ts';

/** The guests that a command line chooses. */
export interface Chosen extends FromConnection {
  /** The file, if one is named and holds one guest: the command answers it in full. */
  readonly only: TextFile | undefined;
}

/**
 * The guests of a command line, in the order given: files, those in directories, and with `--connect` or `--all` those
 * that libvirt has, whose XML is read at once.
 */
export async function chosenGuests(args: Arguments, terminal: Terminal, dump: Dump): Promise<Chosen> {
  const { positionals } = args;
  const isAll = args.has('all');
  if (isAll && positionals.length > 0)
    throw usageError(`--all stands for every guest: leave "${positionals[0] ?? ''}" out`);
  const onConnection = isAll || args.text('connect') !== undefined;
  const names = onConnection ? positionals.filter((word) => !isPath(word)) : [];
  const files = guestFiles(positionals.filter((word) => !names.includes(word)));
  if (names.length === 0 && !isAll) return withOnly({ files, failed: [] }, args, terminal);
  // Most guests are files: what asks virsh is loaded for the others.
  const { allGuests, connectionOf, guestsOn } = await import('./connection.ts');
  const uri = connectionOf(args);
  const wanted = isAll ? await allGuests(uri, args, terminal) : names;
  const found = await guestsOn(uri, wanted, dump, { args, terminal });
  const [failure] = found.failed;
  // The only one is refused as a file would be.
  if (failure !== undefined && wanted.length === 1 && files.length === 0) throw failure.error;
  return withOnly({ ...found, files: [...found.files, ...files] }, args, terminal);
}

/** Several to a file are many, and so is what a directory holds. */
function withOnly(chosen: FromConnection, args: Arguments, terminal: Terminal): Chosen {
  const [file, another] = chosen.files;
  const isAlone = file !== undefined && another === undefined && chosen.failed.length === 0;
  if (!isAlone || file.origin === 'found' || args.has('all')) return { ...chosen, only: undefined };
  const content = contentOf(file, terminal);
  const only = guestsIn(content, args).length === 1 ? content : undefined;
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
