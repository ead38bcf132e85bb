import type { Baseline, Loss } from '../../types/baseline.ts';
import type { Domain } from '../../types/domain.ts';
import type { Issue } from '../../types/issue.ts';
import type { PlanOptions } from '../../types/options.ts';
import type { DomainPlan, FeatureChange, PlannedDisable } from '../../types/plan.ts';
import { featuresOfModel, indexOf } from '../cpu/map.ts';
import { CORE } from '../cpu/names.ts';
import { hasErrors, issue } from '../issues.ts';
import { changesFor, isOff, isWanted, noCpuIssue, takesFeatures } from './changes.ts';
import { cpuIssues, featureIssues, knowsFeature, newContext, poolIssues, type Context } from './findings.ts';
import { judge, noteworthy } from './judge.ts';

/**
 * What has to change in a domain so that it sees the same CPU on every host of a baseline, and why. Pure data: the
 * writer turns it into text, and it says nothing a writer could lose.
 *
 * Host-passthrough, maximum and host-model CPUs show what the host has: everything that not all hosts have is
 * disabled. A custom CPU shows its model and what is required: of these, what some host lacks is disabled.
 *
 * @returns a plan without any change where an issue has severity `error`, or where the domain has no CPU that may
 * carry features.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const baseline = diffHosts([host('a', 'pcid'), host('b', 'taa-no')]);
 * const domain = parseDomain("<domain type='kvm'><cpu mode='host-passthrough'/></domain>");
 * planDomain(domain, baseline).disable.map(({ feature }) => feature); // → ['pcid', 'taa-no']
 */
export function planDomain(domain: Domain, baseline: Baseline, options: PlanOptions = {}): DomainPlan {
  const before = [...baseline.issues, ...poolIssues(domain, baseline)];
  // What hosts of another kind lack says nothing about this domain: no word of its features then.
  if (hasErrors(before)) return unchanged(baseline, before);
  const { cpu } = domain;
  if (!takesFeatures(cpu)) return unchanged(baseline, [...before, noCpuIssue(cpu)]);
  const judgement = judge(baseline);
  const context = newContext(domain, cpu, baseline, options);
  const issues = [...before, ...judgement.notes, ...cpuIssues(context), ...featureIssues(context)];
  if (hasErrors(issues)) return unchanged(baseline, issues);
  const disable = unwanted(context);
  const stops = disableIssues(context, disable);
  if (hasErrors(stops)) return unchanged(baseline, [...issues, ...stops]);
  return {
    disable: disable.map(({ unnamedOn, ...planned }) => planned),
    shared: changesFor(
      cpu,
      disable.map(({ feature }) => feature),
    ),
    perHost: perHost(context, disable),
    issues: [...issues, ...stops],
  };
}

/** A planned disable, and the hosts whose libvirt cannot name it. */
type Unwanted = PlannedDisable & { readonly unnamedOn: readonly string[] };

function unchanged(baseline: Baseline, issues: readonly Issue[]): DomainPlan {
  return { disable: [], shared: [], perHost: judge(baseline).noChanges, issues };
}

/** Everything the guest must not see, sorted, with the hosts that decide it. */
function unwanted(context: Context): readonly Unwanted[] {
  const { cpu, losses } = context;
  const differing = [...losses.values()].map((loss): Unwanted => ({ ...loss, reason: 'hosts-differ' }));
  if (cpu.mode !== 'custom') return withOverridden(context, differing);
  const excess = modelExcess(context);
  if (cpu.match !== 'minimum') return withOverridden(context, excess);
  const names = new Set(differing.map(({ feature }) => feature));
  return withOverridden(context, [...differing, ...excess.filter(({ feature }) => !names.has(feature))]);
}

/** What the named model has and some host is known to lack. */
function modelExcess({ cpu, baseline, losses, common, maps }: Context): readonly Unwanted[] {
  const names = new Set<string>();
  for (const map of maps) {
    for (const name of featuresOfModel(indexOf(map), cpu.model ?? '') ?? []) {
      if (!common.has(name) && noteworthy(name) === undefined) names.add(name);
    }
  }
  return [...names]
    .map((name): Unwanted => ({
      reason: 'model-exceeds-hosts',
      ...(losses.get(name) ?? nowhere(name, baseline)),
    }))
    .filter(
      ({ missingOn, unknownOn, unnamedOn }) =>
        missingOn.length > 0 || unknownOn.some((host) => !unnamedOn.includes(host)),
    );
}

/** The loss of a feature that no host has. */
function nowhere(feature: string, { hosts }: Baseline): Loss {
  const names = (unnamed: boolean): string[] =>
    hosts.filter((host) => knowsFeature(host, feature) !== unnamed).map(({ name }) => name);
  return { feature, presentOn: [], missingOn: names(false), unknownOn: names(true), unnamedOn: names(true) };
}

/** Adds what the domain insists on and no host can keep, when the caller lets it be overridden. */
function withOverridden(
  { cpu, baseline, common, losses, options }: Context,
  found: readonly Unwanted[],
): readonly Unwanted[] {
  const names = new Set(found.map(({ feature }) => feature));
  const overridden =
    options.overrideConflicts !== true
      ? []
      : cpu.features
          .filter(
            (feature) =>
              isWanted(feature) &&
              !common.has(feature.name) &&
              !names.has(feature.name) &&
              noteworthy(feature.name) === undefined,
          )
          .map(({ name }): Unwanted => ({
            reason: 'hosts-differ',
            ...(losses.get(name) ?? nowhere(name, baseline)),
          }));
  return [...found, ...overridden].sort((a, b) => (a.feature < b.feature ? -1 : 1));
}

/** What keeps a planned disable from being written. */
function disableIssues({ cpu, options }: Context, disable: readonly Unwanted[]): readonly Issue[] {
  const off = new Set(cpu.features.filter(isOff).map(({ name }) => name));
  const open = disable.filter(({ feature }) => !off.has(feature));
  const unnamed = open.filter(({ unnamedOn }) => unnamedOn.length > 0);
  const issues: Issue[] = [];
  if (unnamed.length > 0) {
    const hosts = [...new Set(unnamed.flatMap(({ unnamedOn }) => unnamedOn))].sort();
    issues.push(issue('feature-not-expressible', { features: unnamed.map(({ feature }) => feature), hosts }));
  }
  if (options.allowCoreFeatures === true) return issues;
  const core = open.filter(({ feature }) => CORE.has(feature));
  return [
    ...issues,
    ...core.map(({ feature, missingOn, unknownOn }) =>
      issue('core-feature', { feature, hosts: [...missingOn, ...unknownOn] }),
    ),
  ];
}

/** A fixed model needs the same lines everywhere; a CPU that follows its host needs only that host's surplus off. */
function perHost(
  { cpu, baseline }: Context,
  disable: readonly Unwanted[],
): Readonly<Record<string, readonly FeatureChange[]>> {
  const fixed = cpu.mode === 'custom' && cpu.match !== 'minimum';
  return Object.fromEntries(
    baseline.hosts.map(({ name: host }) => {
      const own = disable.filter(
        ({ presentOn, unknownOn }) => fixed || presentOn.includes(host) || unknownOn.includes(host),
      );
      return [
        host,
        changesFor(
          cpu,
          own.map(({ feature }) => feature),
        ),
      ];
    }),
  );
}
