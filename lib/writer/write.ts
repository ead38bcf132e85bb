import type { Domain } from '../../types/domain.ts';
import type { WriteOptions } from '../../types/options.ts';
import type { DomainPlan } from '../../types/plan.ts';
import { applyEdits } from '../text/edit.ts';
import { editsFor } from './edits.ts';

/**
 * The domain's text with the planned changes made and every other byte as it was; the same string when there is
 * nothing to change.
 *
 * @throws RangeError if the plan has no host of the name asked for.
 * @example
 * const host = (name, feature) => hostFromFeatures({ name, features: ['fpu', feature], libvirtVersion: '9.0.0' });
 * const domain = parseDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>");
 * const plan = planDomain(domain, diffHosts([host('a', 'pcid'), host('b', 'taa-no')]));
 * writeDomain(domain, plan, { form: { host: 'a' } });
 * // → "<domain type='kvm'><cpu mode='host-passthrough'><feature policy='disable' name='pcid'/></cpu></domain>"
 */
export function writeDomain(
  domain: Domain,
  plan: DomainPlan,
  { form = 'shared' }: WriteOptions = {},
): string {
  const changes =
    form === 'shared'
      ? plan.shared
      : Object.hasOwn(plan.perHost, form.host)
        ? plan.perHost[form.host]
        : undefined;
  if (changes === undefined)
    throw new RangeError(`the plan has no host "${form === 'shared' ? '' : form.host}"`);
  return applyEdits(domain.text, editsFor(domain, changes));
}
