import type { BaselineHost, Loss } from '../../types/baseline.ts';
import type { Host } from '../../types/host.ts';
import type { Issue } from '../../types/issue.ts';
import type { PlannedDisable } from '../../types/plan.ts';
import { ARM_FEATURE, powerLevel, PPC64, s390xGeneration, vectorLength } from '../cpu/arches.ts';
import { unlikeProperties } from '../cpu/arm.ts';
import { hasErrors, issue } from '../issues/issues.ts';
import type { CpuCase } from './case.ts';
import { isOff, isWanted } from './cpu/changes.ts';
import { kindsBy } from './pool/kinds.ts';

/** What keeps these hosts of another architecture than x86 from being a pool, where that is not about features. */
export function otherPoolIssues(pool: readonly Host[]): readonly Issue[] {
  const [arch] = pool.map((host) => host.arch);
  if (pool.some((host) => host.arch !== arch)) return [];
  if (arch === 'aarch64') return armPoolIssues(pool);
  if (arch !== undefined && PPC64.has(arch)) return powerPoolIssues(pool);
  const models = modelsOf(pool);
  if (arch !== 's390x' || models.length < 2) return [];
  const kinds = [...kindsBy(pool, ({ model }) => model)];
  const lowest = oldest(pool);
  const facts = { models: kinds.map(([model, hosts]) => ({ model, hosts })) };
  return [issue('base-models-differ', { ...facts, ...(lowest !== undefined && { lowest }) })];
}

/** libvirt says nothing about what ARM hosts give their guests: they are the same, or nobody knows. */
function armPoolIssues(pool: readonly Host[]): readonly Issue[] {
  const silent = pool.filter(({ features, issues }) => features === undefined && !hasErrors(issues));
  const names = pool.map(({ name }) => name);
  const unlike = unlikeProperties(pool);
  if (unlike.length > 0) return [issue('arm-properties-differ', { hosts: names, properties: unlike })];
  const looks = new Set(pool.map(({ model, vendor, unnamed }) => JSON.stringify([model, vendor, unnamed])));
  const alike = silent.length === pool.length && looks.size === 1;
  if (silent.length > 0 && !alike) return [issue('arm-hosts-differ', { hosts: names })];
  const known = pool.every(({ features }) => features !== undefined);
  return alike || known ? [issue('arm-not-comparable', { hosts: names })] : [];
}

/** Hosts of different POWER levels share the lower one, which a guest has to ask for. */
function powerPoolIssues(pool: readonly Host[]): readonly Issue[] {
  const levels = [...kindsBy(pool, ({ model }) => model)].map(([model, hosts]) => ({ model, hosts }));
  if (levels.length < 2) return [];
  const lowest = oldest(pool);
  return [issue('power-levels-differ', { levels, ...(lowest !== undefined && { lowest }) })];
}

function modelsOf(pool: readonly Host[]): readonly string[] {
  return [...new Set(pool.map(({ model = '' }) => model))].sort();
}

/** How far a model has come; a higher rank has what a lower one has. */
function rankOf(model: string): number | undefined {
  return powerLevel(model) ?? s390xGeneration(model);
}

/** The model of lowest rank, which all hosts can give; `undefined` where somebody's rank is not known. */
export function oldest(pool: readonly Pick<Host, 'model'>[]): string | undefined {
  const ranked = pool.map(({ model = '' }) => ({ model, rank: rankOf(model) ?? Number.NaN }));
  if (ranked.some(({ rank }) => Number.isNaN(rank))) return undefined;
  return ranked.toSorted((a, b) => a.rank - b.rank || (a.model < b.model ? -1 : 1))[0]?.model;
}

/** What is wrong with a domain's CPU by the rules of its architecture, which is none of x86. */
export function otherFindings(context: CpuCase): readonly Issue[] {
  const { arch } = context.pool.baseline;
  if (arch === 'aarch64') return armFindings(context);
  return arch === 's390x'
    ? [...policies(context), ...models(context)]
    : [...strangers(context, /$^/), ...models(context)];
}

/** QEMU's s390x models know on and off only (`virQEMUBuildCpuFeature` of libvirt refuses the rest). */
function policies({ cpu, issueAt }: CpuCase): readonly Issue[] {
  const wrong = cpu.features.filter(({ policy }) => policy !== 'require' && policy !== 'disable');
  return wrong.map(({ name, policy, span }) =>
    issueAt('policy-unsupported', span, { feature: name, policy, arch: 's390x' }),
  );
}

