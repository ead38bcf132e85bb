import type { Loss } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import { isX86 } from '../../cpu/arches.ts';
import { dependents, enforcedAncestors, namedAncestor } from '../../cpu/dependencies.ts';
import { featuresInSomeMap, isNamed } from '../../cpu/map.ts';
import { INVERSE_BITS } from '../../cpu/facts/kinds.ts';
import { CORE, NESTED } from '../../cpu/names.ts';
import { issue } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { remembered } from '../../text/remembered.ts';
import { armDisables } from '../other-arches.ts';
import { followsHost, isWanted, namesOff, namesWanted } from './changes.ts';
import { blockersOf, isUnchecked } from './custom-model.ts';
import { isLost } from './findings.ts';
import { addedTo, modelContext, shown } from './kept.ts';
import type { CpuCase } from '../case.ts';
import { disableOf, everywhere, type PoolFacts } from '../pool/facts.ts';
import { isUnnoticed } from '../pool/visible.ts';

/** That a feature is disabled because of another one. */
export type Consequence = Issue<'feature-climbed' | 'feature-dependency'>;

/** What a guest must not see. */
export interface Disables {
  /** Sorted by feature. */
  readonly disable: readonly PlannedDisable[];
  readonly names: readonly string[];
  /** What is disabled because of another feature, and a note on it. */
  readonly notes: ReadonlyMap<string, Consequence>;
  /** Of `disable`, what must not be disabled without an issue. */
  readonly doubtful: readonly PlannedDisable[];
  /** Is there any of which not only a note tells? */
  readonly isDoubtful: boolean;
}

/** Everything the guest must not see, with the hosts that decide it. */
export function disablesFor(c: CpuCase): Disables {
  const found = poolDisables(c);
  const settled = found.isDoubtful ? settledByLines(c, found) : NO_DISABLES;
  if (settled.length === 0) return found;
  const words = `without ${settled.map(({ feature }) => feature).join(' ')}`;
  return c.pool.memory(found, words, () =>
    answerOf(
      c,
      found.disable.filter((one) => !settled.includes(one)),
    ),
  );
}

/** What some libvirt cannot name, and QEMU turns off with a feature that the domain has off already. */
function settledByLines({ cpu, pool }: CpuCase, { doubtful }: Disables): readonly PlannedDisable[] {
  const off = new Set(namesOff(cpu.features));
  return doubtful.filter(
    ({ feature, unnamedOn }) =>
      unnamedOn.length > 0 && [...enforcedAncestors(pool.maps, feature)].some((name) => off.has(name)),
  );
}

/** The same whatever else the domain has off. A pool's domains mostly ask the same. */
function poolDisables(c: CpuCase): Disables {
  const { memory } = c.pool;
  const { disableParent, nested: isNested } = c.settings;
  const found = memory(disablesFor, questionOf(c), () => answer(c, []));
  // What the model has is off because of the model, whether it is optional or not.
  const open = optionalLosses(c, disableParent || isNested === 'off' ? [] : found.names);
  if (open.length === 0) return found;
  const words = open.map(({ feature }) => feature).join(' ');
  return memory(found, words, () => answer(c, open));
}

/** All that the answer depends on beside the pool and what is optional. */
function questionOf(c: CpuCase): string {
  const { cpu, domain, settings, model, follows } = c;
  const { disableParent, nested, accept } = settings;
  const overrides = accept.has('conflicts');
  if (model === undefined && !overrides) return `${disableParent} ${nested} ${isCompared(c)}`;
  let words = `${disableParent} ${nested} ${overrides} ${follows} ${isCompared(c)} ${isUnchecked(c)} ${model} ${domain.type} ${domain.machine}`;
  const matters = (name: string): boolean => overrides || !isX86(c.pool.baseline) || mayFollow(c.pool, name);
  for (const feature of cpu.features) {
    const { name, policy } = feature;
    if ((isWanted(feature) || NESTED.includes(name)) && matters(name)) words += ` ${policy} ${name}`;
  }
  return words;
}

/** May a feature that a domain names be off because of another, or bring others with it (`svm`)? */
function mayFollow({ parents }: PoolFacts, name: string): boolean {
  return NESTED.includes(name) || parents.has(name);
}

