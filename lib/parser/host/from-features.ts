import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import type { StatedHost } from '../../../types/stated-host.ts';
import { ARM_FEATURE, PPC64, X86 } from '../../cpu/arches.ts';
import { noBits, setBit, type NameBits } from '../../cpu/bits.ts';
import { NO_PROCESSOR } from '../../cpu/cpuid.ts';
import { madeHost } from '../../cpu/made-host.ts';
import { indexOf, type CpuIndex } from '../../cpu/map.ts';
import { nearestOf, numberOf } from '../../cpu/known-names.ts';
import { FEATURE_NAME } from '../../cpu/names.ts';
import { notWanted } from '../../issues/given.ts';
import type { LibvirtXmlError } from '../../issues/issues.ts';
import { misfit, OBJECT, TEXT, type OptionKind } from '../../issues/options.ts';
import { guess } from '../../text/distance.ts';
import { frozenCopy } from '../../text/frozen.ts';
import { isLike, type Like } from '../../text/like.ts';
import { valueKind } from '../../text/value-kind.ts';
import { ARCHES, unknownFeatureReason } from './features.ts';
import { NO_OFFERS } from './offers.ts';
import { newShared, readingFor, type HostReading } from './reading.ts';
import type { MapReading } from './sets.ts';
import { ANY_VERSION, VERSION_OR_MAP, mapVersions, versionDoubts } from './versions.ts';

/**
 * A host of which the set of features is known already, for tests and for tools that keep such sets: the same plain,
 * frozen data as `parseHost` gives. Names are checked, and written as libvirt spells them.
 *
 * @param given `features` are everything a guest would see; no model adds to them. Without `libvirtVersion`, every
 * libvirt that knows all the names may be the host's.
 * @throws LibvirtXmlError `bad-host` for what cannot be a host, `unknown-feature`, `unknown-model`, `unknown-vendor` or
 * `unknown-arch` for a name that libvirt does not have; RangeError if `libvirtVersion` is not a version.
 * @example
 * const a = hostFromFeatures({ name: 'a', features: ['sse4_1', 'avx'], libvirtVersion: '9.0.0' });
 * a.features; // → ['avx', 'sse4.1']
 * const b = hostFromFeatures({ name: 'b', features: new Set(['avx']), libvirtVersion: '9.0.0' });
 * diffHosts([a, b]).surplus; // → { a: ['sse4.1'], b: [] }
 */
export function hostFromFeatures(given: StatedHost): Host {
  const stated = checked(given);
  const { name, arch = 'x86_64', libvirtVersion, cpuMap, uncertain } = stated;
  const reading = readingFor(
    {
      ...(libvirtVersion !== undefined && { libvirtVersion }),
      ...(cpuMap !== undefined && { cpuMap }),
    },
    newShared(),
  );
  const read = X86.has(arch)
    ? readX86(stated, reading)
    : { features: otherNames(stated, arch), uncertain: [...uncertain].sort(), cpuMaps: [] };
  const isStated = libvirtVersion !== undefined || cpuMap !== undefined;
  return madeHost({
    ...factsOf(stated),
    arch,
    libvirtVersion: reading.stated?.from,
    ...read,
    // What the caller is not sure of is no question of the version.
    issues: versionDoubts(name, { ...read, uncertain: [], isStated }),
  });
}

function factsOf(stated: StatedHost): Omit<Host, 'features' | 'uncertain' | 'cpuMaps' | 'issues'> {
  const { processor } = stated;
  return {
    name: stated.name,
    source: 'stated',
    grade: 'A',
    file: undefined,
    uuid: stated.uuid,
    arch: stated.arch,
    virtType: stated.virtType,
    emulator: stated.emulator,
    machine: stated.machine,
    libvirtVersion: stated.libvirtVersion,
    qemuVersion: undefined,
    model: stated.model,
    vendor: stated.vendor,
    silent: [],
    unnamed: frozenCopy(stated.unnamed),
    properties: {},
    deprecatedFeatures: [],
    processor: processor && { ...NO_PROCESSOR, ...frozenCopy(processor) },
    physicalAddressLimit: stated.physicalAddressLimit,
    offers: frozenCopy(stated.offers ?? NO_OFFERS.offers),
    vcpuMaximum: stated.vcpuMaximum,
    usableModels: frozenCopy(stated.usableModels ?? NO_OFFERS.usableModels),
    modelBlockers: frozenCopy(stated.modelBlockers ?? NO_OFFERS.modelBlockers),
    machines: frozenCopy(stated.machines ?? NO_OFFERS.machines),
    virtio: frozenCopy(stated.virtio),
  };
}

const NUMBER: OptionKind = { words: 'a number', fits: (value) => typeof value === 'number' };
const NAMES: OptionKind = {
  words: 'a list of names',
  fits: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
};
const NAMES_BY_KEY: Like = { '*': [''] };
const LISTS: OptionKind = {
  words: 'an object of lists of names',
  fits: (value) => isLike(value, NAMES_BY_KEY),
};
/** What may be stated beside the features. A CPU map is checked where it is read. */
const FACTS: Readonly<Record<string, OptionKind>> = {
  arch: TEXT,
  emulator: TEXT,
  libvirtVersion: TEXT,
  machine: TEXT,
  model: TEXT,
  uuid: TEXT,
  vendor: TEXT,
  virtType: TEXT,
  physicalAddressLimit: NUMBER,
  vcpuMaximum: NUMBER,
  modelBlockers: LISTS,
  offers: LISTS,
  processor: OBJECT,
  usableModels: OBJECT,
  unnamed: NAMES,
  virtio: {
    words: 'what parseVirtioFeatures made',
    fits: (value) => isLike(value, { offered: NAMES_BY_KEY, properties: NAMES_BY_KEY }),
  },
  machines: { words: 'a list of { name, arch … }', fits: (value) => isLike(value, [{ name: '', arch: '' }]) },
};
const HINT = 'hostFromFeatures takes { name, features, libvirtVersion … }.';

