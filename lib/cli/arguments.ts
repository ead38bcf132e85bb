import { basename } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { CpuMap } from '../../types/cpu-map.ts';
import type { Host } from '../../types/host.ts';
import type { AlsoOptions, Judgement, PlanOptions } from '../../types/options.ts';
import type { XmlLimits } from '../../types/xml.ts';
import { normalVersion } from '../cpu/versions.ts';
import { newHostReader } from '../parser/host/host.ts';
import { readCpuMap, readText } from './files.ts';
import type { Terminal } from './terminal.ts';
import { UsageError, type CommandName } from './usage.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type TextOption =
  | 'output'
  | 'form'
  | 'for'
  | 'from'
  | 'lock'
  | 'model'
  | 'max-depth'
  | 'max-length'
  | 'connect'
  | 'timeout'
  | 'domain'
  | 'virttype'
  | 'arch'
  | 'machine'
  | 'emulatorbin'
  | 'self'
  | 'hooks-dir'
  | 'state-dir'
  | 'on-error'
  | 'log'
  | 'max-age'
  | 'vmi'
  | 'hosts'
  | 'maxphysaddr'
  | 'pmu';
type ListOption = 'host' | 'libvirt-version' | 'cpu-map' | 'virtio';
type Switch =
  | 'features'
  | 'migratable'
  | 'in-place'
  | 'diff'
  | 'check'
  | 'override-conflicts'
  | 'climb'
  | 'allow-core-features'
  | 'record'
  | 'rescue'
  | 'qemu-properties'
  | 'any-machine'
  | 'drop-nested'
  | 'set-migratable'
  | 'guard'
  | 'exhaustive'
  | 'pin'
  | 'strict'
  | 'yes'
  | 'json'
  | 'help';

/** Options every command has. */
const COMMON: Options = {
  host: { type: 'string', multiple: true },
  'libvirt-version': { type: 'string', multiple: true },
  'cpu-map': { type: 'string', multiple: true },
  strict: { type: 'boolean' },
  'max-depth': { type: 'string' },
  'max-length': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/** Options about what hosts' virtio devices offer. */
const VIRTIO: Options = {
  virtio: { type: 'string', multiple: true },
  'qemu-properties': { type: 'boolean' },
};

/** Options of commands that look at a domain. */
const JUDGING: Options = { 'any-machine': { type: 'boolean' } };

/** Options of commands that plan changes. */
const PLANNING: Options = {
  ...JUDGING,
  machine: { type: 'string' },
  maxphysaddr: { type: 'string' },
  pmu: { type: 'string' },
  'drop-nested': { type: 'boolean' },
  'override-conflicts': { type: 'boolean' },
  climb: { type: 'boolean' },
  'allow-core-features': { type: 'boolean' },
  record: { type: 'boolean' },
  ...VIRTIO,
  'set-migratable': { type: 'boolean' },
  guard: { type: 'boolean' },
  exhaustive: { type: 'boolean' },
  pin: { type: 'boolean' },
  model: { type: 'string' },
};

/** Where a domain goes that was changed. */
const OUTPUT: Options = {
  output: { type: 'string', short: 'o' },
  'in-place': { type: 'boolean' },
  diff: { type: 'boolean' },
};

/** Options of `rewrite` alone. */
const REWRITE: Options = {
  ...OUTPUT,
  form: { type: 'string' },
  for: { type: 'string' },
  check: { type: 'boolean' },
};

/** Options of `undo`, which asks no host. */
const UNDO: Options = {
  ...OUTPUT,
  'max-depth': { type: 'string' },
  'max-length': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/** Options of commands that may ask a host itself. */
const LIVE: Options = { timeout: { type: 'string' } };

/** Options that say for what kind of guest a host is asked. */
const CONTEXT: Options = {
  domain: { type: 'string' },
  virttype: { type: 'string' },
  arch: { type: 'string' },
  machine: { type: 'string' },
  emulatorbin: { type: 'string' },
};

/** Options of `capture`, which reads no file but that of a domain. */
const CAPTURE: Options = {
  output: { type: 'string', short: 'o' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};

/** Options of `apply` alone. */
const APPLY: Options = { connect: { type: 'string', short: 'c' }, yes: { type: 'boolean', short: 'y' } };

/** Options of `baseline` alone. */
const BASELINE: Options = {
  features: { type: 'boolean' },
  migratable: { type: 'boolean' },
  lock: { type: 'string' },
};

/** Options of `hook` alone. */
const HOOK: Options = {
  self: { type: 'string' },
  'hooks-dir': { type: 'string' },
  'state-dir': { type: 'string' },
  'on-error': { type: 'string' },
  log: { type: 'string' },
  'max-age': { type: 'string' },
  rescue: { type: 'boolean' },
};

/** Options of `on-define-domain` alone. */
const ON_DEFINE_DOMAIN: Options = {
  vmi: { type: 'string' },
  domain: { type: 'string' },
  hosts: { type: 'string' },
};

/** Every option of every command, as it is parsed. */
export const OPTIONS: Readonly<Record<CommandName, Options>> = {
  rewrite: { ...COMMON, ...REWRITE, ...PLANNING, ...LIVE },
  explain: { ...COMMON, ...PLANNING, ...LIVE },
  undo: UNDO,
  check: { ...COMMON, ...JUDGING, ...LIVE, ...VIRTIO, from: { type: 'string' }, lock: { type: 'string' } },
  diff: { ...COMMON, ...LIVE, ...CONTEXT },
  capture: { ...CAPTURE, ...LIVE, ...CONTEXT },
  apply: { ...COMMON, ...APPLY, ...PLANNING, ...LIVE },
  completion: { help: { type: 'boolean', short: 'h' } },
  baseline: { ...COMMON, ...BASELINE },
  expand: COMMON,
  compare: COMMON,
  hook: { ...COMMON, ...HOOK, ...LIVE, ...CONTEXT },
  'on-define-domain': { ...COMMON, ...ON_DEFINE_DOMAIN, ...PLANNING },
};

/** The words of a command line, sorted by what they mean. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** Text of an option given once. */
  readonly text: (name: TextOption) => string | undefined;
  readonly texts: (name: ListOption) => readonly string[];
  readonly has: (name: Switch) => boolean;
}

/** Sorts the words behind a command. */
export function readArguments(command: CommandName, words: readonly string[]): Arguments {
  const { values, positionals } = parsed(command, words, OPTIONS[command]);
  return {
    positionals,
    text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    texts: (name) => (Array.isArray(values[name]) ? values[name].map(String) : []),
    has: (name) => values[name] === true,
  };
}

function parsed(command: string, words: readonly string[], options: Options): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new UsageError(`${reason}; see "virt-migratable ${command} --help"`);
  }
}

