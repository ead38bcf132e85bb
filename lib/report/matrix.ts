import type { Cost, GuestLoss } from '../../types/facts.ts';
import type { HostProfile, PlannedPool, PoolsPlan } from '../../types/pools.ts';
import { byCost } from '../cpu/facts/guest-losses.ts';
import { groupedBy } from '../text/remembered.ts';
import { groupName, recommended } from './words.ts';

/** Do guests see it there? */
export type Mark = 'yes' | 'no' | 'unknown';

/** Features that the same hosts have and lack: shown as one. */
export interface MatrixColumn {
  /** Sorted. */
  readonly features: readonly string[];
  /** The gravest thing that losing one of them means, where anything is known. */
  readonly cost: Cost | undefined;
  readonly losses: readonly GuestLoss[];
  /** How many hosts lack them, or may. */
  readonly lackedBy: number;
}

export interface MatrixRow {
  readonly profile: HostProfile;
  /** In the order of the columns. */
  readonly marks: readonly Mark[];
}

/** The rows of one recommended pool. */
export interface MatrixPool {
  /** Its number among the recommended. */
  readonly pool: number;
  readonly rows: readonly MatrixRow[];
}

/** Hosts × the features that they differ in, for hosts that could be one pool. */
export interface Matrix {
  /** What the hosts have in common, where there are others that have not: `Intel x86_64 kvm`. */
  readonly of: string;
  readonly columns: readonly MatrixColumn[];
  readonly pools: readonly MatrixPool[];
}

/** A matrix for every group of hosts that could be one pool and differ. */
export function matricesOf(plan: PoolsPlan): readonly Matrix[] {
  return poolMatrices(plan).filter(({ columns }) => columns.length > 0);
}

/** A matrix for every group of hosts that could be one pool: without columns where they are alike. */
export function poolMatrices(plan: PoolsPlan): readonly Matrix[] {
  const pools = recommended(plan);
  const losses = lossesByFeature(plan);
  return plan.groups
    .map((group, number) => {
      const numbers = group.profiles;
      const columns = columnsOf(
        numbers.map((i) => profileAt(plan, i)),
        losses,
      );
      const own = pools.flatMap((pool, i) =>
        pool.group === number ? [matrixPool(plan, pool, i, columns)] : [],
      );
      return {
        of: plan.groups.length === 1 ? '' : groupName(group),
        columns: columns.map(({ column }) => column),
        pools: own,
      };
    })
    .filter((matrix) => matrix.pools.length > 0);
}

function profileAt({ profiles }: PoolsPlan, number: number): HostProfile {
  const profile = profiles[number];
  if (profile === undefined) throw new RangeError(`there is no profile ${number}`);
  return profile;
}

/** What is known of losing each feature: where there are the fewest pools, the most is lost. */
function lossesByFeature({ partitions: [first] }: PoolsPlan): ReadonlyMap<string, GuestLoss> {
  const losses = (first?.pools ?? []).flatMap(({ costs }) => costs);
  return new Map(losses.toReversed().flatMap((loss) => loss.features.map((name) => [name, loss] as const)));
}

interface OwnColumn {
  readonly column: MatrixColumn;
  readonly marks: ReadonlyMap<HostProfile, Mark>;
}

function columnsOf(
  profiles: readonly HostProfile[],
  losses: ReadonlyMap<string, GuestLoss>,
): readonly OwnColumn[] {
  const sets = profiles.map(({ features, unknown }) => [new Set(features), new Set(unknown)] as const);
  const all = [...new Set(profiles.flatMap(({ features }) => features))].sort();
  const blocks = groupedBy(all, (feature) =>
    sets.map(([has, may]) => (has.has(feature) ? 'y' : may.has(feature) ? '?' : 'n')).join(''),
  );
  return [...blocks]
    .flatMap(([key, features]) => (/[n?]/.test(key) ? [ownColumn(key, features, profiles, losses)] : []))
    .sort(byLackers);
}

const MARKS: Readonly<Record<string, Mark>> = { y: 'yes', n: 'no', '?': 'unknown' };

function ownColumn(
  key: string,
  features: readonly string[],
  profiles: readonly HostProfile[],
  losses: ReadonlyMap<string, GuestLoss>,
): OwnColumn {
  const known = [...new Set(features.flatMap((feature) => losses.get(feature) ?? []))];
  const own = known.sort(byCost);
  const marks = profiles.map((profile, i) => [profile, MARKS[key[i] ?? ''] ?? 'unknown'] as const);
  const lackers = marks.filter(([, mark]) => mark !== 'yes');
  const lackedBy = lackers.reduce((sum, [{ hosts }]) => sum + hosts.length, 0);
  return { column: { features, cost: own[0]?.cost, losses: own, lackedBy }, marks: new Map(marks) };
}

/** What few hosts lack comes first: they cost the others most. */
function byLackers({ column: a }: OwnColumn, { column: b }: OwnColumn): number {
  return a.lackedBy - b.lackedBy || byCost(a, b) || b.features.length - a.features.length;
}

function matrixPool(
  plan: PoolsPlan,
  { profiles }: PlannedPool,
  pool: number,
  columns: readonly OwnColumn[],
): MatrixPool {
  const rows = profiles.map((number) => {
    const profile = profileAt(plan, number);
    return { profile, marks: columns.map(({ marks }) => marks.get(profile) ?? 'unknown') };
  });
  return { pool, rows };
}