/** What was stated, with lists that can be read again and again; types cannot hold a caller to all of it. */
function checked(stated: StatedHost): Listed {
  const given: unknown = stated;
  if (typeof given !== 'object' || given === null)
    throw notWanted('bad-host', `the host is ${valueKind(given)}, not an object`, HINT);
  const { name }: Partial<StatedHost> = given;
  if (typeof name !== 'string' || name === '')
    throw notWanted('bad-host', `the host's name is ${name === '' ? 'empty' : valueKind(name)}`, HINT);
  const features = namesIn(stated, 'features');
  const uncertain = stated.uncertain === undefined ? [] : namesIn(stated, 'uncertain');
  const own = { ...stated, features, uncertain };
  const wrong = wrongFact({ ...own });
  if (wrong !== undefined) throw refused(stated, wrong);
  const { arch = 'x86_64' } = own;
  if (!ARCHES.has(arch))
    throw notWanted('unknown-arch', `host "${name}": libvirt has no architecture "${arch}"`, HINT);
  return own;
}

interface Listed extends StatedHost {
  readonly features: readonly string[];
  readonly uncertain: readonly string[];
}

function wrongFact(facts: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, kind] of Object.entries(FACTS)) {
    const wrong = facts[name] === undefined ? undefined : misfit(name, facts[name], kind);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Names that may come from anything that can be gone through, once. */
function namesIn(stated: StatedHost, key: 'features' | 'uncertain'): readonly string[] {
  const given: unknown = stated[key];
  if (typeof given !== 'object' || given === null || !(Symbol.iterator in given))
    throw refused(stated, `its ${key} are ${valueKind(given)}, not a list of names`);
  const names = [...(given as Iterable<unknown>)];
  if (NAMES.fits(names)) return names as string[];
  const wrong = names.findIndex((name) => typeof name !== 'string');
  throw refused(stated, `its ${key} hold ${valueKind(names[wrong])}, not a name`);
}

function refused({ name }: StatedHost, reason: string): LibvirtXmlError {
  return notWanted('bad-host', `host "${name}": ${reason}`, HINT);
}

/** The names by every map that knows all of them. */
function readX86(
  stated: Listed,
  { sets, cpuMap, stated: range = ANY_VERSION }: HostReading,
): Pick<Host, 'features' | 'uncertain' | 'cpuMaps'> {
  const { features: names, uncertain: unsure } = stated;
  const maps = cpuMap === undefined ? sets.mapsFor(range) : [cpuMap];
  const readings: MapReading[] = [];
  let unknown: string | undefined;
  for (const map of maps) {
    const index = indexOf(map);
    unknown = [...names, ...unsure].find((name) => numberOf(index, name) === undefined);
    if (unknown === undefined) readings.push({ map, features: bitsOf(names, index) });
  }
  if (readings.length === 0) throw unknownFeature(stated, unknown ?? '', maps);
  checkModel(stated, maps);
  const { features, cpuMaps } = sets.agreed(readings);
  const has = new Set(features);
  const maybe = sets.agreed(cpuMaps.map((map) => ({ map, features: bitsOf(unsure, indexOf(map)) }))).features;
  return { features, uncertain: maybe.filter((name) => !has.has(name)), cpuMaps };
}

function bitsOf(names: readonly string[], index: CpuIndex): NameBits {
  const bits = noBits(index.names.length);
  for (const name of names) {
    const number = numberOf(index, name);
    if (number !== undefined) setBit(bits, number);
  }
  return bits;
}

function unknownFeature({ name: host }: StatedHost, name: string, maps: readonly CpuMap[]): LibvirtXmlError {
  return notWanted('unknown-feature', `host "${host}": ${unknownFeatureReason(name, maps)}`, VERSION_OR_MAP);
}

function checkModel({ name, model, vendor }: StatedHost, maps: readonly CpuMap[]): void {
  const indexes = maps.map((map) => indexOf(map));
  const refuse = (what: 'model' | 'vendor', wrong: string, names: Iterable<string>): never => {
    const reason = `libvirt ${mapVersions(maps)} knows no CPU ${what} "${wrong}"${guess(nearestOf(names, wrong))}`;
    throw notWanted(`unknown-${what}`, `host "${name}": ${reason}`, VERSION_OR_MAP);
  };
  const models = new Set(indexes.flatMap((index) => [...index.models.keys()]));
  if (model !== undefined && !models.has(model)) refuse('model', model, models);
  const vendors = new Set(maps.flatMap((map) => Object.keys(map.vendors)));
  if (vendor !== undefined && !vendors.has(vendor)) refuse('vendor', vendor, vendors);
}

/** Names of an architecture that libvirt has no map of. */
function otherNames(stated: StatedHost, arch: string): readonly string[] {
  const names = [...new Set(stated.features)].sort();
  const isKnown = (name: string): boolean =>
    arch === 'aarch64' ? ARM_FEATURE.test(name) : !PPC64.has(arch) && FEATURE_NAME.test(name);
  const wrong = names.find((name) => !isKnown(name));
  if (wrong === undefined) return names;
  const reason = `host "${stated.name}": libvirt knows no CPU feature "${wrong}" of ${arch}`;
  throw notWanted('unknown-feature', reason, 'Leave out what no <feature> line can name.');
}
