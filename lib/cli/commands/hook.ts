import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Baseline } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { kindsBy } from '../../diff/pool/kinds.ts';
import { gatePool } from '../../diff/gate/facts.ts';
import { issue } from '../../issues/issues.ts';
import { closest } from '../../text/distance.ts';
import { argumentsFromUser, usageError } from '../errors.ts';
import { readTextFile } from '../files/read.ts';
import { gatePaths, installGate, uninstallGate, type GatePaths } from '../hook/install.ts';
import { runHook } from '../hook/run.ts';
import { parseState, type GateSettings } from '../hook/state.ts';
import { processWorld } from '../hook/world.ts';
import { askHosts } from '../hosts/live.ts';
import { hostName, isUri, namedSource, noSuchHost } from '../hosts/names.ts';
import { hostsOf } from '../hosts/read.ts';
import { judgement } from '../options/library.ts';
import type { Arguments } from '../options/parse.ts';
import { usageLine, wordsOf } from '../options/table.ts';
import { json } from '../report/json.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { joinedWords, words } from '../terminal/words.ts';

const HOOKS = '/etc/libvirt/hooks';
const DEFAULTS: GateSettings = { onError: 'deny', rescue: false, log: null, maxAgeDays: null };

/** Installs or removes the gate, or is the gate for one call of libvirt's: guest, operation, sub-operation, extra. */
export async function hook(args: Arguments, terminal: Terminal): Promise<0 | 1 | 2> {
  const [word, ...rest] = args.positionals;
  const stateDir = args.text('state-dir');
  const paths = gatePaths(
    resolve(args.text('hooks-dir') ?? HOOKS),
    stateDir === undefined ? undefined : resolve(stateDir),
  );
  if (word === 'install' && rest.length === 0) return install(args, terminal, paths);
  if (word === 'uninstall' && rest.length === 0) return uninstall(args, terminal, paths);
  // libvirt always gives four words; fewer are a slip, which must not pass for an open gate.
  if (rest.length < 3) throw wrongCall(args.positionals);
  const log = args.text('log') ?? null;
  return runHook({ state: paths.state, onError: onErrorOf(args) }, args.positionals, processWorld(log));
}

/** The error for words that are neither a task nor a call of libvirt. */
function wrongCall(given: readonly string[]): Error {
  const usage = wordsOf('hook').forms.map((form) => `  ${usageLine('hook', form)}`);
  return usageError(wrongWords(given), ['Usage:', ...usage]);
}

function wrongWords([word, ...rest]: readonly string[]): string {
  if (word === undefined) return 'hook needs to know what to do';
  if (word === 'install' || word === 'uninstall')
    return `hook ${word} takes options only, not "${rest.join(' ')}"; a host is --host [NAME=]FILE`;
  const meant = closest(word, ['install', 'uninstall']);
  return meant === undefined
    ? `hook has no task "${word}", and a call of libvirt has four words`
    : `hook has no task "${word}"; did you mean "${meant}"?`;
}

async function install(given: Arguments, terminal: Terminal, paths: GatePaths): Promise<0 | 1 | 2> {
  const { args, previous, self: known } = asBefore(given, paths);
  const captured = await askHosts(args, terminal);
  const hosts = hostsOf(args, terminal, args.texts('host'), captured);
  const baseline = diffHosts(hosts, judgement(args));
  const { length } = baseline.hosts;
  const tooFew = length < 2 ? [issue('too-few-hosts', { count: length })] : [];
  const issues = [...baseline.issues, ...tooFew, ...mixedContexts(baseline)];
  tellIssues(issues, terminal);
  const code = exitCodeFor(issues);
  if (code !== 0) return code;
  const self = selfOf(baseline, args.text('self') ?? known);
  const pool = argumentsFromUser('not-comparable', () => gatePool(baseline, self));
  const settings = gateSettings(args, previous);
  const copies = args.texts('host').map((word) => {
    const file = namedSource(word);
    const host = hostName(file);
    const live = isUri(file.value) ? captured.get(host) : undefined;
    return { host, text: live ?? readTextFile(file.value, terminal).text };
  });
  const restated = {
    'libvirt-version': args.texts('libvirt-version'),
    'cpu-map': args.texts('cpu-map').map(absolute),
  };
  const program = join(dirname(realpathSync(process.argv[1] ?? '')), 'hook.cjs');
  const written = installGate(paths, pool, copies, { settings, words: restated, program });
  if (args.has('json')) terminal.data(json({ command: 'hook', action: 'install', self, settings, written }));
  else terminal.out(joinedWords(written.map((path) => words`${path}\n`)));
  terminal.tell(
    words`libvirt sees a new hook when its daemon reloads: systemctl reload libvirtd (or virtqemud)\n`,
  );
  return 0;
}

function uninstall(args: Arguments, terminal: Terminal, paths: GatePaths): 0 {
  const removed = uninstallGate(paths);
  if (args.has('json')) terminal.data(json({ command: 'hook', action: 'uninstall', removed }));
  else terminal.out(joinedWords(removed.map((path) => words`${path}\n`)));
  return 0;
}

/** Without hosts, what was installed is installed again, from its own copies of their files. */
function asBefore(
  args: Arguments,
  { state }: GatePaths,
): { readonly args: Arguments; readonly previous?: GateSettings; readonly self?: string } {
  if (args.texts('host').length > 0) return { args };
  try {
    const { words: before, settings, pool } = parseState(state);
    const texts: Arguments['texts'] = (name) =>
      args.texts(name).length > 0 ? args.texts(name) : (before[name] ?? []);
    return { args: { ...args, texts }, previous: settings, self: pool.self };
  } catch {
    return { args };
  }
}

function gateSettings(args: Arguments, previous: GateSettings = DEFAULTS): GateSettings {
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
  throw usageError(`no host is called "${full}": use --self NAME for the one this is (${names.join(', ')})`);
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
