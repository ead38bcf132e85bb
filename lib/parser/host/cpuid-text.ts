import type { CpuRegister } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import type { NameBits } from '../../cpu/bits.ts';
import {
  featuresInRaw,
  leafKey,
  NO_PROCESSOR,
  signatureInRaw,
  vendorInRaw,
  type RawCpu,
} from '../../cpu/cpuid.ts';
import { indexOf, type CpuIndex } from '../../cpu/map.ts';
import { mapsFor, nameIn, refuse, weakHost, type Reading } from './listed.ts';

/** A line of `cpuid -r`: `   0x00000007 0x00: eax=0x00000002 ebx=… ecx=… edx=…`; old versions state no subleaf. */
const CPUID_R =
  /^[ \t]*0x(?<leaf>[\da-f]{8})(?: 0x(?<subleaf>[\da-f]{2}))?: eax=0x(?<eax>[\da-f]{8}) ebx=0x(?<ebx>[\da-f]{8}) ecx=0x(?<ecx>[\da-f]{8}) edx=0x(?<edx>[\da-f]{8})/i;

/** A line of InstLatX64's dumps: `CPUID 00000007: 00000002-239CA7EB-… [SL 00]`; without `SL` it is subleaf 0. */
const INSTLAT =
  /^[ \t]*CPUID (?<leaf>[\da-f]{8}):?[ \t]+(?<eax>[\da-f]{8})-(?<ebx>[\da-f]{8})-(?<ecx>[\da-f]{8})-(?<edx>[\da-f]{8})(?: \[SL (?<subleaf>[\da-f]{2})\])?/i;

/**
 * The host whose CPUID answers a text lists: the output of `cpuid -r`, or a dump of InstLatX64. That may be a CPU nobody
 * owns yet. Where processors differ (cores of two kinds), what all have counts.
 *
 * @see https://www.etallen.com/cpuid.html
 * @see http://users.atw.hu/instlatx64/
 */
export function readCpuidText(reading: Reading): Host {
  const processors = processorsIn(reading.text).filter((raw) => raw.has(leafKey(1, 0)));
  const [first, ...others] = processors;
  if (first === undefined)
    throw refuse(
      reading,
      'no-cpu-model',
      'leaf 1 of CPUID is missing',
      'Give the whole output of "cpuid -r -1".',
    );
  if (others.some((other) => identityOf(other) !== identityOf(first)))
    throw refuse(
      reading,
      'vendor-mismatch',
      'these are CPUID answers of unlike CPUs',
      'Give each host a file of its own.',
    );
  return hostOfRaw(first, others, reading);
}

type Registers = Readonly<Record<CpuRegister, number>>;

/** Each processor's answers begin with leaf 0. */
function processorsIn(text: string): readonly RawCpu[] {
  const processors: Map<string, Registers>[] = [];
  for (const line of text.split('\n')) {
    const groups = (CPUID_R.exec(line) ?? INSTLAT.exec(line))?.groups;
    if (groups === undefined) continue;
    const number = (part: string): number => Number.parseInt(groups[part] ?? '0', 16);
    const key = leafKey(number('leaf'), number('subleaf'));
    if (processors.length === 0 || key === leafKey(0, 0)) processors.push(new Map<string, Registers>());
    const raw = processors.at(-1);
    if (raw?.has(key) === false)
      raw.set(key, { eax: number('eax'), ebx: number('ebx'), ecx: number('ecx'), edx: number('edx') });
  }
  return processors;
}

/** The vendor, family, model and stepping that CPUID states. */
function identityOf(raw: RawCpu): string {
  const leaf = raw.get(leafKey(0, 0));
  return [leaf?.ebx, leaf?.ecx, leaf?.edx, raw.get(leafKey(1, 0))?.eax].join();
}

function hostOfRaw(raw: RawCpu, others: readonly RawCpu[], reading: Reading): Host {
  const maps = mapsFor(reading);
  const vendor = vendorInRaw(maps, raw);
  const bits = raw.get(leafKey(0x80000008, 0))?.eax;
  const processor = {
    ...NO_PROCESSOR,
    ...signatureInRaw(raw),
    physicalAddressBits: bits === undefined ? undefined : bits & 0xff,
  };
  return weakHost(
    { name: nameIn(reading), source: 'cpuid', file: reading.file, arch: 'x86_64', vendor, processor },
    reading.sets.agreed(maps.map((map) => ({ map, features: sharedBits(indexOf(map), raw, others) }))),
    'added-by-kvm',
    reading,
  );
}

function sharedBits(index: CpuIndex, raw: RawCpu, others: readonly RawCpu[]): NameBits {
  const sets = others.map((other) => featuresInRaw(index, other));
  return featuresInRaw(index, raw).map((word, i) => sets.reduce((both, set) => both & (set[i] ?? 0), word));
}
