import type { BaselineHost } from '../../../types/baseline.ts';
import type { HostMachine } from '../../../types/host.ts';
import { machineVersion } from '../../cpu/versions.ts';
import type { Case } from '../case.ts';

/** The families that QEMU's aliases stand for, where the alias is not the family's own name. */
const FAMILY_OF_ALIAS: Readonly<Record<string, string>> = { pc: 'pc-i440fx', q35: 'pc-q35' };

/** What a host makes of a machine type. */
export interface Resolved {
  readonly host: BaselineHost;
  /** The type itself, or what it is an alias of; `undefined` where nobody knows. */
  readonly machine: string | undefined;
  /** The host lists its machine types, and this is none of them. */
  readonly missing: boolean;
}

/** What each of these hosts makes of a machine type. */
export function resolvedBy(
  hosts: readonly BaselineHost[],
  machine: string,
  guest: Case,
): readonly Resolved[] {
  return hosts.map((host) => resolve(host, machine, guest));
}

/** Every machine type that one is on some host. */
export function knownIn(resolved: readonly Resolved[]): readonly string[] {
  return [...new Set(resolved.flatMap(({ machine }) => machine ?? []))];
}

/** The machine types a host lists for guests of this kind, by name. */
export function machinesOf({ machines, arch: own }: BaselineHost, { domain, pool }: Case): Listed {
  const { arch = own, type } = domain;
  // Hosts of one kind share their list.
  return pool.memory(machines, `${arch} ${type}`, () => listedFor(machines, arch, type));
}

/** Machine types by name. */
export type Listed = ReadonlyMap<string, HostMachine>;

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

/** What a host makes of a machine type. */
export function resolve(host: BaselineHost, machine: string, guest: Case): Resolved {
  const types = machinesOf(host, guest);
  const found = types.get(machine);
  if (found !== undefined) return { host, machine: found.canonical ?? machine, missing: false };
  if (types.size > 0) return { host, machine: undefined, missing: true };
  const isAsked = host.machine === machine || familyOf(host.machine) === aliasFamily(machine);
  const stated = isAsked ? host.machine : undefined;
  return { host, machine: machineVersion(machine) === undefined ? stated : machine, missing: false };
}

/** `pc-q35` for `pc-q35-7.2`. */
export function familyOf(machine: string | undefined): string | undefined {
  return machine === undefined ? undefined : machineVersion(machine)?.family;
}

/** `pc-q35` for `q35`; nothing for a name that has a version, and so is no alias. */
export function aliasFamily(machine: string): string | false {
  return machineVersion(machine) === undefined && (FAMILY_OF_ALIAS[machine] ?? machine);
}
