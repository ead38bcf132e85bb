import type { CpuMap } from '../../../types/cpu-map.ts';
import type { InputErrorCode } from '../../../types/issue.ts';
import { PPC64, s390xGeneration, X86 } from '../../cpu/arches.ts';
import type { VersionRange } from '../../cpu/bundled.ts';
import { featuresInRaw, vendorInRaw, type RawCpu } from '../../cpu/cpuid.ts';
import { expandCpu, type Expansion, type StatedCpu } from '../../cpu/expand.ts';
import { indexOf } from '../../cpu/map.ts';
import { nearestName } from '../../cpu/known-names.ts';
import { POLICIES } from '../../cpu/names.ts';
import type { LibvirtXmlError } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { guess } from '../../text/distance.ts';
import { ownCopy } from '../../text/own-copy.ts';
import { attributeAt } from '../../xml/bytes.ts';
import { elementAt } from '../../xml/query.ts';
import { placeIn, textIn, type CpuElement } from './cpu-element.ts';
import { fail, type HostDocument } from './document.ts';
import { isVersioned } from './offers.ts';
import type { FeatureSets, MapReading } from './sets.ts';
import { ANY_VERSION, VERSION_OR_MAP, mapVersions } from './versions.ts';

/** What a document says of the CPU, its model expanded. */
export interface HostFeatures {
  readonly arch: string | undefined;
  readonly model: string | undefined;
  readonly vendor: string | undefined;
  readonly features: readonly string[] | undefined;
  readonly uncertain: readonly string[];
  readonly cpuMaps: readonly CpuMap[];
  /** What the CPU has and no feature line can name. */
  readonly unnamed: readonly string[] | undefined;
}

/** Nothing is known, which is not the same as an empty set. */
const UNKNOWN: HostFeatures = frozen({
  arch: undefined,
  model: undefined,
  vendor: undefined,
  features: undefined,
  uncertain: [],
  cpuMaps: [],
  unnamed: undefined,
});

/** A CPU of which all that can be known is that no feature line is about it. */
const NO_FEATURES: readonly string[] = frozen([]);

/** Architectures libvirt has a name for (virArch). */
export const ARCHES: ReadonlySet<string> = new Set(
  'alpha armv6l armv7l armv7b aarch64 cris i686 ia64 lm32 loongarch64 m68k microblaze microblazeel mips mipsel mips64 mips64el openrisc parisc parisc64 ppc ppc64 ppc64le ppcemb riscv32 riscv64 s390 s390x sh4 sh4eb sparc sparc64 unicore32 x86_64 xtensa xtensaeb'.split(
    ' ',
  ),
);

/** How a document is to be read. */
export interface FeatureReading {
  readonly sets: FeatureSets;
  /** The host's own map, in place of a bundled one. */
  readonly cpuMap: CpuMap | undefined;
  /** The stated libvirt version. */
  readonly stated: VersionRange | undefined;
}

/**
 * Every feature of the host, its model expanded with the map of its libvirt version. Where the version is not known
 * exactly, each map that can read the document is asked; what they do not agree on is uncertain.
 */
export function readFeatures(document: HostDocument, reading: FeatureReading): HostFeatures {
  const { cpu, arch, raw } = document;
  if (arch !== undefined && !ARCHES.has(arch)) {
    const hint = 'Give the XML as virsh printed it.';
    const place = cpu?.element ?? document;
    throw fail(document, place, 'unknown-arch', `libvirt has no architecture "${arch}"`, hint);
  }
  if (raw === undefined && cpu === undefined) return { ...UNKNOWN, arch };
  const { sets, cpuMap, stated } = reading;
  const maps = cpuMap === undefined ? sets.mapsFor(stated ?? impliedRange(document)) : [cpuMap];
  if (raw !== undefined) return readRaw(raw, arch, maps, sets);
  return isStated(document) ? readStated(document, maps, sets) : { ...UNKNOWN, arch };
}

/** What the shape of a document tells of the libvirt that printed it: later versions print more, of x86. */
function impliedRange(document: HostDocument): VersionRange {
  const { arch, cpu, source } = document;
  const isX86 = arch === undefined || X86.has(arch);
  const isTelling = cpu !== undefined && source === 'domcapabilities' && isX86;
  return isTelling ? rangeOfModels({ ...document, cpu }) : ANY_VERSION;
}

