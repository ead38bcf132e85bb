import type { Loss } from '../../types/baseline.ts';
import type { Pool } from '../../types/pool.ts';
import type { RehearsedWay } from '../../types/rehearsal.ts';
import { createPool } from '../pool.ts';
import { reasonToIgnore } from '../diff/pool/ignored.ts';
import { isNamed } from '../cpu/map.ts';
import { machinesOf, type MachineChanges } from './machines.ts';
import type { HostKind, SidedHost } from './sides.ts';

/** Hosts of one kind before, and of one kind after: a guest may go from each to each. */
export interface Pair {
  readonly before: HostKind;
  readonly after: HostKind;
  /** One of each. */
  readonly pool: Pool;
  readonly differences: Differences;
  readonly machines: MachineChanges;
  /** Does libvirt there not know some name of what guests get here? */
  readonly unnamed: Readonly<Record<RehearsedWay, boolean>>;
}

/** What guests get on one host and not on the other. */
export interface Differences {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly unknown: readonly string[];
}

/** A pair, with what its hosts differ in: worked out once for all guests. */
export function pairOf(before: HostKind, after: HostKind): Pair {
  // What was asked about another machine type still tells a lot; whether it holds, is looked at (`reasons.ts`).
  const pool = createPool([before.first.host, after.first.host], { accept: ['other-machine'] });
  const [old, upgraded] = [before.first, after.first];
  return {
    before,
    after,
    pool,
    differences: differencesOf(pool, old, upgraded),
    machines: machinesOf(old.host, upgraded.host),
    unnamed: { forward: hasUnnamed(old, upgraded), back: hasUnnamed(upgraded, old) },
  };
}

/** What guests can notice: names that libvirt filters, or that no guest may have, are left out. */
function differencesOf(pool: Pool, old: SidedHost, upgraded: SidedHost): Differences {
  const visible = pool.baseline.losses.filter(({ feature }) => reasonToIgnore(feature) === undefined);
  const isOn = (loss: Loss, { host }: SidedHost): boolean => loss.presentOn.includes(host.name);
  const lacks = (loss: Loss, one: SidedHost): boolean =>
    loss.missingOn.includes(one.host.name) || one.cannotGive(loss.feature);
  const gained = visible.filter((loss) => isOn(loss, upgraded) && lacks(loss, old));
  const lost = visible.filter((loss) => isOn(loss, old) && lacks(loss, upgraded));
  const unknown = visible.filter((loss) => !gained.includes(loss) && !lost.includes(loss));
  return { gained: namesOf(gained), lost: namesOf(lost), unknown: namesOf(unknown) };
}

function namesOf(losses: readonly Loss[]): readonly string[] {
  return losses.map(({ feature }) => feature);
}

/** Does libvirt of one host give guests something that the other one has no name for? */
function hasUnnamed(from: SidedHost, to: SidedHost): boolean {
  const { model, features = [] } = from.host;
  const isModelKnown = (name: string): boolean =>
    to.host.cpuMaps.every(({ models }) => models.some((one) => one.name === name));
  return (
    features.some((name) => !isNamed(to.host.cpuMaps, name)) || (model !== undefined && !isModelKnown(model))
  );
}
