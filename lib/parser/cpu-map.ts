import type {
  CpuMap,
  CpuMapBit,
  CpuMapFeature,
  CpuMapModel,
  CpuMapPpc64Model,
  CpuRegister,
} from '../../types/cpu-map.ts';
import { mapProblem } from '../cpu/map-problem.ts';
import { asText } from '../issues/given.ts';
import { LibvirtXmlError } from '../issues/issues.ts';
import { misfit, OBJECT, optionsOf, TEXT, WORD, type OptionKinds } from '../issues/options.ts';
import { frozen } from '../text/frozen.ts';
import { readValues, type XmlValue } from '../xml/values.ts';

interface MapElement {
  readonly file: string;
  readonly text: string;
  readonly element: XmlValue;
}

/** The files of a map, and how each is called in an error message. */
interface MapFiles {
  readonly files: Readonly<Record<string, string>>;
  readonly path: (name: string) => string;
}

const OPTIONS: OptionKinds<{ readonly directory?: string }> = { directory: TEXT };
const INDEX = 'index.xml';

/**
 * A CPU map from the files of a libvirt installation's `cpu_map` directory (usually /usr/share/libvirt/cpu_map).
 *
 * @param files file name → content; `index.xml` and everything it includes must be there.
 * @param version the libvirt version the files belong to, e.g. `9.0.0`.
 * @param options `directory`: where the files are, for error messages.
 * @returns plain JSON, frozen, to be given as `parseHost`'s `cpuMap`.
 * @throws LibvirtXmlError `bad-map` when a file is missing or the map contradicts itself (two features on one bit).
 * @example
 * const files = {
 *   'index.xml': "<cpus><arch name='x86'><include filename='x86.xml'/></arch></cpus>",
 *   'x86.xml': "<cpus><feature name='fpu'><cpuid eax_in='0x01' edx='0x00000001'/></feature></cpus>",
 * };
 * parseCpuMap(files, '9.0.0').features[0]; // → { name: 'fpu', bit: ['cpuid', 1, 0, 'edx', 0] }
 */
export function parseCpuMap(
  files: Readonly<Record<string, string>>,
  version: string,
  options: { readonly directory?: string } = {},
): CpuMap {
  const { directory } = optionsOf(options, OPTIONS);
  for (const wrong of [misfit('files', files, OBJECT), misfit('version', version, WORD)])
    if (wrong !== undefined) throw new TypeError(wrong);
  const source: MapFiles = {
    files,
    path: (name) => (directory === undefined ? name : `${directory}/${name}`),
  };
  const index = read(source, INDEX);
  const parts = (arch: string): MapElement[] =>
    named(children(index), 'arch')
      .filter((e) => attribute(e, 'name') === arch)
      .flatMap((e) => included(source, e));
  const [x86, arm, ppc64] = [parts('x86'), parts('arm'), parts('ppc64')];
  const map: CpuMap = {
    version,
    vendors: Object.fromEntries(named(x86, 'vendor').map((e) => [nameOf(e), attribute(e, 'string') ?? ''])),
    features: named(x86, 'feature').map(toFeature),
    models: named(x86, 'model').map(toModel),
    arm: { features: named(arm, 'feature').map(nameOf), models: named(arm, 'model').map(nameOf) },
    ppc64: { vendors: named(ppc64, 'vendor').map(nameOf), models: named(ppc64, 'model').map(toPpc64Model) },
  };
  const problem = mapProblem(map);
  if (problem !== undefined) throw bad(index, problem);
  return frozen(map);
}

function read({ files, path }: MapFiles, name: string): MapElement {
  const file = path(name);
  const text = Object.hasOwn(files, name) ? files[name] : undefined;
  if (text === undefined) {
    const hint = 'Give all files of the cpu_map directory.';
    throw new LibvirtXmlError('bad-map', `the CPU map has no file "${name}"`, {
      text: '',
      offset: 0,
      file,
      hint,
    });
  }
  const element = readValues(asText(text, `files["${name}"]`), { file });
  const root = { file, text, element };
  if (element.name !== 'cpus') throw bad(root, `<${element.name}> is no CPU map`);
  return root;
}

/** What the includes of an element hold, in order; groups may nest. */
function included(source: MapFiles, parent: MapElement): MapElement[] {
  return children(parent).flatMap((child) => {
    if (child.element.name === 'group') return included(source, child);
    if (child.element.name === 'include') return children(read(source, attribute(child, 'filename') ?? ''));
    return [child];
  });
}

