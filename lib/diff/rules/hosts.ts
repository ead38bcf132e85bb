import type { Baseline } from '../../../types/baseline.ts';
import type { Domain } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import { isOfKernel } from '../../cpu/names.ts';
import { hasErrors, issue } from '../../issues/issues.ts';
import { archIssues, poolIssuesForGuest } from '../arch.ts';
import { NOTHING, together, type Case, type Outcome } from '../case.ts';
import { followsHost } from '../cpu/changes.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { kindsBy } from '../pool/kinds.ts';

/** Are there hosts enough, do they agree, and are they asked about guests of this kind at all? */
export function hostsRule(c: Case): Outcome {
  const { domain, pool } = c;
  const ofPool = pool.ask(poolOutcome);
  const ofArch = archIssues(c);
  const ofContext = contextIssues(domain, pool);
  const { length } = pool.hosts;
  const ofCount = length < 2 ? [issue('too-few-hosts', { count: length })] : NOTHING.issues;
  const stranger = together(ofCount, ofArch, ofContext);
  const ofGuest = unnamedForGuest(c, ofPool.issues);
  if (stranger.length === 0 && ofGuest === ofPool.issues) return ofPool;
  const issues = stranger.length === 0 ? ofGuest : [...ofGuest, ...stranger];
  return { issues, changes: NOTHING.changes, last: ofPool.last === true || hasErrors(stranger) };
}

/** What is said of the hosts to every guest. */
function poolOutcome(_hosts: unknown, baseline: Baseline): Outcome {
  const issues = poolIssuesForGuest(baseline);
  const last = issues.some(({ code }) => code === 'arch-mismatch' || code === 'arch-unsupported');
  return issues.length === 0 ? NOTHING : { issues, changes: NOTHING.changes, last };
}

function virtTypes(hosts: PoolFacts['hosts']): ReadonlySet<string> {
  return new Set(hosts.flatMap(({ virtType }) => virtType ?? []));
}

/**
 * What hosts give guests without a name of libvirt's, and not all alike, no line keeps from a CPU that follows its host;
 * a named model has of it what KVM gives to every guest (`kvm-…`).
 */
function unnamedForGuest({ domain, settings }: Case, issues: readonly Issue[]): readonly Issue[] {
  const isDifference = (one: Issue): one is Issue<'feature-unnamed'> =>
    one.code === 'feature-unnamed' && one.missingOn.length > 0;
  if (!issues.some(isDifference)) return issues;
  const { cpu } = domain;
  if (settings.onArrival) return issues;
  const isNamed = settings.pin !== undefined || cpu === undefined || !followsHost(cpu);
  const isShown = (name: string): boolean => !isNamed || isOfKernel(name);
  return issues.map((one) =>
    isDifference(one) && one.features.some(isShown) ? { ...one, severity: 'error' } : one,
  );
}

/** Whoever does not say which kind of guest it is would be judged by hosts that were asked about both kinds. */
function typeIssues(hosts: PoolFacts['hosts']): readonly Issue[] {
  const asked = [...kindsBy(hosts, ({ virtType }) => virtType)].map(([type, names]) => ({
    type,
    hosts: names,
  }));
  return asked.length < 2 ? [] : [issue('domain-type-missing', { asked })];
}

/**
 * KVM and QEMU's own emulation give a guest different CPUs: the hosts must have been asked about the right one. A guest of
 * another hypervisor fits no host that does not state for whom it speaks.
 */
function contextIssues({ type }: Domain, pool: PoolFacts): readonly Issue[] {
  if (type === undefined) return pool.ask(typeIssues);
  const types = pool.ask(virtTypes);
  const isJudged = type === 'kvm' || type === 'qemu';
  if (types.size === 0 ? isJudged : types.size === 1 && types.has(type)) return NOTHING.issues;
  const foreign = pool.hosts.filter(({ virtType }) =>
    virtType === undefined ? !isJudged : virtType !== type,
  );
  const command = `virsh domcapabilities --virttype ${type}`;
  const facts = { about: 'type', domain: type, asked: foreign[0]?.virtType ?? '', command } as const;
  return [issue('context-mismatch', { ...facts, hosts: foreign.map(({ name }) => name) })];
}
