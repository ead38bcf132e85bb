import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GatePool } from '../../../types/gate.ts';
import { isGatePool } from '../../diff/gate/shape.ts';
import { isNames, isRecord } from '../../text/json.ts';
import type { GateSettingsFacts } from '../report/results.ts';
import { distrustOfFile, isTrustedFile } from './trust.ts';

/** How the gate says it is its own, in the first bytes of the file. */
export const STATE_FORMAT = 'virt-migratable gate';
/** Raised when a program that reads the state would have to change. */
export const STATE_VERSION = 4;

/** A copied host file, as it was when the verdict was prepared. While a gate is installed, a path may be here twice. */
export interface StateFile {
  /** Relative to the folder of the state. */
  readonly path: string;
  readonly size: number;
  /** Whole milliseconds. */
  readonly modified: number;
}

/** The small file that a verdict is given from. Its own time of change is when the gate was installed. */
export interface GateState {
  readonly format: typeof STATE_FORMAT;
  /** Version of the package that wrote it. */
  readonly version: string;
  readonly settings: GateSettingsFacts;
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
 * @throws StateError if it is missing, damaged, of another form, too old, older than the host files beside it, or could
 * have been written by somebody else.
 */
export function readState(path: string, now: number): GateState {
  const problem = stateDistrust(path);
  if (problem !== undefined) throw new StateError(problem);
  const state = currentState(path);
  const age = staleness(path, state.settings, now);
  if (age !== undefined) throw new StateError(age);
  return state;
}

/** Why somebody else could have written the state, if so. */
export function stateDistrust(path: string): string | undefined {
  const found = distrustOfFile(dirname(path)) ?? distrustOfFile(path);
  if (found !== undefined)
    return `the pool's facts are not to be relied on: ${found.path} ${found.reason}; run "${found.command}"`;
  const isLink = statSync(path, { throwIfNoEntry: false }) !== undefined && !isTrustedFile(path);
  return isLink ? `the pool's facts are not to be relied on: ${path} is no plain file` : undefined;
}

/** The limit that was set to the age of the facts, if it is over. */
export function staleness(path: string, { maxAgeDays }: GateSettingsFacts, now: number): string | undefined {
  return maxAgeDays !== null && now - statSync(path).mtimeMs > maxAgeDays * DAY
    ? `the pool's facts are older than ${maxAgeDays} days`
    : undefined;
}

/** A gate that is being installed replaces the state, then the host files: what was read before may be over meanwhile. */
function currentState(path: string): GateState {
  let text = '';
  for (;;) {
    const next = textOf(path);
    const state = stateFrom(path, next);
    const changed = changedFile(path, state);
    if (changed === undefined) return state;
    if (next === text) throw new StateError(`the pool's facts are stale: ${changed} has changed since`);
    text = next;
  }
}

/** A host file that is not as the state remembers it. */
export function changedFile(path: string, { files }: Pick<GateState, 'files'>): string | undefined {
  const folder = dirname(path);
  const changed = files.find(
    (file) => !files.some((one) => one.path === file.path && isSame(join(folder, file.path), one)),
  );
  return changed === undefined ? undefined : join(folder, changed.path);
}

function textOf(path: string): string {
  return attempt(`the pool's facts are missing (${path})`, () => readFileSync(path, 'utf8'));
}

/** The state as it stands there, its age and the files beside it not looked at. */
export function stateFrom(path: string, text: string = textOf(path)): GateState {
  const state = recordFrom(text, path);
  if (!isRecord(state['pool'])) throw new StateError(`the pool's facts are damaged (${path})`);
  if (state['pool']['schemaVersion'] !== STATE_VERSION)
    throw new StateError(`the pool's facts are of another version of this program (${path})`);
  if (isState(state)) return state;
  throw new StateError(`the pool's facts are damaged (${path})`);
}

function recordFrom(text: string, path: string): Readonly<Record<string, unknown>> {
  const state = attempt(`the pool's facts are damaged (${path})`, () => JSON.parse(text) as unknown);
  if (isRecord(state) && state['format'] === STATE_FORMAT) return state;
  throw new StateError(`the pool's facts are damaged (${path})`);
}

/** What a gate was asked for, which every version's state says in the same form. */
export type Request = Pick<GateState, 'settings' | 'words' | 'made'> & { readonly self: string };

/**
 * What the gate of this state was asked for, also where another version wrote it.
 *
 * @throws StateError if it is missing or damaged.
 */
export function requestIn(path: string): Request {
  const { settings, words, made, pool } = recordFrom(textOf(path), path);
  const self = isRecord(pool) ? pool['self'] : undefined;
  if (isSettings(settings) && isWords(words) && isNames(made) && typeof self === 'string')
    return { settings, words, made, self };
  throw new StateError(`the pool's facts are damaged (${path})`);
}

/** What the state keeps of a file, which may stand somewhere else yet. */
export function factsOf(place: string, path: string): StateFile {
  const { size, mtimeMs } = statSync(place);
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
  const { version, settings, words, files, made, pool } = value;
  return (
    typeof version === 'string' &&
    isSettings(settings) &&
    isWords(words) &&
    isNames(made) &&
    Array.isArray(files) &&
    files.every((file) => isRecord(file) && typeof file['path'] === 'string') &&
    isGatePool(pool)
  );
}

function isSettings(value: unknown): value is GateSettingsFacts {
  if (!isRecord(value)) return false;
  const { maxAgeDays, rescue, log, onError } = value;
  return (
    typeof rescue === 'boolean' &&
    (onError === 'deny' || onError === 'allow') &&
    (log === null || typeof log === 'string') &&
    (maxAgeDays === null || typeof maxAgeDays === 'number')
  );
}

function isWords(value: unknown): value is GateState['words'] {
  return isRecord(value) && Object.values(value).every(isNames);
}