/** A guest must not be of a higher model than every host can give. */
function models({ cpu, pool, issueAt }: CpuCase): readonly Issue[] {
  const { hosts } = pool;
  const { arch = '' } = pool.baseline;
  const names = modelsOf(hosts);
  const least = oldest(hosts);
  const lowest = PPC64.has(arch) ? least?.toLowerCase() : least;
  // host-model with a model is a POWER guest in the mode of that level; on s390x the model says nothing there.
  const level =
    cpu.mode === 'custom' || (cpu.mode === 'host-model' && PPC64.has(arch)) ? cpu.model : undefined;
  const exceeds = (model: string, host: BaselineHost): boolean =>
    !((rankOf(model) ?? Infinity) <= (rankOf(host.model ?? '') ?? -1)) && host.model !== model;
  // A CPU that follows its host is that of any of them.
  const asked = level === undefined ? names : [level];
  const lower = hosts.filter((host) => asked.some((model) => exceeds(model, host)));
  if (lower.length === 0) return [];
  const facts = {
    hosts: lower.map(({ name }) => name),
    model: level,
    ...(lowest !== undefined && { lowest }),
  };
  return [issueAt('model-exceeds-hosts', cpu.startTag, facts)];
}

function strangers({ cpu, pool, issueAt }: CpuCase, known: RegExp): readonly Issue[] {
  return cpu.features
    .filter(({ name }) => !known.test(name))
    .map(({ name, span }) => issueAt('unknown-feature', span, { feature: name, unnamedOn: pool.names }));
}

function armFindings(context: CpuCase): readonly Issue[] {
  const disables = new Map(armDisables(context).map((one) => [one.feature, one]));
  const planned = new Set(disables.keys());
  const { cpu, pool, issueAt } = context;
  const capped = cpu.features.filter(
    (feature) => isWanted(feature) && planned.has(feature.name) && pool.common.has(feature.name),
  );
  return [
    ...strangers(context, ARM_FEATURE),
    ...capped.map(({ name, policy, span }) => {
      const parent = disables.get(name)?.cause ?? name;
      return issueAt('policy-conflict', span, { feature: name, policy, cause: 'parent', parent });
    }),
    ...lengthFindings(context, planned),
  ];
}

/** libvirt refuses a length beside an `sve` that is off, and asks for `sve` where there is any, even one that is off. */
function lengthFindings({ cpu, issueAt }: CpuCase, planned: ReadonlySet<string>): readonly Issue[] {
  const [written] = cpu.features.filter(({ name }) => vectorLength(name) !== undefined);
  const sve = cpu.features.find(({ name }) => name === 'sve');
  if (planned.has('sve') || (sve !== undefined && isOff(sve)))
    return written === undefined ? [] : [issueAt('sve-lengths', written.span, { feature: written.name })];
  const isLimited = written !== undefined || [...planned].some((name) => vectorLength(name) !== undefined);
  if (!isLimited || sve !== undefined) return [];
  return [issueAt('sve-required', written?.span ?? cpu.startTag, {})];
}

/**
 * What has to be off on ARM. `sve` goes alone: libvirt refuses a length beside it. A length goes with all longer ones,
 * because QEMU enables none of those without the shorter.
 */
export function armDisables({ cpu, pool }: CpuCase): readonly PlannedDisable[] {
  const { losses, common, names } = pool;
  const planned = (loss: Loss, cause?: string): PlannedDisable => ({
    ...loss,
    reason: cause === undefined ? 'hosts-differ' : 'parent-disabled',
    cause,
  });
  if (cpu.mode === 'custom' && cpu.model !== 'max') return [];
  const others = [...losses.values()].filter(({ feature }) => vectorLength(feature) === undefined);
  const lost = [...losses.values()].filter(({ feature }) => vectorLength(feature) !== undefined);
  const shortest = lost.toSorted((a, b) => lengthOf(a) - lengthOf(b))[0];
  if (shortest === undefined) return others.map((loss) => planned(loss));
  const sve = losses.get('sve');
  if (sve !== undefined || lengthOf(shortest) <= 128) {
    const lost = sve ?? { ...shortest, feature: 'sve', presentOn: names, missingOn: [], unknownOn: [] };
    return [
      ...others.filter(({ feature }) => feature !== 'sve').map((loss) => planned(loss)),
      planned(lost, sve === undefined ? shortest.feature : undefined),
    ];
  }
  const everyone = {
    presentOn: names,
    missingOn: [],
    unknownOn: [],
    unnamedOn: [],
  };
  const longer = [...common].filter((name) => (vectorLength(name) ?? 0) > lengthOf(shortest));
  const found = [
    ...[...others, ...lost].map((loss) => planned(loss)),
    ...longer.map((feature) => planned({ feature, ...everyone }, shortest.feature)),
  ];
  return found.sort((a, b) => (a.feature < b.feature ? -1 : 1));
}

function lengthOf({ feature }: Loss): number {
  return vectorLength(feature) ?? 0;
}
