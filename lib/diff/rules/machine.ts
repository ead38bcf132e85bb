import type { BaselineHost } from '../../../types/baseline.ts';
import type { HostMachine } from '../../../types/host.ts';
import type { Issue, Severity } from '../../../types/issue.ts';
import { compareVersions, machineVersion } from '../../cpu/versions.ts';
import type { Guest, Judged } from './guest-context.ts';

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
export function judgeMachine(guest: Guest): Judged {
  const { domain, hosts, options } = guest;
  const { machine } = domain;
  if (machine === undefined) return { issues: archIssues(guest), changes: [] };
  const resolved = hosts.map((host) => resolve(host, machine, guest));
  const known = [...new Set(resolved.flatMap((one) => one.machine ?? []))];
  const lacking = resolved.filter(({ missing }) => missing);
  if (options.machine === 'common' && needsAnother(guest, resolved, known, machine))
    return replaced(guest, machine, known);
  const pinned = options.machine === 'common' && known[0] !== machine ? known[0] : undefined;
  const issues = [
    ...archIssues(guest),
    ...(lacking.length > 0 ? [missingIssue(guest, machine, namesOf(lacking))] : []),
    ...(known.length > 1 ? [aliasIssue(guest, machine, resolved)] : []),
    ...contextIssues(guest, resolved, machine),
    ...(pinned === undefined ? [] : [changeIssue(guest, machine, pinned)]),
  ];
  return { issues, changes: pinned === undefined ? [] : [changeTo(guest, pinned)] };
}

function namesOf(resolved: readonly Resolved[]): readonly string[] {
  return resolved.map(({ host }) => host.name);
}

/** The machine types a host lists for guests of this kind, by name. */
function machinesOf({ machines, arch: own }: BaselineHost, { domain }: Guest): Listed {
  const { arch = own, type } = domain;
  const known = listed.get(machines) ?? new Map<string, Listed>();
  listed.set(machines, known);
  const key = `${arch} ${type}`;
  const found = known.get(key) ?? listedFor(machines, arch, type);
  known.set(key, found);
  return found;
}

type Listed = ReadonlyMap<string, HostMachine>;

/** Hosts of one kind share their list. */
const listed = new WeakMap<readonly HostMachine[], Map<string, Listed>>();

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

function resolve(host: BaselineHost, machine: string, guest: Guest): Resolved {
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
function contextIssues(guest: Guest, resolved: readonly Resolved[], machine: string): readonly Issue[] {
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
    contextIssue(guest, hosts, `machine ${key.split(' ')[0] ?? ''}`, `machine type ${expected}`),
  );
}

/** An i686 guest runs on an x86_64 host, with another emulator, whose CPU has less: disabling the rest does no harm. */
function archIssues(guest: Guest): readonly Issue[] {
  const { arch } = guest.domain;
  if (arch !== 'i686') return [];
  const foreign = guest.hosts.filter(
    (host) => host.source === 'domcapabilities' && host.arch !== undefined && host.arch !== arch,
  );
  if (foreign.length === 0) return [];
  const names = foreign.map(({ name }) => name);
  return [contextIssue(guest, names, foreign[0]?.arch ?? '', `architecture ${arch}`, 'warning')];
}

function contextIssue(
  guest: Guest,
  hosts: readonly string[],
  received: string,
  expected: string,
  severity: Severity = 'error',
): Issue {
  const { domain, options, found } = guest;
  const weight = options.anyMachine === true ? 'warning' : severity;
  const way = weight === 'error' ? { option: 'anyMachine' } : {};
  const facts = { hosts, received, expected, command: commandFor(guest), ...way };
  return found('context-mismatch', domain.osType, facts, weight);
}

/** What to run on a host to learn what this guest would get there. */
function commandFor({ domain, hosts }: Guest): string {
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

function missingIssue(guest: Guest, machine: string, hosts: readonly string[]): Issue {
  const candidates = commonTypes(guest, aliasFamily(machine) || familyOf(machine));
  return guest.found('machine-missing', guest.domain.osType, { hosts, received: machine, candidates });
}

function aliasIssue({ found, domain }: Guest, machine: string, resolved: readonly Resolved[]): Issue {
  const told = resolved.flatMap(({ host, machine: own }) =>
    own === undefined ? [] : [`${own} on ${host.name}`],
  );
  return found('machine-alias', domain.osType, {
    received: machine,
    candidates: told,
    hosts: namesOf(resolved.filter((one) => one.machine !== undefined)),
  });
}

/** Versioned types of a family that every host lists and none is about to drop, newest first. */
function commonTypes(guest: Guest, family: string | undefined): readonly string[] {
  const [first = new Map<string, HostMachine>(), ...others] = new Set(
    guest.hosts.map((host) => machinesOf(host, guest)),
  );
  const isUsable = (types: Listed, name: string): boolean => types.get(name)?.deprecated === false;
  return [...first.values()]
    .filter(({ canonical, name }) => canonical === undefined && familyOf(name) === family)
    .map(({ name }) => name)
    .filter((name) => [first, ...others].every((types) => isUsable(types, name)))
    .sort((a, b) => compareVersions(versionOf(b), versionOf(a)) || (a < b ? -1 : 1));
}

function versionOf(machine: string): string {
  return machineVersion(machine)?.version ?? '0.0.0';
}

function needsAnother(
  guest: Guest,
  resolved: readonly Resolved[],
  known: readonly string[],
  machine: string,
): boolean {
  const isDropped = guest.hosts.some((host) =>
    known.some((name) => machinesOf(host, guest).get(name)?.deprecated),
  );
  const isOpen = machineVersion(machine) === undefined && resolved.some((one) => one.machine === undefined);
  return isDropped || isOpen || known.length > 1 || resolved.some(({ missing }) => missing);
}

/** The newest common type, of the same numbering where there is one. */
function replaced(guest: Guest, machine: string, known: readonly string[]): Judged {
  const { domain, hosts, found } = guest;
  const silent = hosts.filter((host) => machinesOf(host, guest).size === 0).map(({ name }) => name);
  if (silent.length > 0)
    return {
      issues: [found('machine-unknown', domain.osType, { hosts: silent, received: machine })],
      changes: [],
    };
  const candidates = commonTypes(guest, aliasFamily(machine) || familyOf(machine));
  const numbering = new Set([machine, ...known].map((name) => machineVersion(name)?.distribution));
  const chosen =
    candidates.find((name) => numbering.has(machineVersion(name)?.distribution)) ?? candidates[0];
  const names = hosts.map(({ name }) => name);
  if (chosen === undefined) return { issues: [missingIssue(guest, machine, names)], changes: [] };
  const asked = hosts.filter((host) => host.machine !== undefined && host.machine !== chosen);
  const context = asked.map(({ name, machine: received = '' }) =>
    contextIssue(
      { ...guest, domain: { ...domain, machine: chosen }, options: { ...guest.options, anyMachine: true } },
      [name],
      received,
      `machine type ${chosen}`,
    ),
  );
  return {
    issues: [...archIssues(guest), changeIssue(guest, machine, chosen), ...context],
    changes: [changeTo(guest, chosen)],
  };
}

function changeIssue({ found, domain }: Guest, from: string, to: string): Issue {
  return found('machine-changed', domain.osType, { received: from, expected: to });
}

function changeTo({ domain }: Guest, value: string): Judged['changes'][number] {
  return { kind: 'set-attribute', startTag: domain.osType ?? domain.span, name: 'machine', value };
}
