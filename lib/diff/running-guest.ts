import type { BaselineHost, Loss } from '../../types/baseline.ts';
import type { CpuMap } from '../../types/cpu-map.ts';
import type { Domain, DomainCpu } from '../../types/domain.ts';
import type { Issue } from '../../types/issue.ts';
import type { DomainPlan } from '../../types/plan.ts';
import type { RunningVerdict } from '../../types/running.ts';
import { namesIn } from '../cpu/bits.ts';
import { expandCpu } from '../cpu/expand.ts';
import { presenceOn } from '../cpu/grade.ts';
import { INVERSE_BITS } from '../cpu/facts/kinds.ts';
import { numberOf } from '../cpu/known-names.ts';
import { indexOf } from '../cpu/map.ts';
import { hasErrors, issue } from '../issues/issues.ts';
import { frozen } from '../text/frozen.ts';
import { levelledOff } from './arrival/running.ts';
import { followsHost, isListed, namesOff, takesFeatures } from './cpu/changes.ts';
import type { PoolFacts } from './pool/facts.ts';
import { isUnnoticed } from './pool/visible.ts';

/** What a host says of a guest that comes to it. */
export type Verdict = Omit<RunningVerdict, 'host' | 'afterPowerCycle'>;

const CAN: Verdict = frozen({ now: 'yes', missing: [], gained: [], uncertain: [], unnamed: [] });
/** Nobody can tell. */
export const NOBODY_KNOWS: Verdict = frozen({ ...CAN, now: 'unknown' });

/**
 * Where a running guest can go as it is, and where after the rewritten domain was stopped and started: sorted by host.
 * Its CPU cannot change while it runs. libvirt has written the CPU of a guest with a named model or host-model into the
 * live XML, to the last feature; one with host-passthrough or maximum has whatever the host it was started on has.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
export function runningVerdicts(
  domain: Domain,
  pool: PoolFacts,
  plan: DomainPlan,
  runningOn: string | undefined,
): readonly RunningVerdict[] {
  const afterPowerCycle = !hasErrors(plan.issues) && takesFeatures(domain.cpu);
  return frozen(
    pool.hosts.map((host) => ({
      host: host.name,
      ...verdictOn(domain, host, pool, runningOn),
      afterPowerCycle,
    })),
  );
}

function verdictOn(domain: Domain, host: BaselineHost, pool: PoolFacts, runningOn?: string): Verdict {
  const { cpu } = domain;
  if (host.name === runningOn) return CAN;
  if (!takesFeatures(cpu) || host.features === undefined || hasErrors(pool.baseline.issues))
    return NOBODY_KNOWS;
  return isListed(cpu)
    ? listedVerdict(cpu, host, pool)
    : followerVerdict(cpu, levelledOff(domain, pool, runningOn), host.name, pool, runningOn);
}

/** A CPU that is written out, against what the host has, read as that host's libvirt reads it. */
function listedVerdict(cpu: DomainCpu, host: BaselineHost, pool: PoolFacts): Verdict {
  const { model = '' } = cpu;
  const { cpuMaps } = host;
  const unnamed = cpuMaps.map((map) => unnamedIn(map, cpu)).filter(({ length }) => length > 0);
  if (unnamed.length > 0) {
    const now = unnamed.length === cpuMaps.length ? 'no' : 'unknown';
    return { ...CAN, now, unnamed: [...new Set(unnamed.flat())].sort() };
  }
  const sets = cpuMaps.flatMap((map) => {
    const index = indexOf(map);
    const wanted = expandCpu(index, { model, features: cpu.features });
    return 'features' in wanted ? [new Set(namesIn(wanted.features, index.names))] : [];
  });
  const { has, maybe } = presenceOn(host);
  const absent = [...new Set(sets.flatMap((set) => [...set]))]
    .filter((name) => !has.has(name) && !isUnnoticed(pool, name))
    .sort();
  const isSure = (name: string): boolean => !maybe.has(name) && sets.every((set) => set.has(name));
  return decided(
    absent.filter(isSure),
    absent.filter((name) => !isSure(name)),
    [],
  );
}

/** What this map has no name for. */
function unnamedIn(map: CpuMap, { model = '', features }: DomainCpu): readonly string[] {
  const index = indexOf(map);
  const unnamed = features.filter(
    ({ name, policy }) => policy !== 'optional' && numberOf(index, name) === undefined,
  );
  return [...(index.models.has(model) ? [] : [model]), ...unnamed.map(({ name }) => name)];
}

/** A CPU that shows what its host has: all that the host it runs on has, whichever that is, may be in use. */
function followerVerdict(
  cpu: DomainCpu,
  levelled: readonly string[],
  host: string,
  pool: PoolFacts,
  runningOn?: string,
): Verdict {
  const off = new Set([...levelled, ...namesOff(cpu.features)]);
  // Of a CPU that libvirt compares nothing of, a bit whose old behaviour has ended stays as its host has it.
  const isIdle = (name: string): boolean => followsHost(cpu) && INVERSE_BITS.has(name);
  const open = [...pool.losses.values()].filter(({ feature }) => !off.has(feature) && !isIdle(feature));
  const isThere = (names: readonly string[]): boolean =>
    runningOn === undefined ? names.some((name) => name !== host) : names.includes(runningOn);
  const missing = open.filter(({ presentOn, missingOn }) => missingOn.includes(host) && isThere(presentOn));
  const unsure = open.filter(
    (loss) =>
      !missing.includes(loss) &&
      !loss.presentOn.includes(host) &&
      isThere([...loss.presentOn, ...loss.unknownOn]),
  );
  const gained = open.filter(({ presentOn, missingOn }) => presentOn.includes(host) && isThere(missingOn));
  return decided(namesOf(missing), namesOf(unsure), namesOf(gained));
}

function namesOf(losses: readonly Loss[]): readonly string[] {
  return losses.map(({ feature }) => feature).sort();
}

/** QEMU compares nothing: what the destination has beside what the guest was started with appears in the running guest. */
function decided(
  missing: readonly string[],
  uncertain: readonly string[],
  gained: readonly string[],
): Verdict {
  const isRefused = missing.length > 0 || gained.length > 0;
  const now = isRefused ? 'no' : uncertain.length > 0 ? 'unknown' : 'yes';
  return { now, missing, gained, uncertain, unnamed: [] };
}

/** Why a host cannot take the running guest, if so. */
export function runningIssues(
  { host, now, missing, gained, uncertain, unnamed }: RunningVerdict,
  { cpu }: Domain,
): readonly Issue[] {
  if (now === 'yes') return [];
  if (unnamed.length > 0) return [issue('live-name-unknown', { hosts: [host], features: unnamed })];
  if (now === 'unknown') return [issue('live-unknown', { hosts: [host], features: uncertain })];
  const certain = cpu?.mode === 'custom';
  return [
    ...(missing.length > 0
      ? [issue('live-incompatible', { hosts: [host], features: missing, certain })]
      : []),
    ...(gained.length > 0 ? [issue('live-gains', { hosts: [host], features: gained })] : []),
  ];
}
