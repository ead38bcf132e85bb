import type { Domain } from '../../types/domain.ts';
import type { FoundIncident } from '../../types/rehearsal.ts';
import { namesOff, namesWanted } from '../diff/cpu/changes.ts';
import { frozen } from '../text/frozen.ts';
import { contextOf } from './hosts.ts';
import { incidentsOn, type IncidentContext, type MachineFacts } from './incidents.ts';
import type { Pair } from './pair.ts';

/** The incidents that a guest can have on a way between hosts of a pair, by what was found about it. */
export function incidentsForGuest(
  domain: Domain,
  pair: Pair,
  way: IncidentContext['way'],
  found: Pick<IncidentContext, 'lost' | 'unnamed' | 'hostModel'>,
): readonly FoundIncident[] {
  const context = contextOf(pair, way, machinesFor(domain, pair));
  return incidentsOn({ ...context, ...found, guest: domain, given: givenTo(domain, context.given) });
}

/** What a host gives a guest that shows what it has; of a named model, what the domain adds to it. */
function givenTo({ cpu }: Domain, given: readonly string[]): readonly string[] {
  if (cpu?.mode === 'custom') return namesWanted(cpu.features);
  const off = namesOff(cpu?.features);
  return given.filter((name) => !off.includes(name));
}

/** What becomes of this guest's machine type. */
function machinesFor({ machine }: Domain, { machines }: Pair): MachineFacts {
  const { gone, deprecated, moved, ofDistribution } = machines;
  return {
    gone: gone.filter((name) => name === machine),
    deprecated: deprecated.filter((name) => name === machine),
    moved: moved.filter(({ alias }) => alias === machine),
    ofDistribution,
  };
}

/** Each incident once for a way: certain where it is so for some hosts. */
export function eachOnce(all: readonly FoundIncident[]): readonly FoundIncident[] {
  const once = new Map<string, FoundIncident>();
  for (const found of all) {
    const key = `${found.incident.id} ${found.way}`;
    if (once.get(key)?.certain !== true) once.set(key, found);
  }
  return frozen([...once.values()]);
}
