import { dependents } from '../../cpu/dependencies.ts';
import { featuresInSomeMap } from '../../cpu/map.ts';
import { addedByQemu } from '../../cpu/qemu-models.ts';
import type { CpuCase } from '../case.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { isWanted } from './changes.ts';

/** What a CPU that follows no host shows, by its model or by a line of its own, where the host can. */
export function shown({ cpu, domain, pool, model = '' }: CpuCase): ReadonlySet<string> {
  const ofModel = shownByModel(pool, model, domain.type);
  const own = cpu.features.filter((feature) => isWanted(feature) && !ofModel.has(feature.name));
  return own.length === 0 ? ofModel : new Set([...ofModel, ...own.map(({ name }) => name)]);
}

/** What a model shows in a guest of a type by itself. */
export function shownByModel(
  { memory, maps }: PoolFacts,
  model: string,
  virtType: string | undefined,
): ReadonlySet<string> {
  return memory(
    shownByModel,
    `${virtType} ${model}`,
    () => new Set([...featuresInSomeMap(maps, model), ...addedByQemu(model, { virtType })]),
  );
}

/** What the guest sees on every host once these features are off: of what all hosts have, what its CPU shows. */
export function keptWithout(c: CpuCase, off: ReadonlySet<string>): ReadonlySet<string> {
  const { baseline, parents } = c.pool;
  const orphans = dependents(off, parents);
  const own = c.follows ? undefined : shown(c);
  return new Set(
    baseline.common.filter((name) => !off.has(name) && !orphans.has(name) && own?.has(name) !== false),
  );
}
