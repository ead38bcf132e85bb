import type { Baseline, Loss } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import { dependents, namedAncestor } from '../../cpu/dependencies.ts';
import { featuresInSomeMap } from '../../cpu/map.ts';
import { CORE } from '../../cpu/names.ts';
import { addedByQemu } from '../../cpu/qemu-models.ts';
import { issue } from '../../issues/issues.ts';
import { memory, type Memory } from '../../text/memory.ts';
import { armDisables } from '../arch.ts';
import { isOff, isWanted } from './changes.ts';
import { blockersOf } from './custom-model.ts';
import { isLost, knowsFeature, type Context } from './findings.ts';
import { NESTED } from '../rules/identity.ts';
import { noteworthy } from '../pool/visible.ts';

/** What a guest must not see: everything, and by the host that shows it. */
export interface Unwanted {
  /** Sorted by feature. */
  readonly disable: readonly PlannedDisable[];
  readonly names: readonly string[];
  /** Equal lists are the same object. */
  readonly namesByHost: ReadonlyMap<string, readonly string[]>;
  /** What goes because of another feature, and a word on it. */
  readonly notes: ReadonlyMap<string, Issue>;
  /** Of `disable`, what may not go without a word. */
  readonly doubtful: readonly PlannedDisable[];
}

/** A pool's domains mostly ask one of a few questions: each is answered once. */
const remembered = new WeakMap<Baseline, Memory<Unwanted>>();

/** Everything the guest must not see, with the hosts that decide it. */
export function unwanted(context: Context): Unwanted {
  const answers = remembered.get(context.baseline) ?? memory<Unwanted>();
  remembered.set(context.baseline, answers);
  return answers(questionOf(context), () => answer(context));
}

/** All that the answer depends on beside the pool. */
function questionOf({ cpu, options, model, follows }: Context): string {
  const { climb = false, overrideConflicts = false, dropNested = false } = options;
  if (model === undefined && !overrideConflicts) return `${climb} ${dropNested}`;
  const asked = cpu.features
    .filter((feature) => !isOff(feature))
    .map(({ policy, name }) => `${policy} ${name}`);
  return [climb, dropNested, overrideConflicts, follows, model, ...asked].join();
}

function answer(context: Context): Unwanted {
  const disable = plannedDisables(context);
  const consequent = disable.filter(({ cause }) => cause !== undefined);
  const names = disable.map(({ feature }) => feature);
  const notes = new Map(consequent.map((one) => [one.feature, noteOn(one)]));
  return {
    disable,
    names,
    namesByHost: namesByHost(context, disable, names),
    notes,
    doubtful: disable.filter(
      ({ feature, unnamedOn }) => unnamedOn.length > 0 || CORE.has(feature) || notes.has(feature),
    ),
  };
}

function noteOn({ feature, reason, cause = '', presentOn }: PlannedDisable): Issue {
  const code = reason === 'parent-disabled' ? 'feature-dependency' : 'feature-climbed';
  return issue(code, { feature, expected: cause, hosts: presentOn });
}

function plannedDisables(context: Context): readonly PlannedDisable[] {
  if (context.baseline.arch === 'aarch64') return armDisables(context);
  const found = new Map<string, PlannedDisable>();
  for (const one of [
    ...differing(context),
    ...excess(context),
    ...undecided(context),
    ...overridden(context),
    ...nested(context),
  ]) {
    const named = context.options.climb === true ? climbed(context, one) : one;
    if (!found.has(named.feature)) found.set(named.feature, named);
  }
  for (const [feature, cause] of dependents(new Set(found.keys()), visible(context))) {
    found.set(feature, { ...everywhere(context.baseline, feature), reason: 'parent-disabled', cause });
  }
  return [...found.values()].sort((a, b) => (a.feature < b.feature ? -1 : 1));
}

