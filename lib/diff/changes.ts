import type { Issue } from '../../types/issue.ts';
import type { DomainCpu, DomainFeature } from '../../types/domain.ts';
import type { FeatureChange } from '../../types/plan.ts';
import { issue } from '../issues.ts';

/** Is the feature off in this domain whatever the host? */
export function isOff({ policy }: DomainFeature): boolean {
  return policy === 'disable' || policy === 'forbid';
}

/** Does the domain insist on the feature? */
export function isWanted({ policy }: DomainFeature): boolean {
  return policy === 'require' || policy === 'force';
}

/** A list of names as changes to a CPU that names none of them; the same objects for the same list. */
const asNew = new WeakMap<
  readonly string[],
  { readonly names: ReadonlySet<string>; readonly changes: readonly FeatureChange[] }
>();

/** The changes that turn these features off: nothing for what is off already, a new policy for what is listed. */
export function changesFor(cpu: DomainCpu, names: readonly string[]): readonly FeatureChange[] {
  const all = asNew.get(names) ?? {
    names: new Set(names),
    changes: names.map((name): FeatureChange => ({ kind: 'add', name })),
  };
  asNew.set(names, all);
  const listed = cpu.features.filter(({ name }) => all.names.has(name));
  if (listed.length === 0) return all.changes;
  const known = new Map(listed.map((feature) => [feature.name, feature]));
  return all.changes.flatMap((change): FeatureChange[] => {
    const feature = known.get(change.name);
    if (feature === undefined) return [change];
    return isOff(feature) ? [] : [{ kind: 'replace', name: change.name, feature }];
  });
}

/** May feature lines be written into this CPU at all? libvirt refuses them in custom mode without a model. */
export function takesFeatures(cpu: DomainCpu | undefined): cpu is DomainCpu {
  return cpu !== undefined && (cpu.mode !== 'custom' || cpu.model !== undefined);
}

const NO_CPU: Issue = issue('no-cpu-model', { received: 'no <cpu>' });
const NO_MODEL: Issue = issue('no-cpu-model', { received: 'a <cpu> without mode or model' });

/** Why a domain stays as it is: there is no CPU that may carry features. */
export function noCpuIssue(cpu: DomainCpu | undefined): Issue {
  return cpu === undefined ? NO_CPU : NO_MODEL;
}
