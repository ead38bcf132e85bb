import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { changedFile, parseState, stateDistrust, staleness, StateError, type GateState } from './state.ts';
import { leftBeside, stagedIn, type GatePaths } from './paths.ts';
import { hookScript, isHookScript, nodeIn, programIn } from './script.ts';
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

/** A gate as it stands there. */
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
    const message = `the gate is of a version before 0.2, and needs the place it was installed from; ${AGAIN}`;
    return {
      installed: true,
      state: undefined,
      time: undefined,
      problems: [{ code: 'other-version', message }, ...left],
    };
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
  return isHookScript(text) && text !== '' && programIn(text) === undefined;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function stateOf(
  { state: path }: GatePaths,
  { now }: StatusContext,
): { readonly state: GateState | undefined; readonly problems: readonly GateProblem[] } {
  try {
    const state = parseState(path);
    const changed = changedFile(path, state);
    const stale = [
      staleness(path, state.settings, now),
      changed === undefined ? undefined : `the pool's facts are stale: ${changed} has changed since`,
    ].flatMap((message) =>
      message === undefined ? [] : [{ code: 'facts-stale', message: `${message}; ${AGAIN}` } as const],
    );
    return { state, problems: stale };
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return {
      state: undefined,
      problems: [{ code: 'facts-unusable', message: `${error.message}; ${AGAIN}` }],
    };
  }
}

function scriptProblems(
  { script, program, state: path }: GatePaths,
  state: GateState | undefined,
): readonly GateProblem[] {
  if (!existsSync(script))
    return [{ code: 'script-missing', message: `${script} is missing, so libvirt asks nobody; ${AGAIN}` }];
  const text = statSync(script).isFile() ? readFileSync(script, 'utf8') : '#';
  if (!isHookScript(text))
    return [
      {
        code: 'script-foreign',
        message: `${script} is not this command's: move it away, then install the gate`,
      },
    ];
  const problems: GateProblem[] = [];
  if (!isExecutable(script))
    problems.push({
      code: 'script-not-executable',
      message: `libvirt does not run ${script}, which is not executable: run "chmod 755 ${script}"`,
    });
  const node = nodeIn(text);
  if (node === undefined || !isNode(node))
    problems.push({
      code: 'node-missing',
      message: `Node.js, which the script runs, is missing (${node ?? '?'}); ${AGAIN}`,
    });
  if (state === undefined || node === undefined) return problems;
  const { onError, log } = state.settings;
  if (text !== hookScript({ node, program, state: path, onError, log }))
    problems.push({ code: 'script-changed', message: `${script} is not as it was installed; ${AGAIN}` });
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
    return [
      { code: 'program-missing', message: `${program}, which gives the verdicts, is missing; ${AGAIN}` },
    ];
  if (state === undefined) return [];
  if (state.version !== version) {
    const message = `the gate is of version ${state.version}, this command of version ${version}; ${AGAIN}`;
    return [{ code: 'other-version', message }];
  }
  if (readFileSync(program, 'utf8') === text) return [];
  return [{ code: 'program-changed', message: `${program} is not as this command installs it; ${AGAIN}` }];
}

function trustProblems(paths: GatePaths, state: GateState | undefined): readonly GateProblem[] {
  const { log = null } = state?.settings ?? {};
  const relied = [paths.script, paths.program, paths.state, ...(log === null ? [] : [log])];
  const found = relied.flatMap((path) => {
    const distrust = distrustOf(path);
    return distrust === undefined ? [] : [`${distrust.path} ${distrust.reason}: run "${distrust.command}"`];
  });
  const ofState = found.length === 0 ? stateDistrust(paths.state) : undefined;
  const all = [...new Set([...found, ...(ofState === undefined ? [] : [ofState])])];
  return all.map((message) => ({ code: 'not-trusted', message }));
}

function leftovers(paths: GatePaths): readonly GateProblem[] {
  return [...leftBeside(paths), ...stagedIn(paths)].map((path) => ({
    code: 'leftover',
    message: `${path} was left by an installation that was stopped: ${AGAIN}, or remove it`,
  }));
}
