import type { Baseline, Loss } from '../../types/baseline.ts';
import type { Issue } from '../../types/issue.ts';
import { FILTERED, NOT_MIGRATABLE, TOPOLOGY_OWNED } from '../cpu/names.ts';
import { issue } from '../issues.ts';

/** The losses a guest can notice, and a note for each of the others. */
export interface Judgement {
  readonly losses: readonly Loss[];
  readonly notes: readonly Issue[];
}

const judged = new WeakMap<Baseline, Judgement>();

/** Which losses of a baseline matter to a guest. The same object for the same baseline: a pool serves many domains. */
export function judge(baseline: Baseline): Judgement {
  const known = judged.get(baseline);
  if (known !== undefined) return known;
  const judgement = {
    losses: baseline.losses.filter(({ feature }) => noteworthy(feature) === undefined),
    notes: baseline.losses.flatMap(({ feature, presentOn }) => {
      const code = noteworthy(feature);
      return code === undefined ? [] : [issue(code, { feature, hosts: presentOn })];
    }),
  };
  judged.set(baseline, judgement);
  return judgement;
}

/** Why a difference in this feature needs no action, if so. */
export function noteworthy(
  feature: string,
): 'feature-filtered' | 'feature-topology' | 'feature-not-migratable' | undefined {
  if (FILTERED.has(feature)) return 'feature-filtered';
  if (TOPOLOGY_OWNED.has(feature)) return 'feature-topology';
  return NOT_MIGRATABLE.has(feature) ? 'feature-not-migratable' : undefined;
}
