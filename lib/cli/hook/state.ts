import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GatePool } from '../../../types/gate.ts';
import { isRecord } from '../../text/json.ts';

/** How the gate says it is its own, in the first bytes of the file. */
export const STATE_FORMAT = 'virt-migratable gate';
export const STATE_NAME = 'gate.json';

/** A copied host file, as it was when the verdict was prepared. */
export interface StateFile {
  /** Relative to the folder of the state. */
  readonly path: string;
  readonly size: number;
  /** Whole milliseconds. */
  readonly modified: number;
}

/** What `hook install` was asked for. */
export interface GateSettings {
  readonly onError: 'deny' | 'allow';
  readonly rescue: boolean;
  readonly log: string | null;
  readonly maxAgeDays: number | null;
}

/** The small file that a verdict is given from. Its own time of change is when the gate was installed. */
export interface GateState {
  readonly format: typeof STATE_FORMAT;
  readonly settings: GateSettings;
  /** The words of the command line that tell about hosts, to install again from the copies. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  readonly files: readonly StateFile[];
  /** Folders that were not there before. */
  readonly made: readonly string[];
  readonly pool: GatePool;
}

const DAY = 86_400_000;

/** Why no verdict can be given. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

/**
 * The state, if it can be relied on.
 *
 * @throws StateError if it is missing, damaged, of another form, too old, or older than the host files beside it.
 */
export function readState(path: string, now: number): GateState {
  const state = parseState(path);
  const { maxAgeDays } = state.settings;
  if (maxAgeDays !== null && now - statSync(path).mtimeMs > maxAgeDays * DAY)
    throw new StateError(`the pool's facts are older than ${maxAgeDays} days`);
  const folder = dirname(path);
  const changed = state.files.find((file) => !isSame(join(folder, file.path), file));
  if (changed === undefined) return state;
  throw new StateError(`the pool's facts are stale: ${join(folder, changed.path)} has changed since`);
}

/** The state as it stands there, its age and the files beside it not looked at. */
export function parseState(path: string): GateState {
  const text = attempt(`the pool's facts are missing (${path})`, () => readFileSync(path, 'utf8'));
  const state = attempt(`the pool's facts are damaged (${path})`, () => JSON.parse(text) as unknown);
  if (!isRecord(state) || state['format'] !== STATE_FORMAT || !isRecord(state['pool']))
    throw new StateError(`the pool's facts are damaged (${path})`);
  if (state['pool']['schemaVersion'] !== 1)
    throw new StateError(`the pool's facts are of another version of this program (${path})`);
  if (isState(state)) return state;
  throw new StateError(`the pool's facts are damaged (${path})`);
}

/** What the state keeps of a file. */
export function factsOf(folder: string, path: string): StateFile {
  const { size, mtimeMs } = statSync(join(folder, path));
  return { path, size, modified: Math.floor(mtimeMs) };
}

function isSame(path: string, { size, modified }: StateFile): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now !== undefined && now.size === size && Math.floor(now.mtimeMs) === modified;
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch {
    throw new StateError(what);
  }
}

function isState(
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & GateState {
  const { settings, words, files, made, pool } = value;
  if (!isRecord(settings) || !isRecord(words) || !isRecord(pool) || !Array.isArray(files)) return false;
  const { maxAgeDays, rescue } = settings;
  return (
    typeof rescue === 'boolean' &&
    (maxAgeDays === null || typeof maxAgeDays === 'number') &&
    Object.values(words).every(isNames) &&
    isNames(made) &&
    files.every((file) => isRecord(file) && typeof file['path'] === 'string') &&
    isPool(pool)
  );
}

function isPool({ self, arch, vendor, virtType, ...lists }: Readonly<Record<string, unknown>>): boolean {
  const { common, hosts, rescuable, ancestors, models } = lists;
  return (
    typeof self === 'string' &&
    [arch, vendor, virtType].every((fact) => fact === null || typeof fact === 'string') &&
    isNames(common) &&
    isNames(rescuable) &&
    Array.isArray(hosts) &&
    hosts.some((host) => isRecord(host) && host['name'] === self) &&
    hosts.every((host) => isRecord(host) && isNames(host['surplus']) && isNames(host['unknown'])) &&
    isRecord(ancestors) &&
    isNames(Object.values(ancestors)) &&
    isRecord(models) &&
    Object.values(models).every(isNames)
  );
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