/** The one domain file a command works on. */
export function domainPath(command: string, { positionals }: Arguments): string {
  const [path, another] = positionals;
  if (path === undefined)
    throw new UsageError(`which domain? Usage: virt-migratable ${command} DOMAIN.xml --host …`);
  if (another !== undefined) throw new UsageError(`one domain at a time: what is "${another}"?`);
  return path;
}

/** Limits for reading. */
export function limits(args: Arguments): XmlLimits {
  const [maxDepth, maxLength] = [numberOption(args, 'max-depth'), numberOption(args, 'max-length')];
  return {
    ...(maxDepth !== undefined && { maxDepth }),
    ...(maxLength !== undefined && { maxLength }),
  };
}

/** What to let pass, and what to stop at, whatever domain comes. */
export function judgement(args: Arguments): Judgement {
  return {
    ...(args.has('any-machine') && { accept: ['other-machine'] }),
    ...(args.has('strict') && { refuse: ['weak-source', 'identity'] }),
  };
}

/** What to change, and what to refuse. */
export function planOptions(args: Arguments): PlanOptions {
  const model = args.text('model');
  if (model !== undefined && !args.has('pin')) throw new UsageError('--model goes with --pin');
  const accept = [
    ...(args.has('override-conflicts') ? ['conflicts' as const] : []),
    ...(args.has('allow-core-features') ? ['core-features' as const] : []),
  ];
  const cpu = {
    guard: args.has('guard'),
    exhaustive: args.has('exhaustive'),
    disableParent: args.has('climb'),
    pin: model ?? args.has('pin'),
  };
  return { cpu, also: alsoOptions(args), accept };
}

/** What to change beside the features of the CPU. */
export function alsoOptions(args: Arguments): AlsoOptions {
  const virtio = args.has('qemu-properties') ? 'properties' : 'common';
  return {
    ...(only(args, 'machine', 'common') && { machine: 'common' }),
    ...(only(args, 'maxphysaddr', 'common') && { maxphysaddr: 'common' }),
    ...(only(args, 'pmu', 'off') && { pmu: 'off' }),
    ...(args.has('drop-nested') && { nested: 'off' }),
    ...(args.has('set-migratable') && { migratable: 'on' }),
    ...(args.texts('virtio').length > 0 && { virtio }),
  };
}

