import type { CpuMap, CpuMapFeature, CpuMapModel } from '../../types/cpu-map.ts';
import type { Host } from '../../types/host.ts';
import { noBits, setBit, type NameBits } from './bits.ts';
import { isBundled } from './packed.ts';

/** A CPU map with its names looked up once. */
export interface CpuIndex {
  readonly map: CpuMap;
  /** Every x86 feature this libvirt knows by its name, in the order of the map. */
  readonly features: ReadonlyMap<string, CpuMapFeature>;
  /** The same names, sorted: the place of a name is its number in sets of bits. */
  readonly names: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly models: ReadonlyMap<string, CpuMapModel>;
  /** Foreign spelling → libvirt's name, as the map itself states them. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** An index, and the sets of those models that somebody asked for. */
interface Remembered {
  readonly index: CpuIndex;
  readonly models: Map<string, ReadonlySet<string>>;
  readonly bits: Map<string, NameBits>;
}

/** All that the core remembers beyond one call: what a map says, for as long as there is the map. Maps do not change. */
const remembered = new WeakMap<CpuMap, Remembered>();

function rememberedOf(map: CpuMap): Remembered {
  const known = remembered.get(map);
  if (known !== undefined) return known;
  const found: Remembered = { index: indexed(map), models: new Map(), bits: new Map() };
  remembered.set(map, found);
  return found;
}

function indexed(map: CpuMap): CpuIndex {
  const names = map.features.map(({ name }) => name).sort();
  return {
    map,
    features: new Map(map.features.map((feature) => [feature.name, feature])),
    names,
    numbers: new Map(names.map((name, number) => [name, number])),
    models: new Map(map.models.map((model) => [model.name, model])),
    aliases: new Map(
      map.features.flatMap(({ name, aliases = [] }) =>
        aliases.map((alias): [string, string] => [alias, name]),
      ),
    ),
  };
}

/** Is this a bundled map, or was it looked up before? Then it is one that does not change. */
export function isKnownMap(map: CpuMap): boolean {
  return remembered.has(map) || isBundled(map);
}

/** The map's index; the same object for the same map. */
export function indexOf(map: CpuMap): CpuIndex {
  return rememberedOf(map).index;
}

/**
 * The features of a named model, its ancestors' included; `undefined` for a model this map does not have.
 * Names marked `removed` or `added` are not part of it: libvirt treats them apart from the model's own set.
 */
export function featuresOfModel(index: CpuIndex, name: string): ReadonlySet<string> | undefined {
  const model = index.models.get(name);
  if (model === undefined) return undefined;
  const { models } = rememberedOf(index.map);
  const known = models.get(name);
  if (known !== undefined) return known;
  const features = new Set(model.parent === undefined ? [] : featuresOfModel(index, model.parent));
  for (const feature of model.features) features.add(feature);
  models.set(name, features);
  return features;
}

/** The same as bits, by the index's numbers: a set that is the caller's own. */
export function bitsOfModel(index: CpuIndex, name: string): NameBits | undefined {
  const { bits } = rememberedOf(index.map);
  const known = bits.get(name);
  if (known !== undefined) return known.slice();
  const features = featuresOfModel(index, name);
  if (features === undefined) return undefined;
  const found = noBits(index.names.length);
  for (const feature of features) {
    const number = index.numbers.get(feature);
    if (number !== undefined) setBit(found, number);
  }
  bits.set(name, found);
  return found.slice();
}

/** The vendor of a named model, or that of the ancestor it inherits it from. */
export function vendorOfModel(index: CpuIndex, name: string): string | undefined {
  const model = index.models.get(name);
  return model?.vendor ?? (model?.parent === undefined ? undefined : vendorOfModel(index, model.parent));
}

/** The vendor of the model that a host is known by, in its first map. */
export function modelVendorOf({
  model,
  cpuMaps: [map],
}: Pick<Host, 'model' | 'cpuMaps'>): string | undefined {
  return model === undefined || map === undefined ? undefined : vendorOfModel(indexOf(map), model);
}

/** Does every one of these maps know the feature's name? */
export function isNamed(maps: readonly CpuMap[], name: string): boolean {
  return maps.every((map) => indexOf(map).features.has(name));
}

/** The names of features that every one of these maps knows. */
export function namesInEveryMap(maps: readonly CpuMap[]): ReadonlySet<string> {
  const names = maps.slice(0, 1).flatMap((map) => [...indexOf(map).features.keys()]);
  return new Set(names.filter((name) => isNamed(maps, name)));
}

/** Does every one of these maps have the model? */
export function isModel(maps: readonly CpuMap[], name: string): boolean {
  return maps.every((map) => indexOf(map).models.has(name));
}

/** What the model has in one of these maps or another; a feature may be there twice. */
export function featuresInSomeMap(maps: readonly CpuMap[], model: string): readonly string[] {
  return maps.flatMap((map) => [...(featuresOfModel(indexOf(map), model) ?? [])]);
}

export function featuresInEveryMap(maps: readonly CpuMap[], model: string): readonly string[] {
  const [first = [], ...rest] = maps.map((map) => featuresOfModel(indexOf(map), model) ?? new Set<string>());
  return [...first].filter((name) => rest.every((set) => set.has(name)));
}
