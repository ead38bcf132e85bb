import { diffHosts } from '../../lib/diff/baseline.ts';
import { planDomain } from '../../lib/diff/domain.ts';
import { parseDomain } from '../../lib/parser/domain.ts';
import type { Host } from '../../types/host.ts';
import type { PlanOptions } from '../../types/options.ts';
import type { DomainPlan, FeatureChange } from '../../types/plan.ts';

/** The plan for a KVM domain with this `<cpu>` on these hosts. */
export function planOf(cpu: string, hosts: readonly Host[], options: PlanOptions = {}): DomainPlan {
  const domain = parseDomain(`<domain type='kvm'>${cpu}</domain>`);
  return planDomain(domain, diffHosts(hosts), options);
}

/** Each change as one word: `+avx` for a new line, `avx: optional → disable` for another policy. */
export function changed(changes: readonly FeatureChange[] | undefined): readonly string[] | undefined {
  return changes?.map((change) =>
    change.kind === 'add' ? `+${change.name}` : `${change.name}: ${change.feature.policy} → disable`,
  );
}
