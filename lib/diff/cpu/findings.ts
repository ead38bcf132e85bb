import type { Baseline, BaselineHost } from '../../../types/baseline.ts';
import type { DomainFeature } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import { X86 } from '../../cpu/arches.ts';
import { isNamed } from '../../cpu/map.ts';
import { nearestName } from '../../cpu/names.ts';
import { hasErrors } from '../../issues/issues.ts';
import { archFindings } from '../arch.ts';
import type { CpuCase } from '../case.ts';
import { reasonToIgnore } from '../pool/visible.ts';
import { isWanted } from './changes.ts';

/** What is wrong with the feature lines of the domain. */
export function featureIssues(context: CpuCase): readonly Issue[] {
  const ofArch = archFindings(context);
  if (hasErrors(ofArch)) return ofArch;
  const ofLines = context.cpu.features.flatMap((feature) => {
    const { name } = feature;
    if (isX86(context.pool.baseline) && !isNamed(context.pool.maps, name))
      return [unknownFeature(context, feature)];
    if (feature.policy === 'forbid') return forbidden(context, feature);
    return isLost(context, feature) ? [conflict(context, feature)] : [];
  });
  return ofArch.length === 0 ? ofLines : [...ofArch, ...ofLines];
}

/** Are these hosts of the one architecture whose features and models libvirt has a map of? */
export function isX86({ arch }: Pick<Baseline, 'arch'>): boolean {
  return arch === undefined || X86.has(arch);
}

function unknownFeature({ pool, found }: CpuCase, { name, span }: DomainFeature): Issue {
  const hosts = pool.hosts.filter((host) => !knowsFeature(host, name)).map((host) => host.name);
  const meant = pool.memory(nearestName, name, () => nearestName(pool.maps, name));
  const hint = meant === undefined || meant === name ? {} : { expected: meant };
  return found('unknown-feature', span, { feature: name, hosts, ...hint });
}

function forbidden({ pool, found }: CpuCase, { name, span }: DomainFeature): readonly Issue[] {
  const hosts = pool.losses.get(name)?.presentOn ?? [];
  return hosts.length === 0 ? [] : [found('policy-forbid', span, { feature: name, hosts })];
}

/** Does the domain insist on what not every host can give? What QEMU filters or derives is no promise of a host. */
export function isLost({ pool }: CpuCase, feature: DomainFeature): boolean {
  if (!isWanted(feature) || pool.common.has(feature.name)) return false;
  const why = reasonToIgnore(feature.name);
  return why !== 'feature-filtered' && why !== 'feature-topology';
}

function conflict({ pool, settings, found }: CpuCase, { name, policy, span }: DomainFeature): Issue {
  const loss = pool.allLosses.get(name);
  const hosts = loss === undefined ? pool.names : [...loss.missingOn, ...loss.unknownOn];
  const code = settings.accept.has('conflicts') ? 'policy-overridden' : 'policy-conflict';
  return found(code, span, { feature: name, policy, hosts });
}

/** Does this host's libvirt, whichever of its possible versions, know the name? */
export function knowsFeature({ cpuMaps }: BaselineHost, name: string): boolean {
  return isNamed(cpuMaps, name);
}
