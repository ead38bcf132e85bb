import type { BaselineCpuOptions, CpuDefinition } from '../../../types/cpu-definition.ts';
import type { Host } from '../../../types/host.ts';
import { mapFor } from '../../cpu/bundled.ts';
import { givenHosts } from '../../cpu/given-hosts.ts';
import { featuresOfModel, indexOf, vendorOfModel, type CpuIndex } from '../../cpu/map.ts';
import { NOT_MIGRATABLE } from '../../cpu/names.ts';
import { FLAG, oneOf, optionsOf, TEXT, type OptionKinds } from '../../issues/options.ts';
import { oldest } from './other-arches.ts';
import { commonFeatures } from './feature-sets.ts';
import { namedModel, type NamedModel } from './named-model.ts';

const OPTIONS: OptionKinds<BaselineCpuOptions> = {
  libvirtVersion: TEXT,
  migratable: oneOf('libvirt', 'qemu'),
  expand: FLAG,
};

/**
 * What hosts have in common as a CPU with a named model, as `virsh cpu-baseline` decides and prints it. Whether the
 * hosts can be a pool at all is `diffHosts`' question: ask it first.
 *
 * @throws RangeError if no host is given, if a host's features are unknown, or for a version that is none; TypeError for an
 * option that there is not.
 * @see https://libvirt.org/html/libvirt-libvirt-host.html#virConnectBaselineCPU
 * @example
 * const host = (model) => parseHost(`<cpu><arch>x86_64</arch><model>${model}</model></cpu>`, { libvirtVersion: '9.0.0' });
 * baselineCpu([host('Nehalem'), host('Westmere')]);
 * // → { model: 'Nehalem', vendor: undefined, fallback: 'allow', features: [] }
 */
export function baselineCpu(given: readonly Host[], asked: BaselineCpuOptions = {}): CpuDefinition {
  const options = optionsOf(asked, OPTIONS);
  const hosts = givenHosts(given);
  const [first] = hosts;
  if (first === undefined) throw new RangeError('baselineCpu needs a host');
  const unknown = hosts.find(({ features }) => features === undefined);
  if (unknown !== undefined) throw new RangeError(`the CPU features of ${unknown.name} are unknown`);
  const preferred = new Set(hosts.flatMap(({ model }) => (model === undefined ? [] : [model])));
  if (first.features?.length === 0)
    return { model: first.model, vendor: undefined, fallback: 'forbid', features: [] };
  if (first.arch === 's390x') return s390xCpu(hosts);
  const index = indexOf(mapFor(first, options.libvirtVersion));
  const told = namedModel(index, new Set(commonFeatures(hosts)), {
    vendor: vendorFor(index, hosts),
    preferred,
  });
  if (told === undefined)
    throw new RangeError(`libvirt ${index.map.version} has no CPU model for these hosts`);
  const lines = [
    ...requiredFeatures(index, told, options).map((name) => ({ name, policy: 'require' as const })),
    ...told.disable.map((name) => ({ name, policy: 'disable' as const })),
  ];
  return {
    model: told.model,
    vendor: hosts.every(({ vendor }) => vendor !== undefined) ? knownVendor(index, first) : undefined,
    fallback: preferred.size === 1 && preferred.has(told.model) ? 'forbid' : 'allow',
    features: options.expand === true ? lines.sort((a, b) => (a.name < b.name ? -1 : 1)) : lines,
  };
}

/** libvirt refuses a vendor that it does not know. */
function knownVendor({ map }: CpuIndex, { vendor }: Host): string | undefined {
  return vendor !== undefined && Object.hasOwn(map.vendors, vendor) ? vendor : undefined;
}

/** There is no map to choose a model from: the oldest one, and what all have beside theirs. */
function s390xCpu(hosts: readonly Host[]): CpuDefinition {
  const model = oldest(hosts);
  if (model === undefined)
    throw new RangeError('which of the models of these hosts is the oldest is unknown');
  const features = commonFeatures(hosts).map((name) => ({ name, policy: 'require' as const }));
  return { model, vendor: undefined, fallback: 'forbid', features };
}

/** What cannot migrate leaves the lines beside the model; what the model itself has stays, as with libvirt. */
function requiredFeatures(
  index: CpuIndex,
  { model, require, disable }: NamedModel,
  { migratable, expand = false }: BaselineCpuOptions,
): readonly string[] {
  const dropped =
    migratable === undefined ? new Set() : migratable === 'qemu' ? NOT_MIGRATABLE : marked(index);
  const kept = require.filter((name) => !dropped.has(name));
  if (!expand) return kept;
  const all = new Set([...(featuresOfModel(index, model) ?? []), ...kept]);
  return [...all].filter((name) => !disable.includes(name)).sort();
}

/** What the map marks as not migratable. */
function marked({ map }: CpuIndex): ReadonlySet<string> {
  return new Set(map.features.filter(({ migratable }) => migratable === false).map(({ name }) => name));
}

/** libvirt takes the first host's stated vendor, else the first that a later host, or its model, has. */
function vendorFor(index: CpuIndex, [first, ...others]: readonly Host[]): string | undefined {
  if (first?.vendor !== undefined) return first.vendor;
  const vendors = others.map(
    ({ vendor, model }) => vendor ?? (model === undefined ? undefined : vendorOfModel(index, model)),
  );
  return vendors.find((vendor) => vendor !== undefined);
}
