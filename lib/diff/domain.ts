import type { Baseline, BaselineHost, Loss } from '../../types/baseline.ts';
import type { Domain, DomainCpu, DomainFeature } from '../../types/domain.ts';
import type { Issue } from '../../types/issue.ts';
import type { PlanOptions } from '../../types/options.ts';
import type { DomainPlan, FeatureChange, PlannedDisable } from '../../types/plan.ts';
import { featuresOfModel, indexOf } from '../cpu/map.ts';
import { CORE, nearestName } from '../cpu/names.ts';
import { hasErrors, issue } from '../issues.ts';
import { positionAt } from '../text/position.ts';
import { changesFor, isOff, isWanted, noCpuIssue, takesFeatures } from './changes.ts';
import { judge, noteworthy } from './judge.ts';

const X86: ReadonlySet<string> = new Set(['x86_64', 'i686']);

/** What a plan is made from. */
interface Context {
  readonly domain: Domain;
  readonly cpu: DomainCpu;
  readonly baseline: Baseline;
  readonly options: PlanOptions;
  /** The losses that matter, by feature. */
  readonly losses: ReadonlyMap<string, Loss>;
  readonly common: ReadonlySet<string>;
}

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
  const { cpu } = domain;
  if (!takesFeatures(cpu)) return unchanged(baseline, [...before, noCpuIssue(cpu)]);
  const { losses, notes } = judge(baseline);
  const context: Context = {
    ...{ domain, cpu, baseline, options },
    losses: new Map(losses.map((loss) => [loss.feature, loss])),
    common: new Set(baseline.common),
  };
  const issues = [
    ...before,
    ...notes,
    ...cpuIssues(context),
    ...cpu.features.flatMap((feature) => featureIssues(context, feature)),
  ];
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
  return {
    disable: [],
    shared: [],
    perHost: Object.fromEntries(baseline.hosts.map(({ name }) => [name, []])),
    issues,
  };
}

function poolIssues(domain: Domain, baseline: Baseline): readonly Issue[] {
  const { hosts } = baseline;
  const tooFew = hosts.length < 2 ? [issue('too-few-hosts', { received: String(hosts.length) })] : [];
  return [...tooFew, ...archIssues(domain, baseline), ...contextIssues(domain, baseline)];
}

/** x86 only; an i686 guest runs on an x86_64 host. */
function archIssues(domain: Domain, { hosts, arch }: Baseline): readonly Issue[] {
  if (arch === undefined) return [];
  const names = hosts.map(({ name }) => name);
  if (!X86.has(arch)) return [issue('arch-unsupported', { hosts: names, received: arch })];
  if (domain.arch === undefined || domain.arch === arch || domain.arch === 'i686') return [];
  return [issue('arch-mismatch', { hosts: names, received: arch, expected: domain.arch })];
}

/** KVM and QEMU's own emulation give a guest different CPUs: the hosts must have been asked about the right one. */
function contextIssues({ type }: Domain, { hosts }: Baseline): readonly Issue[] {
  const foreign = hosts.filter(
    ({ virtType }) => virtType !== undefined && type !== undefined && virtType !== type,
  );
  if (foreign.length === 0 || type === undefined) return [];
  const received = foreign[0]?.virtType ?? '';
  return [issue('context-mismatch', { hosts: foreign.map(({ name }) => name), received, expected: type })];
}

/** What is wrong with the CPU as a whole. */
function cpuIssues({ domain, cpu, baseline }: Context): readonly Issue[] {
  const issues: Issue[] = [];
  if (cpu.migratable === 'off')
    issues.push(
      located(domain, issue('not-migratable', { received: "migratable='off'", span: cpu.startTag })),
    );
  if (cpu.match === 'strict') issues.push(located(domain, issue('match-strict', { span: cpu.startTag })));
  const { model } = cpu;
  if (cpu.mode === 'custom' && model !== undefined) {
    const hosts = baseline.hosts.filter(({ cpuMaps }) =>
      cpuMaps.some((map) => !indexOf(map).models.has(model)),
    );
    if (hosts.length > 0)
      issues.push(
        located(
          domain,
          issue('unknown-model', { model, hosts: hosts.map(({ name }) => name), span: cpu.span }),
        ),
      );
  }
  return issues;
}

/** What is wrong with one feature line of the domain. */
function featureIssues(context: Context, feature: DomainFeature): readonly Issue[] {
  const { domain, losses, baseline } = context;
  const { name, policy, span } = feature;
  const strangers = baseline.hosts.filter((host) => !knowsFeature(host, name));
  if (strangers.length > 0) return [located(domain, unknownFeature(baseline, feature, strangers))];
  const loss = losses.get(name);
  if (policy === 'forbid' && loss !== undefined && loss.presentOn.length > 0) {
    return [located(domain, issue('policy-forbid', { feature: name, hosts: loss.presentOn, span }))];
  }
  if (!isLost(context, feature)) return [];
  const hosts =
    loss === undefined ? baseline.hosts.map((host) => host.name) : [...loss.missingOn, ...loss.unknownOn];
  const code = context.options.overrideConflicts === true ? 'policy-overridden' : 'policy-conflict';
  return [located(domain, issue(code, { feature: name, policy, hosts, span }))];
}

function unknownFeature(
  baseline: Baseline,
  { name, span }: DomainFeature,
  strangers: readonly BaselineHost[],
): Issue {
  const meant = nearestName([...new Set(baseline.hosts.flatMap(({ cpuMaps }) => cpuMaps))], name);
  const expected = meant === undefined || meant === name ? {} : { expected: meant };
  return issue('unknown-feature', {
    feature: name,
    hosts: strangers.map((host) => host.name),
    span,
    ...expected,
  });
}

/** Does the domain insist on what not every host can give? What QEMU filters or derives is no promise of a host. */
function isLost({ common }: Context, feature: DomainFeature): boolean {
  const why = noteworthy(feature.name);
  return (
    isWanted(feature) && !common.has(feature.name) && why !== 'feature-filtered' && why !== 'feature-topology'
  );
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
function modelExcess({ cpu, baseline, losses, common }: Context): readonly Unwanted[] {
  const names = new Set<string>();
  for (const map of new Set(baseline.hosts.flatMap(({ cpuMaps }) => cpuMaps))) {
    for (const name of featuresOfModel(indexOf(map), cpu.model ?? '') ?? []) names.add(name);
  }
  return [...names]
    .filter((name) => !common.has(name) && noteworthy(name) === undefined)
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
    hosts
      .filter(({ cpuMaps }) => cpuMaps.some((map) => !indexOf(map).features.has(feature)) === unnamed)
      .map(({ name }) => name);
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

/** Does this host's libvirt, whichever of its possible versions, know the name? */
function knowsFeature({ cpuMaps }: BaselineHost, name: string): boolean {
  return cpuMaps.every((map) => indexOf(map).features.has(name));
}

function located(domain: Domain, { code, severity, message, ...facts }: Issue): Issue {
  return facts.span === undefined
    ? issue(code, facts, severity)
    : issue(code, { ...facts, ...positionAt(domain.text, facts.span.start) }, severity);
}
