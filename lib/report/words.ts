import type { Cost, GuestLoss, X86Level } from '../../types/facts.ts';
import type { HostGroup, PoolLoss, PoolsPlan, PlannedPool } from '../../types/pools.ts';
import type { ReportData } from '../../types/report.ts';
import { COST_NAMES } from '../cpu/facts/guest-losses.ts';
import { nameList } from '../text/fold.ts';

/** A number with its noun: `1 host`, `12 hosts`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
}

/** `x86-64-v3`, or words where there is none. */
export function levelName(level: X86Level | undefined): string {
  return level ?? 'below x86-64-v1';
}

/** What guests of a pool reach; nothing where no host of it reaches any level, as on other architectures. */
export function reachedLevel({ level, best }: PlannedPool): readonly string[] {
  if (best === undefined) return [];
  return [level === best ? best : `${levelName(level)} instead of ${best}`];
}

/** `a, b and c`. */
export function sentenceList(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

const MOST_FEATURES = 6;

/** Some features by name, and how many more there are. */
export function featureList(features: readonly string[]): string {
  if (features.length <= MOST_FEATURES) return features.join(', ');
  return `${features.slice(0, MOST_FEATURES - 1).join(', ')} and ${features.length - MOST_FEATURES + 1} more`;
}

/** What the one number for a loss is made of. */
export const LOSS_SCALE =
  'a guest that cannot run counts 10,000, a defence 1,000, a level 100, a speed-up 10, a feature 1, each as often as its host weighs';

/** What guests lose, in words, the gravest first; `nothing` where they keep all. */
export function lossWords({ guests, defences, levels, speed, features }: PoolLoss): string {
  const parts = [
    [guests, 'guest that cannot run', 'guests that cannot run'],
    [defences, 'defence', 'defences'],
    [levels, 'x86-64 level', 'x86-64 levels'],
    [speed, 'speed-up', 'speed-ups'],
    [features, 'feature', 'features'],
  ] as const;
  const stated = parts.filter(([number]) => number > 0);
  if (stated.length === 0) return 'nothing';
  return stated.map(([number, one, many]) => count(number, one, many)).join(', ');
}

/** What is lost with some features, in one sentence. */
export interface CostLine {
  readonly cost: Cost | undefined;
  readonly features: readonly string[];
  readonly words: string;
}

/** What losses mean, each thing said once: features that mean the same stand together. */
export function costLines(losses: readonly GuestLoss[]): readonly CostLine[] {
  const lines = new Map<string, CostLine>();
  for (const loss of losses) {
    const words = costWords(loss);
    const features = [...(lines.get(words)?.features ?? []), ...loss.features];
    lines.set(words, { cost: loss.cost, features, words });
  }
  return [...lines.values()];
}

function costWords({ cost, text, cve = [] }: GuestLoss): string {
  const flaws = cve.length === 0 ? '' : ` (${cve.join(', ')})`;
  const weight = cost === undefined ? 'No harm known' : COST_NAMES[cost];
  return `${weight}: ${text}${text.includes('CVE-') ? '' : flaws}.`;
}

/** What hosts have in common that others have not: `Intel x86_64 kvm`. */
export function groupName({ vendor, arch, virtType }: HostGroup): string {
  return [vendor, arch, virtType].filter((word) => word !== undefined).join(' ');
}

/** The pools that a report recommends. */
export function recommended({ partitions, knee }: PoolsPlan): readonly PlannedPool[] {
  return partitions[knee]?.pools ?? [];
}

/** How much less is lost with the recommended pools than with the fewest, in per cent. */
export function savedPercent({ partitions, knee }: PoolsPlan): number {
  const before = partitions[0]?.loss.score ?? 0;
  const after = partitions[knee]?.loss.score ?? 0;
  return percentLess(before, after);
}

/** How much less the second is, in per cent: 100 only where nothing is left. */
export function percentLess(before: number, after: number): number {
  if (before === 0) return 0;
  const percent = Math.round((100 * (before - after)) / before);
  return after === 0 ? percent : Math.min(percent, 99);
}

/** The report in sentences: what there is, what one pool costs, what more pools save, whom to leave out. */
export function summary(data: ReportData): readonly string[] {
  const { plan } = data;
  return [
    whatThereIs(plan),
    ...fewestPools(plan),
    ...morePools(plan),
    ...advice(plan).slice(0, 1),
    ...unknowns(data),
  ];
}

function whatThereIs({ profiles, groups, unplanned }: PoolsPlan): string {
  const hosts = profiles.reduce((sum, one) => sum + one.hosts.length, unplanned.length);
  const kinds = profiles.length === 1 ? 'all alike' : `of ${count(profiles.length, 'kind')}`;
  const what = `${count(hosts, 'host')}, ${kinds}.`;
  if (groups.length < 2) return what;
  const names = groups.map((group) => {
    const size = group.profiles.reduce((sum, i) => sum + (profiles[i]?.hosts.length ?? 0), 0);
    return `${groupName(group)} (${size})`;
  });
  return `${what} They can never be one pool: ${sentenceList(names)} do not mix.`;
}

function fewestPools({ partitions: [first] }: PoolsPlan): readonly string[] {
  if (first === undefined) return [];
  const [only, another] = first.pools;
  const lost = lossWords(first.loss);
  if (only === undefined) return [];
  if (another !== undefined)
    return [
      `In ${first.pools.length} pools, the fewest possible, guests lose ${lost}, summed over the hosts.`,
    ];
  const reached = reachedLevel(only);
  const features = count(only.common.length, 'feature');
  if (only.lost.length === 0)
    return [`In one pool, guests lose nothing: ${[features, ...reached].join(', ')}.`];
  return [
    `In one pool, guests see ${[features, ...reached].join(' and reach ')}; ` +
      `${count(only.lost.length, 'feature')} that some host has ${only.lost.length === 1 ? 'is' : 'are'} lost. Summed over the hosts: ${lost}.`,
  ];
}

function morePools(plan: PoolsPlan): readonly string[] {
  const { partitions, knee } = plan;
  const best = partitions[knee];
  if (best === undefined || knee === 0) return [];
  const proof = best.proved ? '' : ' It is the best division found, not proved to be the best there is.';
  const pools = best.pools.map(({ hosts }) => nameList(hosts)).join('; ');
  const divided = `Divided into ${best.pools.length} pools they lose ${savedPercent(plan)} % less: ${pools}.`;
  return [divided + furtherPools(plan) + proof];
}

function furtherPools({ partitions, knee }: PoolsPlan): string {
  const last = partitions.at(-1);
  if (last === undefined || knee === partitions.length - 1) return '';
  const percent = percentLess(partitions[0]?.loss.score ?? 0, last.loss.score);
  return ` ${last.pools.length} pools would save ${percent} %.`;
}

/** What leaving hosts out gives back, a sentence for each. */
export function advice({ leaveOut }: PoolsPlan): readonly string[] {
  return leaveOut.map(({ hosts, others, gains, level, levelWithout }) => {
    const reach =
      level === levelWithout ? '' : ` (${levelName(levelWithout)} instead of ${levelName(level)})`;
    return `Without ${nameList(hosts)}, guests on the ${others.length === 1 ? 'other host' : `other ${others.length}`} get back ${featureList(gains)}${reach}.`;
  });
}

function unknowns({ hosts, plan: { unplanned } }: ReportData): readonly string[] {
  const weak = hosts.filter(({ grade }) => grade !== 'A').map(({ name }) => name);
  return [
    ...(unplanned.length === 0
      ? []
      : [`Nobody knows what guests get on ${nameList(unplanned)}: in no pool.`]),
    ...(weak.length === 0
      ? []
      : [
          `${nameList(weak)}: known from a weak source, which does not show what a guest gets. Capture them to be sure.`,
        ]),
  ];
}
