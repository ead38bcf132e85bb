import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { changedFile, stateDistrust, stateFrom, staleness, StateError, type GateState } from './state.ts';
import { leftBeside, stagedIn, type GatePaths } from './paths.ts';
import { hookScript, isHookScript, valueIn } from './script.ts';
import { distrustOf } from './trust.ts';

/** Something about a gate that needs a hand. */
export interface GateProblem {
  readonly code:
    | 'not-installed'
    | 'script-missing'
    | 'script-foreign'
    | 'script-changed'
    | 'script-not-executable'
    | 'program-missing'
    | 'program-changed'
    | 'node-missing'
    | 'facts-unusable'
    | 'facts-stale'
    | 'not-trusted'
    | 'other-version'
    | 'leftover';
  /** One sentence: what is wrong, and what to do. */
  readonly message: string;
}

export interface GateStatus {
  readonly installed: boolean;
  readonly state: GateState | undefined;
  /** When it was installed last, in milliseconds. */
  readonly time: number | undefined;
  readonly problems: readonly GateProblem[];
}

/** What a gate is held against. */
export interface StatusContext {
  readonly now: number;
  /** Version of the package that asks, and the text of the program it would install. */
  readonly version: string;
  readonly program: string;
}

const AGAIN = 'run "virt-migratable hook install" again';

/** What a new installation cures. */
function curable(code: GateProblem['code'], message: string): GateProblem {
  return { code, message: `${message}; ${AGAIN}` };
}

/** Whether there is a gate, what it was installed for, and everything that keeps it from its work. Changes nothing. */
export function gateStatus(paths: GatePaths, context: StatusContext): GateStatus {
  const [hasScript, hasState] = [isThere(paths.script), isThere(paths.state)];
  const left = leftovers(paths);
  if (!hasScript && !hasState && !isThere(paths.program)) {
    const message = `no gate is installed: ${paths.script} is missing; run "virt-migratable hook install"`;
    const problems = [{ code: 'not-installed', message } as const, ...left];
    return { installed: false, state: undefined, time: undefined, problems };
  }
  if (isOfOldForm(paths)) {
    const message = 'the gate is of a version before 0.2, and needs the place it was installed from';
    const problems = [curable('other-version', message), ...left];
    return { installed: true, state: undefined, time: undefined, problems };
  }
  const { state, problems } = stateOf(paths, context);
  return {
    installed: hasScript,
    state,
    time: hasState ? Math.floor(statSync(paths.state).mtimeMs) : undefined,
    problems: [
      ...scriptProblems(paths, state),
      ...programProblems(paths, state, context),
      ...problems,
      ...trustProblems(paths, state),
      ...left,
    ],
  };
}

/** Scripts before version 0.2 name no program of their own. */
function isOfOldForm({ script }: GatePaths): boolean {
  if (statSync(script, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const text = readFileSync(script, 'utf8');
  return isHookScript(text) && text !== '' && valueIn('program', text) === undefined;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function stateOf(
  { state: path }: GatePaths,
  { now }: StatusContext,
): { readonly state: GateState | undefined; readonly problems: readonly GateProblem[] } {
  try {
    const state = stateFrom(path);
    const changed = changedFile(path, state);
    const stale = [
      staleness(path, state.settings, now),
      changed && `the pool's facts are stale: ${changed} has changed since`,
    ].filter((message) => message !== undefined);
    return { state, problems: stale.map((message) => curable('facts-stale', message)) };
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return { state: undefined, problems: [curable('facts-unusable', error.message)] };
  }
}

function scriptProblems(
  { script, program, state: path }: GatePaths,
  state: GateState | undefined,
): readonly GateProblem[] {
  if (!existsSync(script)) return [curable('script-missing', `${script} is missing, so libvirt asks nobody`)];
  const text = statSync(script).isFile() ? readFileSync(script, 'utf8') : '#';
  const foreign = `${script} is not this command's: move it away, then install the gate`;
  if (!isHookScript(text)) return [{ code: 'script-foreign', message: foreign }];
  const problems: GateProblem[] = [];
  if (!isExecutable(script))
    problems.push({
      code: 'script-not-executable',
      message: `libvirt does not run ${script}, which is not executable: run "chmod 755 ${script}"`,
    });
  const node = valueIn('node', text);
  if (node === undefined || !isNode(node))
    problems.push(curable('node-missing', `Node.js, which the script runs, is missing (${node ?? '?'})`));
  if (state === undefined || node === undefined) return problems;
  const { onError, log } = state.settings;
  if (text !== hookScript({ node, program, state: path, onError, log }))
    problems.push(curable('script-changed', `${script} is not as it was installed`));
  return problems;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return (statSync(path).mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

function isNode(path: string): boolean {
  const { status, stdout } = spawnSync(path, ['--version'], { env: {}, timeout: 10_000, encoding: 'utf8' });
  return status === 0 && /^v\d+\./.test(stdout);
}

function programProblems(
  { program }: GatePaths,
  state: GateState | undefined,
  { version, program: text }: StatusContext,
): readonly GateProblem[] {
  if (!existsSync(program))
    return [curable('program-missing', `${program}, which gives the verdicts, is missing`)];
  if (state === undefined) return [];
  const versions = `the gate is of version ${state.version}, this command of version ${version}`;
  if (state.version !== version) return [curable('other-version', versions)];
  if (readFileSync(program, 'utf8') === text) return [];
  return [curable('program-changed', `${program} is not as this command installs it`)];
}

function trustProblems(paths: GatePaths, state: GateState | undefined): readonly GateProblem[] {
  const all = [paths.script, paths.program, paths.state, state?.settings.log];
  const relied = all.filter((path) => typeof path === 'string');
  const found = relied.flatMap((path) => {
    const distrust = distrustOf(path);
    return distrust === undefined ? [] : [`${distrust.path} ${distrust.reason}: run "${distrust.command}"`];
  });
  const messages = found.length > 0 ? [...new Set(found)] : [stateDistrust(paths.state)];
  return messages.flatMap((message) => (message === undefined ? [] : [{ code: 'not-trusted', message }]));
}

function leftovers(paths: GatePaths): readonly GateProblem[] {
  return [...leftBeside(paths), ...stagedIn(paths)].map((path) => ({
    code: 'leftover',
    message: `${path} was left by an installation that was stopped: ${AGAIN}, or remove it`,
  }));
}
