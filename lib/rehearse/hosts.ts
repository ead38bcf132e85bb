import type { Host } from '../../types/host.ts';
import type { RehearsedHosts } from '../../types/rehearsal.ts';
import { frozen } from '../text/frozen.ts';
import { naturalOrder } from '../text/natural.ts';
import { incidentsOn, type IncidentContext, type MachineFacts } from './incidents.ts';
import { NO_MACHINES } from './machines.ts';
import type { Pair } from './pair.ts';
import { WAYS } from './sides.ts';

/** What became of hosts that were upgraded from one kind to another. */
export function rehearsedHosts(pair: Pair): RehearsedHosts {
  const [before, after] = [pair.before.first, pair.after.first];
  const { gained, lost, unknown } = pair.differences;
  const { machines } = pair;
  const isAlike = (['libvirt', 'qemu', 'kernel'] as const).every(
    (program) => before.release[program] === after.release[program],
  );
  const [old, upgraded] = [before.host.model, after.host.model];
  return frozen({
    hosts: pair.before.names,
    before: before.release,
    after: after.release,
    gained,
    lost,
    unknown,
    byMicrocode:
      isAlike && before.release.libvirt !== undefined && before.release.microcode !== after.release.microcode,
    ...(old !== upgraded && { model: { before: old, after: upgraded } }),
    machinesGone: machines.gone,
    machinesDeprecated: machines.deprecated,
    machinesNew: machines.added,
    aliases: machines.moved,
    modelsLost: modelsLost(before.host, after.host),
    incidents: frozen(
      (['start', ...WAYS] as const).flatMap((way) => incidentsOn(contextOf(pair, way, machines))),
    ),
  });
}

/** A way between the hosts of a pair, whatever guest takes it. */
export function contextOf(pair: Pair, way: IncidentContext['way'], machines: MachineFacts): IncidentContext {
  const isBack = way === 'back';
  const [from, to] = isBack ? [pair.after.first, pair.before.first] : [pair.before.first, pair.after.first];
  const { gained, lost } = pair.differences;
  const { arch, vendor, virtType } = from.host;
  return {
    way,
    from: from.release,
    to: to.release,
    arch,
    vendor,
    virtType,
    lost: isBack ? gained : lost,
    given: from.host.features ?? [],
    unnamed: pair.unnamed[isBack ? 'back' : 'forward'],
    hostModel: from.host.model !== to.host.model || gained.length + lost.length > 0,
    machines: isBack ? { ...NO_MACHINES, ofDistribution: machines.ofDistribution } : machines,
  };
}

/** Models that could be used as they are. */
function modelsLost({ usableModels: before }: Host, { usableModels: after }: Host): readonly string[] {
  return Object.entries(before)
    .flatMap(([name, usable]) => (usable === 'yes' && after[name] === 'no' ? [name] : []))
    .sort(naturalOrder);
}
