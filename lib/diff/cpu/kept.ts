import { dependents } from '../../cpu/dependencies.ts';
import { featuresInSomeMap } from '../../cpu/map.ts';
import { addedByQemu, inQemusModel, type ModelContext } from '../../cpu/qemu-models.ts';
import type { CpuCase } from '../case.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { isWanted } from './changes.ts';

/**
 * The kind of guest, for what QEMU adds to its models. QEMU leaves `svm` out under KVM, and with it all that depends on
 * it; a guest that requires it gets that too.
 *
 * @param required what is to be required beside the domain's own lines.
 */
export function modelContext(
  { cpu, domain }: Pick<CpuCase, 'cpu' | 'domain'>,
  required: readonly string[] = [],
): ModelContext {
  const isNested =
    required.includes('svm') || cpu.features.some((one) => one.name === 'svm' && isWanted(one));
  const { machine, type: virtType } = domain;
  return isNested ? { machine } : { virtType, machine };
}

/** What a CPU that follows no host shows, by its model or by a line of its own, where the host can. */
export function shown(c: CpuCase): ReadonlySet<string> {
  const { cpu, pool, model = '' } = c;
  const ofModel = shownByModel(pool, model, modelContext(c));
  const own = cpu.features.filter((feature) => isWanted(feature) && !ofModel.has(feature.name));
  return own.length === 0 ? ofModel : new Set([...ofModel, ...own.map(({ name }) => name)]);
}

/** What a model shows in a guest of a kind by itself. */
export function shownByModel(
  { memory, maps }: PoolFacts,
  model: string,
  context: ModelContext,
): ReadonlySet<string> {
  return memory(
    shownByModel,
    wordsOf(model, context),
    () => new Set([...featuresInSomeMap(maps, model), ...addedByQemu(model, context)]),
  );
}

/** What QEMU gives a guest of a kind beside what libvirt's maps list of its model: asked once for all such guests. */
export function addedTo({ memory }: PoolFacts, model: string, context: ModelContext): ReadonlySet<string> {
  return memory(addedTo, wordsOf(model, context), () => addedByQemu(model, context));
}

/** Of that, what QEMU's own definition of the model has. */
export function definedBeyond(
  { memory }: PoolFacts,
  model: string,
  context: ModelContext,
): ReadonlySet<string> {
  return memory(definedBeyond, wordsOf(model, context), () => new Set(inQemusModel(model, context)));
}

function wordsOf(model: string, { virtType, machine }: ModelContext): string {
  return [virtType, machine, model].join(' ');
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
