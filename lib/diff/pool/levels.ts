import type { Baseline, BaselineHost } from '../../../types/baseline.ts';
import type { HostLevel, PoolLevels, X86Level } from '../../../types/facts.ts';
import { isX86 } from '../../cpu/arches.ts';
import { isBelow, levelOfAll, levelsFrom } from '../../cpu/facts/levels.ts';
import { inQemusModel } from '../../cpu/qemu-models.ts';
import { frozen } from '../../text/frozen.ts';
import { naturalOrder } from '../../text/natural.ts';
import { remembered } from '../../text/remembered.ts';
import { givenBaseline } from '../given.ts';
import type { PoolFacts } from './facts.ts';
import { commonFeatures } from './feature-sets.ts';
import { oneOfEach } from './kinds.ts';

type Hosts = readonly BaselineHost[];

/** A host beside what its guests see at least: what it lists (`undefined` where nobody knows), and what QEMU's model adds. */
interface Giver {
  readonly name: string;
  readonly features: readonly string[] | undefined;
  readonly added: readonly string[];
}

/**
 * The x86-64 level of each host of a baseline alone and of what they have in common, and the hosts that keep the pool
 * from a higher one; `undefined` for hosts of another architecture.
 *
 * @example
 * const host = (name, features) => hostFromFeatures({ name, features, libvirtVersion: '9.0.0' });
 * const v1 = ['cmov', 'cx8', 'fpu', 'fxsr', 'lm', 'mmx', 'sse', 'sse2', 'syscall'];
 * const v2 = [...v1, 'cx16', 'lahf_lm', 'pni', 'popcnt', 'sse4.1', 'sse4.2', 'ssse3'];
 * const levels = baselineLevels(diffHosts([host('kvm-01', v2), host('kvm-03', v1)]));
 * [levels.best, levels.level, levels.because]; // → ['x86-64-v2', 'x86-64-v1', ['kvm-03']]
 */
export function baselineLevels(baseline: Baseline): PoolLevels | undefined {
  const given = givenBaseline(baseline);
  const { hosts, common } = given;
  if (!isX86(given)) return undefined;
  // Of what is no pool nothing is told as common.
  const shared = common.length > 0 ? common : commonFeatures(hosts);
  return frozen(levelsFrom(hostLevels(hosts), [...common, ...impliedByAll(hosts, { common: shared })]));
}

/**
 * The same for a guest that keeps these features. Where every host alone gives a higher level, the hosts are named whose
 * documents do not list what is missing: that is why it is disabled.
 */
export function guestLevels(
  { baseline, ask, losses }: PoolFacts,
  kept: ReadonlySet<string>,
): PoolLevels | undefined {
  if (!isX86(baseline)) return undefined;
  const levels = levelsFrom(ask(hostLevels), kept);
  if (levels.because.length > 0 || !isBelow(levels.level, levels.best)) return frozen(levels);
  const lacking = levels.missing.flatMap((feature) => losses.get(feature)?.missingOn ?? []);
  return frozen({ ...levels, because: [...new Set(lacking)].sort(naturalOrder) });
}

/**
 * What guests see on every host though not all documents list it: QEMU's models have more than libvirt's maps say, so a
 * host that is told as `Haswell` gives LZCNT. Good for judging levels and floors; no reason to write a line.
 */
export function impliedByAll(hosts: Hosts, baseline: Pick<Baseline, 'common'>): readonly string[] {
  if (hosts.some(({ features }) => features === undefined)) return [];
  // Hosts of one CPU share their list.
  const all = oneOfEach(givers(hosts), ({ features, added }) => [features, added]);
  const common = new Set(baseline.common);
  const candidates = new Set(all.flatMap(({ added }) => added));
  const implied = [...candidates].filter((name) => !common.has(name) && all.every((one) => gives(one, name)));
  return [...common, ...implied].sort();
}

/** The highest level that a host gives alone. */
export function bestLevel(hosts: Hosts): X86Level | undefined {
  return levelsFrom(hostLevels(hosts), []).best;
}

/** Hosts whose guests do not see the feature, or may not. */
export function hostsWithout({ ask }: PoolFacts, feature: string): readonly string[] {
  return ask(givers)
    .filter((giver) => !gives(giver, feature))
    .map(({ name }) => name);
}

function gives({ features = [], added }: Giver, feature: string): boolean {
  return added.includes(feature) || features.includes(feature);
}

/** Hosts of one kind share what QEMU's model adds. */
function givers(hosts: Hosts): readonly Giver[] {
  const known = new Map<string, readonly string[]>();
  return hosts.map(({ name, features, model = '', virtType }) => {
    const kind = `${virtType ?? ''} ${model}`;
    const added = remembered(known, kind, () => inQemusModel(model, { virtType }));
    return { name, features, added: features === undefined ? [] : added };
  });
}

/** Hosts of one kind have one level. */
function hostLevels(hosts: Hosts): readonly HostLevel[] {
  const known = new Map<unknown, { readonly giver: Giver; readonly level: X86Level | undefined }>();
  return givers(hosts).map((giver) => {
    const { name: host, features, added } = giver;
    if (features === undefined) return { host, level: undefined, known: false };
    const like = known.get(features);
    if (like?.giver.added === added) return { host, level: like.level, known: true };
    const { level } = levelOfAll(features, added);
    known.set(features, { giver, level });
    return { host, level, known: true };
  });
}
