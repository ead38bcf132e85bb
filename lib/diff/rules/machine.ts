import type { BaselineHost } from '../../../types/baseline.ts';
import type { HostMachine } from '../../../types/host.ts';
import type { DomainChange } from '../../../types/plan.ts';
import type { Issue, IssueFactsByCode, Severity } from '../../../types/issue.ts';
import { hasErrors } from '../../issues/issues.ts';
import { compareVersions, machineVersion } from '../../cpu/versions.ts';
import { NOTHING, saying, type Case, type Outcome } from '../case.ts';
import { kindsBy, oneOfEach } from '../pool/kinds.ts';
import type { Settings } from '../settings.ts';

/** The families that QEMU's aliases stand for, where the alias is not the family's own name. */
const FAMILY_OF_ALIAS: Readonly<Record<string, string>> = { pc: 'pc-i440fx', q35: 'pc-q35' };

/** What a host makes of a machine type. */
interface Resolved {
  readonly host: BaselineHost;
  /** The type itself, or what it is an alias of; `undefined` where nobody knows. */
  readonly machine: string | undefined;
  /** The host lists its machine types, and this is none of them. */
  readonly missing: boolean;
}

/**
 * Does every host have the guest's machine type, is it the same one everywhere, and were the hosts asked about it?
 *
 * @see https://www.qemu.org/docs/master/system/i386/pc.html
 */
export function machineRule(guest: Case): Outcome {
  const { domain, pool, settings } = guest;
  const { machine, arch, type } = domain;
  if (machine === undefined) return saying(archIssues(guest));
  const words = `${machine} ${arch} ${type}`;
  const isPlain = pool.memory(machineRule, words, () => isAlike(guest, machine));
  return isPlain && settings.machine === undefined ? NOTHING : judged(guest, machine);
}

function resolvedBy(hosts: readonly BaselineHost[], machine: string, guest: Case): readonly Resolved[] {
  return hosts.map((host) => resolve(host, machine, guest));
}

/** One of each kind of hosts that make the same of every machine type. */
function unlikeInMachines(hosts: readonly BaselineHost[]): readonly BaselineHost[] {
  return oneOfEach(hosts, ({ machines, machine, arch }) => [machines, `${machine} ${arch}`]);
}

/** Every machine type that one is on some host. */
function knownIn(resolved: readonly Resolved[]): readonly string[] {
  return [...new Set(resolved.flatMap(({ machine }) => machine ?? []))];
}

/** Is it one and the same everywhere, and were all hosts asked about it? */
function isAlike(guest: Case, machine: string): boolean {
  const resolved = resolvedBy(guest.pool.ask(unlikeInMachines), machine, guest);
  const isOne = knownIn(resolved).length < 2 && !resolved.some(({ missing }) => missing);
  return isOne && contextIssues(guest, resolved, machine).length + archIssues(guest).length === 0;
}

function judged(guest: Case, machine: string): Outcome {
  const { settings } = guest;
  const resolved = resolvedBy(guest.pool.hosts, machine, guest);
  const known = knownIn(resolved);
  const lacking = resolved.filter(({ missing }) => missing);
  if (settings.machine === 'common' && needsAnother(guest, resolved, known, machine))
    return replaced(guest, machine, known);
  const pinned = settings.machine === 'common' && known[0] !== machine ? known[0] : undefined;
  const issues = [
    ...archIssues(guest),
    ...(lacking.length > 0 ? [missingIssue(guest, machine, namesOf(lacking))] : []),
    ...(known.length > 1 ? [aliasIssue(guest, machine, resolved)] : []),
    ...contextIssues(guest, resolved, machine),
    ...(pinned === undefined ? [] : [changeIssue(guest, machine, pinned)]),
  ];
  return pinned === undefined
    ? { ...saying(issues), last: hasErrors(issues) }
    : { issues, changes: [changeTo(guest, pinned)] };
}

function namesOf(resolved: readonly Resolved[]): readonly string[] {
  return resolved.map(({ host }) => host.name);
}

/** The machine types a host lists for guests of this kind, by name. */
function machinesOf({ machines, arch: own }: BaselineHost, { domain, pool }: Case): Listed {
  const { arch = own, type } = domain;
  // Hosts of one kind share their list.
  return pool.memory(machines, `${arch} ${type}`, () => listedFor(machines, arch, type));
}

