import type { CpuMap } from '../../../types/cpu-map.ts';
import type { InputErrorCode } from '../../../types/issue.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { PPC64, s390xGeneration, X86 } from '../../cpu/arches.ts';
import { candidateMaps, type VersionRange } from '../../cpu/bundled.ts';
import { featuresInRaw, vendorInRaw, type RawCpu } from '../../cpu/cpuid.ts';
import { expandCpu, type Expansion, type StatedCpu } from '../../cpu/expand.ts';
import { indexOf } from '../../cpu/map.ts';
import { nearestName, POLICIES } from '../../cpu/names.ts';
import type { LibvirtXmlError } from '../../issues/issues.ts';
import { childrenNamed, type XmlElement } from '../../xml/query.ts';
import { isForeign, type XmlValue } from '../../xml/values.ts';
import { fail, textIn, type HostDocument } from './document.ts';
import { agreement, ANY_VERSION, statedRange } from './versions.ts';

/** What a document says of the CPU, its model expanded. */
export interface HostFeatures {
  readonly arch: string | undefined;
  readonly model: string | undefined;
  readonly vendor: string | undefined;
  readonly features: readonly string[] | undefined;
  readonly uncertain: readonly string[];
  readonly cpuMaps: readonly CpuMap[];
  /** What the CPU has and no feature line can name. */
  readonly unnamed?: readonly string[];
}

/** Nothing is known, which is not the same as an empty set. */
const UNKNOWN: HostFeatures = {
  arch: undefined,
  model: undefined,
  vendor: undefined,
  features: undefined,
  uncertain: [],
  cpuMaps: [],
};

/** Architectures libvirt has a name for (virArch). */
const ARCHES: ReadonlySet<string> = new Set(
  'alpha armv6l armv7l armv7b aarch64 cris i686 ia64 lm32 loongarch64 m68k microblaze microblazeel mips mipsel mips64 mips64el openrisc parisc parisc64 ppc ppc64 ppc64le ppcemb riscv32 riscv64 s390 s390x sh4 sh4eb sparc sparc64 unicore32 x86_64 xtensa xtensaeb'.split(
    ' ',
  ),
);

/** A host's document with the element that states its CPU. */
export type StatedDocument = HostDocument & { readonly element: XmlElement; readonly cpu: XmlValue };

/**
 * Every feature of the host, its model expanded with the map of its libvirt version. Where the version is not known
 * exactly, each map that can read the document is asked; what they do not agree on is uncertain.
 */
export function readFeatures(document: HostDocument, options: ParseHostOptions): HostFeatures {
  const { element, cpu, arch } = document;
  if (arch !== undefined && !ARCHES.has(arch)) {
    const hint = 'Give the XML as virsh printed it.';
    throw fail(document, element ?? document, 'unknown-arch', `libvirt has no architecture "${arch}"`, hint);
  }
  if (document.raw !== undefined) return readRaw(document.raw, arch, mapsFor(document, options));
  if (element === undefined || cpu === undefined) return { ...UNKNOWN, arch };
  const stated: StatedDocument = { ...document, element, cpu };
  const { cpuMap } = options;
  const range = versionRange(stated, options);
  const key = [document.style, arch, range.from, range.to].join(' ');
  const known = remembered.get(cpu) ?? [];
  const found = known.find((one) => one.key === key && one.cpuMap === cpuMap);
  if (found !== undefined) return found.read;
  const read = readStated(stated, mapsFor(document, options));
  remembered.set(cpu, [...known, { key, cpuMap, read }]);
  return read;
}

function mapsFor(document: HostDocument, options: ParseHostOptions): readonly CpuMap[] {
  return options.cpuMap === undefined ? candidateMaps(versionRange(document, options)) : [options.cpuMap];
}

/** Each map names the bits it knows; a bit that only some of the possible maps can name is uncertain. */
function readRaw(raw: RawCpu, arch: string | undefined, maps: readonly CpuMap[]): HostFeatures {
  if (arch === undefined || !X86.has(arch)) return { ...UNKNOWN, arch };
  const vendor = maps.map((map) => vendorInRaw(map, raw)).find((found) => found !== undefined);
  const { common, uncertain } = agreement(maps.map((map) => featuresInRaw(map, raw)));
  return { arch, model: undefined, vendor, features: common, uncertain, cpuMaps: maps };
}

/** Machines of a fleet share their CPUs, and `readValues` gives the same object for the same text. */
const remembered = new WeakMap<XmlValue, readonly Remembered[]>();

interface Remembered {
  readonly key: string;
  readonly cpuMap: CpuMap | undefined;
  readonly read: HostFeatures;
}

function readStated(document: StatedDocument, maps: readonly CpuMap[]): HostFeatures {
  const definition = { model: readModel(document), features: readListed(document) };
  const arch = document.arch ?? archOfModel(definition.model, maps);
  if (PPC64.has(arch)) return readPpc64(document, definition, maps, arch);
  if (arch === 's390x') return readS390x(document, definition);
  if (!X86.has(arch)) return { ...UNKNOWN, arch, model: definition.model, unnamed: listedNames(definition) };
  return readX86(document, definition, maps, arch);
}

/** The model a document states. */
export function readModel(document: StatedDocument): string {
  const { cpu, element } = document;
  const model = textIn(cpu, 'model');
  if (model !== undefined) return model;
  const hint = 'Its features cannot be known without one; give the output of virsh domcapabilities.';
  throw fail(document, element, 'no-cpu-model', `<${element.name}> states no CPU model`, hint);
}

