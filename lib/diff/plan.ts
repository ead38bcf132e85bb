import type { Baseline } from '../../types/baseline.ts';
import type { Domain } from '../../types/domain.ts';
import type { PlanOptions } from '../../types/options.ts';
import type { DomainPlan } from '../../types/plan.ts';
import { optionsOf } from '../issues/options.ts';
import { givenBaseline, givenDomain } from './given.ts';
import { factsOf } from './pool/facts.ts';
import { PLAN, settingsOf } from './settings.ts';
import { plannedFor } from './ways.ts';

/**
 * What has to change in a domain so that it sees the same CPU on every host of a baseline, and why. Pure data: the
 * writer turns it into text, and it says nothing a writer could lose.
 *
 * @returns a plan without any change where an issue has severity `error`, or where the domain has no CPU that may
 * carry features.
 * @throws TypeError for an option that there is not, and for what is no domain or no baseline.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const baseline = diffHosts([host('a', 'pcid'), host('b', 'taa-no')]);
 * const domain = parseDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>");
 * planDomain(domain, baseline).disable.map(({ feature }) => feature); // → ['pcid', 'taa-no']
 */
export function planDomain(domain: Domain, baseline: Baseline, options: PlanOptions = {}): DomainPlan {
  const settings = settingsOf(optionsOf(options, PLAN));
  return plannedFor(givenDomain(domain), factsOf(givenBaseline(baseline)), settings).plan;
}
