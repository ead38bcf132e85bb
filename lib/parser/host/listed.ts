import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import type { WeakSource } from '../../../types/host-source.ts';
import type { InputErrorCode } from '../../../types/issue.ts';
import { PPC64, X86 } from '../../cpu/arches.ts';
import { vendorName } from '../../cpu/cpuid.ts';
import { expandCpu } from '../../cpu/expand.ts';
import { gradeOf, IN_EVERY_KVM_GUEST } from '../../cpu/grade.ts';
import { nameOfFlag, WITHHELD_BY_KVM } from '../../cpu/kernel-flags.ts';
import { indexOf } from '../../cpu/map.ts';
import { CORE } from '../../cpu/names.ts';
import { hiddenBy, type Silence } from '../../cpu/silence.ts';
import { issue, LibvirtXmlError } from '../../issues/issues.ts';
import { hostFrom } from './build.ts';
import type { HostReading } from './reading.ts';
import type { AgreedFeatures } from './sets.ts';
import { ANY_VERSION, beyondMaps, VERSION_OR_MAP, mapVersions, versionDoubts } from './versions.ts';

/** Where a host is read, and how. */
export interface Reading extends HostReading {
  readonly text: string;
  readonly file: string | undefined;
  /** What the caller calls the host. */
  readonly name: string | undefined;
  /** What the caller calls a host that its document does not name. */
  readonly defaultName: string | undefined;
  /** Offset of the document that is read. */
  readonly start: number;
}

/** How a text that is no XML is read. */
export function textReading(text: string, reading: HostReading): Reading {
  const { file, name, defaultName } = reading.options;
  return { ...reading, text, file, name, defaultName, start: 0 };
}

/** What a host is called that its document does not name. */
export function nameIn({ name, defaultName }: Reading): string {
  return name ?? defaultName ?? 'host';
}

/** How one of several hosts of a text is read, that are called by number. */
export function numbered(reading: Reading, i: number, count: number): Reading {
  return count === 1 ? reading : { ...reading, name: `${nameIn(reading)}#${i + 1}` };
}

/** What a document says of one host that libvirt did not describe itself. */
export interface Listed extends Partial<Host> {
  readonly name: string;
  readonly source: WeakSource;
  readonly arch: string;
  /** Names of flags as Linux spells them. */
  readonly flags: readonly string[];
  /** The vendor as CPUID spells it (`GenuineIntel`), or as libvirt does. */
  readonly vendor: string | undefined;
}

/** The maps a host may be read with. */
export function mapsFor({ cpuMap, sets, stated }: HostReading): readonly CpuMap[] {
  return cpuMap === undefined ? sets.mapsFor(stated ?? ANY_VERSION) : [cpuMap];
}

/** A host whose flags Linux lists: its physical CPU, seen through a kernel. */
export function hostOfFlags({ flags, ...facts }: Listed, reading: Reading): Host {
  const { arch } = facts;
  if (X86.has(arch)) return x86Host({ ...facts, flags }, reading);
  if (PPC64.has(arch)) return powerHost(facts, reading);
  const names = [...new Set(flags)].sort();
  if (arch === 'aarch64' && names.length > 0)
    return hostFrom({ ...facts, unnamed: names, issues: [weak(facts)] });
  const unknown = issue('unknown-presence', { hosts: [facts.name], source: facts.source, arch });
  return hostFrom({ ...facts, issues: [unknown] });
}

function x86Host({ flags, ...facts }: Listed, reading: Reading): Host {
  const maps = mapsFor(reading);
  const vendor = vendorName(maps, facts.vendor);
  const named = flags.map((flag) => nameOfFlag(maps, flag, vendor)).filter((name) => name !== undefined);
  if (named.length === 0) throw noFlags(facts.name, reading);
  const given = named.filter((name) => !WITHHELD_BY_KVM.has(name));
  const features = [...new Set([...given, ...IN_EVERY_KVM_GUEST])].sort();
  return weakHost(
    { ...facts, vendor },
    { cpuMaps: maps, features, uncertain: NO_NAMES },
    'hidden-by-kernel',
    reading,
  );
}

/** No x86 CPU lacks all of them: they were cut off, or the document is about another architecture. */
function noFlags(name: string, reading: Reading): LibvirtXmlError {
  const reason = `${name}: there are no flags of an x86 CPU in it`;
  const hint =
    'Is the output complete, and in English (LC_ALL=C)? Give all of it, or better the output of "virsh domcapabilities".';
  return refuse(reading, 'no-cpu-model', reason, hint);
}

