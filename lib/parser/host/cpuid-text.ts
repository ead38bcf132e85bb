import type { CpuRegister } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import { featuresInRaw, leafKey, signatureInRaw, vendorInRaw, type RawCpu } from '../../cpu/cpuid.ts';
import { indexOf } from '../../cpu/map.ts';
import { mapsFor, nameIn, refuse, weakHost, type Reading } from './listed.ts';

/** A line of `cpuid -r`: `   0x00000007 0x00: eax=0x00000002 ebx=… ecx=… edx=…`. */
const CPUID_R =
  /^[ \t]*0x(?<leaf>[\da-f]{8}) 0x(?<subleaf>[\da-f]{2}): eax=0x(?<eax>[\da-f]{8}) ebx=0x(?<ebx>[\da-f]{8}) ecx=0x(?<ecx>[\da-f]{8}) edx=0x(?<edx>[\da-f]{8})/i;

/** A line of InstLatX64's dumps: `CPUID 00000007: 00000002-239CA7EB-… [SL 00]`; without `SL` it is subleaf 0. */
const INSTLAT =
  /^[ \t]*CPUID (?<leaf>[\da-f]{8}):?[ \t]+(?<eax>[\da-f]{8})-(?<ebx>[\da-f]{8})-(?<ecx>[\da-f]{8})-(?<edx>[\da-f]{8})(?: \[SL (?<subleaf>[\da-f]{2})\])?/i;

/**
 * The host whose CPUID answers a text lists: the output of `cpuid -r`, or a dump of InstLatX64. That may be a CPU nobody
 * owns yet. Of several processors the first counts.
 *
 * @see https://www.etallen.com/cpuid.html
 * @see http://users.atw.hu/instlatx64/
 */
export function readCpuidText(reading: Reading): Host {
  const raw = new Map<string, Readonly<Record<CpuRegister, number>>>();
  for (const line of reading.text.split('\n')) {
    const groups = (CPUID_R.exec(line) ?? INSTLAT.exec(line))?.groups;
    if (groups === undefined) continue;
    const number = (part: string): number => Number.parseInt(groups[part] ?? '0', 16);
    const key = leafKey(number('leaf'), number('subleaf'));
    if (!raw.has(key))
      raw.set(key, { eax: number('eax'), ebx: number('ebx'), ecx: number('ecx'), edx: number('edx') });
  }
  return hostOfRaw(raw, reading);
}

function hostOfRaw(raw: RawCpu, reading: Reading): Host {
  const maps = mapsFor(reading);
  const vendor = maps.map((map) => vendorInRaw(map, raw)).find((found) => found !== undefined);
  const signature = signatureInRaw(raw);
  if (signature === undefined)
    throw refuse(
      reading,
      'no-cpu-model',
      'leaf 1 of CPUID is missing',
      'Give the whole output of "cpuid -r -1".',
    );
  const bits = raw.get(leafKey(0x80000008, 0))?.eax;
  const processor = {
    ...signature,
    ...{ microcode: undefined, tsc: undefined },
    physicalAddressBits: bits === undefined ? undefined : bits & 0xff,
  };
  return weakHost(
    { name: nameIn(reading), source: 'cpuid', file: reading.file, arch: 'x86_64', vendor, processor },
    reading.sets.agreed(maps.map((map) => ({ map, features: featuresInRaw(indexOf(map), raw) }))),
    'added-by-kvm',
    reading,
  );
}
