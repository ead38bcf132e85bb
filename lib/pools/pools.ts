import type { BaselineHost } from '../../types/baseline.ts';
import type { Host } from '../../types/host.ts';
import type { Issue } from '../../types/issue.ts';
import type { PlannedPool, PlanPoolsOptions, PoolPartition, PoolsPlan } from '../../types/pools.ts';
import { givenHosts } from '../cpu/given-hosts.ts';
import { joinHosts } from '../cpu/join.ts';
import { diffHosts } from '../diff/pool/baseline.ts';
import { unionOf, uniquelyNamed } from '../diff/pool/hosts.ts';
import { hasErrors } from '../issues/issues.ts';
import { frozen } from '../text/frozen.ts';
import { naturalOrder } from '../text/natural.ts';
import { remembered } from '../text/remembered.ts';
import { divisionsOf, kneeOf, wholeDivisions, type WholeDivision } from './curve.ts';
import { groupsOf, isAboutHosts, isPlannable, type Group } from './groups.ts';
import { joiningHost } from './joining.ts';
import { bitsOf, spaceOf } from './kinds.ts';
import { leaveOuts } from './leave-out.ts';
import { namedLoss, newWeigher, type Weigher } from './loss.ts';
import { guestIssues } from './guest-issues.ts';
import { isOfArch, needsOf, type GuestNeeds } from './needs.ts';
import { checkedOptions, mostPools, type Checked } from './options.ts';
import { hostProfile, plannedPool } from './pool.ts';
import { profilesOf, type Profile } from './profiles.ts';

/**
 * Which hosts belong together: the division into one pool, two, three and so on with which guests lose least, what each
 * costs, and whom to leave out. Hosts that can be in no pool together (another architecture, vendor or kind of guest)
 * are divided first. The order of hosts, and giving one twice, changes nothing.
 *
 * Up to 16 kinds of hosts in a group every division is looked at; above, a good one is found and `proved` says so.
 *
 * @returns plain, frozen data. Hosts of which nobody knows what a guest gets there are `unplanned`, with an error.
 * @throws RangeError for a number that is out of range or a weight of a host that there is not; TypeError for an option
 * that there is not; LibvirtXmlError `bad-host` for what is no host.
 * @example
 * const host = (name, features) => hostFromFeatures({ name, features, libvirtVersion: '9.0.0' });
 * const plan = planPools([host('a', ['aes', 'avx']), host('b', ['aes', 'avx']), host('c', ['aes']), host('d', ['aes'])]);
 * plan.partitions.map(({ pools }) => pools.map(({ hosts }) => hosts.join())); // → [['a,b,c,d'], ['a,b', 'c,d']]
 * plan.partitions.map(({ loss }) => loss.features); // → [2, 0]
 */
export function planPools(hosts: readonly Host[], asked: PlanPoolsOptions = {}): PoolsPlan {
  const all = distinctHosts(hosts);
  const options = checkedOptions(
    asked,
    all.flatMap(({ name, givenName = name }) => [...new Set([name, givenName])]),
  );
  const doubtful = all.filter(({ issues }) => hasErrors(issues));
  const sound = all.filter(({ issues }) => !hasErrors(issues));
  const profiles = profilesOf(sound, options.weights);
  const silent = profiles.filter(({ host }) => !isPlannable(host));
  const planned = profiles.filter(({ host }) => isPlannable(host));
  const unplanned = [...doubtful.map(({ name }) => name), ...silent.flatMap((profile) => profile.names)];
  const maps = [...new Set(planned.flatMap(({ host }) => host.cpuMaps))];
  const { guests = [] } = options;
  const needs = guests.length === 0 ? [] : needsOf(guests, maps);
  const groups = groupsOf(planned);
  const weighers = groups.map((group) => weigherOf(planned, group, needs));
  const divisions = divisionsInto(weighers, options);
  const known = new Map<string, PlannedPool>();
  const partitions = divisions.map((whole) =>
    partitionOf(whole, { planned, weighers, needs, options, known }),
  );
  const knee = kneeOf(divisions.map(({ loss }) => loss));
  const pools = partitions[knee]?.pools ?? [];
  const joining = profilesOf(distinctHosts(options.joining ?? []), {}).flatMap(eachHost);
  const names = new Set(planned.flatMap(({ listed }) => listed));
  return frozen({
    profiles: planned.map((profile, i) => hostProfile(profile, levelIn(weighers, i), names)),
    groups,
    unplanned: unplanned.sort(naturalOrder),
    partitions,
    knee,
    leaveOut: weighers.flatMap((weigher) => leaveOuts(weigher, planned)),
    joining: joining.map((one) => joiningHost(one, pools, planned)),
    issues: [...issuesOf(all, options), ...(needs.length === 0 ? [] : guestIssues(needs, pools, planned))],
  });
}

