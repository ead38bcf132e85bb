import type { HostMachine } from '../../../types/host.ts';
import type { DomainChange } from '../../../types/plan.ts';
import type { Issue } from '../../../types/issue.ts';
import { hasErrors } from '../../issues/issues.ts';
import { compareVersions, machineVersion } from '../../cpu/versions.ts';
import { saying, type Case, type Outcome } from '../case.ts';
import { kindsBy } from '../pool/kinds.ts';
import { defaultMachine, resolveDefault } from './default-machine.ts';
import { archIssues, contextIssue, contextIssues } from './machine-context.ts';
import { aliasFamily, familyOf, knownIn, machinesOf, resolvedBy, type Resolved } from './machine-types.ts';

/** The same of a guest that names none: each host's libvirt writes its own into it. */
export function unstatedOutcome(guest: Case): Outcome {
  const machine = defaultMachine(guest);
  return machine === undefined ? saying(archIssues(guest)) : machineOutcome(guest, machine);
}

/** What is to be said of a machine type that is not one and the same everywhere, or that is to be another. */
export function machineOutcome(guest: Case, machine: string): Outcome {
  const { settings, domain, pool } = guest;
  const resolved =
    domain.machine === undefined
      ? pool.hosts.map((host) => resolveDefault(host, machine, guest))
      : resolvedBy(pool.hosts, machine, guest);
  const known = knownIn(resolved);
  const lacking = resolved.filter(({ missing }) => missing).map(({ host }) => host.name);
  if (settings.machine === 'common' && needsAnother(guest, resolved, known, machine))
    return replaced(guest, machine, known);
  const pinned = settings.machine === 'common' && known[0] !== machine ? known[0] : undefined;
  const issues = [
    ...archIssues(guest),
    ...(lacking.length > 0 ? [missingIssue(guest, machine, lacking)] : []),
    ...(known.length > 1 ? [aliasIssue(guest, machine, resolved)] : []),
    // Who names no type may as well get another than libvirt's default: KubeVirt and oVirt write q35.
    ...(domain.machine === undefined ? [] : contextIssues(guest, resolved, machine)),
    ...(pinned === undefined ? [] : [changeIssue(guest, machine, pinned)]),
  ];
  return pinned === undefined
    ? { ...saying(issues), last: hasErrors(issues) }
    : { issues, changes: [changeTo(guest, pinned)] };
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
  const facts = { machine, machines };
  // Once defined, the guest keeps the default of the host that defined it.
  return domain.machine === undefined
    ? issueAt('machine-alias', domain.osType, { ...facts, unstated: true }, 'warning')
    : issueAt('machine-alias', domain.osType, facts);
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
  const own = [machine, ...(domain.machine === undefined ? known : [])];
  // Of what is not stated, the family of some default will do.
  const candidates =
    own
      .map((one) => commonTypes(guest, aliasFamily(one) || familyOf(one)))
      .find(({ length }) => length > 0) ?? [];
  const numbering = new Set([machine, ...known].map((name) => machineVersion(name)?.distribution));
  const chosen =
    candidates.find((name) => numbering.has(machineVersion(name)?.distribution)) ?? candidates[0];
  if (chosen === undefined) return saying([missingIssue(guest, machine, pool.names)]);
  const asked = hosts.filter((host) => host.machine !== undefined && host.machine !== chosen);
  // A check of the result refuses it, unless it is given the option that this warning names.
  const other = { ...guest, domain: { ...domain, machine: chosen } };
  const context = asked.map(({ name, machine: own = '' }) =>
    contextIssue(other, [name], { about: 'machine', domain: chosen, asked: own }, 'warning'),
  );
  return {
    issues: [...archIssues(guest), changeIssue(guest, machine, chosen), ...context],
    changes: [changeTo(guest, chosen)],
  };
}

function changeIssue({ issueAt, domain }: Case, from: string, to: string): Issue {
  return issueAt('machine-changed', domain.osType, { from, to });
}

function changeTo({ domain }: Case, value: string): DomainChange {
  return { kind: 'set-attribute', startTag: domain.osType ?? domain.span, name: 'machine', value };
}
