import type { BaselineHost } from '../../../types/baseline.ts';
import type { CpuMapModel } from '../../../types/cpu-map.ts';
import type { DomainCpu } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import type { DomainChange, ElementChange } from '../../../types/plan.ts';
import { isX86 } from '../../cpu/arches.ts';
import { featuresInEveryMap, featuresInSomeMap, indexOf, isNamed, vendorOfModel } from '../../cpu/map.ts';
import { CORE, CPU_ORDER } from '../../cpu/names.ts';
import { hasErrors, issue } from '../../issues/issues.ts';
import type { CpuCase, Outcome } from '../case.ts';
import { guaranteed, nameable } from './guaranteed.ts';
import { linesTo, namesWanted, setAttribute } from './changes.ts';
import { blockersOf, hostsLacking } from './custom-model.ts';
import { addedTo, definedBeyond, modelContext } from './kept.ts';
import { covered, openFeatures, topology, unlisted } from './guard.ts';
import { reasonToIgnore } from '../pool/ignored.ts';
import { isUnnoticed } from '../pool/visible.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { namedModel } from '../pool/named-model.ts';
import type { Disables } from './disables.ts';

/**
 * A custom CPU of one named model, with lines that make it equal to the baseline under the CPU map of every host: the
 * same model has other features in other libvirt versions, so whatever the maps do not agree on has a line.
 */
export function pinned(context: CpuCase, disables: Disables): Outcome {
  const { cpu, issueAt, pool } = context;
  if (cpu.cacheMode === 'passthrough') {
    const facts = { use: 'cache.mode', value: cpu.cacheMode } as const;
    return { changes: [], issues: [issueAt('pin-refused', cpu.span, facts)] };
  }
  const list = guaranteed(context, disables.names);
  const set: ReadonlySet<string> = pool.memory(list, 'set', () => new Set(list));
  const asked = context.settings.pin || undefined;
  const model = asked ?? pool.memory(list, 'model', () => chosenModel(context, set));
  if (model === undefined || !isX86(pool.baseline))
    return { changes: [], issues: [issue('no-common-model', { hosts: pool.names })] };
  const issues =
    asked === undefined ? [] : [...modelProblems(context, set, asked), ...strange(context, asked)];
  return {
    changes: [...elementChanges(context, model), ...lineChanges(context, disables, set, model)],
    issues: hasErrors(issues) ? issues : [...issues, ...coreIssues(context, disables, set, model)],
  };
}

/** What no guest boots without, the model has and no host gives; where hosts differ in it, that is said already. */
function coreIssues(
  context: CpuCase,
  { names }: Disables,
  set: ReadonlySet<string>,
  model: string,
): readonly Issue[] {
  const { pool, settings } = context;
  if (settings.accept.has('core-features')) return [];
  const told = new Set(names);
  const some = inSomeMap(pool, model);
  return [...CORE]
    .filter((name) => some.has(name) && !set.has(name) && !told.has(name))
    .sort()
    .map((feature) => issue('core-feature', { feature, missingOn: pool.names, unknownOn: [] }));
}

/** The model libvirt would tell this set through, of those that every host has and whose surplus all of them can name. */
function chosenModel(context: CpuCase, set: ReadonlySet<string>): string | undefined {
  const { baseline, maps } = context.pool;
  // The models of the smallest map are the oldest libvirt's: whatever order the hosts come in, the choice is the same.
  const [map] = maps.toSorted((a, b) => a.models.length - b.models.length);
  if (map === undefined) return undefined;
  const index = indexOf(map);
  const stated = baseline.hosts.flatMap(({ model }) => (model === undefined ? [] : [model]));
  const vendors = new Set(stated.map((model) => vendorOfModel(index, model)).filter(Boolean));
  const features = new Set([...set, ...baseline.common.filter((name) => reasonToIgnore(name) !== undefined)]);
  return namedModel(index, features, {
    vendor: baseline.vendor ?? (vendors.size === 1 ? [...vendors][0] : undefined),
    preferred: new Set(stated),
    isAllowed: (model) => modelProblems(context, set, model).length === 0,
  })?.model;
}

/** What keeps a model from serving every host. */
function modelProblems(context: CpuCase, set: ReadonlySet<string>, model: string): readonly Issue[] {
  const { maps, hosts: all } = context.pool;
  const { inLibvirt, inQemu } = hostsLacking(all, model);
  if (inLibvirt.length > 0) return [issue('unknown-model', { model, hosts: inLibvirt })];
  // A pinned model has fallback='forbid'.
  if (inQemu.length > 0) return [issue('model-missing', { model, hosts: inQemu, fallback: 'forbid' })];
  const stuck = all.flatMap((host) => stuckOn(host, set, model));
  if (stuck.length > 0) return stuck;
  const surplus = [...inSomeMap(context.pool, model)].filter(
    (name) => !set.has(name) && reasonToIgnore(name) === undefined && !isNamed(maps, name),
  );
  if (surplus.length === 0) return [];
  const hosts = all.filter(({ cpuMaps }) => surplus.some((name) => !isNamed(cpuMaps, name)));
  const unnamedOn = hosts.map(({ name }) => name);
  return [issue('feature-not-expressible', { features: surplus.sort(), unnamedOn, instead: [] })];
}

