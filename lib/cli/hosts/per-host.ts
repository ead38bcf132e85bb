import { join } from 'node:path';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { normalVersion } from '../../cpu/versions.ts';
import { withoutEnding } from '../../text/ending.ts';
import { remembered } from '../../text/remembered.ts';
import { CommandError } from '../errors.ts';
import { readCpuMap } from '../files/cpu-map.ts';
import { statsOf } from '../files/glob.ts';
import { limits } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { CPU_MAP_ENDING, refuseUnknownHost, statedOf } from './names.ts';
import { readYaml } from './yaml.cjs';

/** Values of an option by the host they are for; those for all hosts under `undefined`. */
type ByHost = ReadonlyMap<string | undefined, string>;

/** What the command line states of single hosts, and of all. */
export interface PerHostOptions {
  /** How to read a host, and the file it is in. */
  readonly of: (host: string, file: string) => ParseHostOptions;
  /** @throws CommandError where something is stated of a host there is not */
  readonly refuseOthers: (hosts: readonly Host[]) => void;
}

/** Reads what is stated; a CPU map when it is first needed. */
export function perHostOptions(args: Arguments, terminal: Terminal): PerHostOptions {
  const versions = byHost(args, 'libvirt-version');
  const paths = byHost(args, 'cpu-map');
  for (const version of versions.values()) {
    if (normalVersion(version) === undefined)
      throw new CommandError('bad-value', `"${version}" is not a libvirt version`);
  }
  const mapFor = mapReader(paths, versions, terminal);
  return {
    of: (host, file) => {
      const [libvirtVersion, cpuMap] = [valueFor(versions, host), mapFor(host, file)];
      return {
        ...limits(args),
        yaml: readYaml,
        ...(cpuMap !== undefined && { cpuMap }),
        ...(libvirtVersion !== undefined && { libvirtVersion }),
      };
    },
    refuseOthers: (hosts) => {
      for (const [option, values] of Object.entries({ 'libvirt-version': versions, 'cpu-map': paths }))
        for (const name of values.keys()) refuseUnknownHost(`--${option} ${name ?? ''}=…`, name, hosts);
    },
  };
}

/** The CPU map stated for a host, or that which `capture` put beside its file; each is read once. */
function mapReader(
  paths: ByHost,
  versions: ByHost,
  terminal: Terminal,
): (host: string, file: string) => CpuMap | undefined {
  const maps = new Map<string, CpuMap>();
  // A file may hold thousands of hosts.
  const beside = new Map<string, string | undefined>();
  const pathBeside = (file: string): string | undefined => {
    if (!beside.has(file)) beside.set(file, mapBeside(file));
    return beside.get(file);
  };
  return (host, file) => {
    const path = valueFor(paths, host) ?? pathBeside(file);
    if (path === undefined) return undefined;
    const version = valueFor(versions, host) ?? 'unknown';
    return remembered(maps, `${version} ${path}`, () => readCpuMap(path, version, terminal));
  };
}

/** `hosts/kvm-a.cpu_map` for `hosts/kvm-a.xml`, if it is there. */
function mapBeside(file: string): string | undefined {
  const path = `${withoutEnding(file)}${CPU_MAP_ENDING}`;
  return file !== '-' && statsOf(join(path, 'index.xml')) !== undefined ? path : undefined;
}

function valueFor(values: ByHost, host: string): string | undefined {
  return values.get(host) ?? values.get(undefined);
}

function byHost(args: Arguments, option: 'libvirt-version' | 'cpu-map'): ByHost {
  const values = new Map<string | undefined, string>();
  for (const { name, value } of args.texts(option).map(statedOf)) {
    const other = values.get(name) ?? value;
    if (other !== value)
      throw new CommandError(
        'contradictory-options',
        `--${option}: of ${name ?? 'all hosts'} both ${other} and ${value} are stated`,
      );
    values.set(name, value);
  }
  return values;
}