function answer(c: CpuCase, optional: readonly PlannedDisable[]): Disables {
  return answerOf(c, frozen(plannedDisables(c, optional)));
}

function answerOf(c: CpuCase, planned: readonly PlannedDisable[]): Disables {
  const disable = Object.freeze([...planned]);
  const consequent = disable.filter(({ cause }) => cause !== undefined);
  const names = Object.freeze(disable.map(({ feature }) => feature));
  const notes = new Map(consequent.map((one) => [one.feature, frozen(noteOn(c, one))]));
  return {
    disable,
    names,
    notes,
    doubtful: disable.filter((one) => isUnsafe(one) || notes.has(one.feature)),
    isDoubtful: disable.some(isUnsafe),
  };
}

function isUnsafe({ feature, unnamedOn }: PlannedDisable): boolean {
  return unnamedOn.length > 0 || CORE.has(feature);
}

function noteOn({ pool }: CpuCase, { feature, reason, cause = '', presentOn }: PlannedDisable): Consequence {
  if (reason === 'parent-disabled') return issue('feature-dependency', { feature, parent: cause, presentOn });
  const unnamedOn = pool.hosts.filter(({ cpuMaps }) => !isNamed(cpuMaps, cause)).map(({ name }) => name);
  return issue('feature-climbed', { feature, insteadOf: cause, unnamedOn });
}

function plannedDisables(context: CpuCase, optional: readonly PlannedDisable[]): readonly PlannedDisable[] {
  if (context.pool.baseline.arch === 'aarch64') return armDisables(context);
  const found = new Map<string, PlannedDisable>();
  for (const one of [
    ...differing(context),
    ...excess(context),
    ...optional,
    ...overridden(context),
    ...nested(context),
  ]) {
    const named = context.settings.disableParent ? parentOf(context, one) : one;
    if (!found.has(named.feature)) found.set(named.feature, named);
  }
  for (const [feature, cause] of dependents(new Set(found.keys()), visible(context))) {
    found.set(feature, disableOf(everywhere(context.pool, feature), 'parent-disabled', cause));
  }
  return [...found.values()].sort((a, b) => (a.feature < b.feature ? -1 : 1));
}

/** A fixed model needs the same lines everywhere; a CPU that follows its host needs only that host's surplus off. */
export function namesByHost(
  context: CpuCase,
  { disable, names: all }: Disables,
): ReadonlyMap<string, readonly string[]> {
  const names = new Map(context.pool.names.map((name) => [name, [] as string[]]));
  const insisted = new Set(namesWanted(context.cpu.features));
  for (const { feature, presentOn, unknownOn, unnamedOn } of disable) {
    const unsaid = new Set(unnamedOn);
    const shownOn = [...presentOn, ...unknownOn];
    const some = shownOn.filter((host) => !unsaid.has(host));
    const everywhere = !context.follows || insisted.has(feature) || shownOn.length === 0;
    for (const host of everywhere ? names.keys() : some) names.get(host)?.push(feature);
  }
  return shared(names, all);
}

/** Equal lists as one object, so that what follows from a list is worked out once. */
function shared(
  lists: ReadonlyMap<string, readonly string[]>,
  all: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const known = new Map([[all.join(), all]]);
  return new Map([...lists].map(([host, list]) => [host, remembered(known, list.join(), () => list)]));
}

function differing(c: CpuCase): readonly PlannedDisable[] {
  if (!c.follows) return [];
  const losses = [...c.pool.losses.values()];
  const levelled = isCompared(c) ? losses : losses.filter(({ feature }) => !INVERSE_BITS.has(feature));
  return levelled.map((loss) => disableOf(loss, 'hosts-differ'));
}

/**
 * Does libvirt hold a destination to the features the guest had? Of host-passthrough and maximum CPUs it compares only
 * what is listed. To disable a bit that says "an old behaviour has ended" brings nothing back, so that is done only
 * where libvirt would refuse the move otherwise.
 */
export function isCompared({ cpu, settings }: CpuCase): boolean {
  return settings.pin !== undefined || settings.onArrival || !followsHost(cpu);
}