/** The documents of one machine made into one host, and a host that was given twice taken once. */
function distinctHosts(hosts: readonly Host[]): readonly BaselineHost[] {
  return uniquelyNamed(unionOf(joinHosts(givenHosts(hosts)).map((host) => [host])));
}

function weigherOf(
  profiles: readonly Profile[],
  { profiles: members, arch }: Group,
  needs: readonly GuestNeeds[],
): Weigher {
  const space = spaceOf(profiles, members);
  const runnable = needs.filter(
    (one) => isOfArch(one, { arch }) && one.features.every((name) => space.numbers.has(name)),
  );
  return newWeigher(
    space,
    runnable.map(({ features }) => bitsOf(features, space.numbers)),
  );
}

/** How many levels the guests of a profile reach alone; `undefined` where that is no question. */
function levelIn(weighers: readonly Weigher[], profile: number): number | undefined {
  const space = weighers
    .map((weigher) => weigher.space)
    .find(({ kinds }) => kinds.some((kind) => kind.profiles.includes(profile)));
  if (space?.isX86 !== true) return undefined;
  return space.kinds.find((kind) => kind.profiles.includes(profile))?.level;
}

/** The best divisions of all groups together. */
function divisionsInto(weighers: readonly Weigher[], options: Checked): readonly WholeDivision[] {
  if (weighers.length === 0) return [];
  const most = mostPools(options, weighers.length);
  const rules = { most: most - weighers.length + 1, minSize: options.minSize };
  return wholeDivisions(
    weighers.map((weigher) => divisionsOf(weigher, rules)),
    most,
  );
}

interface Question {
  readonly planned: readonly Profile[];
  readonly weighers: readonly Weigher[];
  readonly needs: readonly GuestNeeds[];
  readonly options: Checked;
  /** Pools of other divisions: many come again. */
  readonly known: Map<string, PlannedPool>;
}

/** A division, opened into pools. */
function partitionOf(
  whole: WholeDivision,
  { planned, weighers, needs, options, known }: Question,
): PoolPartition {
  const pools = whole.divisions.flatMap((division, group): readonly PlannedPool[] => {
    const weigher = weighers[group];
    if (weigher === undefined) return [];
    const parts = { group, weigher, needs, profiles: planned, minSize: options.minSize };
    return division.map((kinds) =>
      remembered(known, `${group} ${kinds.join()}`, () => plannedPool({ ...parts, kinds })),
    );
  });
  const sorted = pools.toSorted(
    (a, b) => b.hosts.length - a.hosts.length || naturalOrder(a.hosts[0] ?? '', b.hosts[0] ?? ''),
  );
  return { pools: sorted, loss: namedLoss(whole.loss), proved: whole.proved };
}

/** Findings about the hosts themselves: what keeps some from being a pool is no finding, for they are divided. */
function issuesOf(hosts: readonly BaselineHost[], { accept, refuse }: PlanPoolsOptions): readonly Issue[] {
  if (hosts.length === 0) return [];
  const found = diffHosts(hosts, { ...(accept && { accept }), ...(refuse && { refuse }) });
  return found.issues.filter(isAboutHosts);
}

function eachHost(profile: Profile): readonly Profile[] {
  return profile.names.map((name) => ({
    ...profile,
    names: [name],
    weight: 1,
    host: { ...profile.host, name },
  }));
}
