import type { CpuMap, CpuMapBit, CpuRegister } from '../../types/cpu-map.ts';
import type { HostProcessor } from '../../types/host.ts';
import { noBits, setBit, type NameBits } from './bits.ts';
import { candidateMaps } from './bundled.ts';
import type { CpuIndex } from './map.ts';

/** Raw answers of CPUID and RDMSR: `cpuid LEAF SUBLEAF` or `msr INDEX` → its registers. */
export type RawCpu = ReadonlyMap<string, Readonly<Record<CpuRegister, number>>>;

/** A processor of which nothing is known. */
export const NO_PROCESSOR: HostProcessor = Object.freeze({
  family: undefined,
  model: undefined,
  stepping: undefined,
  microcode: undefined,
  physicalAddressBits: undefined,
  tsc: undefined,
});

/** The key of a CPUID leaf in a `RawCpu`. */
export function leafKey(leaf: number, subleaf: number): string {
  return `cpuid ${leaf} ${subleaf}`;
}

/** The key of a model-specific register in a `RawCpu`. */
export function msrKey(index: number): string {
  return `msr ${index}`;
}

/** Every feature of a map whose bit is set, by the numbers of the index. */
export function featuresInRaw({ map, names, numbers }: CpuIndex, raw: RawCpu): NameBits {
  const found = noBits(names.length);
  for (const { name, bit } of map.features) if (isSet(raw, bit)) setBit(found, numbers.get(name) ?? 0);
  return found;
}

function isSet(raw: RawCpu, place: CpuMapBit): boolean {
  const registers = raw.get(place[0] === 'msr' ? msrKey(place[1]) : leafKey(place[1], place[2]));
  const [register, bit] = place[0] === 'msr' ? [place[2], place[3]] : [place[3], place[4]];
  return registers !== undefined && ((registers[register] >>> bit) & 1) === 1;
}

/**
 * libvirt's name of a vendor that is given as CPUID spells it, or by that name. One that no map knows is called as given:
 * CPUs of unlike vendors are unlike, whoever knows them.
 */
export function vendorName(maps: readonly CpuMap[], given: string | undefined): string | undefined {
  const vendor = given?.replaceAll('\0', '').trim() ?? '';
  if (vendor === '') return undefined;
  // Hosts of one vendor may have libvirt of different ages.
  return nameOf(maps, vendor) ?? nameOf(candidateMaps({ from: '0.0.0', to: '9999.0.0' }), vendor) ?? vendor;
}

function nameOf(maps: readonly CpuMap[], vendor: string): string | undefined {
  const all = maps.flatMap(({ vendors }) => Object.entries(vendors));
  return all.find(([name, characters]) => characters.trim() === vendor || name === vendor)?.[0];
}

/** The vendor whose twelve characters leaf 0 holds. */
export function vendorInRaw(maps: readonly CpuMap[], raw: RawCpu): string | undefined {
  const leaf = raw.get(leafKey(0, 0));
  if (leaf === undefined) return undefined;
  const characters = [leaf.ebx, leaf.edx, leaf.ecx].flatMap((word) =>
    [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff),
  );
  return vendorName(maps, String.fromCharCode(...characters));
}

/** Family, model and stepping in leaf 1, the extended parts added as both vendors define them. */
export function signatureInRaw(
  raw: RawCpu,
): { readonly family: number; readonly model: number; readonly stepping: number } | undefined {
  const eax = raw.get(leafKey(1, 0))?.eax;
  if (eax === undefined) return undefined;
  const family = (eax >>> 8) & 0xf;
  const extended = family === 0xf ? (eax >>> 20) & 0xff : 0;
  const high = family === 0xf || family === 6 ? (eax >>> 16) & 0xf : 0;
  return { family: family + extended, model: (high << 4) + ((eax >>> 4) & 0xf), stepping: eax & 0xf };
}