function children({ file, text, element }: MapElement): MapElement[] {
  return element.children.map((child) => ({ file, text, element: child }));
}

function named(elements: readonly MapElement[], kind: string): MapElement[] {
  return elements.filter(({ element }) => element.name === kind);
}

function attribute({ element }: MapElement, name: string): string | undefined {
  return element.attributes.get(name);
}

function toFeature(e: MapElement): CpuMapFeature {
  const parts = children(e);
  const aliases = named(parts, 'alias').map(nameOf);
  const place = parts.find(({ element }) => element.name === 'cpuid' || element.name === 'msr');
  if (place === undefined) throw bad(e, `the feature "${nameOf(e)}" has no bit`);
  return {
    name: nameOf(e),
    bit: toBit(place),
    ...(aliases.length > 0 && { aliases }),
    ...(attribute(e, 'migratable') === 'no' && { migratable: false as const }),
  };
}

function toBit(e: MapElement): CpuMapBit {
  const masks = (['eax', 'ebx', 'ecx', 'edx'] as const).flatMap((register): [CpuRegister, number][] => {
    const mask = Number(attribute(e, register) ?? 0);
    return mask === 0 ? [] : [[register, mask]];
  });
  const [register, mask] = masks[0] ?? ['eax', 0];
  const bit = Math.log2(mask);
  if (masks.length !== 1 || !Number.isInteger(bit)) throw bad(e, 'a feature is exactly one bit here');
  if (e.element.name === 'msr') return ['msr', Number(attribute(e, 'index')), register, bit];
  return ['cpuid', Number(attribute(e, 'eax_in')), Number(attribute(e, 'ecx_in') ?? 0), register, bit];
}

function toModel(e: MapElement): CpuMapModel {
  const parts = children(e);
  const features = named(parts, 'feature');
  const marked = (mark: string): string[] => features.filter((e) => attribute(e, mark) === 'yes').map(nameOf);
  const own = features
    .filter((e) => attribute(e, 'removed') !== 'yes' && attribute(e, 'added') !== 'yes')
    .map(nameOf);
  const [removed, added] = [marked('removed'), marked('added')];
  const signatures = named(parts, 'signature').map(toSignature);
  const [vendor, parent, decode, check] = ['vendor', 'model', 'decode', 'check'].map(
    (kind) => named(parts, kind)[0],
  );
  return {
    name: nameOf(e),
    ...(vendor !== undefined && { vendor: nameOf(vendor) }),
    ...(parent !== undefined && { parent: nameOf(parent) }),
    ...(signatures.length > 0 && { signatures }),
    ...(decode !== undefined && {
      decode: { host: attribute(decode, 'host') === 'on', guest: attribute(decode, 'guest') === 'on' },
    }),
    ...(check !== undefined && attribute(check, 'partial') === 'compat' && { compat: true as const }),
    features: own,
    ...(removed.length > 0 && { removed }),
    ...(added.length > 0 && { added }),
  };
}

function toSignature(e: MapElement): number[] {
  const steppings = (attribute(e, 'stepping') ?? '').split('-').filter(Boolean).map(Number);
  const range = steppings.length === 0 ? [] : [steppings[0] ?? 0, steppings.at(-1) ?? 0];
  return [Number(attribute(e, 'family')), Number(attribute(e, 'model')), ...range];
}

function toPpc64Model(e: MapElement): CpuMapPpc64Model {
  const parts = children(e);
  const [vendor] = named(parts, 'vendor');
  const pvr = named(parts, 'pvr').map((one): [number, number] => [
    Number(attribute(one, 'value')),
    Number(attribute(one, 'mask')),
  ]);
  return { name: nameOf(e), ...(vendor !== undefined && { vendor: nameOf(vendor) }), pvr };
}

function nameOf(e: MapElement): string {
  const name = attribute(e, 'name');
  if (name === undefined || name === '') throw bad(e, `<${e.element.name}> has no name`);
  return name;
}

function bad({ file, text, element }: MapElement, reason: string): LibvirtXmlError {
  return new LibvirtXmlError('bad-map', reason, {
    text,
    offset: element.start,
    file,
    hint: 'Is this an unchanged cpu_map directory of libvirt?',
  });
}
