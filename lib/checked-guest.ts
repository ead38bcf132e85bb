import type { Domain } from '../types/domain.ts';
import type { Issue } from '../types/issue.ts';
import type { CheckOptions } from '../types/options.ts';
import type { DomainPlan } from '../types/plan.ts';
import type { CheckResult } from '../types/pool.ts';
import { disablesWritten } from './diff/cpu/changes.ts';
import type { PoolFacts } from './diff/pool/facts.ts';
import { runningIssues, runningVerdicts } from './diff/running-guest.ts';
import { isPinned, isRunning } from './diff/running.ts';
import type { Settings } from './diff/settings.ts';
import { plannedFor } from './diff/ways.ts';
import { hasErrors } from './issues/issues.ts';
import { parseDomain } from './parser/domain/domain.ts';
import { frozen } from './text/frozen.ts';

/** The domain an answer is about. Frozen when somebody asks for it: few do, and every list and span in it takes its time. */
export class Answer {
  readonly #domain: Domain;

  constructor(domain: Domain) {
    this.#domain = domain;
  }

  get domain(): Domain {
    return frozen(this.#domain);
  }
}

class CheckedGuest extends Answer implements CheckResult {
  readonly safe: boolean;
  readonly disable: CheckResult['disable'];
  readonly plan: DomainPlan;
  readonly running: CheckResult['running'];
  readonly issues: readonly Issue[];

  constructor(domain: Domain, { safe, disable, plan, running, issues }: Omit<CheckResult, 'domain'>) {
    super(domain);
    this.safe = safe;
    this.disable = disable;
    this.plan = plan;
    this.running = running;
    this.issues = issues;
    Object.freeze(this);
  }

  toJSON(): CheckResult {
    const { safe, disable, plan, running, issues, domain } = this;
    return { safe, disable, plan, running, issues, domain };
  }
}

/** What a pool answers to whether a domain is safe to move as it is. */
export function checkIn(
  pool: PoolFacts,
  domainXml: string,
  settings: Settings,
  { read, runningOn }: CheckOptions,
): CheckResult {
  if (runningOn !== undefined && !pool.names.includes(runningOn))
    throw new RangeError(`the pool has no host "${runningOn}"`);
  const domain = parseDomain(domainXml, read);
  // What libvirt wrote into the XML of a running guest is nobody's demand.
  const isWritten = isPinned(domain);
  const accept = isWritten ? new Set([...settings.accept, 'conflicts' as const]) : settings.accept;
  const { plan, own } = plannedFor(domain, pool, { ...settings, accept });
  const running = isRunning(domain) ? runningVerdicts(domain, own.pool, plan, runningOn) : undefined;
  const issues: readonly Issue[] = frozen([
    ...plan.issues.filter(({ code }) => !isWritten || code !== 'policy-overridden'),
    ...(running ?? []).flatMap((verdict) => runningIssues(verdict, domain)),
  ]);
  const disable = frozen(disablesWritten(plan));
  const safe = !hasErrors(issues) && plan.shared.length === 0;
  return new CheckedGuest(domain, { safe, disable, plan, running, issues });
}