function rangeOfModels({ cpu, printed }: StatedDocument): VersionRange {
  if (printed?.canonical === true || isVersioned(textIn(cpu, 'model') ?? ''))
    return { ...ANY_VERSION, from: '10.10.0' };
  const to = printed?.usable === true ? '10.10.0' : ANY_VERSION.to;
  if (printed?.blockers === true) return { from: '10.9.0', to };
  const isLater = cpu.features.some((index) => attributeAt(cpu.tree, index, 'name')?.startsWith('vmx-'));
  return { from: isLater ? '9.10.0' : ANY_VERSION.from, to };
}

/** Each map names the bits it knows; a bit that only some of the possible maps can name is uncertain. */
function readRaw(
  raw: RawCpu,
  arch: string | undefined,
  maps: readonly CpuMap[],
  sets: FeatureSets,
): HostFeatures {
  if (arch === undefined || !X86.has(arch)) return { ...UNKNOWN, arch };
  const vendor = vendorInRaw(maps, raw);
  const agreed = sets.agreed(maps.map((map) => ({ map, features: featuresInRaw(indexOf(map), raw) })));
  return { ...UNKNOWN, arch, vendor, ...agreed };
}

/** A host's document with the element that states its CPU. */
export type StatedDocument = HostDocument & { readonly cpu: CpuElement };

function isStated(document: HostDocument): document is StatedDocument {
  return document.cpu !== undefined;
}

function readStated(document: StatedDocument, maps: readonly CpuMap[], sets: FeatureSets): HostFeatures {
  const model = readModel(document);
  const arch = document.arch ?? archOfModel(model, maps);
  if (X86.has(arch)) return readX86(document, { model, features: readListed(document) }, maps, arch, sets);
  const definition = { model, features: readListedOnce(document) };
  if (PPC64.has(arch)) return readPpc64(document, definition, maps, arch);
  if (arch === 's390x') return readS390x(document, definition);
  const vendor = textIn(document.cpu, 'vendor');
  return { ...UNKNOWN, arch, model, vendor, unnamed: listedNames(definition) };
}

export function readModel(document: StatedDocument): string {
  const { cpu } = document;
  const model = textIn(cpu, 'model');
  if (model !== undefined) return model;
  const hint = 'Its features cannot be known without one; give the output of virsh domcapabilities.';
  throw fail(document, cpu.element, 'no-cpu-model', `<${cpu.element.name}> states no CPU model`, hint);
}

/** Features as written. A host's own list has no policies, and libvirt does not read any there. */
function readListed(document: StatedDocument): StatedCpu['features'] {
  const { cpu, style } = document;
  return cpu.features.map((index) => {
    const name = attributeAt(cpu.tree, index, 'name') ?? '';
    const policy = style === 'host' ? 'require' : (attributeAt(cpu.tree, index, 'policy') ?? 'require');
    if (name === '')
      throw failAt(document, index, 'bad-feature-name', 'this <feature> has no name', 'Add name=…');
    if (style === 'guest' && !POLICIES.has(policy)) {
      const hint = `Write one of ${[...POLICIES].join(', ')}.`;
      throw failAt(document, index, 'invalid-value', `"${policy}" is no policy of a CPU feature`, hint);
    }
    return { name, policy };
  });
}

/** The same where no map will look at the names: none may be there twice. */
export function readListedOnce(document: StatedDocument): StatedCpu['features'] {
  const listed = readListed(document);
  const seen = new Set<string>();
  const twice = listed.findIndex(({ name }) => seen.size === seen.add(name).size);
  if (twice !== -1) throw givenTwice(document, twice);
  return listed;
}

function givenTwice(document: StatedDocument, position: number): LibvirtXmlError {
  const { tree, features } = document.cpu;
  const index = features[position] ?? 0;
  const reason = `the CPU feature "${attributeAt(tree, index, 'name') ?? ''}" is given twice`;
  return failAt(document, index, 'duplicate-feature', reason, 'Keep one of the lines.');
}