/** A fixed model needs the same lines everywhere; a CPU that follows its host needs only that host's surplus off. */
function namesByHost(
  context: Context,
  disable: readonly PlannedDisable[],
  all: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const names = new Map(context.baseline.hosts.map(({ name }) => [name, [] as string[]]));
  const insisted = new Set(context.cpu.features.filter(isWanted).map(({ name }) => name));
  for (const { feature, presentOn, unknownOn } of disable) {
    const some = [...presentOn, ...unknownOn];
    const everywhere = !context.follows || insisted.has(feature) || some.length === 0;
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
  return new Map(
    [...lists].map(([host, list]) => {
      const key = list.join();
      const one = known.get(key) ?? list;
      known.set(key, one);
      return [host, one];
    }),
  );
}

function differing(context: Context): readonly PlannedDisable[] {
  if (!context.follows) return [];
  return [...context.losses.values()].map((loss): PlannedDisable => ({
    ...loss,
    reason: 'hosts-differ',
    cause: undefined,
  }));
}

/** What the named model has and some host is known to lack. */
function excess(context: Context): readonly PlannedDisable[] {
  const { model, baseline, losses, common, maps } = context;
  if (model === undefined) return [];
  const listed = featuresInSomeMap(maps, model);
  const blockers = baseline.hosts.flatMap((host) => blockersOf(host, model));
  const added = [...addedByQemu(model)].filter((name) => (losses.get(name)?.presentOn.length ?? 0) > 0);
  const names = [...new Set([...listed, ...blockers, ...added])].filter(
    (name) => !common.has(name) && noteworthy(name) === undefined,
  );
  return names
    .map((name): PlannedDisable => ({
      ...(losses.get(name) ?? nowhere(name, baseline)),
      reason: 'model-exceeds-hosts',
      cause: undefined,
    }))
    .filter(
      ({ missingOn, unknownOn, unnamedOn }) =>
        missingOn.length > 0 || unknownOn.some((host) => !unnamedOn.includes(host)),
    );
}

/** An optional feature of a fixed CPU is there or not depending on the host the guest was started on. */
function undecided({ cpu, losses, follows }: Context): readonly PlannedDisable[] {
  const optional = follows ? [] : cpu.features.filter(({ policy }) => policy === 'optional');
  const lost = optional.map(({ name }) => losses.get(name)).filter((loss) => loss !== undefined);
  return lost.map((loss) => ({ ...loss, reason: 'hosts-differ', cause: undefined }));
}

/** What the domain insists on and no host can keep, when the caller lets it be overridden. */
function overridden(context: Context): readonly PlannedDisable[] {
  const { cpu, baseline, allLosses, options } = context;
  if (options.overrideConflicts !== true) return [];
  return cpu.features
    .filter((feature) => isLost(context, feature))
    .map(({ name }): PlannedDisable => ({
      ...(allLosses.get(name) ?? nowhere(name, baseline)),
      reason: 'hosts-differ',
      cause: undefined,
    }));
}

/** Running guests inside the guest, where the caller wants that off; what depends on it follows. */
function nested({ baseline, common, losses, options }: Context): readonly PlannedDisable[] {
  if (options.dropNested !== true) return [];
  return NESTED.flatMap((name): PlannedDisable[] => {
    const known = common.has(name) ? everywhere(baseline, name) : losses.get(name);
    return known === undefined ? [] : [{ ...known, reason: 'nested-dropped', cause: undefined }];
  });
}

/** The loss of a feature that no host has. */
function nowhere(feature: string, { hosts }: Baseline): Loss {
  const names = (unnamed: boolean): string[] =>
    hosts.filter((host) => knowsFeature(host, feature) !== unnamed).map(({ name }) => name);
  return { feature, presentOn: [], missingOn: names(false), unknownOn: names(true), unnamedOn: names(true) };
}

/** A feature that every host has. */
function everywhere({ hosts }: Baseline, feature: string): Loss {
  return { feature, presentOn: hosts.map(({ name }) => name), missingOn: [], unknownOn: [], unnamedOn: [] };
}

/** In place of a name that some libvirt does not know: the nearest ancestor that all of them do. */
function climbed({ baseline, losses, common, maps }: Context, one: PlannedDisable): PlannedDisable {
  const ancestor = one.unnamedOn.length === 0 ? undefined : namedAncestor(maps, one.feature);
  if (ancestor === undefined) return one;
  const known = common.has(ancestor)
    ? everywhere(baseline, ancestor)
    : (losses.get(ancestor) ?? nowhere(ancestor, baseline));
  return { ...known, reason: 'name-unknown', cause: one.feature };
}

/** What every host has and this guest would see, where it depends on something: a child may lose its parent. */
function visible(context: Context): ReadonlyMap<string, readonly string[]> {
  const { parents, follows } = context;
  if (follows) return parents;
  const own = shown(context);
  return new Map([...parents].filter(([name]) => own.has(name)));
}

/** What a CPU that follows no host shows, by its model or by a line of its own, where the host can. */
export function shown({ cpu, maps, model = '' }: Context): ReadonlySet<string> {
  const listed = featuresInSomeMap(maps, model);
  const own = cpu.features.filter(isWanted).map(({ name }) => name);
  return new Set([...listed, ...own, ...addedByQemu(model)]);
}