type Listed = ReadonlyMap<string, HostMachine>;

function listedFor(
  machines: readonly HostMachine[],
  arch: string | undefined,
  virtType: string | undefined,
): Listed {
  const all = machines.filter((machine) => machine.arch === arch);
  const own = all.filter((machine) => machine.virtType !== undefined && machine.virtType === virtType);
  const chosen = own.length > 0 ? own : all.filter((machine) => machine.virtType === undefined);
  return new Map(chosen.map((machine) => [machine.name, machine]));
}

function resolve(host: BaselineHost, machine: string, guest: Case): Resolved {
  const types = machinesOf(host, guest);
  const found = types.get(machine);
  if (found !== undefined) return { host, machine: found.canonical ?? machine, missing: false };
  if (types.size > 0) return { host, machine: undefined, missing: true };
  const isAsked = host.machine === machine || familyOf(host.machine) === aliasFamily(machine);
  const stated = isAsked ? host.machine : undefined;
  return { host, machine: machineVersion(machine) === undefined ? stated : machine, missing: false };
}

/** `pc-q35` for `pc-q35-7.2`. */
function familyOf(machine: string | undefined): string | undefined {
  return machine === undefined ? undefined : machineVersion(machine)?.family;
}

/** `pc-q35` for `q35`; nothing for a name that has a version, and so is no alias. */
function aliasFamily(machine: string): string | false {
  return machineVersion(machine) === undefined && (FAMILY_OF_ALIAS[machine] ?? machine);
}

/** domcapabilities hold for the machine type they were asked for. */
function contextIssues(guest: Case, resolved: readonly Resolved[], machine: string): readonly Issue[] {
  const asked = new Map<string, { readonly expected: string; readonly hosts: string[] }>();
  for (const { host, machine: own, missing } of resolved) {
    const received = host.machine;
    const expected = own ?? machine;
    if (missing || received === undefined || resolve(host, received, guest).machine === expected) continue;
    const group = asked.get(`${received} ${expected}`) ?? { expected, hosts: [] };
    asked.set(`${received} ${expected}`, group);
    group.hosts.push(host.name);
  }
  return [...asked].map(([key, { expected, hosts }]) =>
    contextIssue(guest, hosts, { about: 'machine', domain: expected, asked: key.split(' ')[0] ?? '' }),
  );
}

/** An i686 guest runs on an x86_64 host, with another emulator, whose CPU has less: disabling the rest does no harm. */
function archIssues(guest: Case): readonly Issue[] {
  const { arch } = guest.domain;
  if (arch !== 'i686') return [];
  const foreign = guest.pool.hosts.filter(
    (host) => host.source === 'domcapabilities' && host.arch !== undefined && host.arch !== arch,
  );
  if (foreign.length === 0) return [];
  const names = foreign.map(({ name }) => name);
  const context = { about: 'arch', domain: arch, asked: foreign[0]?.arch ?? '' } as const;
  return [contextIssue(guest, names, context, 'warning')];
}

function contextIssue(
  guest: Case,
  hosts: readonly string[],
  context: Pick<IssueFactsByCode['context-mismatch'], 'about' | 'domain' | 'asked'>,
  severity: Severity = 'error',
): Issue {
  const { domain, settings, issueAt } = guest;
  const weight = settings.accept.has('other-machine') ? 'warning' : severity;
  const facts = { ...context, hosts, command: commandFor(guest) };
  if (weight !== 'error') return issueAt('context-mismatch', domain.osType, facts, weight);
  return issueAt('context-mismatch', domain.osType, { ...facts, option: 'other-machine' });
}

/** What to run on a host to learn what this guest would get there. */
function commandFor({ domain, pool: { hosts } }: Case): string {
  const { type = 'kvm', arch, machine, emulator } = domain;
  const foreign = arch !== undefined && hosts.some((host) => host.arch !== arch);
  const special = emulator !== undefined && hosts.some((host) => host.emulator !== emulator);
  return [
    `virsh domcapabilities --virttype ${type}`,
    ...(foreign ? [`--arch ${arch}`] : []),
    ...(machine === undefined ? [] : [`--machine ${machine}`]),
    ...(special ? [`--emulatorbin ${emulator}`] : []),
  ].join(' ');
}

