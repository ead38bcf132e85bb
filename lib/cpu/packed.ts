import { packedMaps } from '#cpu-maps';
import type { CpuMap, CpuMapBit, CpuMapFeature, CpuMapModel, CpuRegister } from '../../types/cpu-map.ts';
import { frozen } from '../text/frozen.ts';

/**
 * A map as `maps.json` has it: what the map of the version before has as well is there by its name alone.
 * `scripts/generate-cpu-maps.mjs` writes that.
 */
interface PackedMap extends Pick<CpuMap, 'version' | 'vendors' | 'arm' | 'ppc64'> {
  /** `name place alias …`, and `!` for one that is not migratable. A place is `leaf.subleaf.register.bit` or `index.register.bit`. */
  readonly features: readonly string[];
  readonly models: readonly (string | PackedModel)[];
}

/** Lists are words between blanks. Names are those of the model `like`, with more of them, and without `-name`. */
interface PackedModel {
  readonly name: string;
  readonly vendor?: string;
  readonly signatures?: string;
  readonly parent?: string;
  /** `host`, `guest`, both or neither. */
  readonly decode?: string;
  readonly compat?: true;
  readonly like?: string;
  readonly features?: string;
  readonly removed?: string;
  readonly added?: string;
}

/** A function for each bundled map, by its libvirt version, oldest first. */
const bundled = once(() => {
  const maps: Record<string, () => CpuMap> = {};
  let before: (() => CpuMap) | undefined;
  for (const one of packedMaps() as readonly PackedMap[]) {
    const older = before;
    before = once(() => unpack(one, older?.()));
    maps[one.version] = before;
  }
  return maps;
});

/** libvirt versions whose maps are bundled, oldest first. */
export function bundledVersions(): readonly string[] {
  return Object.keys(bundled());
}

/** The bundled map of one of these versions: always the same object, and frozen, for all readers of hosts share it. */
export function bundledMap(version: string): CpuMap {
  const map = bundled()[version];
  if (map === undefined) throw new RangeError(`there is no CPU map of libvirt ${version} in the package`);
  return map();
}

/** Is this one of the bundled maps itself? Those do not change. */
export function isBundled(map: CpuMap): boolean {
  return Object.hasOwn(bundled(), map.version) && bundledMap(map.version) === map;
}

/** Made when it is first asked for, and the same from then on. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function unpack({ features, models, ...rest }: PackedMap, before: CpuMap | undefined): CpuMap {
  const older = new Map(before?.features.map((feature) => [feature.name, feature]));
  return Object.freeze({
    ...frozen(rest),
    features: Object.freeze(features.map((line) => older.get(line) ?? toFeature(line))),
    models: Object.freeze(unpackModels(models, before)),
  });
}

function toFeature(line: string): CpuMapFeature {
  const [name = '', place = '', ...words] = line.split(' ');
  const bit = Object.freeze(toBit(place.split('.')));
  if (words.length === 0) return Object.freeze({ name, bit });
  const aliases = Object.freeze(words.filter((word) => word !== '!'));
  return Object.freeze({
    name,
    bit,
    ...(aliases.length > 0 && { aliases }),
    ...(aliases.length < words.length && { migratable: false }),
  });
}

function toBit(place: readonly string[]): CpuMapBit {
  const [register, bit] = [place.at(-2) as CpuRegister, Number(place.at(-1))];
  const [first = 0, second = 0] = place.slice(0, -2).map((part) => parseInt(part, 16));
  return place.length === 4 ? ['cpuid', first, second, register, bit] : ['msr', first, register, bit];
}

function unpackModels(models: PackedMap['models'], before: CpuMap | undefined): readonly CpuMapModel[] {
  const older = new Map(before?.models.map((model) => [model.name, model]));
  const made = new Map<string, CpuMapModel>();
  for (const one of models) {
    const model = typeof one === 'string' ? older.get(one) : toModel(one, made);
    if (model !== undefined) made.set(model.name, model);
  }
  return [...made.values()];
}

function toModel(model: PackedModel, made: ReadonlyMap<string, CpuMapModel>): CpuMapModel {
  const { like: likeName = '', decode = '', features, signatures, removed, added, ...rest } = model;
  const like = made.get(likeName);
  const all = once(() => changed(like?.features, features));
  return Object.freeze({
    ...rest,
    decode: Object.freeze({ host: decode.includes('host'), guest: decode.includes('guest') }),
    // A host needs few of them.
    get features() {
      return all();
    },
    ...(signatures !== undefined && { signatures: signaturesOf(signatures) }),
    ...(removed !== undefined && { removed: changed(like?.removed, removed) }),
    ...(added !== undefined && { added: changed(like?.added, added) }),
  });
}

function changed(names: readonly string[] = [], changes = ''): readonly string[] {
  const set = new Set(names);
  for (const name of words(changes)) {
    if (!name.startsWith('-')) set.add(name);
    else set.delete(name.slice(1));
  }
  return Object.freeze([...set].sort());
}

function signaturesOf(list: string): readonly (readonly number[])[] {
  return Object.freeze(words(list).map((signature) => Object.freeze(signature.split('.').map(Number))));
}

function words(list: string): readonly string[] {
  return list === '' ? [] : list.split(' ');
}
