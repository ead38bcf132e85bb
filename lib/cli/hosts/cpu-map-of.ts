import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, CommandError } from '../errors.ts';
import { words } from '../terminal/words.ts';
import { publicUri, withoutUserInfo } from './names.ts';
import { outcomeOf, reasonIn, type Asking, type Program } from './program.ts';

/** Where libvirt keeps its CPU map. */
const PLACE = '/usr/share/libvirt/cpu_map';
const SSH: Program = { name: 'ssh', packages: 'Debian: openssh-client, Fedora: openssh-clients' };
/** Every line of every file behind the name of its file: plain grep is on every host, and nothing is written there. */
const REMOTE = `cd ${PLACE} && grep '' *.xml`;
const LINE = /^([\w.-]+\.xml):(.*)$/;

/** Can the CPU map of a host be had? libvirt itself hands out none: only files that are here, or those ssh can read. */
export function hasReachableMap(uri: string): boolean {
  return placeOf(uri) !== undefined;
}

/** The files of a host's own CPU map, by name, as they are there. */
export async function cpuMapOf(uri: string, asked: Asking): Promise<Readonly<Record<string, string>>> {
  const place = placeOf(uri);
  if (place === undefined || place === 'here') return localMap();
  asked.terminal.detail(words`run ssh ${place.shown} ${REMOTE}\n`);
  const outcome = await outcomeOf({ ...SSH, name: place.program }, [...place.words, REMOTE], asked);
  const { problem, code, out } = outcome;
  const files = problem === undefined && code === 0 ? filesIn(out) : undefined;
  if (files !== undefined && Object.hasOwn(files, 'index.xml')) return files;
  const said = problem?.message ?? `ssh: ${code === 0 ? `no CPU map in ${PLACE}` : reasonIn(outcome)}`;
  const reason = `the CPU map cannot be read: ${said}`;
  throw new CommandError(
    problem?.code ?? 'host-unreachable',
    withoutUserInfo(`${publicUri(uri)}: ${reason}`, uri),
  );
}

function localMap(): Readonly<Record<string, string>> {
  return attempt('read', PLACE, () => {
    const names = readdirSync(PLACE).filter((name) => name.endsWith('.xml'));
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(PLACE, name), 'utf8')]));
  });
}

function filesIn(out: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const line of out.split('\n')) {
    const [, name, text] = LINE.exec(line) ?? [];
    if (name !== undefined) files[name] = `${files[name] ?? ''}${text ?? ''}\n`;
  }
  return files;
}

/** How to call ssh as libvirt would for a URI. */
interface SshCall {
  readonly program: string;
  readonly words: readonly string[];
  readonly shown: string;
}

/** With a machine that ssh does not take for an option. */
const SSH_TRANSPORT = /^(?:ssh|libssh2?) [^-]/;
const PARTS =
  /^[a-z]+(?:\+(?<transport>\w+))?:\/\/(?:(?<user>[^/?@]*)@)?(?<host>\[[^\]]*\]|[^/:?]*)(?::(?<port>\d+))?/;

/** Nowhere for a transport that carries no files. @see https://libvirt.org/uri.html#remote-uris */
function placeOf(uri: string): SshCall | 'here' | undefined {
  const { transport = 'unix', user, host: bracketed = '', port } = PARTS.exec(uri)?.groups ?? {};
  const host = bracketed.replaceAll(/[[\]]/g, '');
  if (host === '' && transport === 'unix') return 'here';
  if (!SSH_TRANSPORT.test(`${transport} ${host}`)) return undefined;
  const options = new URLSearchParams(/\?(.*)/s.exec(uri)?.[1]);
  const words = [
    ...['-T', '-o', 'ServerAliveInterval=15'],
    ...option('-i', options.get('keyfile')),
    ...option('-p', port),
    ...option('-l', user?.split(':')[0]),
    ...['--', host],
  ];
  return { program: options.get('command') ?? 'ssh', words, shown: host };
}

function option(name: string, value: string | null | undefined): readonly string[] {
  return value === null || value === undefined || value === '' ? [] : [name, value];
}