/** What the named model has and some host is known to lack. */
function excess(c: CpuCase): readonly PlannedDisable[] {
  const { model, pool } = c;
  if (model === undefined) return [];
  const { hosts, losses, common, maps } = pool;
  const listed = featuresInSomeMap(maps, model);
  const blockers = hosts.flatMap((host) => blockersOf(host, model));
  const added = [...addedTo(pool, model, modelContext(c))].filter(
    (name) => (losses.get(name)?.presentOn.length ?? 0) > 0,
  );
  const names = [...new Set([...listed, ...blockers, ...added])].filter(
    (name) => !common.has(name) && !isUnnoticed(pool, name),
  );
  return names
    .map((name) => disableOf(losses.get(name) ?? nowhere(pool, name), 'model-exceeds-hosts'))
    .filter(
      ({ missingOn, unknownOn, unnamedOn }) =>
        (missingOn.length > 0 && !(isUnchecked(c) && missingOn.length === hosts.length)) ||
        unknownOn.some((host) => !unnamedOn.includes(host)),
    );
}

/**
 * An optional feature of a fixed CPU is there or not depending on the host the guest was started on; but for those that
 * are off already.
 */
function optionalLosses({ cpu, pool, follows }: CpuCase, off: readonly string[]): readonly PlannedDisable[] {
  if (follows) return NO_DISABLES;
  const found: PlannedDisable[] = [];
  for (const { name, policy } of cpu.features) {
    const loss = policy === 'optional' && !off.includes(name) ? pool.losses.get(name) : undefined;
    if (loss !== undefined) found.push(disableOf(loss, 'hosts-differ'));
  }
  return found;
}

const NO_DISABLES: readonly PlannedDisable[] = [];

/** What the domain insists on and no host can keep, when the caller lets it be overridden. */
function overridden(context: CpuCase): readonly PlannedDisable[] {
  const { cpu, pool, settings } = context;
  if (!settings.accept.has('conflicts')) return [];
  return cpu.features
    .filter((feature) => isLost(context, feature))
    .map(({ name }) => disableOf(pool.allLosses.get(name) ?? nowhere(pool, name), 'hosts-differ'));
}

/** Running guests inside the guest, where it can and the caller wants that off; what depends on it follows. */
function nested(c: CpuCase): readonly PlannedDisable[] {
  const { cpu, follows, pool, settings } = c;
  if (settings.nested !== 'off') return [];
  const own = follows ? NESTED : [...shown(c), ...cpu.features.map(({ name }) => name)];
  return NESTED.filter((name) => own.includes(name)).flatMap((name) => {
    const known = pool.common.has(name) ? everywhere(pool, name) : pool.losses.get(name);
    return known === undefined ? [] : [disableOf(known, 'nested-dropped')];
  });
}

/** The loss of a feature that no host has. */
function nowhere({ hosts }: PoolFacts, feature: string): Loss {
  const names = (unnamed: boolean): string[] =>
    hosts.filter(({ cpuMaps }) => isNamed(cpuMaps, feature) !== unnamed).map(({ name }) => name);
  return { feature, presentOn: [], missingOn: names(false), unknownOn: names(true), unnamedOn: names(true) };
}

/** In place of a name that some libvirt does not know: the nearest feature it depends on that all of them do. */
function parentOf({ pool }: CpuCase, one: PlannedDisable): PlannedDisable {
  const ancestor = one.unnamedOn.length === 0 ? undefined : namedAncestor(pool.maps, one.feature);
  if (ancestor === undefined) return one;
  const known = pool.common.has(ancestor)
    ? everywhere(pool, ancestor)
    : (pool.losses.get(ancestor) ?? nowhere(pool, ancestor));
  return disableOf(known, 'name-unknown', one.feature);
}

/** What every host has and this guest would see, where it depends on something: a child may lose its parent. */
function visible(context: CpuCase): ReadonlyMap<string, readonly string[]> {
  const { pool, follows } = context;
  if (follows) return pool.parents;
  const own = shown(context);
  return new Map([...pool.parents].filter(([name]) => own.has(name)));
}
