import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../lib/diff/plan.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import type { Host } from '../../types/host.ts';
import type { PlanOptions } from '../../types/options.ts';
import type { DomainPlan, DomainChange } from '../../types/plan.ts';

/** The plan for a domain, of KVM unless said otherwise, with this `<cpu>` on these hosts. */
export function planOf(
  cpu: string,
  hosts: readonly Host[],
  options: PlanOptions = {},
  virtType = 'kvm',
): DomainPlan {
  const domain = parseDomain(`<domain type='${virtType}'>${cpu}</domain>`);
  return planDomain(domain, diffHosts(hosts), options);
}

/** Each change as one word: `+avx` for a new line, `avx: optional → disable` for another policy. */
export function changed(changes: readonly DomainChange[] | undefined): readonly string[] | undefined {
  return changes?.map(wordFor);
}

function wordFor(change: DomainChange): string {
  switch (change.kind) {
    case 'add':
      return change.policy === 'disable' ? `+${change.name}` : `+${change.name}: ${change.policy}`;
    case 'replace':
      return `${change.name}: ${change.feature.policy} → ${change.policy}`;
    case 'set-attribute':
      return `@${change.name}=${change.value}`;
    case 'remove-attribute':
      return `-@${change.name}`;
    case 'add-element':
    case 'replace-element':
      return `<${change.element.name}>`;
    case 'set-text':
    case 'remove-element':
      return change.kind;
  }
}
