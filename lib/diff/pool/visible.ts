import type { Baseline, Loss } from '../../../types/baseline.ts';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Issue } from '../../../types/issue.ts';
import { parentsOf } from '../../cpu/dependencies.ts';
import { impliedOnAll } from '../../cpu/grade.ts';
import { namesInEveryMap } from '../../cpu/map.ts';
import { NOT_IN_QEMU } from '../../cpu/names.ts';
import { issue } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { reasonToIgnore } from './ignored.ts';
import { groupsBy } from './kinds.ts';

/** The differences of a pool that a guest can notice, and a note for each of the others. */
export interface VisibleDifferences {
  /** By feature. */
  readonly losses: ReadonlyMap<string, Loss>;
  /** Every loss, also those no guest notices, by feature. */
  readonly allLosses: ReadonlyMap<string, Loss>;
  /** What every host has, also where a weak source does not list what every guest has under KVM. */
  readonly common: ReadonlySet<string>;
  /** Common features that depend on others → those others. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** Every CPU map of the pool, once. */
  readonly maps: readonly CpuMap[];
  /** Does every map know the feature? Where there is none, nothing is unknown. */
  readonly isNamed: (name: string) => boolean;
  readonly notes: readonly Issue[];
  /** Warning for host-model CPUs if the hosts report different base models. */
  readonly identity: readonly Issue[];
}

/** Which losses of a baseline matter to a guest, and what else follows from it for every guest. */
export function visibleDifferences(baseline: Baseline): VisibleDifferences {
  const { losses, common, hosts } = baseline;
  const maps = [...new Set(hosts.flatMap(({ cpuMaps }) => cpuMaps))];
  const visible = losses.filter(({ feature }) => reasonToIgnore(feature) === undefined);
  return {
    losses: new Map(visible.map((loss) => [loss.feature, loss])),
    allLosses: new Map(losses.map((loss) => [loss.feature, loss])),
    common: new Set([...common, ...impliedOnAll(hosts)]),
    parents: withParents(maps, common),
    maps,
    isNamed: isNamedIn(maps),
    notes: losses.flatMap(noteOn),
    identity: baseModelIssues(baseline),
  };
}

function isNamedIn(maps: readonly CpuMap[]): (name: string) => boolean {
  const inAll = namesInEveryMap(maps);
  return maps.length === 0 ? () => true : (name) => inAll.has(name);
}

function noteOn({ feature, presentOn }: Loss): readonly Issue[] {
  const code = reasonToIgnore(feature) ?? (NOT_IN_QEMU.has(feature) ? 'feature-dropped' : undefined);
  return code === undefined ? [] : [frozen(issue(code, { feature, presentOn }))];
}

function baseModelIssues({ hosts }: Baseline): readonly Issue[] {
  const models = groupsBy(hosts, 'model');
  return models.length < 2 ? [] : [issue('host-model-differs', { models })];
}

function withParents(
  maps: readonly CpuMap[],
  names: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = names.map((name) => [name, parentsOf(maps, name)] as const);
  return new Map(found.filter(([, parents]) => parents.length > 0));
}

/** Does no guest of this pool notice a difference in this feature? Some see what the topology decides for others. */
export function isUnnoticed({ losses }: Pick<VisibleDifferences, 'losses'>, feature: string): boolean {
  return reasonToIgnore(feature) !== undefined && !losses.has(feature);
}
