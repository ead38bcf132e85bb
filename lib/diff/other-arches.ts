import type { BaselineHost, Loss } from '../../types/baseline.ts';
import type { Issue } from '../../types/issue.ts';
import type { PlannedDisable } from '../../types/plan.ts';
import { ARM_FEATURE, PPC64, vectorLength } from '../cpu/arches.ts';
import type { CpuCase } from './case.ts';
import { isOff, isWanted } from './cpu/changes.ts';
import { lacksModel } from './cpu/custom-model.ts';
import { disableOf, everywhere } from './pool/facts.ts';
import { modelsOf, oldest, rankOf } from './pool/other-arches.ts';

/** What is wrong with a domain's CPU by the rules of its architecture, which is none of x86. */
export function otherFindings(context: CpuCase): readonly Issue[] {
  const { arch } = context.pool.baseline;
  if (arch === 'aarch64') return armFindings(context);
  return arch === 's390x'
    ? [...policies(context), ...absentModel(context), ...models(context)]
    : [...strangers(context, /$^/), ...models(context)];
}

/** QEMU's s390x models know on and off only (`virQEMUBuildCpuFeature` of libvirt refuses the rest). */
function policies({ cpu, issueAt }: CpuCase): readonly Issue[] {
  const wrong = cpu.features.filter(({ policy }) => policy !== 'require' && policy !== 'disable');
  return wrong.map(({ name, policy, span }) =>
    issueAt('policy-unsupported', span, { feature: name, policy, arch: 's390x' }),
  );
}

/** QEMU on every host has to have a named model: neither of these drivers of libvirt puts another in its place. */
function absentModel({ cpu, pool, issueAt }: CpuCase): readonly Issue[] {
  const { mode, model, modelSpan, span } = cpu;
  if (mode !== 'custom' || model === undefined) return [];
  const hosts = pool.hosts.filter((host) => lacksModel(host, model)).map(({ name }) => name);
  return hosts.length === 0
    ? []
    : [issueAt('model-missing', modelSpan ?? span, { model, hosts, fallback: 'forbid' })];
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
  // That QEMU can run a model (`qemu`) counts where its name has no rank; what `max` is differs by host.
  const exceeds = (model: string, host: BaselineHost): boolean =>
    (model === 'max' || host.usableModels[model] !== 'yes') &&
    !((rankOf(model) ?? Infinity) <= (rankOf(host.model ?? '') ?? -1)) &&
    host.model !== model;
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
    ...absentModel(context),
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
  const planned = (loss: Loss, cause?: string): PlannedDisable =>
    disableOf(loss, cause === undefined ? 'hosts-differ' : 'parent-disabled', cause);
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
  const longer = [...common].filter((name) => (vectorLength(name) ?? 0) > lengthOf(shortest));
  const found = [
    ...[...others, ...lost].map((loss) => planned(loss)),
    ...longer.map((feature) => planned(everywhere(pool, feature), shortest.feature)),
  ];
  return found.sort((a, b) => (a.feature < b.feature ? -1 : 1));
}

function lengthOf({ feature }: Loss): number {
  return vectorLength(feature) ?? 0;
}
