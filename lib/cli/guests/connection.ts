import { CommandError } from '../errors.ts';
import { timeoutOf } from '../hosts/live.ts';
import { asking } from '../hosts/program.ts';
import { virsh } from '../hosts/virsh.ts';
import type { Arguments } from '../options/parse.ts';
import { progressOf } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { GuestFile } from './files.ts';

/** Guests that are asked for at the same time, over one connection each. */
const AT_ONCE = 8;
/** Nobody but us may read what has passwords in it. */
const PRIVATE = 0o600;

/** Guests as a connection has them, and those that it did not give. */
export interface FromConnection {
  readonly files: readonly GuestFile[];
  readonly failed: readonly { readonly guest: string; readonly error: unknown }[];
}

/** Where guests are defined; as `virsh`, the command takes `LIBVIRT_DEFAULT_URI` where nothing else is said. */
export function connectionOf(args: Arguments): string {
  const uri = args.text('connect') ?? process.env['LIBVIRT_DEFAULT_URI'];
  if (uri === undefined || uri === '')
    throw new CommandError(
      'missing-argument',
      'no connection given: use --connect URI, as for virsh, or set LIBVIRT_DEFAULT_URI',
    );
  return uri;
}

/** The names of all guests that a connection has, running or not. */
export async function allGuests(
  uri: string,
  args: Arguments,
  terminal: Terminal,
): Promise<readonly string[]> {
  const text = await virsh(uri, ['list', '--all', '--name'], asking(timeoutOf(args), terminal));
  const names = text.split('\n').map((line) => line.trim());
  return names.filter((name) => name !== '');
}

/** How their XML is asked for: of a running guest as it runs, or as the next start would use it. */
export type Dump = readonly ('--inactive' | '--security-info')[];

/** The XML of guests, several at once; one that is not given stops no other. */
export async function guestsOn(
  uri: string,
  names: readonly string[],
  dump: Dump,
  args: Arguments,
  terminal: Terminal,
): Promise<FromConnection> {
  const progress = progressOf('read guests', names.length, terminal);
  const [files, failed]: [GuestFile[], { guest: string; error: unknown }[]] = [[], []];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    const answers = await Promise.allSettled(
      some.map((name) =>
        virsh(uri, ['dumpxml', ...dump, '--domain', name], asking(timeoutOf(args), terminal)),
      ),
    );
    for (const [i, answer] of answers.entries()) {
      const name = some[i] ?? '';
      if (answer.status === 'rejected') failed.push({ guest: name, error: answer.reason });
      else {
        const content = { path: name, text: `${answer.value.trimEnd()}\n`, mode: PRIVATE };
        files.push({ path: name, origin: 'connection', content });
      }
    }
    progress.show(files.length + failed.length);
  }
  progress.hide();
  return { files, failed };
}