/** What the guest is to have, and QEMU on this host cannot give with this model. */
function stuckOn(host: BaselineHost, set: ReadonlySet<string>, model: string): readonly Issue[] {
  const features = blockersOf(host, model).filter((name) => set.has(name));
  return features.length === 0
    ? []
    : [issue('model-not-usable', { model, hosts: [host.name], features: features.sort() })];
}

/** A model of another vendor runs, but is no CPU that was ever built. */
function strange({ pool }: CpuCase, model: string): readonly Issue[] {
  const { baseline, maps, names } = pool;
  const vendor = maps.map((map) => vendorOfModel(indexOf(map), model)).find((own) => own !== undefined);
  if (vendor === undefined || baseline.vendor === undefined || vendor === baseline.vendor) return [];
  return [issue('model-vendor', { model, hosts: names, modelVendor: vendor, vendor: baseline.vendor })];
}

function elementChanges({ cpu, settings }: CpuCase, model: string): readonly ElementChange[] {
  const { startTag } = cpu;
  const set = (name: string, value: string): ElementChange => setAttribute(startTag, name, value);
  const isFresh = cpu.mode !== 'custom' || cpu.model === undefined;
  const check = isChecked(cpu, settings) ? 'full' : 'partial';
  return [
    ...(isFresh ? [set('mode', 'custom')] : []),
    ...(isFresh || cpu.match !== 'exact' ? [set('match', 'exact')] : []),
    ...(cpu.check === check ? [] : [set('check', check)]),
    ...(cpu.migratable === undefined
      ? []
      : [{ kind: 'remove-attribute' as const, startTag, name: 'migratable' }]),
    ...modelChanges(cpu, model),
  ];
}

function modelChanges(cpu: DomainCpu, model: string): readonly ElementChange[] {
  const { modelSpan: span, vendorId } = cpu;
  if (cpu.model === model && cpu.mode === 'custom' && cpu.fallback === 'forbid') return [];
  const attributes = { fallback: 'forbid', ...(vendorId !== undefined && { vendor_id: vendorId }) };
  const element = { name: 'model', attributes, text: model };
  return span === undefined
    ? [{ kind: 'add-element', parent: cpu, order: CPU_ORDER, element }]
    : [{ kind: 'replace-element', span, element }];
}

/** A domain that asks for a full check keeps it, and gets the lines that it takes. */
function isChecked(cpu: DomainCpu, { guard }: CpuCase['settings']): boolean {
  return guard || cpu.check === 'full';
}

function lineChanges(
  context: CpuCase,
  disables: Disables,
  set: ReadonlySet<string>,
  model: string,
): readonly DomainChange[] {
  const { cpu, pool, settings } = context;
  const full = isChecked(cpu, settings);
  const some = inSomeMap(pool, model);
  const settled = inEveryMap(pool, model);
  const open = new Set(cpu.features.filter(({ policy }) => policy === 'optional').map(({ name }) => name));
  const kept = new Set(namesWanted(cpu.features));
  const isQemus = definedBeyond(pool, model, { machine: context.domain.machine });
  const named: CpuCase = { ...context, model, follows: false };
  const require = [
    ...[...set].filter((name) => full || open.has(name) || !settled.has(name)),
    ...(full ? topology(named, 'given') : []),
  ].sort();
  const unkept = disables.names.filter((name) => kept.has(name));
  const added = [...addedTo(pool, model, modelContext(context, [...set]))].filter(
    (name) => isQemus.has(name) || pool.losses.has(name),
  );
  const surplus = [...some, ...added, ...open].filter(
    (name) => !set.has(name) && !kept.has(name) && !isUnnoticed(pool, name) && pool.isNamed(name),
  );
  const also = [
    ...unlisted(context, topology(named, 'absent')),
    ...(full ? covered(named, require) : []),
    ...(settings.exhaustive ? openFeatures(context, nameable(pool)) : []),
  ];
  const disable = [...new Set([...unkept, ...surplus, ...also])].sort();
  return [...linesTo(cpu, require, 'require'), ...linesTo(cpu, disable, 'disable')];
}

/** What the model has, had, or was found to have, in one map or another, or in QEMU where a host lacks it. */
function inSomeMap({ maps, hosts, memory }: PoolFacts, model: string): ReadonlySet<string> {
  return memory(inSomeMap, model, () => {
    const lists = maps.flatMap((map) => {
      const { removed = [], added = [] } = indexOf(map).models.get(model) ?? NO_MODEL;
      return [...removed, ...added.filter((name) => isNamed(maps, name))];
    });
    const blockers = hosts.flatMap((host) => blockersOf(host, model));
    return new Set([...featuresInSomeMap(maps, model), ...lists, ...blockers]);
  });
}

const NO_MODEL: Pick<CpuMapModel, 'removed' | 'added'> = {};

/** What the model has in every map, and in none is something it once had. */
function inEveryMap({ maps, memory }: PoolFacts, model: string): ReadonlySet<string> {
  return memory(inEveryMap, model, () => {
    const removed = new Set(maps.flatMap((map) => indexOf(map).models.get(model)?.removed ?? []));
    return new Set(featuresInEveryMap(maps, model).filter((name) => !removed.has(name)));
  });
}
