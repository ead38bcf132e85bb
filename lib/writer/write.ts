import type { Domain } from '../../types/domain.ts';
import type { WriteOptions } from '../../types/options.ts';
import type { DomainPlan } from '../../types/plan.ts';
import { asList, asMade, asObject } from '../issues/given.ts';
import { either, OBJECT, oneOf, optionsOf, TEXT, type OptionKinds } from '../issues/options.ts';
import { applyEdits } from '../text/edit.ts';
import { editsFor } from './edits.ts';

const WRITE: OptionKinds<WriteOptions> = { form: either(oneOf('shared'), OBJECT) };
const FORM: OptionKinds<{ readonly host: string }> = { host: TEXT };

/**
 * The domain's text with the planned changes made and every other byte as it was; the same string when there is
 * nothing to change.
 *
 * @throws RangeError if the plan has no host of the name asked for; TypeError for what is no domain or no plan, and for an
 * option that there is not.
 * @example
 * const host = (name, feature) => hostFromFeatures({ name, features: ['fpu', feature], libvirtVersion: '9.0.0' });
 * const domain = parseDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>");
 * const plan = planDomain(domain, diffHosts([host('a', 'pcid'), host('b', 'taa-no')]));
 * writeDomain(domain, plan, { form: { host: 'a' } });
 * // → "<domain type='kvm'><cpu mode='host-passthrough'><feature policy='disable' name='pcid'/></cpu></domain>"
 */
export function writeDomain(domain: Domain, plan: DomainPlan, options: WriteOptions = {}): string {
  asMade(domain, 'the domain', ['uses', 'devices'], 'give what parseDomain made of it');
  const { shared, perHost } = asMade(plan, 'the plan', ['shared'], 'give what planDomain made');
  const { form = 'shared' } = optionsOf(options, WRITE);
  const host = form === 'shared' ? undefined : optionsOf(form, FORM, 'form').host;
  const changes = host === undefined ? shared : formFor(asObject(perHost, 'perHost'), host);
  if (changes === undefined) throw new RangeError(`the plan has no host "${host ?? ''}"`);
  const all = asList(changes, 'the changes').map((one) => asObject(one, 'a change'));
  return applyEdits(domain.text, editsFor(domain, all));
}

function formFor(perHost: DomainPlan['perHost'], host: string): DomainPlan['shared'] | undefined {
  return Object.hasOwn(perHost, host) ? perHost[host] : undefined;
}