function missingIssue(guest: Case, machine: string, missingOn: readonly string[]): Issue {
  const candidates = commonTypes(guest, aliasFamily(machine) || familyOf(machine));
  return guest.issueAt('machine-missing', guest.domain.osType, { machine, missingOn, candidates });
}

function aliasIssue({ issueAt, domain }: Case, machine: string, resolved: readonly Resolved[]): Issue {
  const kinds = kindsBy(
    resolved.map(({ host: { name }, machine: own }) => ({ name, own })),
    ({ own }) => own,
  );
  const machines = [...kinds].map(([own, hosts]) => ({ machine: own, hosts }));
  return issueAt('machine-alias', domain.osType, { machine, machines });
}

/** Versioned types of a family that every host lists, newest first; of those that none is about to drop, if there are any. */
function commonTypes(guest: Case, family: string | undefined): readonly string[] {
  const [first = new Map<string, HostMachine>(), ...others] = new Set(
    guest.pool.hosts.map((host) => machinesOf(host, guest)),
  );
  const common = [...first.values()]
    .filter(({ canonical, name }) => canonical === undefined && familyOf(name) === family)
    .map(({ name }) => name)
    .filter((name) => others.every((types) => types.has(name)))
    .sort((a, b) => compareVersions(versionOf(b), versionOf(a)) || (a < b ? -1 : 1));
  const lasting = common.filter((name) => !isDropped(guest, name));
  return lasting.length > 0 ? lasting : common;
}

/** Is some host about to drop it? */
function isDropped(guest: Case, name: string): boolean {
  return guest.pool.hosts.some((host) => machinesOf(host, guest).get(name)?.deprecated);
}

function versionOf(machine: string): string {
  return machineVersion(machine)?.version ?? '0.0.0';
}

function needsAnother(
  guest: Case,
  resolved: readonly Resolved[],
  known: readonly string[],
  machine: string,
): boolean {
  const isOpen = machineVersion(machine) === undefined && resolved.some((one) => one.machine === undefined);
  if (isOpen || known.length > 1 || resolved.some(({ missing }) => missing)) return true;
  // One that is dropped everywhere in the family is no worse than the others.
  const [newest] = commonTypes(guest, familyOf(known[0]));
  return known.some((name) => isDropped(guest, name)) && newest !== undefined && !isDropped(guest, newest);
}

/** The newest common type, of the same numbering where there is one. */
function replaced(guest: Case, machine: string, known: readonly string[]): Outcome {
  const { domain, pool, issueAt } = guest;
  const { hosts } = pool;
  const silent = hosts.filter((host) => machinesOf(host, guest).size === 0).map(({ name }) => name);
  if (silent.length > 0)
    return saying([issueAt('machine-unknown', domain.osType, { machine, hosts: silent })]);
  const candidates = commonTypes(guest, aliasFamily(machine) || familyOf(machine));
  const numbering = new Set([machine, ...known].map((name) => machineVersion(name)?.distribution));
  const chosen =
    candidates.find((name) => numbering.has(machineVersion(name)?.distribution)) ?? candidates[0];
  if (chosen === undefined) return saying([missingIssue(guest, machine, pool.names)]);
  const asked = hosts.filter((host) => host.machine !== undefined && host.machine !== chosen);
  const context = asked.map(({ name, machine: own = '' }) =>
    contextIssue(
      { ...guest, domain: { ...domain, machine: chosen }, settings: accepting(guest.settings) },
      [name],
      { about: 'machine', domain: chosen, asked: own },
    ),
  );
  return {
    issues: [...archIssues(guest), changeIssue(guest, machine, chosen), ...context],
    changes: [changeTo(guest, chosen)],
  };
}

function accepting(settings: Settings): Settings {
  return { ...settings, accept: new Set([...settings.accept, 'other-machine']) };
}

function changeIssue({ issueAt, domain }: Case, from: string, to: string): Issue {
  return issueAt('machine-changed', domain.osType, { from, to });
}

function changeTo({ domain }: Case, value: string): DomainChange {
  return { kind: 'set-attribute', startTag: domain.osType ?? domain.span, name: 'machine', value };
}
