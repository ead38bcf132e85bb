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
import { hostName, isUri, namedSource, noSuchHost, publicUri } from './names.ts';

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
  if (files.length === 0)
    throw usageError('no hosts given: use --host [NAME=]FILE at least twice', 'missing-argument');
  if (files.some(({ value }) => value === '-') && args.positionals.includes('-'))
    throw usageError(
      'standard input can be read once: give the domain or the host as a file',
      'contradictory-options',
    );
  const names = files.map(hostName);
  const versions = byHost(args, 'libvirt-version', names);
  const mapFor = mapReader(byHost(args, 'cpu-map', names), versions, terminal);
  for (const version of versions.values()) {
    if (normalVersion(version) === undefined)
      throw usageError(`"${version}" is not a libvirt version`, 'bad-value');
  }
  const reader = newHostReader();
  return files.flatMap(({ value }, i) => {
    const name = names[i] ?? '';
    const libvirtVersion = valueFor(versions, name);
    const answer = isUri(value) ? captured.get(name) : undefined;
    const { text, path: file } =
      answer === undefined
        ? readTextFile(value, terminal, { packed: true })
        : { text: answer, path: publicUri(value) };
    const cpuMap = mapFor(name);
    return reader.read(text, {
      ...limits(args),
      file,
      name,
      yaml: readYaml,
      ...(cpuMap !== undefined && { cpuMap }),
      ...(libvirtVersion !== undefined && { libvirtVersion }),
    });
  });
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
