import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { GatePool } from '../../../types/gate.ts';
import { attempt, CommandError } from '../errors.ts';
import type { GateSettingsFacts } from '../report/results.ts';
import { held } from '../files/held.ts';
import {
  copyNames,
  hasOnlyOwn,
  leftBeside,
  ownFilesIn,
  stagedIn,
  stagingPath,
  type GatePaths,
  type HostCopy,
} from './paths.ts';
import { GATE_LOCK, withGateLock } from './lock.ts';
import type { Program } from './program.ts';
import { hookScript, isHookScript } from './script.ts';
import { factsOf, requestIn, STATE_FORMAT, type GateState, type Request, type StateFile } from './state.ts';
import { distrustOf, distrustOfFile } from './trust.ts';

/** What a gate is installed with. */
export interface Installation {
  readonly pool: GatePool;
  readonly copies: readonly HostCopy[];
  readonly settings: GateSettingsFacts;
  readonly words: GateState['words'];
  readonly program: Program;
  /** Version of the package. */
  readonly version: string;
}

/** An installation takes no longer: what is older was left by one that was stopped. */
const LONGEST_MILLISECONDS = 60_000;

/**
 * Writes the program, the host files and the state, and then the script that uses them. Each is made ready in the
 * gate's own folder and takes its place in one step, so that a call that runs meanwhile finds the old gate or the new
 * one. The same again changes nothing but the age.
 *
 * @returns the paths written.
 * @throws CommandError where something stands that is not this command's, or that others could change.
 */
export function installGate(paths: GatePaths, installation: Installation): readonly string[] {
  refuseForeign(paths);
  refuseDistrusted(paths, installation);
  const made = attempt('write', paths.folder, () => makeFolders(paths));
  return attempt('write', paths.folder, () =>
    withGateLock(paths.folder, () => placeGate(paths, installation, made)),
  );
}

function placeGate(paths: GatePaths, installation: Installation, made: readonly string[]): readonly string[] {
  const { settings, program } = installation;
  const { onError, log } = settings;
  const staging = stagingPath(paths);
  const remove = (): void => {
    rmSync(staging, { recursive: true, force: true });
  };
  const release = held(remove);
  try {
    mkdirSync(staging, { mode: 0o700 });
    const stage = stageIn(staging);
    const wasInstalled = existsSync(paths.state);
    replace(paths.program, stage(program.text, 0o644));
    const copies = replaceFacts(paths, installation, made, stage);
    const facts = { node: process.execPath, program: paths.program, state: paths.state, onError, log };
    replace(paths.script, stage(hookScript(facts), 0o755), moveScript);
    // State and program of other versions: no call that uses them can still run where this version stood before.
    const others = ownFilesIn(paths).filter((path) => path !== paths.state && path !== paths.program);
    if (wasInstalled) for (const path of others) rmSync(path);
    removeLeftovers(paths, LONGEST_MILLISECONDS);
    return [paths.program, ...copies, paths.state, paths.script];
  } finally {
    remove();
    release();
  }
}

/** A text in a new file in the gate's own folder, whose mode is what it says whatever the umask is. */
type Stage = (content: string | Buffer, mode: number) => string;

function stageIn(staging: string): Stage {
  return (content, mode) => {
    const path = join(staging, String(readdirSync(staging).length));
    const file = openSync(path, 'wx', 0o600);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(path, mode);
    return path;
  };
}

/** What has the right content already keeps its time, which the state remembers. */
function replace(path: string, staged: string, move: typeof moveScript = renameSync): void {
  if (existsSync(path) && readFileSync(path).equals(readFileSync(staged)))
    chmodSync(path, statSync(staged).mode & 0o777);
  else move(staged, path);
}

/**
 * First a state that takes the host files as they are and as they will be; then these; then the state that knows them
 * only as they are now.
 */
function replaceFacts(
  paths: GatePaths,
  installation: Installation,
  made: readonly string[],
  stage: Stage,
): readonly string[] {
  const { folder, copies: copiesFolder, state } = paths;
  const { copies } = installation;
  const names = copyNames(copies).map((name) => join(basename(copiesFolder), name));
  const staged = copies.map(({ text }) => stage(text, 0o644));
  const [before, after] = [
    names.flatMap((name) => (existsSync(join(folder, name)) ? [factsOf(join(folder, name), name)] : [])),
    names.map((name, i) => factsOf(staged[i] ?? '', name)),
  ];
  const write = (files: readonly StateFile[]): void => {
    renameSync(stage(stateText(paths, installation, made, files), 0o644), state);
  };
  write([...after, ...before]);
  for (const [i, name] of names.entries()) replace(join(folder, name), staged[i] ?? '');
  write(names.map((name) => factsOf(join(folder, name), name)));
  const written = names.map((name) => join(folder, name));
  for (const path of copiesIn(paths)) if (!written.includes(path)) rmSync(path);
  return written;
}

function stateText(
  { folder }: GatePaths,
  { pool, copies, settings, words, version }: Installation,
  made: readonly string[],
  files: readonly StateFile[],
): string {
  const hosts = copies.map(({ host, several }, i) => {
    const path = join(folder, files[i]?.path ?? '');
    return several ? path : `${host}=${path}`;
  });
  const state: GateState = {
    format: STATE_FORMAT,
    version,
    settings,
    words: { ...words, host: hosts },
    files,
    made,
    pool,
  };
  return `${JSON.stringify(state)}\n`;
}

