import { hostname } from 'node:os';
import { resolve } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Baseline } from '../../../types/baseline.ts';
import type { GatePool } from '../../../types/gate.ts';
import type { Issue } from '../../../types/issue.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { kindsBy } from '../../diff/pool/kinds.ts';
import { gatePool } from '../../diff/gate/facts.ts';
import { issue } from '../../issues/issues.ts';
import { every } from '../../issues/words.ts';
import { closest } from '../../text/distance.ts';
import { nameList } from '../../text/fold.ts';
import { argumentsFromUser, CommandError, usageError } from '../errors.ts';
import { installGate, previousRequest, uninstallGate } from '../hook/install.ts';
import { gatePaths, type GatePaths, type HostCopy } from '../hook/paths.ts';
import { gateProgram } from '../hook/program.ts';
import { runHook } from '../hook/run.ts';
import { gateStatus, type GateStatus } from '../hook/status.ts';
import { processWorld } from '../hook/world.ts';
import { noSuchHost } from '../hosts/names.ts';
import { hostTextsOf } from '../hosts/read.ts';
import type { HostText } from '../hosts/sources.ts';
import { judgement } from '../options/library.ts';
import { statesHosts, type Arguments } from '../options/parse.ts';
import { usageLine, wordsOf } from '../options/table.ts';
import { json } from '../report/json.ts';
import type { GateSettingsFacts } from '../report/results.ts';
import { counted, exitCodeFor, tellIssues } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wordLines, words } from '../terminal/words.ts';

const HOOKS = '/etc/libvirt/hooks';
const DEFAULTS: GateSettingsFacts = { onError: 'deny', rescue: false, log: null, maxAgeDays: null };

/** Tasks of the command, and what each does. */
const TASKS = { install, uninstall, status } as const;

/** How libvirt ends the third of its four words. @see https://libvirt.org/hooks.html#script-arguments */
const SUB_OPERATIONS: ReadonlySet<string> = new Set(['begin', 'end', '-']);

/** Installs, removes or looks at the gate, or is the gate for one call of libvirt's: guest, operation, sub-operation, extra. */
export async function hook(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const [word = '', ...rest] = args.positionals;
  const stateDir = args.text('state-dir');
  const paths = gatePaths(
    resolve(args.text('hooks-dir') ?? HOOKS),
    stateDir === undefined ? undefined : resolve(stateDir),
  );
  if (isTask(word) && rest.length === 0) return TASKS[word](args, terminal, paths);
  // Anything else is a slip, which must not pass for an open gate.
  if (rest.length !== 3 || !SUB_OPERATIONS.has(rest[1] ?? '')) throw wrongCall(args.positionals);
  const log = args.text('log') ?? null;
  return runHook({ state: paths.state, onError: onErrorOf(args) }, args.positionals, processWorld(log));
}

function isTask(word: string): word is keyof typeof TASKS {
  return Object.hasOwn(TASKS, word);
}

/** The error for words that are neither a task nor a call of libvirt. */
function wrongCall(given: readonly string[]): Error {
  const usage = wordsOf('hook').forms.map((form) => `  ${usageLine('hook', form)}`);
  return usageError(wrongWords(given), ['Usage:', ...usage]);
}

function wrongWords([word, ...rest]: readonly string[]): string {
  if (word === undefined) return 'hook needs to know what to do';
  if (isTask(word))
    return `hook ${word} takes options only, not "${rest.join(' ')}"${word === 'install' ? '; a host is --host [NAME=]FILE' : ''}`;
  const meant = closest(word, Object.keys(TASKS));
  return meant === undefined
    ? `hook has no task "${word}", and a call of libvirt has four words, the third of them "begin", "end" or "-"`
    : `hook has no task "${word}"; did you mean "${meant}"?`;
}

async function install(given: Arguments, terminal: Terminal, paths: GatePaths): Promise<0 | 1 | 2> {
  const { args, previous, self: known } = asBefore(given, paths);
  const texts = await hostTextsOf(args, terminal);
  const baseline = diffHosts(
    texts.flatMap(({ hosts }) => hosts),
    judgement(args),
  );
  const { length } = baseline.hosts;
  const tooFew = length < 2 ? [issue('too-few-hosts', { count: length })] : [];
  const issues = [...baseline.issues, ...tooFew, ...mixedContexts(baseline)];
  tellIssues(issues, terminal);
  const code = exitCodeFor(issues);
  if (code !== 0) return code;
  const self = selfOf(baseline, args.text('self') ?? known);
  const pool = argumentsFromUser('not-comparable', () => gatePool(baseline, self));
  const settings = gateSettings(args, previous);
  const restated = {
    'libvirt-version': args.texts('libvirt-version'),
    'cpu-map': args.texts('cpu-map').map(absolute),
  };
  const { version } = packageJson;
  const made = { program: gateProgram(), version };
  const written = installGate(paths, { pool, copies: texts.map(copyOf), settings, words: restated, ...made });
  if (args.has('json')) terminal.data(json({ command: 'hook', action: 'install', self, settings, written }));
  else terminal.out(wordLines(written));
  terminal.tell(
    words`libvirt sees a new hook when its daemon reloads: systemctl reload libvirtd (or virtqemud)\n`,
  );
  return 0;
}

/** What is kept of a text: its hosts by the name they have here, or by their own if there are several. */
function copyOf({ source, text, hosts }: HostText): HostCopy {
  const [first, another] = hosts;
  return {
    host: another === undefined ? (first?.name ?? source.name) : source.name,
    several: another !== undefined,
    text,
  };
}

