import type { FoldedDoubt, FoldedFacts } from '../../types/fold.ts';
import type { Host } from '../../types/host.ts';
import type { IssueCode } from '../../types/issue.ts';
import { givenHost } from '../cpu/given-hosts.ts';
import { isBundled } from '../cpu/packed.ts';
import { SILENCES, unshownNames } from '../cpu/silence.ts';
import { FOLD_HEAD, factsText } from '../parser/host/fold.ts';
import { single } from '../text/name-set.ts';

/** Findings about how a text was read, which say nothing of the host. */
const ABOUT_READING: ReadonlySet<IssueCode> = new Set(['input-skipped', 'nodes-skipped']);

/**
 * What a pool needs to know of a host, in one line of JSON without its line end: what guests see there, who makes the
 * CPU, from which source and how good that is. Not what the host offers besides, nor its UUID, file or programs: so the
 * lines of hosts that are alike differ in the name alone, and `foldLines` makes one of them. `parseHosts` reads such lines.
 *
 * @throws LibvirtXmlError `bad-host` for what is no host; RangeError for a host that was read with a CPU map of its own.
 * @example
 * const host = hostFromFeatures({ name: 'kvm-01', features: ['avx'], libvirtVersion: '9.0.0' });
 * profileLine(host);
 * // → '{"foldVersion":1,"hosts":["kvm-01"],"source":"stated","grade":"A","arch":"x86_64","maps":["9.0.0"],"features":["avx"]}'
 */
export function profileLine(host: Host): string {
  const given = givenHost(host, 'the host');
  return `${FOLD_HEAD}${JSON.stringify([single(given.name)])},${factsText(factsOf(given))}`;
}

function factsOf(host: Host): FoldedFacts {
  const { source, grade, arch, virtType, vendor, model, processor, features, uncertain, unnamed } = host;
  const { physicalAddressLimit, properties, deprecatedFeatures, issues } = host;
  const { family, model: number, stepping, physicalAddressBits } = processor ?? {};
  const cpu = [family, number, stepping];
  const doubts = issues.filter(({ code }) => !ABOUT_READING.has(code)).map(doubtOf);
  const silent = silenceOf(host);
  const facts = {
    source,
    grade,
    arch,
    virtType,
    vendor,
    model,
    features,
    unnamed,
    addressLimit: physicalAddressLimit,
    maps: filled(mapsOf(host)),
    cpu: cpu.some((one) => one !== undefined) ? cpu.map((one) => one ?? null) : undefined,
    addressBits: physicalAddressBits,
    uncertain: filled(uncertain),
    silent: typeof silent === 'string' ? silent : filled(silent),
    properties: Object.keys(properties).length === 0 ? undefined : sortedMembers(properties),
    deprecated: filled(deprecatedFeatures),
    doubts: filled(doubts),
  };
  const stated = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(stated) as unknown as FoldedFacts;
}

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function sortedMembers(properties: Host['properties']): Host['properties'] {
  return Object.fromEntries(Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @throws RangeError for a map that whoever reads the line cannot have */
function mapsOf({ name, cpuMaps }: Host): readonly string[] {
  if (!cpuMaps.every(isBundled))
    throw new RangeError(`${name} was read with a CPU map of its own, which a line cannot carry`);
  return cpuMaps.map(({ version }) => version);
}

/** What the source could not show: in one word where it is what no source of some kind can. */
function silenceOf({ silent, cpuMaps, features = [], uncertain }: Host): string | readonly string[] {
  if (silent.length === 0) return silent;
  const told = new Set([...features, ...uncertain]);
  const isAll = (names: readonly string[]): boolean => {
    const open = names.filter((name) => !told.has(name));
    return open.length === silent.length && open.every((name, i) => name === silent[i]);
  };
  return SILENCES.find((silence) => isAll(unshownNames(cpuMaps, silence))) ?? silent;
}

function doubtOf({ message: _, hosts: __, ...found }: Host['issues'][number]): FoldedDoubt {
  return found;
}
