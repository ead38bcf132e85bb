import type { Floor } from '../../../types/facts.ts';
import type { Issue } from '../../../types/issue.ts';
import type { Lacking } from '../../../types/issue-facts/costs.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import type { Span } from '../../../types/xml.ts';
import { isX86 } from '../../cpu/arches.ts';
import { kindOf } from '../../cpu/facts/consequences.ts';
import { isSecurityLoss } from '../../cpu/facts/guest-losses.ts';
import { INVERSE_BITS } from '../../cpu/facts/kinds.ts';
import { levelOf } from '../../cpu/facts/levels.ts';
import { issue } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { remembered } from '../../text/remembered.ts';
import type { CpuCase } from '../case.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { dutyIssue } from '../pool/duties.ts';
import { hostsWithout } from '../pool/levels.ts';
import { floorFor, floorGaps, guestFeatures, lossesOf } from './costs.ts';
import { shown } from './kept.ts';

/** What the guest pays: defences, and what it is no longer told of its CPU. */
export function costIssues(c: CpuCase, disable: readonly PlannedDisable[]): readonly Issue[] {
  if (!isX86(c.pool.baseline)) return [];
  return [...securityIssues(c, disable), ...inverseIssues(c, disable)];
}

function securityIssues(c: CpuCase, disable: readonly PlannedDisable[]): readonly Issue[] {
  const grave = lossesOf(c, disable).filter(isSecurityLoss);
  const byFeature = new Map(disable.map((one) => [one.feature, one]));
  const lackingOn = (names: readonly string[]): readonly string[] =>
    merged(names.flatMap((name) => lackers(byFeature.get(name))));
  const duties = grave.flatMap(({ features }) => features.filter((name) => kindOf(name) === 'duty'));
  // Where all else is what a duty goes with, the finding on the duty says it.
  const defences = grave
    .filter(({ features }) => features.some(isControl) || !features.some((name) => duties.includes(name)))
    .map((loss) => ({ ...loss, features: loss.features.filter((name) => !duties.includes(name)) }));
  const issues: Issue[] = duties.flatMap((feature) => {
    const loss = byFeature.get(feature);
    return loss === undefined ? [] : [dutyIssue(c.pool.hosts, loss)];
  });
  const losses = defences.map(({ features, cve = [] }) => ({
    features,
    cve,
    lackingOn: lackingOn(features),
  }));
  if (losses.length > 0) issues.push(issue('security-loss', { losses }));
  return frozen(issues);
}

function isControl(name: string): boolean {
  return kindOf(name) === 'control';
}

/** A CPU that follows its host shows these bits as they are there; a fixed one where its model or a line has them. */
function inverseIssues(c: CpuCase, disable: readonly PlannedDisable[]): readonly Issue[] {
  const { pool, follows } = c;
  const differing = [...INVERSE_BITS].flatMap((name) => pool.losses.get(name) ?? []);
  if (differing.length === 0) return [];
  const own = follows ? undefined : shown(c);
  const seen = differing.filter(({ feature }) => own?.has(feature) !== false);
  return seen.map((loss) => {
    const disabled = disable.some(({ feature }) => feature === loss.feature);
    const { feature, presentOn } = loss;
    const facts = { feature, presentOn, lackingOn: lackers(loss), disabled };
    return issue('inverse-bit-differs', facts, disabled ? 'note' : 'warning');
  });
}

/** Whether the guest keeps the level that its system boots on. */
export function floorIssues(c: CpuCase, disable: readonly PlannedDisable[]): readonly Issue[] {
  const { domain, issueAt, settings, pool } = c;
  // Of a 32-bit guest nobody says what it needs.
  const floor = domain.arch === 'i686' || !isX86(pool.baseline) ? undefined : floorFor(c);
  if (floor === undefined) return [];
  const { missing, mayBeMissing } = floorGaps(c, disable, floor);
  const span = settings.floor === undefined ? domain.system?.span : undefined;
  const issues: Issue[] = [];
  if (missing.length > 0) issues.push(belowFloor(c, floor, missing, { disable, span }));
  if (mayBeMissing.length > 0) {
    const lacking = lackingOf(pool, mayBeMissing);
    const facts = { floor: floor.of, editions: floor.mayNeed?.text ?? '', features: mayBeMissing, lacking };
    issues.push(issueAt('floor-uncertain', span, facts));
  }
  return issues;
}

/** What the pool costs the guest stops it; what its own domain gives up is the domain's affair, and only said. */
function belowFloor(
  c: CpuCase,
  { of: floor, from = 'option', level }: Floor,
  features: readonly string[],
  { disable, span }: { readonly disable: readonly PlannedDisable[]; readonly span: Span | undefined },
): Issue {
  const lacking = lackingOf(c.pool, features);
  const accepted = c.settings.accept.has('below-floor');
  const keptLevel = levelOf(guestFeatures(c, disable)).level;
  const facts = {
    floor,
    from,
    ...(level !== undefined && level !== keptLevel && { level }),
    keptLevel,
    features,
    lacking,
    leaveOut: hostsBelow(c.pool, features, lacking),
    ...(!accepted && lacking.length > 0 && { option: 'below-floor' as const }),
  };
  const severity = accepted || lacking.length === 0 ? 'warning' : 'error';
  return c.issueAt('below-floor', span, facts, severity);
}

/** The hosts that lack these features, or may, by what they lack. */
function lackingOf(pool: PoolFacts, features: readonly string[]): readonly Lacking[] {
  const byHosts = new Map<string, { readonly hosts: readonly string[]; readonly features: string[] }>();
  for (const feature of features) {
    const loss = pool.losses.get(feature);
    const hosts = loss === undefined ? hostsWithout(pool, feature) : lackers(loss);
    remembered(byHosts, hosts.join(), () => ({ hosts, features: [] })).features.push(feature);
  }
  return [...byHosts.values()].filter(({ hosts }) => hosts.length > 0);
}

/** Of the hosts that lack something, those that do not give it to a guest of their own either; else all of them. */
function hostsBelow(
  pool: PoolFacts,
  features: readonly string[],
  lacking: readonly Lacking[],
): readonly string[] {
  const below = merged(features.flatMap((feature) => hostsWithout(pool, feature)));
  const blamed = below.length > 0 ? below : merged(lacking.flatMap(({ hosts }) => hosts));
  return blamed.length === pool.names.length ? [] : blamed;
}

function lackers(loss: Pick<PlannedDisable, 'missingOn' | 'unknownOn'> | undefined): readonly string[] {
  return merged([...(loss?.missingOn ?? []), ...(loss?.unknownOn ?? [])]);
}

function merged(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
