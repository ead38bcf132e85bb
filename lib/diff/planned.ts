import type { DomainChange, DomainPlan } from '../../types/plan.ts';
import type { Issue } from '../../types/issue.ts';
import { hasErrors, issue, plainIssue } from '../issues/issues.ts';
import { frozen } from '../text/frozen.ts';
import { NOTHING, type Case, type Outcome } from './case.ts';
import { guestLevels } from './pool/levels.ts';
import { RULES } from './rules/rules.ts';
import { isRunning } from './running.ts';
import { weighed } from './settings.ts';

/** A plan, and whether an issue of it is an error: that is known before the issues are read. */
export interface Planned {
  readonly plan: DomainPlan;
  readonly stops: boolean;
  readonly own: Case;
}

/** The plan of a case, and whether it stops the write. `told` makes of the issues found what the plan reports. */
export function planned(c: Case, told?: IssuesTold): Planned {
  const { settings } = c;
  const outcomes = outcomesOf(c);
  const stops =
    settings.refuse.size === 0
      ? outcomes.some(({ issues }) => hasErrors(issues))
      : hasErrors(weighed(foundIn(outcomes, c), settings));
  return { plan: new Plan(c, outcomes, stops, told), stops, own: c };
}

/** What a plan reports of the issues that were found. */
export type IssuesTold = (found: readonly Issue[]) => readonly Issue[];

/** What every rule that has something to say says. */
function outcomesOf(c: Case): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  for (const rule of RULES) {
    const outcome = rule(c);
    if (outcome !== NOTHING) outcomes.push(outcome);
    if (outcome.last === true) break;
  }
  return outcomes;
}

/** All that is found, as plain data. */
function foundIn(outcomes: readonly Outcome[], c: Case): readonly Issue[] {
  return outcomes.flatMap((outcome) => (outcome.report?.(c) ?? outcome.issues).map(plainIssue));
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
  readonly #told: IssuesTold | undefined;
  #perHost: DomainPlan['perHost'] | undefined;
  #issues: DomainPlan['issues'] | undefined;
  #levels: { readonly ofGuest: DomainPlan['levels'] } | undefined;

  constructor(c: Case, outcomes: readonly Outcome[], stops: boolean, told: IssuesTold | undefined) {
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
    return (this.#levels ??= { ofGuest: frozen(this.#guestLevels()) }).ofGuest;
  }

  #guestLevels(): DomainPlan['levels'] {
    const kept = withDisables(this.#outcomes)?.kept?.();
    return kept && guestLevels(this.#case.pool, kept);
  }

  get issues(): DomainPlan['issues'] {
    return (this.#issues ??= frozen(this.#told?.(this.#found()) ?? this.#found()));
  }

  #found(): readonly Issue[] {
    const { domain, settings } = this.#case;
    const isCycled = (this.#stops || this.shared.length > 0) && isRunning(domain);
    return [
      ...weighed(foundIn(this.#outcomes, this.#case), settings),
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
  return outcomes.find((outcome) => 'disable' in outcome);
}

/** The changes of each host's own form. Hosts of one kind have the same object: a fleet has only a few kinds. */
function changesByHost(
  hosts: readonly string[],
  outcomes: readonly Outcome[],
): ReadonlyMap<string, readonly DomainChange[]> {
  const known = new Map<readonly DomainChange[], readonly DomainChange[]>();
  const [first = NOTHING, ...others] = outcomes;
  const isAlike = !others.some((outcome) => 'changesFor' in outcome);
  const changesIn = (outcome: Outcome, host: string): readonly DomainChange[] =>
    outcome.changesFor?.(host) ?? outcome.changes;
  const changesOn = (host: string): readonly DomainChange[] => {
    const own = changesIn(first, host);
    const all = (isAlike && known.get(own)) || joined([own, ...others.map((one) => changesIn(one, host))]);
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
