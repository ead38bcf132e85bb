import type { Baseline, Loss } from '../../../types/baseline.ts';
import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Issue } from '../../../types/issue.ts';
import type { DomainChange } from '../../../types/plan.ts';
import { parentsOf } from '../../cpu/dependencies.ts';
import { FILTERED, NOT_IN_QEMU, NOT_MIGRATABLE, TOPOLOGY_OWNED } from '../../cpu/names.ts';
import { issue } from '../../issues/issues.ts';

/** The losses a guest can notice, by feature, and a note for each of the others. */
export interface Judgement {
  readonly losses: ReadonlyMap<string, Loss>;
  readonly common: ReadonlySet<string>;
  /** Every loss, also those no guest notices, by feature. */
  readonly allLosses: ReadonlyMap<string, Loss>;
  readonly notes: readonly Issue[];
  /** Common features that mean nothing without others → those others. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** Host name → `NO_CHANGES`. */
  readonly noChanges: Readonly<Record<string, readonly DomainChange[]>>;
  /** A word on host-model CPUs, where the hosts tell theirs through different named models. */
  readonly identity: readonly Issue[];
  /** Every CPU map of the pool, once. */
  readonly maps: readonly CpuMap[];
}

/** One list for every form in which nothing changes, so that these are known to be the same. */
export const NO_CHANGES: readonly DomainChange[] = [];

const judged = new WeakMap<Baseline, Judgement>();

/** Which losses of a baseline matter to a guest. The same object for the same baseline: a pool serves many domains. */
export function judge(baseline: Baseline): Judgement {
  const known = judged.get(baseline);
  if (known !== undefined) return known;
  const maps = [...new Set(baseline.hosts.flatMap(({ cpuMaps }) => cpuMaps))];
  const judgement: Judgement = {
    losses: new Map(
      baseline.losses
        .filter(({ feature }) => noteworthy(feature) === undefined)
        .map((loss) => [loss.feature, loss]),
    ),
    common: new Set(baseline.common),
    allLosses: new Map(baseline.losses.map((loss) => [loss.feature, loss])),
    noChanges: Object.fromEntries(baseline.hosts.map(({ name }) => [name, NO_CHANGES])),
    parents: withParents(maps, baseline.common),
    maps,
    identity: identityIssues(baseline),
    notes: baseline.losses.flatMap(({ feature, presentOn }) => {
      const code = noteworthy(feature) ?? (NOT_IN_QEMU.has(feature) ? 'feature-dropped' : undefined);
      return code === undefined ? [] : [issue(code, { feature, hosts: presentOn })];
    }),
  };
  judged.set(baseline, judgement);
  return judgement;
}

function identityIssues({ hosts }: Baseline): readonly Issue[] {
  const models = new Set(hosts.flatMap(({ model }) => (model === undefined ? [] : [model])));
  if (models.size < 2) return [];
  const names = hosts.map(({ name }) => name);
  return [issue('host-model-differs', { hosts: names, received: [...models].sort().join(', ') })];
}

function withParents(maps: readonly CpuMap[], names: readonly string[]): Judgement['parents'] {
  const found = names.map((name) => [name, parentsOf(maps, name)] as const);
  return new Map(found.filter(([, parents]) => parents.length > 0));
}

/** Why a difference in this feature needs no action, if so. */
export function noteworthy(
  feature: string,
): 'feature-filtered' | 'feature-topology' | 'feature-not-migratable' | undefined {
  if (FILTERED.has(feature)) return 'feature-filtered';
  if (TOPOLOGY_OWNED.has(feature)) return 'feature-topology';
  return NOT_MIGRATABLE.has(feature) ? 'feature-not-migratable' : undefined;
}
