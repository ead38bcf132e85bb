import type { Loss } from '../../types/baseline.ts';
import type { Pool } from '../../types/pool.ts';
import { createPool } from '../pool.ts';
import { reasonToIgnore } from '../diff/pool/ignored.ts';
import { isNamed } from '../cpu/map.ts';
import { cannotGive, type HostKind, type SidedHost } from './sides.ts';

/** Hosts of one kind before, and of one kind after: a guest may go from each to each. */
export interface Pair {
  readonly before: HostKind;
  readonly after: HostKind;
  /** One of each. */
  readonly pool: Pool;
}

/** What guests get on one host and not on the other. */
export interface Differences {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly unknown: readonly string[];
}

export function pairOf(before: HostKind, after: HostKind): Pair {
  // What was asked about another machine type still tells a lot; whether it holds, is looked at (`reasons.ts`).
  const pool = createPool([before.first.host, after.first.host], { accept: ['other-machine'] });
  return { before, after, pool };
}

/** What guests can notice: names that libvirt filters, or that no guest may have, are left out. */
export function differencesOf({ before, after, pool }: Pair): Differences {
  const visible = pool.baseline.losses.filter(({ feature }) => reasonToIgnore(feature) === undefined);
  const [old, upgraded] = [before.first, after.first];
  const isOn = (loss: Loss, { host }: SidedHost): boolean => loss.presentOn.includes(host.name);
  const lacks = (loss: Loss, one: SidedHost): boolean =>
    loss.missingOn.includes(one.host.name) || cannotGive(one, loss.feature);
  const gained = visible.filter((loss) => isOn(loss, upgraded) && lacks(loss, old));
  const lost = visible.filter((loss) => isOn(loss, old) && lacks(loss, upgraded));
  const unknown = visible.filter((loss) => !gained.includes(loss) && !lost.includes(loss));
  return { gained: namesOf(gained), lost: namesOf(lost), unknown: namesOf(unknown) };
}

function namesOf(losses: readonly Loss[]): readonly string[] {
  return losses.map(({ feature }) => feature);
}

/** Does libvirt of one host give guests something that the other one has no name for? */
export function hasUnnamed(from: SidedHost, to: SidedHost): boolean {
  const { model, features = [] } = from.host;
  const isModelKnown = (name: string): boolean =>
    to.host.cpuMaps.every(({ models }) => models.some((one) => one.name === name));
  return (
    features.some((name) => !isNamed(to.host.cpuMaps, name)) || (model !== undefined && !isModelKnown(model))
  );
}
