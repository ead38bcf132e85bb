import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { GatePool } from '../../../types/gate.ts';
import { usageError } from '../errors.ts';
import { writeText } from '../files/write.ts';
import { hookScript, isHookScript } from './script.ts';
import { factsOf, parseState, STATE_FORMAT, STATE_NAME, type GateSettings, type GateState } from './state.ts';

const SCRIPT_NAME = 'virt-migratable';
const COPIES = 'hosts';

/** Where the parts of a gate stand. */
export interface GatePaths {
  readonly script: string;
  readonly folder: string;
  readonly state: string;
}

/** A host file to be kept beside the state. */
export interface HostCopy {
  readonly host: string;
  readonly text: string;
}

/** @see https://libvirt.org/hooks.html */
export function gatePaths(hooksDir: string, stateDir: string | undefined): GatePaths {
  const folder = stateDir ?? join(hooksDir, 'virt-migratable');
  return { script: join(hooksDir, 'qemu.d', SCRIPT_NAME), folder, state: join(folder, STATE_NAME) };
}

/**
 * Writes the host files and the state, and then the script that uses them. The same again changes nothing but the age.
 *
 * @param program the bundled hook.
 * @returns the paths written.
 * @throws CommandError where something stands that is not this command's.
 */
export function installGate(
  paths: GatePaths,
  pool: GatePool,
  copies: readonly HostCopy[],
  { settings, words, program }: { settings: GateSettings; words: GateState['words']; program: string },
): readonly string[] {
  refuseForeign(paths);
  const names = namesFor(copies);
  const made = makeFolders(paths);
  if (!existsSync(paths.state)) writeText(paths.state, '');
  const old = copiesIn(paths.folder).filter((name) => !names.includes(name));
  for (const name of old) rmSync(join(paths.folder, COPIES, name));
  for (const [i, { text }] of copies.entries())
    writeChanged(join(paths.folder, COPIES, names[i] ?? ''), text);
  const files = names.map((name) => factsOf(paths.folder, join(COPIES, name)));
  const hosts = copies.map(({ host }, i) => `${host}=${join(paths.folder, COPIES, names[i] ?? '')}`);
  const state: GateState = {
    format: STATE_FORMAT,
    settings,
    words: { ...words, host: hosts },
    files,
    made,
    pool,
  };
  writeText(paths.state, `${JSON.stringify(state)}\n`);
  const { onError, log } = settings;
  writeChanged(paths.script, hookScript({ program, state: paths.state, onError, log }));
  chmodSync(paths.script, 0o755);
  return [...names.map((name) => join(paths.folder, COPIES, name)), paths.state, paths.script];
}

/**
 * Removes what `installGate` wrote, the script first; folders only when nothing else is in them.
 *
 * @returns the paths removed; none where there was no gate.
 */
export function uninstallGate(paths: GatePaths): readonly string[] {
  refuseForeign(paths);
  const made = madeBefore(paths);
  const copies = copiesIn(paths.folder).map((name) => join(paths.folder, COPIES, name));
  const removed = [paths.script, paths.state, ...copies].filter((path) => existsSync(path));
  for (const path of removed) rmSync(path);
  // The longest paths first: a folder goes before the one it is in.
  const folders = [...new Set([...made, join(paths.folder, COPIES), paths.folder])];
  for (const folder of folders.sort((a, b) => b.length - a.length)) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
  return removed;
}

/** Makes the folders there are not yet, and returns all that this gate has made, to be removed with it. */
function makeFolders({ script, folder, state }: GatePaths): readonly string[] {
  const missing = [join(folder, COPIES), dirname(script)].flatMap((path) => missingFrom(path));
  for (const path of [...missing].reverse()) mkdirSync(path, { recursive: true });
  return [...new Set([...madeBefore({ script, folder, state }), ...missing])];
}

function missingFrom(path: string): readonly string[] {
  return existsSync(path) ? [] : [path, ...missingFrom(dirname(path))];
}

function madeBefore({ state }: GatePaths): readonly string[] {
  try {
    return parseState(state).made;
  } catch {
    return [];
  }
}

/** The copies that a readable or damaged state of ours has beside it: nobody else writes into that folder. */
function copiesIn(folder: string): readonly string[] {
  const copies = join(folder, COPIES);
  if (!existsSync(join(folder, STATE_NAME)) || !existsSync(copies)) return [];
  return readdirSync(copies).filter((name) => name.endsWith('.xml'));
}

function refuseForeign({ script, folder, state }: GatePaths): void {
  if (existsSync(script) && !(statSync(script).isFile() && isHookScript(readFileSync(script, 'utf8'))))
    throw usageError(`${script} is not this command's: move it away first`);
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw usageError(`${folder} is no directory`);
  const isOurs = existsSync(state)
    ? /^(?:$|\{"format":"virt-migratable gate")/.test(readFileSync(state, 'utf8'))
    : readdirSync(folder).length === 0;
  if (!isOurs) throw usageError(`${folder} is not this command's: choose another with --state-dir`);
}

/** A file name for each copy: the host's, numbered where a host is known by several files. */
function namesFor(copies: readonly HostCopy[]): readonly string[] {
  const counts = new Map<string, number>();
  return copies.map(({ host }) => {
    const count = (counts.get(host) ?? 0) + 1;
    counts.set(host, count);
    return `${encodeURIComponent(host)}${count === 1 ? '' : `.${count}`}.xml`;
  });
}

/** What has the right content already keeps its time, which the state remembers. */
function writeChanged(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeText(path, text);
}
