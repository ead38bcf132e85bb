import type { CombinationFact, Cost, FeatureFact, GuestLoss, X86Level } from '../../../types/facts.ts';
import { COMBINATIONS } from './combinations.ts';
import { factOf, FEATURE_FACTS } from './consequences.ts';
import { isBelow } from './levels.ts';

/** Does the feature belong to a level that the guest never reached? */
function isBeyond({ level }: FeatureFact, reached: Exchange['reached']): boolean {
  if (level === undefined || reached === undefined) return false;
  return isBelow(reached === 'none' ? undefined : reached, level);
}

/** What a loss costs, as a line of it begins, the gravest first. */
export const COST_NAMES: Readonly<Record<Cost, string>> = {
  security: 'Security',
  boot: 'Boot',
  speed: 'Speed',
};

/** What is not known to cost anything comes last. */
export const COST_ORDER: readonly (Cost | undefined)[] = [...(Object.keys(COST_NAMES) as Cost[]), undefined];

interface Weighed {
  readonly cost?: Cost | undefined;
}

/** The gravest first. */
export function byCost(a: Weighed, b: Weighed): number {
  return COST_ORDER.indexOf(a.cost) - COST_ORDER.indexOf(b.cost);
}

/** The feature that opens the register where immunities and duties stand. */
const REGISTER = 'arch-capabilities';

/** What a guest has and no longer has. */
export interface Exchange {
  /** Features the guest would see on one host or another, and will not see any more. */
  readonly lost: Iterable<string>;
  /** Features it keeps. */
  readonly kept: Iterable<string>;
  /**
   * The highest level it reached on any host before: to lose a feature of a level it never reached costs it no boot.
   * @default any level
   */
  readonly reached?: X86Level | 'none';
}

interface Sets {
  readonly reached: Exchange['reached'];
  readonly lost: ReadonlySet<string>;
  readonly kept: ReadonlySet<string>;
}

/**
 * What a guest pays for the features it loses, the gravest first: security, boot, speed, the rest; then by name. Each
 * feature of which something is known is in one loss at most. Where several mean something together they are one
 * loss; where the guest keeps something that does the same, the loss costs nothing and names it.
 * @example
 * const kept = ['spec-ctrl', 'stibp', 'ssbd'];
 * guestLosses({ lost: ['avx2', 'md-clear', 'amd-ssbd'], kept }).map(({ features, cost }) => [...features, cost]);
 * // → [['md-clear', 'security'], ['avx2', 'boot'], ['amd-ssbd', undefined]]
 */
export function guestLosses(exchange: Exchange): readonly GuestLoss[] {
  const { reached } = exchange;
  const sets = { reached, lost: new Set(exchange.lost), kept: new Set(exchange.kept) };
  const joined = combinedLosses(sets);
  const done = new Set(joined.flatMap(({ features }) => features));
  const single = [...sets.lost]
    .filter((name) => !done.has(name) && name !== REGISTER)
    .flatMap((name) => singleLoss(factOf(name), sets));
  return withRegister([...joined, ...single], sets).sort(byWeight);
}

/** All features of which it counts whether the guest keeps them. */
export function coveringFeatures(): readonly string[] {
  const ofFacts = FEATURE_FACTS.flatMap(({ unless = [], onlyWith }) => [
    ...unless.flat(),
    ...(onlyWith === undefined ? [] : [onlyWith]),
  ]);
  return [...ofFacts, ...COMBINATIONS.flatMap(({ kept = [], notKept = [] }) => [...kept, ...notKept])];
}

/**
 * Does this loss take a defence away from the guest?
 * @example
 * guestLosses({ lost: ['ssbd'], kept: [] }).filter(isSecurityLoss).length; // → 1
 */
export function isSecurityLoss({ cost }: GuestLoss): boolean {
  return cost === 'security';
}

function byWeight(a: GuestLoss, b: GuestLoss): number {
  const [nameA = ''] = a.features;
  const [nameB = ''] = b.features;
  return byCost(a, b) || (nameA < nameB ? -1 : 1);
}

function holds(rule: CombinationFact, { lost, kept }: Sets): boolean {
  const { lost: all = [], lostOneOf, kept: needed = [], notKept = [] } = rule;
  return (
    all.every((name) => lost.has(name)) &&
    (lostOneOf === undefined || lostOneOf.some((name) => lost.has(name))) &&
    needed.every((name) => kept.has(name)) &&
    !notKept.some((name) => kept.has(name))
  );
}

/** What the rules say, each of what no rule before it spoke of. */
function combinedLosses(sets: Sets): readonly GuestLoss[] {
  const done = new Set<string>();
  return COMBINATIONS.filter((rule) => holds(rule, sets)).flatMap((rule) => {
    const own = [...(rule.lost ?? []), ...(rule.lostOneOf ?? [])];
    const features = own.filter((name) => sets.lost.has(name) && !done.has(name));
    for (const name of features) done.add(name);
    return features.length === 0 ? [] : [combinedLoss(rule, features)];
  });
}

function combinedLoss(
  { combination, cost, cve, text, source }: CombinationFact,
  features: readonly string[],
): GuestLoss {
  return {
    features,
    combination,
    kind: factOf(features[0] ?? '')?.kind ?? 'capability',
    ...(cost && { cost }),
    ...(cve && { cve }),
    text,
    source,
  };
}

/**
 * `arch-capabilities` opens a register: what is lost with it is one loss, which weighs as much as the gravest of them.
 */
function withRegister(losses: readonly GuestLoss[], { lost }: Sets): GuestLoss[] {
  const opener = lost.has(REGISTER) ? factOf(REGISTER) : undefined;
  if (opener === undefined) return [...losses];
  const isInside = ({ features }: GuestLoss): boolean =>
    features.every((name) => factOf(name)?.within === REGISTER);
  const inside = losses.filter(isInside).sort(byWeight);
  const cost = inside[0]?.cost;
  const cve = new Set(inside.flatMap((loss) => (loss.cost === cost ? (loss.cve ?? []) : [])));
  const register: GuestLoss = {
    features: [REGISTER, ...inside.flatMap(({ features }) => features).sort()],
    kind: opener.kind,
    ...(cost && { cost }),
    ...(cve.size > 0 && { cve: [...cve].sort() }),
    text: opener.text,
    source: opener.source,
  };
  return [register, ...losses.filter((loss) => !isInside(loss))];
}

function singleLoss(fact: FeatureFact | undefined, { kept, reached }: Sets): readonly GuestLoss[] {
  if (fact === undefined) return [];
  const { feature, kind, cost, cve, text, source, onlyWith } = fact;
  if (isBeyond(fact, reached)) return [];
  const coveredBy = fact.unless?.find((names) => names.every((name) => kept.has(name)));
  const isIdle = onlyWith !== undefined && !kept.has(onlyWith);
  return [
    {
      features: [feature],
      kind,
      ...(cost && coveredBy === undefined && !isIdle && { cost }),
      ...(cve && { cve }),
      text,
      source,
      ...(coveredBy && { coveredBy }),
      ...(isIdle && { without: onlyWith }),
    },
  ];
}
