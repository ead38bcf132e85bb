import type { Baseline } from '../../types/baseline.ts';
import type { Domain } from '../../types/domain.ts';
import type { Issue, IssueFacts } from '../../types/issue.ts';
import type { PlanOptions } from '../../types/options.ts';
import type { DomainPlan, PlannedDisable } from '../../types/plan.ts';
import { namedAncestor } from '../cpu/dependencies.ts';
import { CORE } from '../cpu/names.ts';
import { hasErrors, issue } from '../issues/issues.ts';
import { issuesOfPool } from './arch.ts';
import { isOff, isWanted, noCpuIssue, takesFeatures } from './cpu/changes.ts';
import { featureIssues, newContext, poolIssues, type Context } from './cpu/findings.ts';
import { modelIssues } from './cpu/custom-model.ts';
import { formOf } from './cpu/forms.ts';
import { withGuest } from './rules/rules.ts';
import { judge, NO_CHANGES } from './pool/visible.ts';
import { cpuIssues } from './cpu/mode.ts';
import { plannedOnce } from './plan-memory.ts';
import { isRunning } from './running.ts';
import { unwanted, type Unwanted } from './cpu/disables.ts';
import { planVirtio, type VirtioPlan } from './rules/virtio.ts';

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
  return plannedOnce(domain, baseline, options, () => planAnew(domain, baseline, options));
}

function planAnew(domain: Domain, baseline: Baseline, options: PlanOptions): DomainPlan {
  const cpu = withGuest(planCpu(domain, baseline, options), domain, baseline, options);
  const plan = withDevices(domain, baseline, options, cpu);
  const isIdle = plan.shared.length === 0 && !hasErrors(plan.issues);
  if (isIdle || !isRunning(domain)) return plan;
  return { ...plan, issues: [...plan.issues, issue('live-needs-power-cycle', {})] };
}

function withDevices(domain: Domain, baseline: Baseline, options: PlanOptions, plan: DomainPlan): DomainPlan {
  if (options.virtio === undefined || hasErrors(plan.issues)) return plan;
  return joined(plan, planVirtio(domain, baseline, options.virtio, options), baseline);
}

/** The plan with the changes of devices behind those of the CPU. */
function joined(plan: DomainPlan, devices: VirtioPlan, baseline: Baseline): DomainPlan {
  const issues = [...plan.issues, ...devices.issues];
  if (hasErrors(devices.issues)) return unchanged(baseline, issues);
  const perHost = Object.entries(plan.perHost).map(
    ([host, changes]) => [host, [...changes, ...(devices.perHost[host] ?? [])]] as const,
  );
  const shared = [...plan.shared, ...devices.shared];
  return { ...plan, shared, perHost: Object.fromEntries(perHost), issues };
}

function planCpu(domain: Domain, baseline: Baseline, options: PlanOptions): DomainPlan {
  const before = [...issuesOfPool(baseline), ...poolIssues(domain, baseline)];
  // What hosts of another kind lack says nothing about this domain: no word of its features then.
  if (hasErrors(before)) return unchanged(baseline, before);
  const { cpu } = domain;
  if (cpu === undefined || !(takesFeatures(cpu) || options.pin))
    return unchanged(baseline, [...before, noCpuIssue(cpu)]);
  const judgement = judge(baseline);
  const context = newContext(domain, cpu, baseline, options);
  const issues = [...before, ...judgement.notes, ...cpuIssues(context), ...featureIssues(context)];
  if (hasErrors(issues)) return unchanged(baseline, issues);
  const found = unwanted(context);
  const { shared, perHost, issues: formIssues } = formOf(context, found);
  const stops = [...disableIssues(context, found), ...modelIssues(context, found), ...formIssues];
  const all = stops.length === 0 ? issues : [...issues, ...stops];
  if (hasErrors(stops)) return unchanged(baseline, all);
  return { disable: found.disable, shared, perHost, issues: all };
}

function unchanged(baseline: Baseline, issues: readonly Issue[]): DomainPlan {
  return { disable: [], shared: NO_CHANGES, perHost: judge(baseline).noChanges, issues };
}

/** What keeps a planned disable from being written, and what follows from another one. */
function disableIssues(context: Context, { doubtful, notes }: Unwanted): readonly Issue[] {
  if (doubtful.length === 0) return [];
  const { cpu, options } = context;
  const off = new Set(cpu.features.filter(isOff).map(({ name }) => name));
  const open = doubtful.filter(({ feature }) => !off.has(feature));
  const core = options.allowCoreFeatures === true ? [] : open.filter(({ feature }) => CORE.has(feature));
  const told = notes.size === 0 ? [] : open.flatMap(({ feature }) => notes.get(feature) ?? []);
  return [
    ...inexpressible(context, open),
    ...core.map(({ feature, missingOn, unknownOn }) =>
      issue('core-feature', { feature, hosts: [...missingOn, ...unknownOn] }),
    ),
    ...told,
    ...orphans(context, told),
  ];
}

function inexpressible(context: Context, open: readonly PlannedDisable[]): readonly Issue[] {
  const unnamed = open.filter(({ unnamedOn, feature }) => unnamedOn.length > 0 && isSeen(context, feature));
  if (unnamed.length === 0) return [];
  const hosts = [...new Set(unnamed.flatMap(({ unnamedOn }) => unnamedOn))].sort();
  const features = unnamed.map(({ feature }) => feature);
  return [issue('feature-not-expressible', { features, hosts, ...wayUp(context, features) })];
}

/** Where an ancestor could go in place of each of these, the option that lets it. */
function wayUp({ options, maps }: Context, features: readonly string[]): IssueFacts {
  if (options.climb === true) return {};
  const ancestors = features.map((feature) => namedAncestor(maps, feature));
  const candidates = [...new Set(ancestors.filter((name) => name !== undefined))].sort();
  return ancestors.includes(undefined) ? {} : { candidates, option: 'climb' };
}

/** A pinned model has nothing that it is not given, but for what comes with a feature it has. */
function isSeen({ options, maps, common }: Context, feature: string): boolean {
  const ancestor = options.pin ? namedAncestor(maps, feature) : feature;
  return ancestor !== undefined && (!options.pin || common.has(ancestor));
}

/** A feature that goes because of another, and that the domain insists on. */
function orphans({ cpu, options, found }: Context, told: readonly Issue[]): readonly Issue[] {
  if (told.length === 0) return [];
  const causes = new Map(told.map(({ feature, expected = '' }) => [feature, expected]));
  const code = options.overrideConflicts === true ? 'policy-overridden' : 'policy-conflict';
  return cpu.features
    .filter((feature) => isWanted(feature) && causes.has(feature.name))
    .map(({ name, policy, span }) =>
      found(code, span, { feature: name, policy, hosts: [`a guest without ${causes.get(name) ?? ''}`] }),
    );
}
