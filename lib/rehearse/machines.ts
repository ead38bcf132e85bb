import type { Host, HostMachine } from '../../types/host.ts';
import type { MovedAlias } from '../../types/rehearsal.ts';
import { naturalOrder } from '../text/natural.ts';
import { isOfDistribution, type MachineFacts } from './incidents.ts';

/** A guest goes back to the machine type that it came with. */
export const NO_MACHINES = { gone: [], deprecated: [], moved: [], ofDistribution: false } as const;

/** What became of the machine types of a host. */
export interface MachineChanges extends MachineFacts {
  readonly added: readonly string[];
  readonly moved: readonly MovedAlias[];
}

/** Machine types of the host's own architecture; of hosts that list none, nothing. */
export function machinesOf(before: Host, after: Host): MachineChanges {
  const [old, upgraded] = [ownMachines(before), ownMachines(after)];
  if (old.size === 0 || upgraded.size === 0) return { ...NO_MACHINES, added: [], moved: [] };
  const names = (some: ReadonlyMap<string, HostMachine>, other: ReadonlyMap<string, HostMachine>): string[] =>
    [...some.values()].flatMap(({ name, canonical }) =>
      canonical === undefined && !other.has(name) ? [name] : [],
    );
  const deprecated = [...upgraded.values()].filter(
    ({ name, deprecated: isNow }) => isNow && old.get(name)?.deprecated === false,
  );
  const moved = [...old.values()].flatMap(({ name, canonical }): readonly MovedAlias[] => {
    const now = upgraded.get(name)?.canonical;
    return canonical === undefined || now === undefined || canonical === now
      ? []
      : [{ alias: name, before: canonical, after: now }];
  });
  return {
    gone: names(old, upgraded).sort(naturalOrder),
    added: names(upgraded, old).sort(naturalOrder),
    deprecated: deprecated.map(({ name }) => name).sort(naturalOrder),
    moved,
    ofDistribution: [...old.keys()].some(isOfDistribution),
  };
}

function ownMachines({ arch, virtType, machines }: Host): ReadonlyMap<string, HostMachine> {
  return new Map(
    machines
      .filter(
        (one) =>
          one.arch === arch &&
          (one.virtType === undefined || virtType === undefined || one.virtType === virtType),
      )
      .map((one) => [one.name, one]),
  );
}
