import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import { normalVersion } from '../../cpu/versions.ts';
import { newHostReader } from '../../parser/host/host.ts';
import { usageError } from '../errors.ts';
import { readCpuMap } from '../files/cpu-map.ts';
import { readTextFile } from '../files/read.ts';
import { limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { readYaml } from './yaml.cjs';
import { distinctNames, refuseSameFile, refuseTwins, type ReadSource } from './distinct.ts';
import { isUri, namedSource, noSuchHost, publicUri } from './names.ts';

const NONE: ReadonlyMap<string, string> = new Map();

/** Values of an option by the host they are for; those for all hosts under `undefined`. */
type ByHost = ReadonlyMap<string | undefined, string>;

/**
 * Every host of the command line, read. A file that cannot be read stops the command. Those that were asked
 * themselves come as `captured` texts, by their names.
 */
export function hostsOf(
  args: Arguments,
  terminal: Terminal,
  sources: readonly string[] = args.texts('host'),
  captured: ReadonlyMap<string, string> = NONE,
): readonly Host[] {
  const files = sources.map(namedSource);
  if (files.length === 0) throw usageError('no hosts given: use --host [NAME=]FILE at least twice');
  if (files.some(({ value }) => value === '-') && args.positionals.includes('-'))
    throw usageError('standard input can be read once: give the domain or the host as a file');
  if (!args.has('same-host')) refuseSameFile(files);
  const names = distinctNames(files, terminal);
  const versions = byHost(args, 'libvirt-version', names);
  const mapFor = mapReader(byHost(args, 'cpu-map', names), versions, terminal);
  for (const version of versions.values()) {
    if (normalVersion(version) === undefined) throw usageError(`"${version}" is not a libvirt version`);
  }
  const reader = newHostReader();
  const read = files.map((source, i): ReadSource => {
    const { value } = source;
    const name = names[i] ?? '';
    const libvirtVersion = valueFor(versions, name);
    const answer = isUri(value) ? captured.get(name) : undefined;
    const { text, path: file } =
      answer === undefined
        ? readTextFile(value, terminal, { packed: true })
        : { text: answer, path: publicUri(value) };
    const cpuMap = mapFor(name);
    const hosts = reader.read(text, {
      ...limits(args),
      file,
      name,
      yaml: readYaml,
      ...(cpuMap !== undefined && { cpuMap }),
      ...(libvirtVersion !== undefined && { libvirtVersion }),
    });
    return { ...source, hosts };
  });
  refuseTwins(read);
  return read.flatMap(({ hosts }) => hosts);
}

/** The CPU map stated for a host; each is read once. */
function mapReader(
  paths: ByHost,
  versions: ByHost,
  terminal: Terminal,
): (host: string) => CpuMap | undefined {
  const maps = new Map<string, CpuMap>();
  return (host) => {
    const path = valueFor(paths, host);
    if (path === undefined) return undefined;
    const version = valueFor(versions, host) ?? 'unknown';
    const key = `${version} ${path}`;
    const map = maps.get(key) ?? readCpuMap(path, version, terminal);
    maps.set(key, map);
    return map;
  };
}

function valueFor(values: ByHost, host: string): string | undefined {
  return values.get(host) ?? values.get(undefined);
}

function byHost(args: Arguments, option: 'libvirt-version' | 'cpu-map', hosts: readonly string[]): ByHost {
  const values = args.texts(option).map(namedSource);
  for (const { name } of values) {
    if (name !== undefined && !hosts.includes(name)) throw noSuchHost(`--${option} ${name}=…`, name, hosts);
  }
  return new Map(values.map(({ name, value }) => [name, value]));
}
