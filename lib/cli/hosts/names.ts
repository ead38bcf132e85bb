import { basename } from 'node:path';
import { closest, guess } from '../../text/distance.ts';
import { withoutEnding } from '../../text/ending.ts';
import { nameList } from '../../text/fold.ts';
import { CommandError } from '../errors.ts';

/** Where a host is read, and what it is to be called. */
export interface NamedSource {
  readonly name: string | undefined;
  readonly value: string;
}

/** `NAME=value`; a slash before the `=` belongs to a path, unless one from the root follows: `rack1/kvm-a=/x/y.xml`. */
export function namedSource(word: string): NamedSource {
  const found = /^([^/=]+)=(.*)$/s.exec(word) ?? /^([^/.=:][^=:]*)=(\/.+)$/s.exec(word);
  if (found?.[2] === '') throw new CommandError('bad-value', `"${word}" has nothing behind the "="`);
  return { name: found?.[1], value: found?.[2] ?? word };
}

/** What is stated of a host, `NAME=value`, or of all: hosts that are told apart by directory have a slash in their name. */
export function statedOf(word: string): NamedSource {
  const [, name, value = word] = /^([^/.=][^=]*)=(.+)$/s.exec(word) ?? [];
  return { name, value };
}

/** Is this a host to be asked itself, through virsh, rather than a file? */
export function isUri(value: string): boolean {
  return value.includes('://');
}

/** Whoever logs in, and with which password, in a URI; nobody escapes a slash in a password. */
const USER_INFO = /^([a-z][\w+.-]*:\/\/)([^/?#]*|[^/?#:]*:[^?#]*)@/i;

/** A URI without user name and password: so it is printed and kept. */
export function publicUri(uri: string): string {
  return uri.replace(USER_INFO, '$1');
}

/** A message of virsh about a URI, without what `publicUri` leaves out. */
export function withoutUserInfo(message: string, uri: string): string {
  const userInfo = USER_INFO.exec(uri)?.[2];
  const isPublic = userInfo === undefined || userInfo === '';
  return isPublic ? message : message.replaceAll(`${userInfo}@`, '').replaceAll(userInfo, '…');
}

/** The ending of a directory with the CPU map of the host whose file is beside it. */
export const CPU_MAP_ENDING = '.cpu_map';

/** What a host is called: by its stated name, else its machine or its file. */
export function hostName({ name, value }: NamedSource): string {
  if (name !== undefined) return name;
  if (!isUri(value)) return withoutEnding(basename(value));
  const machine = /^[^:]*:\/\/(\[[^\]]*\]|[^/:?]*)/.exec(publicUri(value))?.[1] ?? '';
  return machine === '' ? 'localhost' : machine.replaceAll(/[[\]]/g, '');
}

/** @throws CommandError where an option names a host that is not among these */
export function refuseUnknownHost(
  option: string,
  name: string | undefined,
  hosts: readonly { readonly name: string }[],
): void {
  const names = hosts.map((host) => host.name);
  if (name !== undefined && !names.includes(name)) throw noSuchHost(option, name, names);
}

export function noSuchHost(option: string, name: string, names: readonly string[]): CommandError {
  return new CommandError(
    'no-such-host',
    `${option}: there is no host "${name}" (${nameList(names)})${guess(closest(name, names))}`,
  );
}