/**
 * A state that is kept elsewhere may be on another file system, and files there are labelled otherwise (SELinux): then
 * the script is made ready beside libvirt's hooks, where libvirt runs nothing of such a name, and not among them.
 */
function moveScript(staged: string, script: string): void {
  const hooks = dirname(dirname(script));
  if (staged.startsWith(join(hooks, '/'))) {
    renameSync(staged, script);
    return;
  }
  const beside = join(hooks, `.${basename(script)}.${process.pid}.tmp`);
  try {
    writeFileSync(beside, readFileSync(staged), { mode: 0o600, flag: 'wx' });
    chmodSync(beside, 0o755);
    renameSync(beside, script);
  } finally {
    rmSync(beside, { force: true });
  }
}

function removeLeftovers(paths: GatePaths, age: number): readonly string[] {
  const old = stagedIn(paths).filter((path) => isOlder(path, age));
  const scripts = leftBeside(paths).filter(
    (path) => isOlder(path, age) && isHookScript(readFileSync(path, 'utf8')),
  );
  for (const path of [...old, ...scripts]) rmSync(path, { recursive: true, force: true });
  return [...old, ...scripts];
}

function isOlder(path: string, milliseconds: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs >= milliseconds;
}

/**
 * Removes what `installGate` wrote, the script first; folders only when nothing else is in them.
 *
 * @returns the paths removed; none where there was no gate.
 */
export function uninstallGate(paths: GatePaths): readonly string[] {
  refuseForeign(paths);
  return existsSync(paths.folder) ? withGateLock(paths.folder, () => removeGate(paths)) : removeGate(paths);
}

function removeGate(paths: GatePaths): readonly string[] {
  const made = previousRequest(paths)?.made ?? [];
  const found = [paths.script, ...ownFilesIn(paths), ...copiesIn(paths)].filter((path) => existsSync(path));
  for (const path of found) rmSync(path);
  // The lock goes with the folder, and is nobody's leftover.
  const leftovers = removeLeftovers(paths, 0).filter((path) => basename(path) !== GATE_LOCK);
  const removed = [...found, ...leftovers];
  // The longest paths first: a folder goes before the one it is in.
  const folders = [...new Set([...made, paths.copies, paths.folder])];
  for (const folder of folders.sort((a, b) => b.length - a.length)) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
  return removed;
}

/** What the gate that is installed was asked for, whichever version wrote its state. */
export function previousRequest(paths: GatePaths): Request | undefined {
  for (const path of [paths.state, ...statesIn(paths).sort().reverse()]) {
    try {
      return requestIn(path);
    } catch {
      continue;
    }
  }
  return undefined;
}

function statesIn(paths: GatePaths): string[] {
  return ownFilesIn(paths).filter((path) => path.endsWith('.json'));
}

/** Makes the folders there are not yet, and returns all that this gate has made, to be removed with it. */
function makeFolders(paths: GatePaths): readonly string[] {
  const missing = [paths.copies, dirname(paths.script)].flatMap((path) => missingFrom(path));
  for (const path of [...missing].reverse()) {
    if (existsSync(path)) continue;
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o755);
  }
  return [...new Set([...(previousRequest(paths)?.made ?? []), ...missing])];
}

function missingFrom(path: string): readonly string[] {
  return existsSync(path) ? [] : [path, ...missingFrom(dirname(path))];
}

/** The copies that a gate of ours, whole or damaged, has in its folder: nobody else writes there. */
function copiesIn(paths: GatePaths): readonly string[] {
  if (!existsSync(paths.copies) || ownFilesIn(paths).length === 0) return [];
  const names = readdirSync(paths.copies).filter((name) => name.endsWith('.xml'));
  return names.map((name) => join(paths.copies, name));
}

function refuseForeign(paths: GatePaths): void {
  const { script, folder } = paths;
  if (existsSync(script) && !(statSync(script).isFile() && isHookScript(readFileSync(script, 'utf8'))))
    throw new CommandError('foreign-file', `${script} is not this command's: move it away first`);
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new CommandError('foreign-file', `${folder} is no directory`);
  const states = statesIn(paths);
  const isOurs =
    states.length === 0
      ? hasOnlyOwn(paths)
      : states.every((path) => OUR_STATE.test(readFileSync(path, 'utf8')));
  if (!isOurs)
    throw new CommandError(
      'foreign-file',
      `${folder} is not this command's: choose another with --state-dir`,
    );
}

/** A state as this command writes it, or the beginning of one. */
const OUR_STATE = /^(?:$|\{"format":"virt-migratable gate")/;

/** A gate that somebody else can change is none. */
function refuseDistrusted(paths: GatePaths, { settings, program }: Installation): void {
  const { log } = settings;
  if (log !== null && lstatSync(log, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new CommandError(
      'bad-value',
      `--log ${log} is a link, which the gate does not follow: name the file itself`,
    );
  const places = [process.execPath, paths.script, paths.state, paths.copies];
  const relied = [...places, ...ownFilesIn(paths), ...copiesIn(paths), ...(log === null ? [] : [log])];
  const found = [...program.from.map(distrustOfFile), ...relied.map(distrustOf)];
  const first = found.find((one) => one !== undefined);
  if (first === undefined) return;
  throw new CommandError(
    'untrusted-place',
    `${first.path} ${first.reason}, who could change what the gate decides: run "${first.command}", or use another place`,
  );
}