function uninstall(args: Arguments, terminal: Terminal, paths: GatePaths): 0 {
  const removed = uninstallGate(paths);
  if (args.has('json')) terminal.data(json({ command: 'hook', action: 'uninstall', removed }));
  else terminal.out(wordLines(removed));
  return 0;
}

/** Is there a gate, for whom, how old is it, and what is wrong with it? */
function status(args: Arguments, terminal: Terminal, paths: GatePaths): 0 | 1 {
  const now = Date.now();
  const found = gateStatus(paths, { now, version: packageJson.version, program: gateProgram().text });
  const { installed, state, time, problems } = found;
  if (args.has('json')) {
    const { self, hosts, arch, vendor, virtType } = state?.pool ?? {};
    const own = ownLists(state?.pool);
    const pool = state && { self, hosts: hosts?.map(({ name }) => name), arch, vendor, virtType, ...own };
    const age =
      time === undefined ? {} : { installedAt: new Date(time).toISOString(), ageDays: ageDays(time, now) };
    const { script, program, state: facts } = paths;
    const about = { version: state?.version, ...pool, settings: state?.settings, ...age };
    const result = { installed, ...about, paths: { script, program, facts }, problems };
    terminal.data(json({ command: 'hook', action: 'status', ...result }));
  } else {
    terminal.out(fitted(wordLines(statusLines(found, paths, now)), terminal.width()));
    for (const { message } of problems)
      terminal.err(fitted(words`problem: ${message}\n`, terminal.messageWidth()));
  }
  return problems.length === 0 ? 0 : 1;
}

/** What guests that are levelled on arrival get here. */
function ownLists(pool: GatePool | undefined): {
  readonly offHere?: readonly string[];
  readonly absentHere?: readonly string[];
} {
  const own = pool?.hosts.find(({ name }) => name === pool.self);
  return own === undefined ? {} : { offHere: own.off, absentHere: own.absent };
}

function listed(what: string, names: readonly string[] = []): readonly string[] {
  return names.length === 0 ? [] : [`${what}: ${every(names)}`];
}

function ageDays(time: number, now: number): number {
  return Math.max(0, Math.floor((now - time) / 86_400_000));
}

function statusLines(
  { installed, state, time }: GateStatus,
  { script }: GatePaths,
  now: number,
): readonly string[] {
  if (!installed) return [`gate: not installed (${script})`];
  if (state === undefined || time === undefined) return [`gate: ${script}`];
  const { pool, settings, version } = state;
  const { onError, rescue, log, maxAgeDays } = settings;
  const { offHere, absentHere } = ownLists(pool);
  return [
    `gate: ${script}, version ${version}`,
    `pool: this is ${pool.self}, of ${nameList(pool.hosts.map(({ name }) => name))}`,
    `guests: ${pool.virtType ?? 'any'}, ${pool.arch ?? 'any architecture'}`,
    ...listed('off here, on arrival', offHere),
    ...listed('unknown here, taken out on arrival', absentHere),
    `installed: ${new Date(time).toISOString()} (${counted(ageDays(time, now), 'day')} ago)`,
    `options: --on-error ${onError}${rescue ? ' --rescue' : ''}${log === null ? '' : ` --log ${log}`}${maxAgeDays === null ? '' : ` --max-age ${maxAgeDays}`}`,
  ];
}

/** Without hosts, what was installed is installed again, from its own copies of their files. */
function asBefore(
  args: Arguments,
  paths: GatePaths,
): { readonly args: Arguments; readonly previous?: GateSettingsFacts; readonly self?: string } {
  if (statesHosts(args)) return { args };
  const request = previousRequest(paths);
  if (request === undefined) return { args };
  const { words: before, settings, self } = request;
  const texts: Arguments['texts'] = (name) =>
    args.texts(name).length > 0 ? args.texts(name) : (before[name] ?? []);
  return { args: { ...args, texts }, previous: settings, self };
}

function gateSettings(args: Arguments, previous: GateSettingsFacts = DEFAULTS): GateSettingsFacts {
  const log = args.text('log');
  return {
    onError: args.text('on-error') === undefined ? previous.onError : onErrorOf(args),
    rescue: args.has('rescue') || previous.rescue,
    log: log === undefined ? previous.log : resolve(log),
    maxAgeDays: args.number('max-age') ?? previous.maxAgeDays,
  };
}

function onErrorOf(args: Arguments): 'deny' | 'allow' {
  return args.text('on-error') === 'allow' ? 'allow' : 'deny';
}

/** Which of the hosts is this one? The one said, or the one with this machine's name. */
function selfOf({ hosts }: Baseline, said: string | undefined): string {
  const names = hosts.map(({ name }) => name);
  const full = hostname();
  const found = names.find((name) =>
    said === undefined ? [full, full.split('.')[0]].includes(name) : name === said,
  );
  if (found !== undefined) return found;
  if (said !== undefined) throw noSuchHost('--self', said, names);
  throw new CommandError(
    'no-such-host',
    `no host is called "${full}": use --self NAME for the one this is (${nameList(names)})`,
  );
}

/** One gate is for one kind of guest: its hosts must have been asked about the same. */
function mixedContexts({ hosts }: Baseline): readonly Issue[] {
  const kinds = [...kindsBy(hosts, ({ virtType }) => virtType)];
  const virtTypes = kinds.map(([virtType, names]) => ({ virtType, hosts: names }));
  return virtTypes.length < 2 ? [] : [issue('virt-types-differ', { virtTypes })];
}

/** `NAME=PATH` or `PATH`, the path made absolute: the words are read again from another folder. */
function absolute(word: string): string {
  const [, name = '', path = word] = /^([^/=]+=)(.*)$/s.exec(word) ?? [];
  return name + resolve(path);
}