/** Features as written. A host's own list has no policies, and libvirt does not read any there. */
export function readListed(document: StatedDocument): StatedCpu['features'] {
  const { cpu, style } = document;
  const seen = new Set<string>();
  const listed = cpu.children.filter((child) => child.name === 'feature' && !isForeign(child));
  return listed.map(({ attributes }, i) => {
    const name = attributes.get('name') ?? '';
    const policy = style === 'host' ? 'require' : (attributes.get('policy') ?? 'require');
    const refuse = (code: InputErrorCode, reason: string, hint: string): LibvirtXmlError =>
      fail(document, featureElement(document, i), code, reason, hint);
    if (name === '') throw refuse('bad-feature-name', 'this <feature> has no name', 'Add name=…');
    if (seen.has(name))
      throw refuse('duplicate-feature', `the CPU feature "${name}" is given twice`, 'Keep one of the lines.');
    if (!POLICIES.has(policy))
      throw refuse(
        'invalid-value',
        `"${policy}" is no policy of a CPU feature`,
        `Write one of ${[...POLICIES].join(', ')}.`,
      );
    seen.add(name);
    return { name, policy };
  });
}

function featureElement({ tree, element }: StatedDocument, index: number): XmlElement {
  return childrenNamed(tree, element.index, 'feature')[index] ?? element;
}

/** The stated version, or what the shape of the document tells: later libvirt versions print more. */
function versionRange({ tree, element, source }: HostDocument, options: ParseHostOptions): VersionRange {
  if (options.libvirtVersion !== undefined) return statedRange(options);
  if (source !== 'domcapabilities' || element === undefined) return ANY_VERSION;
  const modes = tree.text.slice(element.start, tree.text.indexOf('</cpu>', element.end));
  if (/-v\d+<|\scanonical=/.test(modes)) return { ...ANY_VERSION, from: '10.10.0' };
  const to = /<model[^>]*\susable=/.test(modes) ? '10.10.0' : ANY_VERSION.to;
  if (modes.includes('<blockers')) return { from: '10.9.0', to };
  return { from: /name=['"]vmx-/.test(modes) ? '9.10.0' : ANY_VERSION.from, to };
}

function archOfModel(model: string, maps: readonly CpuMap[]): string {
  if (s390xGeneration(model) !== undefined) return 's390x';
  const isPpc64 = maps.some(({ ppc64 }) => ppc64.models.some(({ name }) => name === model));
  return isPpc64 && !maps.some((map) => indexOf(map).models.has(model)) ? 'ppc64' : 'x86_64';
}

function listedNames({ features }: StatedCpu): readonly string[] {
  const on = features.filter(({ policy }) => policy === 'require' || policy === 'force');
  return on.map(({ name }) => name).sort();
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
  if (!maps.some(({ ppc64 }) => ppc64.models.some(({ name }) => name === model)))
    throw unknownModel(document, model, maps);
  if (vendor !== undefined && !maps.some(({ ppc64 }) => ppc64.vendors.includes(vendor)))
    throw unknownVendor(document, vendor);
  return { arch, model, vendor, features: [], uncertain: [], cpuMaps: maps };
}

function readX86(
  document: StatedDocument,
  definition: StatedCpu,
  maps: readonly CpuMap[],
  arch: string,
): HostFeatures {
  const vendor = textIn(document.cpu, 'vendor');
  if (vendor !== undefined && !maps.some(({ vendors }) => Object.hasOwn(vendors, vendor)))
    throw unknownVendor(document, vendor);
  const readings = maps.map((map) => ({ map, expansion: expandCpu(indexOf(map), definition) }));
  const complete = readings.flatMap(({ map, expansion }) =>
    'features' in expansion ? [{ map, features: expansion.features }] : [],
  );
  if (complete.length === 0) throw unknownName(document, readings.at(-1)?.expansion, maps);
  const { common, uncertain } = agreement(complete.map(({ features }) => features));
  const cpuMaps = complete.map(({ map }) => map);
  return { arch, model: definition.model, vendor, features: common, uncertain, cpuMaps };
}

function unknownName(
  document: StatedDocument,
  expansion: Expansion | undefined,
  maps: readonly CpuMap[],
): Error {
  if (expansion === undefined || 'features' in expansion) return new RangeError('no CPU map is bundled');
  if (expansion.unknown === 'model') return unknownModel(document, expansion.name, maps);
  const meant = nearestName(maps, expansion.name);
  const guess = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const reason = `libvirt ${versionsOf(maps)} knows no CPU feature "${expansion.name}"${guess}`;
  return fail(
    document,
    featureElement(document, expansion.index),
    'unknown-feature',
    reason,
    "State that host's libvirt version, or give its own CPU map (/usr/share/libvirt/cpu_map).",
  );
}

function unknownModel(document: StatedDocument, model: string, maps: readonly CpuMap[]): Error {
  const [element = document.element] = childrenNamed(document.tree, document.element.index, 'model');
  const hint = "State that host's libvirt version, or give its own CPU map (/usr/share/libvirt/cpu_map).";
  return fail(
    document,
    element,
    'unknown-model',
    `libvirt ${versionsOf(maps)} knows no CPU model "${model}"`,
    hint,
  );
}

function unknownVendor(document: StatedDocument, vendor: string): Error {
  const [element = document.element] = childrenNamed(document.tree, document.element.index, 'vendor');
  return fail(
    document,
    element,
    'unknown-vendor',
    `libvirt knows no CPU vendor "${vendor}"`,
    'Give the XML as virsh printed it.',
  );
}

function versionsOf(maps: readonly CpuMap[]): string {
  return maps.map(({ version }) => version).join(', ');
}
