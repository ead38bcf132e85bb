import type { Host } from '../../../types/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { isLibvirtXmlError, LibvirtXmlError } from '../../issues/issues.ts';
import { newHostReader, type HostReader } from '../../parser/host/host.ts';
import { renamedHost } from '../../parser/host/xml.ts';
import { CommandError } from '../errors.ts';
import { readTextFile, type TextFile } from '../files/read.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import { askHosts } from './live.ts';
import { publicUri } from './names.ts';
import { perHostOptions, type PerHostOptions } from './per-host.ts';
import { hostSources, type HostSource, type HostText } from './sources.ts';
import { refuseSameFile, refuseTwins } from './same.ts';
import { toldApart } from './told-apart.ts';

/**
 * Every host that the command line names, and those of these words. One that cannot be read or reached stops the command.
 * Hosts given as URIs are asked about guests like the domain.
 */
export async function hostsOf(
  args: Arguments,
  terminal: Terminal,
  also: readonly string[],
  domain?: TextFile,
): Promise<readonly Host[]> {
  const texts = await hostTextsOf(args, terminal, also, domain);
  return texts.flatMap(({ hosts }) => hosts);
}

/** The same with the texts they were read from. */
export async function hostTextsOf(
  args: Arguments,
  terminal: Terminal,
  also: readonly string[] = [],
  domain?: TextFile,
): Promise<readonly HostText[]> {
  const sources = await hostSources(args, terminal, also);
  refuseSecondInput(args, sources, also);
  if (!args.has('same-host')) refuseSameFile(sources);
  const options = perHostOptions(args, terminal);
  const answers = await askHosts(sources, args, terminal, domain);
  const reader = newHostReader();
  const read = sources.map((source): HostText => {
    const { text, path: file } = textOf(source, answers, terminal);
    const hosts = hostsIn(reader, { source, text }, { ...options.of(source.name, source.value), file });
    return { source, text, hosts };
  });
  refuseTwins(read);
  tellIgnoredNames(read, terminal);
  const named = toldApart(read, terminal);
  options.refuseOthers(named.flatMap(({ hosts }) => hosts));
  return named.map((one) => asStated(one, options, reader));
}

function refuseSecondInput(args: Arguments, sources: readonly HostSource[], also: readonly string[]): void {
  const count = (all: readonly string[]): number => all.filter((word) => word === '-').length;
  const named = [...args.positionals, ...args.texts('with-guests'), args.text('domain') ?? ''];
  const isTaken = count(named) > count(also);
  if (isTaken && sources.some(({ kind }) => kind === 'input'))
    throw new CommandError(
      'contradictory-options',
      'standard input can be read once: give the guests or the hosts as files',
    );
}

function textOf(
  { kind, name, value }: HostSource,
  answers: ReadonlyMap<string, string>,
  terminal: Terminal,
): Pick<TextFile, 'text' | 'path'> {
  if (kind === 'uri') return { text: answers.get(name) ?? '', path: publicUri(value) };
  return readTextFile(value, terminal, { packed: true });
}

function hostsIn(
  reader: HostReader,
  { source, text }: Pick<HostText, 'source' | 'text'>,
  options: ParseHostOptions,
): readonly Host[] {
  const { stated, name, kind, from } = source;
  const named = stated !== undefined || kind === 'uri' ? { name } : { defaultName: name };
  try {
    return reader.read(text, { ...options, ...named });
  } catch (error) {
    if (from === undefined || !isLibvirtXmlError(error)) throw error;
    const { code, reason, offset, file, hint = '' } = error;
    const all = `Every such file in ${from} is read as a host: move this one elsewhere, or name the host files one by one.`;
    throw new LibvirtXmlError(code, reason, { text, offset, file, hint: `${hint} ${all}`.trim() });
  }
}

function tellIgnoredNames(texts: readonly HostText[], { tell }: Terminal): void {
  for (const { source, hosts } of texts) {
    const { stated, value } = source;
    if (stated === undefined || hosts.length < 2 || hosts.some(({ name }) => name.startsWith(stated)))
      continue;
    tell(words`note: the name "${stated}" is not used: ${value} names its ${hosts.length} hosts itself\n`);
  }
}

/** A text again, as the command line states it of the hosts that it turned out to have. */
function asStated(read: HostText, options: PerHostOptions, reader: HostReader): HostText {
  const { value } = read.source;
  const before = options.of(read.source.name, value);
  const hosts = read.hosts.map((host, i) => {
    const stated = options.of(host.name, value);
    if (stated.libvirtVersion === before.libvirtVersion && stated.cpuMap === before.cpuMap) return host;
    const file = host.file === undefined ? {} : { file: host.file };
    const again = hostsIn(reader, read, { ...stated, ...file })[i];
    return again === undefined ? host : renamedHost(again, host.name);
  });
  return { ...read, hosts };
}
