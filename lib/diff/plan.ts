import type { Baseline } from '../../types/baseline.ts';
import type { Domain } from '../../types/domain.ts';
import type { PlanOptions } from '../../types/options.ts';
import type { DomainChange, DomainPlan } from '../../types/plan.ts';
import type { Issue } from '../../types/issue.ts';
import { hasErrors, issue, plainIssue } from '../issues/issues.ts';
import { frozen, frozenCopy } from '../text/frozen.ts';
import { NOTHING, type Case, type Outcome } from './case.ts';
import { newCase } from './new-case.ts';
import { factsOf } from './pool/facts.ts';
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
  return planned(c).plan;
}

/** A plan, and whether an issue of it is an error: that is known before the issues are read. */
export interface Planned {
  readonly plan: DomainPlan;
  readonly stops: boolean;
}

/** The same, telling whether it stops the write. `told` makes of the issues found what the plan reports. */
export function planned(c: Case, told: IssuesTold = (issues) => issues): Planned {
  const outcomes = outcomesOf(c);
  const stops = outcomes.some(({ issues }) => hasErrors(issues));
  return { plan: new Plan(c, outcomes, stops, told), stops };
}

type IssuesTold = (found: readonly Issue[]) => readonly Issue[];

/** What every rule that has something to say says, as the caller weighs it. */
function outcomesOf(c: Case): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (const rule of RULES) {
    const outcome = rule(c);
    if (outcome !== NOTHING) outcomes.push(c.settings.refuse.size === 0 ? outcome : judged(outcome, c));
    if (outcome.last === true) break;
  }
  return outcomes;
}

/** What the caller refuses may be among what is only reported. */
function judged({ report, ...outcome }: Outcome, { settings }: Case): Outcome {
  return { ...outcome, issues: weighed((report?.() ?? outcome.issues).map(plainIssue), settings) };
}

/**
 * A plan of which that part is worked out which stops or changes something; the rest when it is read. A class, because
 * V8 gives each object with getters of its own a shape of its own, which keeps it and all it leads to alive until the
 * next full collection: for a pool of many guests that took as long as the planning.
 */
class Plan implements DomainPlan {
  readonly shared: DomainPlan['shared'];
  readonly #case: Case;
  readonly #outcomes: readonly Outcome[];
  readonly #stops: boolean;
  readonly #told: IssuesTold;
  #perHost: DomainPlan['perHost'] | undefined;
  #issues: DomainPlan['issues'] | undefined;
  #levels: { readonly ofGuest: DomainPlan['levels'] } | undefined;

  constructor(c: Case, outcomes: readonly Outcome[], stops: boolean, told: IssuesTold) {
    this.#case = c;
    this.#outcomes = outcomes;
    this.#stops = stops;
    this.#told = told;
    this.shared = joined(this.#changing.map(({ changes }) => changes));
    Object.freeze(this);
  }

  /** The outcomes that change something. */
  get #changing(): readonly Outcome[] {
    return this.#stops ? [] : this.#outcomes.filter(isChanging);
  }

  get disable(): DomainPlan['disable'] {
    return (this.#stops ? undefined : withDisables(this.#outcomes)?.disable?.()) ?? NO_DISABLES;
  }

  get perHost(): DomainPlan['perHost'] {
    const hosts = this.#case.pool.names;
    return (this.#perHost ??= Object.freeze(Object.fromEntries(changesByHost(hosts, this.#changing))));
  }

  get levels(): DomainPlan['levels'] {
    const kept = withDisables(this.#outcomes)?.kept;
    return (this.#levels ??= { ofGuest: kept && frozenCopy(guestLevels(this.#case.pool, kept())) }).ofGuest;
  }

  get issues(): DomainPlan['issues'] {
    return (this.#issues ??= Object.freeze(this.#told(this.#found().map(plainIssue))));
  }

  #found(): readonly Issue[] {
    const isCycled = (this.#stops || this.shared.length > 0) && isRunning(this.#case.domain);
    return [
      ...this.#outcomes.flatMap(({ issues, report }) => report?.() ?? issues),
      ...(isCycled ? [issue('live-needs-power-cycle', {})] : []),
    ];
  }

  toJSON(): DomainPlan {
    const { disable, shared, perHost, levels, issues } = this;
    return { disable, shared, perHost, levels, issues };
  }
}

function isChanging({ changes, isByHost }: Outcome): boolean {
  return changes.length > 0 || isByHost === true;
}

const NO_DISABLES: DomainPlan['disable'] = Object.freeze([]);

function withDisables(outcomes: readonly Outcome[]): Outcome | undefined {
  return outcomes.find(({ disable }) => disable !== undefined);
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
