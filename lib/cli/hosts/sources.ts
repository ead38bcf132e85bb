import type { Host } from '../../../types/host.ts';
import { CommandError } from '../errors.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { realPath, statsOf } from '../files/glob.ts';
import { hostName, isUri, namedSource } from './names.ts';

/** Where hosts are read. */
export interface HostSource {
  /** `NAME=`, where it is stated. */
  readonly stated: string | undefined;
  /** What a host is called there that does not name itself. */
  readonly name: string;
  readonly kind: 'file' | 'uri' | 'input';
  /** A path, a URI, or `-`. */
  readonly value: string;
  /** The directory or pattern that it comes from. */
  readonly from?: string;
}

/** A text that was read, and its hosts by their final names. */
export interface HostText {
  readonly source: HostSource;
  readonly text: string;
  readonly hosts: readonly Host[];
}

/**
 * Where the hosts are that the command line names, as given: files, those of a directory or pattern (in natural order),
 * URIs, standard input. What is given twice is there once, and told.
 */
export async function hostSources(
  args: Arguments,
  terminal: Terminal,
  positionals: readonly string[] = [],
): Promise<readonly HostSource[]> {
  const given = [...args.texts('host'), ...args.texts('hosts'), ...positionals];
  if (given.length === 0) throw new CommandError('no-hosts', NO_HOSTS);
  const all: HostSource[] = [];
  for (const word of given) all.push(...(await sourcesFor(word, terminal)));
  return withoutRepeats(all, terminal);
}

const NO_HOSTS =
  'no hosts given: use --host [NAME=]FILE for each, or --hosts DIR, or state them in virt-migratable.json';

async function sourcesFor(word: string, terminal: Terminal): Promise<readonly HostSource[]> {
  const source = namedSource(word);
  const { name: stated, value } = source;
  const name = hostName(source);
  if (value === '-') return [{ stated, name: stated ?? 'stdin', kind: 'input', value }];
  if (isUri(value)) return [{ stated, name, kind: 'uri', value }];
  if (statsOf(value)?.isDirectory() === false) return [{ stated, name, kind: 'file', value }];
  const { filesOf } = await import('./expand.ts');
  const files = filesOf(value, terminal);
  if (stated !== undefined && files.length > 1)
    throw new CommandError('bad-value', `${stated}= names one host, and ${value} has ${files.length} files`);
  return files.map((path) => ({
    stated,
    name: stated ?? hostName({ name: undefined, value: path }),
    kind: 'file',
    value: path,
    ...(path !== value && { from: value }),
  }));
}

/** One that is named stands for the same file without a name. */
function withoutRepeats(all: readonly HostSource[], { tell }: Terminal): readonly HostSource[] {
  const kept: HostSource[] = [];
  const places = new Map<string, readonly number[]>();
  for (const source of all) {
    const key = source.kind === 'file' ? realPath(source.value) : source.value;
    const before = places.get(key) ?? [];
    const same = before.find((at) => isSameName(source, kept[at]));
    if (same === undefined) {
      places.set(key, [...before, kept.length]);
      kept.push(source);
      continue;
    }
    const other = kept[same];
    if (other?.stated === undefined) kept[same] = source;
    tell(words`note: ${source.value} is given twice and read once\n`);
  }
  return kept;
}

function isSameName({ stated, from }: HostSource, other: HostSource | undefined): boolean {
  return stated === other?.stated || from !== undefined || other?.from !== undefined;
}
