import type { Baseline, BaselineHost } from '../../../types/baseline.ts';
import type { Domain, DomainCpu, DomainFeature } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import type { PlanOptions } from '../../../types/options.ts';
import { X86 } from '../../cpu/arches.ts';
import { isNamed } from '../../cpu/map.ts';
import { nearestName } from '../../cpu/names.ts';
import { hasErrors, issue } from '../../issues/issues.ts';
import { archFindings, archIssues } from '../arch.ts';
import { isWanted } from './changes.ts';
import { finderIn, type Finder } from '../finder.ts';
import { judge, noteworthy, type Judgement } from '../pool/visible.ts';

/** A domain's CPU beside the baseline it is planned for. */
export interface Context extends Judgement {
  readonly cpu: DomainCpu;
  readonly baseline: Baseline;
  readonly options: PlanOptions;
  /** The named model whose features the guest sees; `undefined` where another takes its place, or the host's own CPU. */
  readonly model: string | undefined;
  /** Does the CPU show whatever its host has? One with match='minimum' does so too. */
  readonly follows: boolean;
  /** The domain's type. */
  readonly virtType: string | undefined;
  readonly found: Finder;
}

/** What every question about the domain's CPU starts from. */
export function newContext(
  domain: Domain,
  cpu: DomainCpu,
  baseline: Baseline,
  options: PlanOptions,
): Context {
  // A pinned CPU equals the baseline, which is what a CPU that follows its hosts shows.
  const model = cpu.mode === 'custom' && !options.pin ? cpu.model : undefined;
  const follows = model === undefined || cpu.match === 'minimum';
  const found = finderIn(domain.text);
  return { ...judge(baseline), cpu, baseline, options, model, follows, found, virtType: domain.type };
}

/** What keeps this pool from serving this domain. */
export function poolIssues(domain: Domain, baseline: Baseline): readonly Issue[] {
  const { length } = baseline.hosts;
  const tooFew = length < 2 ? [issue('too-few-hosts', { received: String(length) })] : [];
  return [...tooFew, ...archIssues(domain, baseline), ...contextIssues(domain, baseline)];
}

/** KVM and QEMU's own emulation give a guest different CPUs: the hosts must have been asked about the right one. */
function contextIssues({ type }: Domain, { hosts }: Baseline): readonly Issue[] {
  if (type === undefined) return [];
  const foreign = hosts.filter(({ virtType }) => virtType !== undefined && virtType !== type);
  if (foreign.length === 0) return [];
  const received = foreign[0]?.virtType ?? '';
  return [issue('context-mismatch', { hosts: foreign.map(({ name }) => name), received, expected: type })];
}

/** What is wrong with the feature lines of the domain. */
export function featureIssues(context: Context): readonly Issue[] {
  const ofArch = archFindings(context);
  if (hasErrors(ofArch)) return ofArch;
  const ofLines = context.cpu.features.flatMap((feature) => {
    const { name } = feature;
    if (isX86(context.baseline) && !isNamed(context.maps, name)) return [unknownFeature(context, feature)];
    if (feature.policy === 'forbid') return forbidden(context, feature);
    return isLost(context, feature) ? [conflict(context, feature)] : [];
  });
  return ofArch.length === 0 ? ofLines : [...ofArch, ...ofLines];
}

/** Are these hosts of the one architecture whose features and models libvirt has a map of? */
export function isX86({ arch }: Pick<Baseline, 'arch'>): boolean {
  return arch === undefined || X86.has(arch);
}

function unknownFeature({ baseline, maps, found }: Context, { name, span }: DomainFeature): Issue {
  const hosts = baseline.hosts.filter((host) => !knowsFeature(host, name)).map((host) => host.name);
  const meant = nearestName(maps, name);
  const hint = meant === undefined || meant === name ? {} : { expected: meant };
  return found('unknown-feature', span, { feature: name, hosts, ...hint });
}

function forbidden({ losses, found }: Context, { name, span }: DomainFeature): readonly Issue[] {
  const hosts = losses.get(name)?.presentOn ?? [];
  return hosts.length === 0 ? [] : [found('policy-forbid', span, { feature: name, hosts })];
}

/** Does the domain insist on what not every host can give? What QEMU filters or derives is no promise of a host. */
export function isLost({ common }: Context, feature: DomainFeature): boolean {
  if (!isWanted(feature) || common.has(feature.name)) return false;
  const why = noteworthy(feature.name);
  return why !== 'feature-filtered' && why !== 'feature-topology';
}

function conflict(
  { allLosses, baseline, options, found }: Context,
  { name, policy, span }: DomainFeature,
): Issue {
  const loss = allLosses.get(name);
  const hosts =
    loss === undefined ? baseline.hosts.map((host) => host.name) : [...loss.missingOn, ...loss.unknownOn];
  const code = options.overrideConflicts === true ? 'policy-overridden' : 'policy-conflict';
  return found(code, span, { feature: name, policy, hosts });
}

/** Does this host's libvirt, whichever of its possible versions, know the name? */
export function knowsFeature({ cpuMaps }: BaselineHost, name: string): boolean {
  return isNamed(cpuMaps, name);
}