/**
 * A POWER CPU has a level, which Linux states in front of further words: `POWER9 (architected), altivec supported`. To
 * libvirt, the chips POWER7+, POWER8E and POWER8NVL are of the level POWER7 or POWER8: its models list their versions
 * (004a, 004b, 004c).
 */
function powerHost({ model: stated = '', ...facts }: Omit<Listed, 'flags'>, reading: Reading): Host {
  const maps = mapsFor(reading);
  const model = stated.split(/[ ,]/)[0]?.replace(/^(POWER\d+)(?:\+|E|NVL)$/, '$1') ?? '';
  const knowing = maps.filter(({ ppc64 }) => ppc64.models.some(({ name }) => name === model));
  const reason = `${facts.name}: libvirt knows no POWER CPU "${model}"`;
  if (knowing.length === 0) throw refuse(reading, 'unknown-model', reason, VERSION_OR_MAP);
  return hostFrom({ ...facts, model, vendor: 'IBM', features: [], cpuMaps: knowing, issues: [weak(facts)] });
}

const NO_NAMES: readonly string[] = [];

/** A host of x86 that a source weaker than libvirt's domcapabilities describes. */
export function weakHost(
  facts: Partial<Host> & Pick<Listed, 'name' | 'source'>,
  agreed: AgreedFeatures,
  silence: Silence,
  reading: Reading,
): Host {
  const { stated, cpuMap, sets } = reading;
  const isStated = stated !== undefined || cpuMap !== undefined;
  const doubts = versionDoubts(facts.name, { ...agreed, uncertain: NO_NAMES, isStated });
  return hostFrom({
    ...facts,
    ...agreed,
    silent: sets.silent(agreed, hiddenBy(silence)),
    issues: [weak(facts), ...(facts.issues ?? []), ...doubts, ...beyondMaps(facts.name, reading)],
  });
}

/** What every 64-bit CPU of x86 has that can run guests (x86-64-v1 of the psABI, and what Linux cannot do without). */
const IN_EVERY_X86_64: ReadonlySet<string> = new Set([
  ...CORE,
  ...'clflush de mca mce mmx mtrr pat pge pse pse36 sep vme'.split(' '),
]);

/** A host of x86 of which a source names some features: what it does not name may be there or not. */
export function hostOfSome(
  facts: Partial<Host> & Pick<Listed, 'name' | 'source'>,
  some: readonly string[],
  reading: Reading,
): Host {
  const features = [...new Set([...IN_EVERY_X86_64, ...IN_EVERY_KVM_GUEST, ...some])].sort();
  return weakHost(facts, { cpuMaps: mapsFor(reading), features, uncertain: NO_NAMES }, 'unlisted', reading);
}

function weak({ name, source }: Pick<Listed, 'name' | 'source'>): Host['issues'][number] {
  const grade = gradeOf(source);
  return issue('weak-source', { hosts: [name], source, grade: grade === 'A' ? 'B' : grade });
}

/** The vendor in the name under which a CPU is sold: `Intel(R) Xeon(R) …`, `AMD EPYC …`. */
export function vendorOfProduct(product = ''): string | undefined {
  return /^(Intel|AMD|Hygon)\b/.exec(product)?.[1];
}

/**
 * The features of a model and of the names listed beside it, by every map of the host that knows all of them.
 *
 * @throws LibvirtXmlError where no map does.
 */
export function expandListed(
  { model, names, host }: Record<'model' | 'host', string> & { readonly names: readonly string[] },
  reading: Reading,
): AgreedFeatures {
  const maps = mapsFor(reading);
  const definition = { model, features: names.map((name) => ({ name, policy: 'require' })) };
  const readings = maps.map((map) => ({ map, expansion: expandCpu(indexOf(map), definition) }));
  const complete = readings.flatMap(({ map, expansion }) =>
    'features' in expansion ? [{ map, features: expansion.features }] : [],
  );
  const last = readings.at(-1)?.expansion;
  if (complete.length === 0 && last !== undefined && 'unknown' in last) {
    const what = last.unknown;
    const reason = `${host}: libvirt ${mapVersions(maps)} knows no CPU ${what} "${last.name}"`;
    throw refuse(reading, `unknown-${what}`, reason, VERSION_OR_MAP);
  }
  return reading.sets.agreed(complete);
}

/** An input error of a document that has no finer places. */
export function refuse(
  { text, file, start: offset }: Reading,
  code: InputErrorCode,
  reason: string,
  hint: string,
): LibvirtXmlError {
  return new LibvirtXmlError(code, reason, { text, offset, file, hint });
}
