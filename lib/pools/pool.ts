import type { BaselineHost } from '../../types/baseline.ts';
import type { HostProfile, PlannedPool, PoolFeature } from '../../types/pools.ts';
import { hasBit } from '../cpu/bits.ts';
import { guestLosses } from '../cpu/facts/guest-losses.ts';
import { impliedOn, worstGrade } from '../cpu/grade.ts';
import { compareVersions, normalVersion } from '../cpu/versions.ts';
import { baselineCpu } from '../diff/pool/baseline-cpu.ts';
import { naturalOrder } from '../text/natural.ts';
import { commonFeatures } from '../diff/pool/feature-sets.ts';
import { levelAt } from './kinds.ts';
import { namedLoss, type PoolSets, type Weigher } from './loss.ts';
import { isOfArch, type GuestNeeds } from './needs.ts';
import type { Profile } from './profiles.ts';

export interface PoolParts {
  readonly group: number;
  readonly kinds: readonly number[];
  readonly weigher: Weigher;
  readonly profiles: readonly Profile[];
  readonly needs: readonly GuestNeeds[];
  readonly minSize: number;
}

/** A pool, opened into features and hosts. */
export function plannedPool({ group, kinds, weigher, profiles, needs, minSize }: PoolParts): PlannedPool {
  const { space, setsOf, weigh, weighOne, keptIn, levelOf } = weigher;
  const sets = setsOf(kinds);
  const byProfile = new Map(
    kinds.flatMap((kind) => (space.kinds[kind]?.profiles ?? []).map((number) => [number, kind] as const)),
  );
  const numbers = [...byProfile.keys()].sort((a, b) => a - b);
  const members = numbers.flatMap((number) => profiles[number] ?? []);
  const own = members.map(({ host }) => host);
  const hosts = members.flatMap(({ names }) => names).sort(naturalOrder);
  const kept = keptIn(sets);
  const missing = ({ features }: GuestNeeds): readonly string[] =>
    features.filter((name) => !hasBit(kept, space.numbers.get(name) ?? -1));
  const runs = (guest: GuestNeeds): boolean => missing(guest).length === 0 && isOfArch(guest, own[0]);
  const best = Math.max(0, ...kinds.map((kind) => space.kinds[kind]?.level ?? 0));
  const lost = lostFeatures(weigher, profiles, numbers, sets);
  return {
    group,
    profiles: numbers,
    hosts,
    lost,
    weight: members.reduce((sum, { weight }) => sum + weight, 0),
    grade: worstGrade(own),
    tooSmall: hosts.length < minSize,
    common: commonFeatures(own),
    level: space.isX86 ? levelAt(levelOf(sets)) : undefined,
    best: space.isX86 ? levelAt(best) : undefined,
    model: modelOf(own),
    loss: namedLoss(weigh(kinds, sets)),
    lossOfOne: numbers.map((number) => namedLoss(weighOne(byProfile.get(number) ?? 0, sets))),
    costs: space.isX86
      ? guestLosses({
          lost: lost.map(({ feature }) => feature),
          kept: space.names.filter((_, number) => hasBit(kept, number)),
          reached: levelAt(best) ?? 'none',
        })
      : [],
    guests: needs.filter(runs).map(({ name }) => name),
    otherGuests: needs.filter((one) => !runs(one)).map((one) => ({ guest: one.name, missing: missing(one) })),
  };
}

function lostFeatures(
  { space }: Weigher,
  profiles: readonly Profile[],
  numbers: readonly number[],
  { common, union }: PoolSets,
): readonly PoolFeature[] {
  const marks = numbers.flatMap((number) => {
    const profile = profiles[number];
    return profile === undefined
      ? []
      : [{ number, listed: new Set(profile.listed), unsure: new Set(unsureOn(profile.host)) }];
  });
  const lost = space.names.filter((_, number) => hasBit(union, number) && !hasBit(common, number));
  return lost.sort().map((feature) => {
    const found = { presentIn: [] as number[], missingIn: [] as number[], unknownIn: [] as number[] };
    for (const { number, listed, unsure } of marks) {
      const isLacking = unsure.has(feature) ? 'unknownIn' : 'missingIn';
      found[listed.has(feature) ? 'presentIn' : isLacking].push(number);
    }
    return { feature, ...found };
  });
}

function unsureOn({ uncertain, silent }: BaselineHost): readonly string[] {
  return [...uncertain, ...silent];
}

/** A profile as it is given out; `others` are all names that some profile has. */
export function hostProfile(
  profile: Profile,
  level: number | undefined,
  others: ReadonlySet<string>,
): HostProfile {
  const { host, names, weight } = profile;
  const { arch, vendor, virtType, model, source, grade, processor, features = [] } = host;
  const all = new Set([...features, ...impliedOn(host)]);
  return {
    hosts: names,
    weight,
    arch,
    vendor,
    virtType,
    model,
    source,
    grade,
    processor: processor && {
      family: processor.family,
      model: processor.model,
      stepping: processor.stepping,
    },
    physicalAddressBits: processor?.physicalAddressBits,
    level: level === undefined ? undefined : levelAt(level),
    features: [...all].sort(),
    unknown: unsureOn(host)
      .filter((name) => others.has(name) && !all.has(name))
      .sort(),
  };
}

/** The model that libvirt would tell what the hosts share through, by the oldest map, so that all of them know it. */
function modelOf(hosts: readonly BaselineHost[]): string | undefined {
  const versions = [...new Set(hosts.flatMap(({ cpuMaps }) => cpuMaps.map(({ version }) => version)))];
  const [oldest] = versions.filter((version) => normalVersion(version) !== undefined).sort(compareVersions);
  try {
    return baselineCpu(hosts, oldest === undefined ? {} : { libvirtVersion: oldest }).model;
  } catch (error) {
    // Hosts may have no model in common, or a CPU map whose version is none.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
