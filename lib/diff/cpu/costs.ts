import type { Floor, GuestLoss, WeighedConsequence } from '../../../types/facts.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import { kindOf } from '../../cpu/facts/consequences.ts';
import { floorOfSystem, missingToFloor, readFloor } from '../../cpu/facts/floors.ts';
import { coveringFeatures, guestLosses } from '../../cpu/facts/guest-losses.ts';
import { canonicalIn } from '../../cpu/known-names.ts';
import type { CpuCase } from '../case.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { frozen } from '../../text/frozen.ts';
import { remembered } from '../../text/remembered.ts';
import { bestLevel, impliedByAll } from '../pool/levels.ts';
import { namesOff } from './changes.ts';
import { keptWithout } from './kept.ts';

/**
 * The disables, each with what it costs the guest. A feature that no host is known to have costs nothing: the guest
 * could not have counted on it.
 */
export function withConsequences(c: CpuCase, disable: readonly PlannedDisable[]): readonly PlannedDisable[] {
  return c.pool.memory(disable, 'consequences', () => Object.freeze(weighed(c, disable)));
}

function weighed(c: CpuCase, disable: readonly PlannedDisable[]): readonly PlannedDisable[] {
  const losses = lossesBy(c, disable, keptWithout(c, new Set(disable.map(({ feature }) => feature))));
  const byFeature = new Map(losses.flatMap((loss) => loss.features.map((name) => [name, loss] as const)));
  return disable.map((one) => {
    const loss = byFeature.get(one.feature);
    return loss === undefined
      ? one
      : Object.freeze({ ...one, consequence: consequenceIn(loss, one.feature) });
  });
}

function consequenceIn({ features: _, ...loss }: GuestLoss, feature: string): WeighedConsequence {
  return frozen({ ...loss, kind: kindOf(feature) });
}

/** What the guest pays, the gravest first, given what is off in it for other reasons. */
export function lossesOf(c: CpuCase, disable: readonly PlannedDisable[]): readonly GuestLoss[] {
  const { pool } = c;
  const bearing = pool.memory(lossesOf, '', () => withParents(pool, coveringFeatures()));
  return pool.memory(disable, `losses${linesOn(c, bearing)}`, () =>
    lossesBy(c, disable, guestFeatures(c, disable)),
  );
}

/** What the guest sees on every host. */
export function guestFeatures(c: CpuCase, disable: readonly PlannedDisable[]): ReadonlySet<string> {
  const { cpu, pool } = c;
  const own = namesOff(cpu.features);
  const off = new Set([...disable.map(({ feature }) => feature), ...own]);
  const implied = c.follows ? pool.ask(impliedByAll).filter((name) => !off.has(name)) : [];
  return new Set([...keptWithout(c, off), ...implied]);
}

/** What of a floor the guest does not keep. The lines of its own that bear on that are few, and mostly none. */
export function floorGaps(c: CpuCase, disable: readonly PlannedDisable[], floor: Floor): FloorGaps {
  const { pool } = c;
  const bearing = pool.memory(floor, 'bearing', () => withParents(pool, featuresOf(floor)));
  const gaps = pool.memory(disable, `gaps${linesOn(c, bearing)}`, () => new Map<Floor, FloorGaps>());
  return remembered(gaps, floor, () => missingToFloor(floor, guestFeatures(c, disable)));
}

type FloorGaps = ReturnType<typeof missingToFloor>;

function featuresOf({ features, mayNeed }: Floor): readonly string[] {
  return [...features, ...(mayNeed?.features ?? [])];
}

/** Lines of the domain on some features, as words. Domains of a pool have few such lines, and mostly none. */
function linesOn({ cpu }: CpuCase, some: Parents): string {
  let words = '';
  for (const { name, policy } of cpu.features) if (some.has(name)) words += ` ${policy} ${name}`;
  return words;
}

/** These features and all that they depend on in this pool, each with what it depends on itself. */
function withParents({ parents }: PoolFacts, features: readonly string[]): Parents {
  const all = new Set(features);
  // What is put into a set while it is gone through is gone through as well.
  for (const name of all) for (const parent of parents.get(name) ?? []) all.add(parent);
  return new Map([...all].map((name) => [name, parents.get(name) ?? []]));
}

type Parents = PoolFacts['parents'];

function lossesBy(
  { pool }: CpuCase,
  disable: readonly PlannedDisable[],
  kept: ReadonlySet<string>,
): readonly GuestLoss[] {
  const lost = disable.filter(({ presentOn }) => presentOn.length > 0).map(({ feature }) => feature);
  return guestLosses({ lost, kept, reached: pool.ask(bestLevel) ?? 'none' });
}

/**
 * The floor that holds for a guest: the one the caller states, else that of the system its metadata names.
 *
 * @throws TypeError for a floor that is neither levels, features nor a known system.
 */
export function floorFor({ settings, domain, pool }: CpuCase): Floor | undefined {
  const { floor } = settings;
  if (floor === undefined) {
    const id = domain.system?.id;
    return id === undefined ? undefined : pool.memory(floorOfSystem, id, () => floorOfSystem(id));
  }
  const system = pool.memory(floorOfSystem, floor, () => floorOfSystem(floor));
  if (system !== undefined) return system;
  const reading = pool.memory(readFloor, floor, () =>
    readFloor(floor, (name) => canonicalIn(pool.maps, name)),
  );
  if ('floor' in reading) return reading.floor;
  const words = reading.unknown.map((word) => JSON.stringify(word)).join(', ');
  throw new TypeError(
    `cpu.floor cannot be ${words}: it takes x86-64-v2, x86-64-v3, x86-64-v4 or names of features, with commas between, or an operating system (rhel10)`,
  );
}
