import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isLibvirtXmlError } from '../../issues/issues.ts';
import { isObject, listOf } from '../../parser/host/json-values.ts';
import { readJson, type JsonValue } from '../../parser/json.ts';
import { closest } from '../../text/distance.ts';
import { isRecord } from '../../text/json.ts';
import { positionAt } from '../../text/position.ts';
import { CommandError, isSystemError } from '../errors.ts';
import { readTextFile } from '../files/read.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { readYaml } from '../hosts/yaml.cjs';

/** What a configuration file says, before anybody knows whether its options are right. */
export interface Config {
  /** For messages. */
  readonly path: string;
  /** What its paths are relative to, from here. */
  readonly directory: string;
  /** As behind `--host`. */
  readonly hosts: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

const NAMES = ['virt-migratable.json', 'virt-migratable.yaml', 'virt-migratable.yml'];
const KEYS = ['hosts', 'options', '$schema'];

/** The configuration file that is named, or the nearest from here upwards. */
export function configFrom(named: string | undefined, terminal: Terminal): Config | undefined {
  const path = named ?? nearestFromHere();
  if (path === undefined) return undefined;
  if (named === undefined) refuseStrangers(path);
  const shown = named ?? (relative(process.cwd(), path) || path);
  return checked(shown, valueIn(shown, readTextFile(shown, terminal).text));
}

/** From a directory that is gone, nothing is found. */
function nearestFromHere(): string | undefined {
  try {
    return nearest(process.cwd());
  } catch (error) {
    if (isSystemError(error) && error.syscall === 'uv_cwd') return undefined;
    throw error;
  }
}

function nearest(directory: string): string | undefined {
  const found = NAMES.map((name) => join(directory, name)).filter((path) => existsSync(path));
  const [first, second] = found;
  if (second !== undefined) throw badConfig(first ?? '', `${second} is there too: keep one of them`);
  const above = dirname(directory);
  return first ?? (above === directory ? undefined : nearest(above));
}

/** What hosts to ask, and so which programs to run, may be said by nobody but the user, or the system. */
function refuseStrangers(path: string): void {
  const { uid, mode } = statSync(path);
  const self = process.getuid?.() ?? uid;
  const isOthers = uid !== self && uid !== 0;
  const isOpen = (mode & 0o002) !== 0;
  if (isOthers || isOpen)
    throw badConfig(
      path,
      `${isOthers ? 'it belongs to another user' : 'every user can write it'}: use --config ${path} if you trust it, or --no-config`,
    );
}

function valueIn(path: string, text: string): unknown {
  try {
    const values = path.endsWith('.json')
      ? readJson(text, { file: path }).map(({ value }) => plain(value))
      : readYaml(text);
    if (values.length > 1) throw new Error('it has several documents');
    return values[0];
  } catch (error) {
    const { message, reason = message } = error as Error & { readonly reason?: string };
    const { line, column } = positionAt(text, offsetOf(error));
    throw badConfig(`${path}:${line}:${column}`, reason);
  }
}

/** Where the reader of JSON, or of YAML, stopped. */
function offsetOf(error: unknown): number {
  if (isLibvirtXmlError(error)) return error.offset;
  const { pos } = error as { readonly pos?: readonly number[] };
  return pos?.[0] ?? 0;
}

/** A value as JavaScript has it, objects as objects. */
function plain(value: JsonValue): unknown {
  if (isObject(value)) return Object.fromEntries([...value].map(([name, inner]) => [name, plain(inner)]));
  return Array.isArray(value) ? listOf(value).map(plain) : value;
}

function checked(path: string, value: unknown): Config {
  const directory = relative(process.cwd(), dirname(resolve(path)));
  const nothing = { path, directory, hosts: [], options: {} };
  if (value === undefined || value === null) return nothing;
  if (!isRecord(value)) throw badConfig(path, 'it has no keys');
  for (const key of Object.keys(value)) {
    const meant = closest(key, KEYS);
    const advice = meant === undefined ? `it may have ${KEYS.join(', ')}` : `did you mean "${meant}"?`;
    if (!KEYS.includes(key)) throw badConfig(path, `there is no key "${key}"; ${advice}`);
  }
  const { options = {}, hosts = [] } = value;
  if (!isRecord(options)) throw badConfig(path, '"options" has options by their names');
  return { ...nothing, hosts: hostWords(path, hosts), options };
}

/** Words as behind `--host`; by name, where they have one. */
function hostWords(path: string, hosts: unknown): readonly string[] {
  if (isTexts(hosts)) return [hosts].flat();
  if (isRecord(hosts)) {
    const entries = Object.entries(hosts);
    const wrong = entries.find(([name, place]) => !isTexts(place) || /[=/]/.test(name))?.[0];
    if (wrong !== undefined) throw badConfig(path, `"hosts": "${wrong}" is no name with a file or URI`);
    return entries.flatMap(([name, place]) =>
      [place as string | string[]].flat().map((one) => `${name}=${one}`),
    );
  }
  throw badConfig(path, '"hosts" is a list of files, directories, patterns and URIs, or these by name');
}

function isTexts(value: unknown): value is string | readonly string[] {
  return typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
}

export function badConfig(path: string, problem: string): CommandError {
  return new CommandError('bad-config', `${path}: ${problem}`);
}