/** An error at the element of an index. */
function failAt(
  document: StatedDocument,
  index: number,
  code: InputErrorCode,
  reason: string,
  hint: string,
): LibvirtXmlError {
  return fail(document, elementAt(document.tree, index), code, reason, hint);
}

function archOfModel(model: string, maps: readonly CpuMap[]): string {
  if (s390xGeneration(model) !== undefined) return 's390x';
  const isPpc64 = maps.some(({ ppc64 }) => ppc64.models.some(({ name }) => name === model));
  return isPpc64 && !maps.some((map) => indexOf(map).models.has(model)) ? 'ppc64' : 'x86_64';
}

function listedNames({ features }: StatedCpu): readonly string[] {
  const on = features.filter(({ policy }) => policy === 'require' || policy === 'force');
  return Object.freeze(on.map(({ name }) => ownCopy(name)).sort());
}

/** libvirt has no map of s390x: a host-model CPU lists every feature beside a base model, in QEMU's names. */
function readS390x({ style }: StatedDocument, definition: StatedCpu): HostFeatures {
  const { model } = definition;
  const features = style === 'guest' ? listedNames(definition) : undefined;
  return { ...UNKNOWN, arch: 's390x', model, features };
}

/** ppc64 CPUs have a model and no features a guest could be denied one by one. */
function readPpc64(
  document: StatedDocument,
  { model }: StatedCpu,
  maps: readonly CpuMap[],
  arch: string,
): HostFeatures {
  const vendor = textIn(document.cpu, 'vendor');
  const knowing = maps.filter(({ ppc64 }) => ppc64.models.some(({ name }) => name === model));
  if (knowing.length === 0) throw unknownModel(document, model, maps);
  if (vendor !== undefined && !maps.some(({ ppc64 }) => ppc64.vendors.includes(vendor)))
    throw unknownVendor(document, vendor);
  return { ...UNKNOWN, arch, model, vendor, features: NO_FEATURES, cpuMaps: knowing };
}

function readX86(
  document: StatedDocument,
  definition: StatedCpu,
  maps: readonly CpuMap[],
  arch: string,
  sets: FeatureSets,
): HostFeatures {
  const vendor = textIn(document.cpu, 'vendor');
  if (vendor !== undefined && !maps.some(({ vendors }) => Object.hasOwn(vendors, vendor)))
    throw unknownVendor(document, vendor);
  const complete: MapReading[] = [];
  let last: Expansion | undefined;
  for (const map of maps) {
    last = expandCpu(indexOf(map), definition);
    if ('twice' in last) throw givenTwice(document, last.index);
    if ('features' in last) complete.push({ map, features: last.features });
  }
  if (complete.length === 0) throw unknownName(document, last, maps);
  const { features, uncertain, cpuMaps } = sets.agreed(complete);
  return { arch, model: definition.model, vendor, features, uncertain, cpuMaps, unnamed: undefined };
}

function unknownName(
  document: StatedDocument,
  expansion: Expansion | undefined,
  maps: readonly CpuMap[],
): Error {
  if (expansion === undefined || !('unknown' in expansion)) return new RangeError('no CPU map is bundled');
  if (expansion.unknown === 'model') return unknownModel(document, expansion.name, maps);
  const { features } = document.cpu;
  const reason = unknownFeatureReason(expansion.name, maps);
  return failAt(document, features[expansion.index] ?? 0, 'unknown-feature', reason, VERSION_OR_MAP);
}

/** That none of these maps has a feature, and which one may have been meant. */
export function unknownFeatureReason(name: string, maps: readonly CpuMap[]): string {
  return `libvirt ${mapVersions(maps)} knows no CPU feature "${name}"${guess(nearestName(maps, name))}`;
}

function unknownModel(document: StatedDocument, model: string, maps: readonly CpuMap[]): Error {
  const reason = `libvirt ${mapVersions(maps)} knows no CPU model "${model}"`;
  return fail(document, placeIn(document.cpu, 'model'), 'unknown-model', reason, VERSION_OR_MAP);
}

function unknownVendor(document: StatedDocument, vendor: string): Error {
  const reason = `libvirt knows no CPU vendor "${vendor}"`;
  const hint = 'Give the XML as virsh printed it.';
  return fail(document, placeIn(document.cpu, 'vendor'), 'unknown-vendor', reason, hint);
}