/** Is the option given? It has one value only. */
function only(args: Arguments, name: 'machine' | 'maxphysaddr' | 'pmu', value: string): boolean {
  const given = args.text(name);
  if (given === undefined || given === value) return given === value;
  throw new UsageError(`--${name} is ${value}, not "${given}"`);
}

/** A whole number, where the option is given. */
export function numberOption(
  args: Arguments,
  name: 'max-depth' | 'max-length' | 'timeout',
): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--${name} takes a whole number, not "${text}"`);
  return Number(text);
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Every host of the command line, read. A file that cannot be read stops the command. Those that were asked
 * themselves come as `captured` texts, by their names.
 */
export function readHosts(
  args: Arguments,
  terminal: Terminal,
  words: readonly string[] = args.texts('host'),
  captured: ReadonlyMap<string, string> = NONE,
): readonly Host[] {
  const files = words.map(named);
  if (files.length === 0) throw new UsageError('which hosts? Give --host [NAME=]FILE for each, two at least');
  if (files.some(({ value }) => value === '-') && args.positionals.includes('-')) {
    throw new UsageError('standard input can be read once: give the domain or the host as a file');
  }
  const names = files.map(hostName);
  const versions = byHost(args, 'libvirt-version', names);
  const maps = byHost(args, 'cpu-map', names);
  for (const version of versions.values()) {
    if (normalVersion(version) === undefined) throw new UsageError(`"${version}" is not a libvirt version`);
  }
  const reader = newHostReader();
  return files.flatMap(({ value: path }, i) => {
    const name = names[i] ?? '';
    const version = versions.get(name) ?? versions.get(undefined);
    const map = maps.get(name) ?? maps.get(undefined);
    const live = isUri(path) ? captured.get(name) : undefined;
    const { text, path: file } = live === undefined ? readText(path, terminal) : { text: live, path };
    const cpuMap = map === undefined ? undefined : mapOf(map, version);
    return reader.read(text, {
      ...limits(args),
      file,
      name,
      ...(cpuMap !== undefined && { cpuMap }),
      ...(version !== undefined && { libvirtVersion: version }),
    });
  });
}

const maps = new Map<string, CpuMap>();

function mapOf(path: string, version = 'unknown'): CpuMap {
  const key = `${version} ${path}`;
  const known = maps.get(key);
  if (known !== undefined) return known;
  const map = readCpuMap(path, version);
  maps.set(key, map);
  return map;
}

/** The values of an option by the host they are for; those for all hosts under `undefined`. */
function byHost(
  args: Arguments,
  option: 'libvirt-version' | 'cpu-map',
  hosts: readonly string[],
): ReadonlyMap<string | undefined, string> {
  const values = args.texts(option).map(named);
  const stranger = values.find(({ name }) => name !== undefined && !hosts.includes(name));
  if (stranger === undefined) return new Map(values.map(({ name, value }) => [name, value]));
  throw new UsageError(`--${option} ${stranger.name ?? ''}=…: there is no such host (${hosts.join(', ')})`);
}

/** Where a host is read, and what it is to be called. */
interface Named {
  readonly name: string | undefined;
  readonly value: string;
}

/** Is this a host to be asked itself, through virsh, rather than a file? */
export function isUri(value: string): boolean {
  return value.includes('://');
}

/** What a host is called: as was said, else as its machine or its file. */
export function hostName({ name, value }: Named): string {
  if (name !== undefined) return name;
  if (!isUri(value)) return basename(value).replace(/\.(?:xml|json)$/i, '');
  const machine = /^[^:]*:\/\/(?:[^@/?]*@)?(\[[^\]]*\]|[^/:?]*)/.exec(value)?.[1] ?? '';
  return machine === '' ? 'localhost' : machine.replaceAll(/[[\]]/g, '');
}

/** `NAME=value`; a slash before the `=` belongs to a path. */
export function named(word: string): Named {
  const found = /^([^/=]+)=(.*)$/s.exec(word);
  if (found?.[2] === '') throw new UsageError(`"${word}" has nothing behind the "="`);
  return { name: found?.[1], value: found?.[2] ?? word };
}
