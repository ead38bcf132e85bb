import type { DomainFeature } from '../../../types/domain.ts';
import type { Issue, IssueFacts } from '../../../types/issue.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import { namedAncestor } from '../../cpu/dependencies.ts';
import { CORE } from '../../cpu/names.ts';
import { hasErrors, issue } from '../../issues/issues.ts';
import { poolIssuesForGuest } from '../arch.ts';
import { cpuCase, NOTHING, saying, type Case, type CpuCase, type Outcome } from '../case.ts';
import { weighed } from '../settings.ts';
import { isOff, isWanted, noCpuIssue, takesFeatures } from './changes.ts';
import { modelIssues } from './custom-model.ts';
import { disablesFor, type Disables } from './disables.ts';
import { featureIssues } from './findings.ts';
import { formsOf } from './forms.ts';
import { cpuIssues } from './mode.ts';

/**
 * What the guest must not see of its CPU. Host-passthrough, maximum and host-model CPUs show what the host has:
 * everything that not all hosts have is disabled. A custom CPU shows its model and what is required: of these, what
 * some host lacks is disabled.
 */
export function cpuRule(c: Case): Outcome {
  const { domain, pool, settings } = c;
  // Hosts that cannot be a pool say nothing of what this guest's features would be.
  if (hasErrors(weighed(poolIssuesForGuest(pool.baseline), settings))) return NOTHING;
  const { cpu } = domain;
  if (cpu === undefined || !(takesFeatures(cpu) || settings.pin !== undefined))
    return saying([noCpuIssue(cpu)]);
  const own = cpuCase(c, cpu);
  const issues = [...pool.notes, ...cpuIssues(own), ...featureIssues(own)];
  if (hasErrors(issues)) return saying(issues);
  const found = disablesFor(own);
  const forms = formsOf(own, found);
  const stops = [...disableIssues(own, found), ...modelIssues(own, found), ...forms.issues];
  return {
    ...forms,
    disable: found.disable,
    issues: stops.length === 0 ? issues : [...issues, ...stops],
  };
}

/** What keeps a planned disable from being written, and what follows from another one. */
function disableIssues(c: CpuCase, { doubtful, notes }: Disables): readonly Issue[] {
  if (doubtful.length === 0) return [];
  const { cpu, settings } = c;
  const off = new Set(cpu.features.filter(isOff).map(({ name }) => name));
  const open = doubtful.filter(({ feature }) => !off.has(feature));
  const core = settings.accept.has('core-features') ? [] : open.filter(({ feature }) => CORE.has(feature));
  const consequences = notes.size === 0 ? [] : open.flatMap(({ feature }) => notes.get(feature) ?? []);
  return [
    ...inexpressible(c, open),
    ...core.map(({ feature, missingOn, unknownOn }) =>
      issue('core-feature', { feature, hosts: [...missingOn, ...unknownOn] }),
    ),
    ...consequences,
    ...orphans(c, consequences),
  ];
}

function inexpressible(c: CpuCase, open: readonly PlannedDisable[]): readonly Issue[] {
  const unnamed = open.filter(({ unnamedOn, feature }) => unnamedOn.length > 0 && isSeen(c, feature));
  if (unnamed.length === 0) return [];
  const hosts = [...new Set(unnamed.flatMap(({ unnamedOn }) => unnamedOn))].sort();
  const features = unnamed.map(({ feature }) => feature);
  return [issue('feature-not-expressible', { features, hosts, ...wayUp(c, features) })];
}

/** Where a parent could be disabled in place of each of these, the option that lets it. */
function wayUp({ settings, pool }: CpuCase, features: readonly string[]): IssueFacts {
  if (settings.disableParent) return {};
  const ancestors = features.map((feature) => namedAncestor(pool.maps, feature));
  const candidates = [...new Set(ancestors.filter((name) => name !== undefined))].sort();
  return ancestors.includes(undefined) ? {} : { candidates, option: 'disableParent' };
}

/** A pinned model has nothing that it is not given, but for what comes with a feature it has. */
function isSeen({ settings, pool }: CpuCase, feature: string): boolean {
  const isPinned = settings.pin !== undefined;
  const ancestor = isPinned ? namedAncestor(pool.maps, feature) : feature;
  return ancestor !== undefined && (!isPinned || pool.common.has(ancestor));
}

/** A feature that is disabled because of another, and that the domain insists on. */
function orphans({ cpu, settings, found }: CpuCase, consequences: readonly Issue[]): readonly Issue[] {
  if (consequences.length === 0) return [];
  const causes = new Map(consequences.map(({ feature, expected = '' }) => [feature, expected]));
  const code = settings.accept.has('conflicts') ? 'policy-overridden' : 'policy-conflict';
  return cpu.features
    .filter((feature: DomainFeature) => isWanted(feature) && causes.has(feature.name))
    .map(({ name, policy, span }) =>
      found(code, span, { feature: name, policy, hosts: [`a guest without ${causes.get(name) ?? ''}`] }),
    );
}
