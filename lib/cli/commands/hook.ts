import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Baseline } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import { diffHosts } from '../../diff/pool/baseline.ts';
import { kindsBy } from '../../diff/pool/kinds.ts';
import { gatePool } from '../../diff/gate/facts.ts';
import { issue } from '../../issues/issues.ts';
import { hostName, isUri, named, readHosts, judgement, type Arguments } from '../arguments.ts';
import { readText } from '../files.ts';
import { gatePaths, installGate, uninstallGate, type GatePaths } from '../hook/install.ts';
import { runHook } from '../hook/run.ts';
import { parseState, type GateSettings } from '../hook/state.ts';
import { processWorld } from '../hook/world.ts';
import { askHosts } from '../live.ts';
import { json } from '../report/json.ts';
import { exitCodeFor, tellIssues } from '../report/words.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage.ts';

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
  // libvirt always gives four words; fewer behind these two are a slip, which must not pass for an open gate.
  if ((word === 'install' || word === 'uninstall') && rest.length < 3)
    throw new UsageError(
      `hook ${word} takes options only: what is "${rest.join(' ')}"? A host is --host [NAME=]FILE`,
    );
  const log = args.text('log') ?? null;
  return runHook({ state: paths.state, onError: onErrorOf(args) }, args.positionals, processWorld(log));
}

async function install(given: Arguments, terminal: Terminal, paths: GatePaths): Promise<0 | 1 | 2> {
  const { args, previous, self: known } = asBefore(given, paths);
  const captured = await askHosts(args, terminal);
  const hosts = readHosts(args, terminal, args.texts('host'), captured);
  const baseline = diffHosts(hosts, judgement(args));
  const { length } = baseline.hosts;
  const tooFew = length < 2 ? [issue('too-few-hosts', { count: length })] : [];
  const issues = [...baseline.issues, ...tooFew, ...mixedContexts(baseline)];
  tellIssues(issues, terminal);
  const code = exitCodeFor(issues);
  if (code !== 0) return code;
  const self = selfOf(baseline, args.text('self') ?? known);
  const settings = settingsOf(args, previous);
  const copies = args.texts('host').map((word) => {
    const file = named(word);
    const host = hostName(file);
    const live = isUri(file.value) ? captured.get(host) : undefined;
    return { host, text: live ?? readText(file.value, terminal).text };
  });
  const words = {
    'libvirt-version': args.texts('libvirt-version'),
    'cpu-map': args.texts('cpu-map').map(absolute),
  };
  const program = join(dirname(realpathSync(process.argv[1] ?? '')), 'hook.cjs');
  const written = installGate(paths, gatePool(baseline, self), copies, { settings, words, program });
  if (args.has('json')) terminal.out(json({ command: 'hook', action: 'install', self, settings, written }));
  else terminal.out(written.map((path) => `${path}\n`).join(''));
  terminal.err('libvirt sees a new hook when its daemon reloads: systemctl reload libvirtd (or virtqemud)\n');
  return 0;
}

function uninstall(args: Arguments, terminal: Terminal, paths: GatePaths): 0 {
  const removed = uninstallGate(paths);
  if (args.has('json')) terminal.out(json({ command: 'hook', action: 'uninstall', removed }));
  else terminal.out(removed.map((path) => `${path}\n`).join(''));
  return 0;
}

/** Without hosts, what was installed is installed again, from its own copies of their files. */
function asBefore(
  args: Arguments,
  { state }: GatePaths,
): { readonly args: Arguments; readonly previous?: GateSettings; readonly self?: string } {
  if (args.texts('host').length > 0) return { args };
  try {
    const { words, settings, pool } = parseState(state);
    const texts: Arguments['texts'] = (name) =>
      args.texts(name).length > 0 ? args.texts(name) : (words[name] ?? []);
    return { args: { ...args, texts }, previous: settings, self: pool.self };
  } catch {
    return { args };
  }
}

function settingsOf(args: Arguments, previous: GateSettings = DEFAULTS): GateSettings {
  const log = args.text('log');
  return {
    onError: args.text('on-error') === undefined ? previous.onError : onErrorOf(args),
    rescue: args.has('rescue') || previous.rescue,
    log: log === undefined ? previous.log : resolve(log),
    maxAgeDays: maxAgeOf(args) ?? previous.maxAgeDays,
  };
}

function maxAgeOf(args: Arguments): number | undefined {
  const days = args.text('max-age');
  if (days === undefined || /^[1-9]\d{0,4}$/.test(days)) return days === undefined ? days : Number(days);
  throw new UsageError(`--max-age takes a number of days, not "${days}"`);
}

function onErrorOf(args: Arguments): 'deny' | 'allow' {
  const word = args.text('on-error') ?? 'deny';
  if (word === 'deny' || word === 'allow') return word;
  throw new UsageError(`--on-error is deny or allow, not "${word}"`);
}

/** Which of the hosts is this one? The one said, or the one with this machine's name. */
function selfOf({ hosts }: Baseline, said: string | undefined): string {
  const names = hosts.map(({ name }) => name);
  const full = hostname();
  const found = names.find((name) =>
    said === undefined ? [full, full.split('.')[0]].includes(name) : name === said,
  );
  if (found !== undefined) return found;
  const problem = said === undefined ? `none of the hosts is called "${full}"` : `there is no host "${said}"`;
  throw new UsageError(`${problem}: say with --self which of them this is (${names.join(', ')})`);
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
