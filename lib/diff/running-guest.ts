import type { Baseline, BaselineHost } from '../../types/baseline.ts';
import type { Domain, DomainCpu } from '../../types/domain.ts';
import type { Issue } from '../../types/issue.ts';
import type { LiveHost, LiveJudgement, LiveOptions } from '../../types/live.ts';
import { expandCpu } from '../cpu/expand.ts';
import { indexOf } from '../cpu/map.ts';
import { hasErrors, issue } from '../issues/issues.ts';
import { isOff, takesFeatures } from './cpu/changes.ts';
import { planDomain } from './plan.ts';
import { judge, noteworthy } from './pool/visible.ts';
import { isPinned, isRunning } from './running.ts';

type Verdict = Omit<LiveHost, 'host' | 'afterPowerCycle'>;

const CAN: Verdict = { now: 'yes', missing: [], uncertain: [], unnamed: [] };
const NOBODY_KNOWS: Verdict = { ...CAN, now: 'unknown' };

/**
 * Where a running guest can go as it is, and where after the rewritten domain was stopped and started. Its CPU cannot
 * change while it runs. libvirt has written the CPU of a guest with a named model or host-model into the live XML, to
 * the last feature; one with host-passthrough or maximum has whatever the host it was started on has.
 *
 * @throws RangeError if `from` is not a host of the baseline.
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const baseline = diffHosts([host('a', 'pcid'), host('b', 'taa-no')]);
 * const domain = parseDomain("<domain type='kvm' id='7'><cpu mode='host-passthrough'/></domain>");
 * judgeLive(domain, baseline, { from: 'a' }).hosts.map(({ host, now, missing }) => [host, now, missing]);
 * // → [['a', 'yes', []], ['b', 'no', ['pcid']]]
 */
export function judgeLive(domain: Domain, baseline: Baseline, { from }: LiveOptions = {}): LiveJudgement {
  if (from !== undefined && !baseline.hosts.some(({ name }) => name === from))
    throw new RangeError(`the baseline has no host "${from}"`);
  if (!isRunning(domain)) return { running: false, hosts: [], issues: [] };
  const plan = planDomain(domain, baseline, { overrideConflicts: isPinned(domain) });
  const afterPowerCycle = !hasErrors(plan.issues) && takesFeatures(domain.cpu);
  const hosts = baseline.hosts.map((host): LiveHost => ({
    host: host.name,
    ...verdictOn(domain, host, baseline, from),
    afterPowerCycle,
  }));
  return { running: true, hosts, issues: hosts.flatMap((host) => issuesOf(host, domain)) };
}

function verdictOn({ cpu }: Domain, host: BaselineHost, baseline: Baseline, from?: string): Verdict {
  if (host.name === from) return CAN;
  if (!takesFeatures(cpu) || host.features === undefined || hasErrors(baseline.issues)) return NOBODY_KNOWS;
  return cpu.mode === 'custom' && cpu.match !== 'minimum'
    ? listedVerdict(cpu, host)
    : followerVerdict(cpu, host.name, baseline, from);
}

/** A CPU that is written out, against what the host has, read as that host's libvirt reads it. */
function listedVerdict(cpu: DomainCpu, { cpuMaps, features, uncertain }: BaselineHost): Verdict {
  const { model = '' } = cpu;
  const wanted = cpuMaps.map((map) => expandCpu(indexOf(map), { model, features: cpu.features }));
  const unnamed = wanted.flatMap((set) => ('unknown' in set ? [set.name] : []));
  if (unnamed.length > 0) {
    const now = unnamed.length === cpuMaps.length ? 'no' : 'unknown';
    return { ...CAN, now, unnamed: [...new Set(unnamed)].sort() };
  }
  const sets = wanted.flatMap((set) => ('features' in set ? [set.features] : []));
  const has = new Set(features);
  const absent = [...new Set(sets.flatMap((set) => [...set]))]
    .filter((name) => !has.has(name) && noteworthy(name) === undefined)
    .sort();
  const maybe = new Set(uncertain);
  const isSure = (name: string): boolean => !maybe.has(name) && sets.every((set) => set.has(name));
  return decided(
    absent.filter(isSure),
    absent.filter((name) => !isSure(name)),
  );
}

/** A CPU that shows what its host has: all that the host it runs on has, whichever that is, may be in use. */
function followerVerdict(cpu: DomainCpu, host: string, baseline: Baseline, from?: string): Verdict {
  const off = new Set(cpu.features.filter(isOff).map(({ name }) => name));
  const open = [...judge(baseline).losses.values()].filter(({ feature }) => !off.has(feature));
  const isThere = (names: readonly string[]): boolean =>
    from === undefined ? names.some((name) => name !== host) : names.includes(from);
  const missing = open.filter(({ presentOn, missingOn }) => missingOn.includes(host) && isThere(presentOn));
  const unsure = open.filter(
    (loss) =>
      !missing.includes(loss) &&
      !loss.presentOn.includes(host) &&
      isThere([...loss.presentOn, ...loss.unknownOn]),
  );
  return decided(
    missing.map(({ feature }) => feature),
    unsure.map(({ feature }) => feature),
  );
}

function decided(missing: readonly string[], uncertain: readonly string[]): Verdict {
  const now = missing.length > 0 ? 'no' : uncertain.length > 0 ? 'unknown' : 'yes';
  return { now, missing: [...missing].sort(), uncertain: [...uncertain].sort(), unnamed: [] };
}

function issuesOf({ host, now, missing, uncertain, unnamed }: LiveHost, { cpu }: Domain): readonly Issue[] {
  if (now === 'yes') return [];
  if (unnamed.length > 0) return [issue('live-name-unknown', { hosts: [host], features: unnamed })];
  if (now === 'unknown') return [issue('live-unknown', { hosts: [host], features: uncertain })];
  const expected = cpu?.mode === 'custom' ? 'has' : 'may have';
  return [issue('live-incompatible', { hosts: [host], features: missing, expected })];
}
