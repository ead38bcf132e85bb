import type { Baseline } from '../../../types/baseline.ts';
import type { Domain } from '../../../types/domain.ts';
import type { IssueCode } from '../../../types/issue.ts';
import type { PlanOptions } from '../../../types/options.ts';
import type { DomainChange, DomainPlan } from '../../../types/plan.ts';
import { hasErrors } from '../../issues/issues.ts';
import { judgeAddressBits } from './address-bits.ts';
import { judgeClock } from './clock.ts';
import { finderIn } from '../finder.ts';
import { NOTHING, type Judged } from './guest-context.ts';
import { judgeIdentity } from './identity.ts';
import { judge, NO_CHANGES } from '../pool/visible.ts';
import { judgeMachine } from './machine.ts';
import { judgeOffers } from './offers.ts';

/** With one of these, the hosts say nothing about this guest. */
const STRANGERS: ReadonlySet<IssueCode> = new Set([
  'arch-mismatch',
  'arch-unsupported',
  'context-mismatch',
  'too-few-hosts',
]);

/** The plan with what else must be equal beside the features of the CPU: machine, devices, limits, clocks. */
export function withGuest(
  plan: DomainPlan,
  domain: Domain,
  baseline: Baseline,
  options: PlanOptions,
): DomainPlan {
  if (plan.issues.some(({ code, severity }) => severity === 'error' && STRANGERS.has(code))) return plan;
  const { issues, changes } = judgeGuest(domain, baseline, options);
  if (issues.length === 0 && changes.length === 0) return plan;
  const all = [...plan.issues, ...issues];
  if (hasErrors(all))
    return { disable: [], shared: NO_CHANGES, perHost: judge(baseline).noChanges, issues: all };
  if (changes.length === 0) return { ...plan, issues: all };
  const extended = new Map<readonly DomainChange[], readonly DomainChange[]>();
  const extend = (own: readonly DomainChange[]): readonly DomainChange[] => {
    const known = extended.get(own) ?? [...own, ...changes];
    extended.set(own, known);
    return known;
  };
  const perHost = Object.entries(plan.perHost).map(([host, own]) => [host, extend(own)] as const);
  return { ...plan, shared: extend(plan.shared), perHost: Object.fromEntries(perHost), issues: all };
}

function judgeGuest(domain: Domain, baseline: Baseline, options: PlanOptions): Judged {
  const found = finderIn(domain.text);
  const guest = { domain, hosts: baseline.hosts, common: judge(baseline).common, options, found };
  const machine = judgeMachine(guest);
  // What was asked for another machine type says nothing about this one.
  if (hasErrors(machine.issues)) return machine;
  const parts = [
    machine,
    { issues: judgeOffers(guest), changes: [] },
    judgeIdentity(guest),
    judgeAddressBits(guest),
    { issues: judgeClock(guest), changes: [] },
  ];
  // Mostly there is nothing: joining empty lists would take longer than all the questions.
  const saying = parts.filter(({ issues, changes }) => issues.length > 0 || changes.length > 0);
  const [first, second] = saying;
  if (first === undefined || second === undefined) return first ?? NOTHING;
  return {
    issues: saying.flatMap(({ issues }) => issues),
    changes: saying.flatMap(({ changes }) => changes),
  };
}
