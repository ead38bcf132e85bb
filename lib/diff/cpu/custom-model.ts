import type { BaselineHost } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import { isX86 } from '../../cpu/arches.ts';
import { presenceOn } from '../../cpu/grade.ts';
import { featuresInEveryMap, indexOf, isModel } from '../../cpu/map.ts';
import { canonicalIn } from '../../cpu/known-names.ts';
import { hasNoCheck, namesOff } from './changes.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import type { CpuCase } from '../case.ts';
import { reasonToIgnore } from '../pool/ignored.ts';

/**
 * Does libvirt start the guest whatever its host lacks of its model, as it does any whose domain was defined without a
 * CPU? What no host has it then has nowhere. On s390x QEMU itself starts none that lacks anything.
 */
export function isUnchecked({ cpu, domain, settings, pool }: CpuCase): boolean {
  return hasNoCheck(cpu, domain.type) && !settings.guard && isX86(pool.baseline);
}

/** Has QEMU on this host no such model? Only a host that lists its models can say so. */
export function lacksModel({ usableModels }: BaselineHost, model: string): boolean {
  return !Object.hasOwn(usableModels, model) && Object.keys(usableModels).length > 0;
}

/** Hosts whose libvirt does not know a model, and of the others those whose QEMU has none of the name. */
export function hostsLacking(
  hosts: readonly BaselineHost[],
  model: string,
): Readonly<Record<'inLibvirt' | 'inQemu', readonly string[]>> {
  const isKnown = ({ cpuMaps }: BaselineHost): boolean => isModel(cpuMaps, model);
  const namesOf = (lacks: (host: BaselineHost) => boolean): readonly string[] =>
    hosts.filter(lacks).map(({ name }) => name);
  return {
    inLibvirt: namesOf((host) => !isKnown(host)),
    inQemu: namesOf((host) => isKnown(host) && lacksModel(host, model)),
  };
}

/**
 * What QEMU on this host has in its model of the name and cannot give, in libvirt's names: but for what libvirt takes
 * out of the model itself, and what no host decides.
 *
 * @see https://libvirt.org/formatdomaincaps.html#cpu-configuration
 */
export function blockersOf({ modelBlockers, cpuMaps }: BaselineHost, model: string): readonly string[] {
  const listed = Object.hasOwn(modelBlockers, model) ? (modelBlockers[model] ?? []) : [];
  if (listed.length === 0) return listed;
  const indexes = cpuMaps.map((map) => indexOf(map));
  const spelled = (name: string): string => canonicalIn(cpuMaps, name) ?? name;
  const isRemoved = (name: string): boolean =>
    indexes.every(({ models }) => models.get(model)?.removed?.includes(name) === true);
  return listed
    .map(spelled)
    .filter((name) => reasonToIgnore(name) === undefined && !(indexes.length > 0 && isRemoved(name)));
}

/** Where a model may not be used as it is, what its host lacks of it has to be off. */
export function modelIssues(
  c: CpuCase,
  { disable }: { readonly disable: readonly PlannedDisable[] },
): readonly Issue[] {
  const { cpu, pool, model, follows, issueAt } = c;
  if (model === undefined || follows) return [];
  const left = pool.memory(disable, model, () => leftOn(pool.hosts, model, disable));
  if (left.length === 0) return [];
  const off = new Set(namesOff(cpu.features));
  return left.flatMap(({ host, names }) => {
    const features = names.filter((name) => !off.has(name) && (!isUnchecked(c) || pool.losses.has(name)));
    const facts = { model, hosts: [host], features };
    return features.length === 0 ? [] : [issueAt('model-not-usable', cpu.modelSpan ?? cpu.span, facts)];
  });
}

/** What a host lacks of a model and no plan disables, sorted. */
interface Left {
  readonly host: string;
  readonly names: readonly string[];
}

function leftOn(
  hosts: readonly BaselineHost[],
  model: string,
  disable: readonly PlannedDisable[],
): readonly Left[] {
  const off = new Set(disable.flatMap(({ feature, cause = feature }) => [feature, cause]));
  return hosts
    .filter(({ usableModels }) => Object.hasOwn(usableModels, model) && usableModels[model] === 'no')
    .map((host) => {
      const lacked = new Set([...lackedOf(host, model), ...blockersOf(host, model)]);
      return { host: host.name, names: [...lacked].filter((name) => !off.has(name)).sort() };
    })
    .filter(({ names }) => names.length > 0);
}

/** What the model has by every map of this host, and the host is known to lack. */
function lackedOf(host: BaselineHost, model: string): readonly string[] {
  if (host.features === undefined) return [];
  const { has, maybe } = presenceOn(host);
  return featuresInEveryMap(host.cpuMaps, model).filter(
    (name) => !has.has(name) && !maybe.has(name) && reasonToIgnore(name) === undefined,
  );
}
