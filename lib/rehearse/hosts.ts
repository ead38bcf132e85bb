import type { Host, HostMachine } from '../../types/host.ts';
import type { MovedAlias, RehearsedHosts } from '../../types/rehearsal.ts';
import { naturalOrder } from '../text/natural.ts';
import { incidentsOn, isOfDistribution, type IncidentContext, type MachineFacts } from './incidents.ts';
import { differencesOf, hasUnnamed, type Pair } from './pair.ts';
import { WAYS } from './sides.ts';

/** What became of hosts that were upgraded from one kind to another. */
export function rehearsedHosts(pair: Pair): RehearsedHosts {
  const { before, after } = { before: pair.before.first, after: pair.after.first };
  const { gained, lost, unknown } = differencesOf(pair);
  const machines = machinesOf(before.host, after.host);
  const isAlike =
    before.release.libvirt === after.release.libvirt && before.release.qemu === after.release.qemu;
  const [old, upgraded] = [before.host.model, after.host.model];
  return Object.freeze({
    hosts: pair.before.names,
    before: before.release,
    after: after.release,
    ...{ gained, lost, unknown },
    byMicrocode:
      isAlike && before.release.libvirt !== undefined && before.release.microcode !== after.release.microcode,
    ...(old !== upgraded && { model: { before: old, after: upgraded } }),
    machinesGone: machines.gone,
    machinesDeprecated: machines.deprecated,
    machinesNew: machines.added,
    aliases: machines.moved,
    modelsLost: modelsLost(before.host, after.host),
    incidents: Object.freeze(
      (['start', ...WAYS] as const).flatMap((way) => incidentsOn(contextOf(pair, way, machines))),
    ),
  });
}

/** A way between the hosts of a pair, whatever guest takes it. */
export function contextOf(pair: Pair, way: IncidentContext['way'], machines: MachineFacts): IncidentContext {
  const isBack = way === 'back';
  const [from, to] = isBack ? [pair.after.first, pair.before.first] : [pair.before.first, pair.after.first];
  const { gained, lost } = differencesOf(pair);
  const { arch, vendor, virtType } = from.host;
  return {
    way,
    from: from.release,
    to: to.release,
    ...{ arch, vendor, virtType },
    lost: isBack ? gained : lost,
    given: from.host.features ?? [],
    unnamed: hasUnnamed(from, to),
    hostModel: from.host.model !== to.host.model || gained.length + lost.length > 0,
    machines: isBack ? { ...NO_MACHINES, ofDistribution: machines.ofDistribution } : machines,
  };
}

/** A guest goes back to the machine type that it came with. */
const NO_MACHINES = { gone: [], deprecated: [], moved: [], ofDistribution: false } as const;

interface MachineChanges extends MachineFacts {
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

/** Models that could be used as they are. */
function modelsLost({ usableModels: before }: Host, { usableModels: after }: Host): readonly string[] {
  return Object.entries(before)
    .flatMap(([name, usable]) => (usable === 'yes' && after[name] === 'no' ? [name] : []))
    .sort(naturalOrder);
}
