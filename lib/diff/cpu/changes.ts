import type { Issue } from '../../../types/issue.ts';
import type { DomainCpu, DomainFeature } from '../../../types/domain.ts';
import type { DomainChange, ElementChange, FeatureChange } from '../../../types/plan.ts';
import type { Span } from '../../../types/xml.ts';
import { issue } from '../../issues/issues.ts';

/** Is the feature off in this domain whatever the host? */
export function isOff({ policy }: DomainFeature): boolean {
  return policy === 'disable' || policy === 'forbid';
}

/** Does the domain insist on the feature? */
export function isWanted({ policy }: DomainFeature): boolean {
  return policy === 'require' || policy === 'force';
}

/** What was found for a list of names before; the lists of a pool come again for every domain. */
interface Remembered {
  readonly names: ReadonlySet<string>;
  /** Names a domain had off already → the changes that were left: the same objects for the same question. */
  readonly changes: Map<string, readonly FeatureChange[]>;
}

const remembered = new WeakMap<readonly string[], Remembered>();

/** The changes that turn these features off: nothing for what is off already, a new policy for what is listed. */
export function changesFor(cpu: DomainCpu, names: readonly string[]): readonly FeatureChange[] {
  const known = remembered.get(names) ?? {
    names: new Set(names),
    changes: new Map<string, FeatureChange[]>(),
  };
  remembered.set(names, known);
  const listed = cpu.features.filter(({ name }) => known.names.has(name));
  const off = new Set(listed.filter(isOff).map(({ name }) => name));
  const key = [...off].join();
  const added =
    known.changes.get(key) ??
    names
      .filter((name) => !off.has(name))
      .map((name): FeatureChange => ({ kind: 'add', name, policy: 'disable' }));
  known.changes.set(key, added);
  if (listed.length === off.size) return added;
  const replaced = new Map(
    listed.filter((feature) => !isOff(feature)).map((feature) => [feature.name, feature]),
  );
  return added.map((change): FeatureChange => {
    const feature = replaced.get(change.name);
    return feature === undefined
      ? change
      : { kind: 'replace', name: change.name, policy: 'disable', feature };
  });
}

/**
 * The changes that make these features required and those off. What the domain has off already, or insists on already,
 * stays as it is.
 */
export function changesTo(
  cpu: DomainCpu,
  require: readonly string[],
  disable: readonly string[],
): readonly FeatureChange[] {
  const listed = new Map(cpu.features.map((feature) => [feature.name, feature]));
  const required = require.flatMap((name): readonly FeatureChange[] => {
    const feature = listed.get(name);
    if (feature === undefined) return [{ kind: 'add', name, policy: 'require' }];
    return feature.policy === 'optional' ? [{ kind: 'replace', name, policy: 'require', feature }] : [];
  });
  return [...required, ...changesFor(cpu, disable)];
}

/** The features that these changes turn off. */
export function turnedOff(changes: readonly DomainChange[]): ReadonlySet<string> {
  const names = changes.flatMap((change) =>
    (change.kind === 'add' || change.kind === 'replace') && change.policy === 'disable' ? [change.name] : [],
  );
  return new Set(names);
}

/** Gives an attribute of a start tag a value. */
export function setAttribute(startTag: Span, name: string, value: string): ElementChange {
  return { kind: 'set-attribute', startTag, name, value };
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
