import type { Baseline } from '../../types/baseline.ts';
import type { Domain } from '../../types/domain.ts';
import type { PlanOptions } from '../../types/options.ts';
import type { DomainChange, DomainPlan } from '../../types/plan.ts';
import { hasErrors, issue } from '../issues/issues.ts';
import { frozen } from '../text/frozen.ts';
import { NOTHING, type Case, type Outcome } from './case.ts';
import { newCase } from './new-case.ts';
import { factsOf } from './pool/facts.ts';
import { frozenCopy } from '../text/frozen.ts';
import { guestLevels } from './pool/levels.ts';
import { RULES } from './rules/rules.ts';
import { isRunning } from './running.ts';
import { settingsOf, weighed } from './settings.ts';

/**
 * What has to change in a domain so that it sees the same CPU on every host of a baseline, and why. Pure data: the
 * writer turns it into text, and it says nothing a writer could lose.
 *
 * @returns a plan without any change where an issue has severity `error`, or where the domain has no CPU that may
 * carry features.
 * @throws TypeError for an option that there is not.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const baseline = diffHosts([host('a', 'pcid'), host('b', 'taa-no')]);
 * const domain = parseDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>");
 * planDomain(domain, baseline).disable.map(({ feature }) => feature); // → ['pcid', 'taa-no']
 */
export function planDomain(domain: Domain, baseline: Baseline, options: PlanOptions = {}): DomainPlan {
  return planCase(newCase(domain, factsOf(baseline), settingsOf(options)));
}

/** The plan of a case: what all rules find, and what would mend it. */
export function planCase(c: Case): DomainPlan {
  const outcomes = outcomesOf(c);
  const issues = outcomes.flatMap((outcome) => outcome.issues);
  const running = isRunning(c.domain) ? [issue('live-needs-power-cycle', {})] : [];
  const { disable = [], kept } = outcomes.find((outcome) => outcome.disable !== undefined) ?? {};
  if (hasErrors(issues))
    return planOf(c, {
      disable: [],
      kept,
      shared: NOTHING.changes,
      changing: [],
      issues: [...issues, ...running],
    });
  const changing = outcomes.filter(({ changes }) => changes.length > 0);
  const shared = joined(changing.map(({ changes }) => changes));
  const all = shared.length === 0 ? issues : [...issues, ...running];
  return planOf(c, { disable, kept, shared, changing, issues: all });
}

/** What every rule that has something to say says, as the caller weighs it. */
function outcomesOf(c: Case): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (const rule of RULES) {
    const outcome = rule(c);
    if (outcome !== NOTHING) outcomes.push({ ...outcome, issues: weighed(outcome.issues, c.settings) });
    if (outcome.last === true) break;
  }
  return outcomes;
}

interface PlanParts extends Pick<DomainPlan, 'disable' | 'shared' | 'issues'> {
  readonly kept: Outcome['kept'] | undefined;
  /** The outcomes that change something. */
  readonly changing: readonly Outcome[];
}

function planOf({ pool }: Case, { disable, kept, shared, changing, issues }: PlanParts): DomainPlan {
  let perHost: DomainPlan['perHost'] | undefined;
  let levels: { readonly ofGuest: DomainPlan['levels'] } | undefined;
  return Object.freeze({
    disable,
    shared,
    get perHost() {
      return (perHost ??= Object.freeze(Object.fromEntries(changesByHost(pool.names, changing))));
    },
    get levels() {
      return (levels ??= { ofGuest: kept && frozenCopy(guestLevels(pool, kept())) }).ofGuest;
    },
    issues: Object.freeze(issues),
  });
}

/** The changes of each host's own form. Hosts of one kind have the same object: a fleet has only a few kinds. */
function changesByHost(
  hosts: readonly string[],
  outcomes: readonly Outcome[],
): ReadonlyMap<string, readonly DomainChange[]> {
  const known = new Map<readonly DomainChange[], readonly DomainChange[]>();
  const [first, ...others] = outcomes.map(({ changes, changesFor = () => changes }) => changesFor);
  const isAlike = outcomes.slice(1).every(({ changesFor }) => changesFor === undefined);
  const changesOn = (host: string): readonly DomainChange[] => {
    const own = first?.(host) ?? NOTHING.changes;
    const all = (isAlike && known.get(own)) || joined([own, ...others.map((changesFor) => changesFor(host))]);
    known.set(own, all);
    return all;
  };
  return new Map(hosts.map((host) => [host, changesOn(host)]));
}

/** One list stays the object it is, so that what follows from it is worked out once. */
function joined(lists: readonly (readonly DomainChange[])[]): readonly DomainChange[] {
  const [first = NOTHING.changes] = lists;
  return frozen(lists.length < 2 ? first : lists.flat());
}
