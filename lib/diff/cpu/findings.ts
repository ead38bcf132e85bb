import type { DomainFeature } from '../../../types/domain.ts';
import type { Obstacle } from '../../../types/issue-facts/features.ts';
import type { Issue } from '../../../types/issue.ts';
import { isX86 } from '../../cpu/arches.ts';
import { isNamed } from '../../cpu/map.ts';
import { nearestName } from '../../cpu/known-names.ts';
import { hasErrors } from '../../issues/issues.ts';
import { archFindings } from '../arch.ts';
import type { CpuCase } from '../case.ts';
import { lackersOf } from '../pool/facts.ts';
import { reasonToIgnore } from '../pool/ignored.ts';
import { isWanted } from './changes.ts';

/** To look through every name for a similar one takes a while, and nobody misspells more names than these. */
const MOST_SUGGESTIONS = 20;

/** What is wrong with the feature lines of the domain. */
export function featureIssues(context: CpuCase): readonly Issue[] {
  const ofArch = archFindings(context);
  if (hasErrors(ofArch)) return ofArch;
  const { isNamed, baseline } = context.pool;
  const isRead = isX86(baseline);
  let issues: Issue[] | undefined;
  let unknown = 0;
  for (const feature of context.cpu.features) {
    const isUnknown = isRead && !isNamed(feature.name);
    if (!isUnknown && feature.policy !== 'forbid' && !isLost(context, feature)) continue;
    issues ??= [...ofArch];
    if (isUnknown) issues.push(unknownFeature(context, feature, unknown++ < MOST_SUGGESTIONS));
    else if (feature.policy === 'forbid') issues.push(...forbidden(context, feature));
    else issues.push(conflict(context, feature, { cause: 'host', ...lackersOf(context.pool, feature.name) }));
  }
  return issues ?? ofArch;
}

function unknownFeature({ pool, issueAt }: CpuCase, { name, span }: DomainFeature, suggests: boolean): Issue {
  const unnamedOn = pool.hosts.filter(({ cpuMaps }) => !isNamed(cpuMaps, name)).map((host) => host.name);
  const meant = suggests ? pool.memory(nearestName, name, () => nearestName(pool.maps, name)) : undefined;
  const hint = meant === undefined || meant === name ? {} : { suggestion: meant };
  return issueAt('unknown-feature', span, { feature: name, unnamedOn, ...hint });
}

function forbidden({ pool, issueAt }: CpuCase, { name, span }: DomainFeature): readonly Issue[] {
  const presentOn = pool.losses.get(name)?.presentOn ?? [];
  return presentOn.length === 0 ? [] : [issueAt('policy-forbid', span, { feature: name, presentOn })];
}

/** Does the domain insist on what not every host can give? What QEMU filters or derives is no promise of a host. */
export function isLost({ pool }: CpuCase, feature: DomainFeature): boolean {
  if (!isWanted(feature) || pool.common.has(feature.name)) return false;
  const why = reasonToIgnore(feature.name);
  return why === 'feature-topology' ? pool.losses.has(feature.name) : why !== 'feature-filtered';
}

/** A line that insists on what has to be off. */
export function conflict(
  { settings, issueAt }: CpuCase,
  { name, policy, span }: DomainFeature,
  obstacle: Obstacle,
): Issue {
  const facts = { feature: name, policy, ...obstacle };
  if (settings.accept.has('conflicts')) return issueAt('policy-overridden', span, facts);
  return issueAt('policy-conflict', span, { ...facts, option: 'conflicts' });
}
