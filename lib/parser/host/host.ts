import type { Host } from '../../../types/host.ts';
import type { IssueFactsByCode } from '../../../types/issue.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import type { VersionRange } from '../../cpu/bundled.ts';
import { joinHosts } from '../../cpu/join.ts';
import { asText } from '../../issues/given.ts';
import {
  aboutHosts,
  isLibvirtXmlError,
  issue,
  LibvirtXmlError,
  type ErrorPlace,
} from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { withTree } from '../../xml/scan.ts';
import { looksLikeJson } from '../json.ts';
import { capturedFacts, NO_FACTS, type CapturedFacts } from './captured.ts';
import { attributeIn } from './cpu-element.ts';
import { readHostDocument, type HostDocument } from './document.ts';
import { readFeatures, type HostFeatures } from './features.ts';
import { sharedModels, sharedOffers } from './offers.ts';
import { piecesOf } from './pieces.ts';
import { readAnswers } from './qmp.ts';
import { newShared, readingFor, type HostReading } from './reading.ts';
import { versionDoubts } from './versions.ts';

/**
 * A host, read from what libvirt prints about it: `virsh domcapabilities` (best: what a guest really gets),
 * `virsh hypervisor-cpu-baseline --features`, `virsh capabilities`, or a bare `<cpu>`; or from what QEMU answers to
 * `query-cpu-model-expansion` for the model `host` (KVM) or `max` (emulation). There, what QEMU lists as off, or has no
 * property for, no guest that may migrate sees. Given capabilities and
 * domcapabilities in one text, identity comes from the first and features from the second. Several CPUs in one text
 * count as one host that has what all of them have; use `parseHosts` to keep them apart.
 *
 * @param xml one document or several in a row; JSON, if it begins like JSON.
 * @returns plain data; `features` is `undefined` where libvirt does not say (never an empty guess).
 * @throws LibvirtXmlError for input that cannot be read, with file, line, column and what to do.
 * @throws RangeError if `libvirtVersion` is not a version.
 * @see https://libvirt.org/formatdomaincaps.html#cpu-configuration
 * @example
 * const host = parseHost("<cpu><arch>x86_64</arch><model>486</model><feature name='tsc'/></cpu>", { libvirtVersion: '9.0.0' });
 * host.features; // → ['fpu', 'pse', 'tsc', 'vme']
 */
export function parseHost(xml: string, options: ParseHostOptions = {}): Host {
  const hosts = parseHosts(xml, options);
  const [first] = hosts;
  if (first === undefined) throw new RangeError('a text with an element holds a host');
  if (hosts.length === 1) return first;
  return sharedHost(first, hosts, options.name ?? 'host', { text: xml, offset: 0, file: options.file });
}

/**
 * Every host of a text that may hold several documents in a row, as `virsh cpu-baseline` accepts them. With more
 * than one, their names are numbered: `name#1`, `name#2` …
 *
 * @throws LibvirtXmlError as `parseHost` does.
 * @example
 * const one = '<cpu><arch>x86_64</arch><model>486</model></cpu>';
 * parseHosts(one + one, { name: 'pool' }).map((host) => host.name); // → ['pool#1', 'pool#2']
 */
export function parseHosts(xml: string, options: ParseHostOptions = {}): readonly Host[] {
  return newHostReader().read(xml, options);
}

/** Reads the hosts of many texts as `parseHosts` does. What is equal among them is there once. */
export interface HostReader {
  readonly read: (xml: string, options?: ParseHostOptions) => readonly Host[];
}

/** A reader, for whoever reads the hosts of a pool: it remembers what it has read for as long as somebody holds it. */
export function newHostReader(): HostReader {
  const shared = newShared();
  return {
    read: (xml, options = {}) => readHosts(asText(xml, 'the text of a host'), readingFor(options, shared)),
  };
}

function readHosts(xml: string, reading: HostReading): readonly Host[] {
  if (looksLikeJson(xml)) return readAnswers(xml, reading);
  const pieces = piecesOf(xml, reading.options);
  if (pieces.length > 1) {
    try {
      return readPieces(pieces, reading);
    } catch (error) {
      // The place of what is wrong is one in the whole text, and the cuts were a guess.
      if (!isLibvirtXmlError(error)) throw error;
    }
  }
  return readPieces([xml], reading);
}

/** The hosts of a text that was cut between its documents. */
function readPieces(pieces: readonly string[], reading: HostReading): readonly Host[] {
  const { options, offers } = reading;
  const { file } = options;
  const hosts: Host[] = [];
  let nameOf: ((number: number) => string) | undefined;
  let facts = NO_FACTS;
  for (const text of pieces) {
    withTree(text, { ...options, several: true }, (tree) => {
      refuseDamage(text, file);
      const documents = tree.roots.map((root) => readHostDocument({ tree, file, memory: offers }, root));
      const captured = capturedFacts(tree, facts);
      facts = captured.at(-1) ?? facts;
      nameOf ??= namesFor(documents, { given: options.name, isPart: pieces.length > 1 });
      for (const [i, document] of documents.entries())
        hosts.push(toHost(document, nameOf(hosts.length + 1), reading, captured[i] ?? NO_FACTS));
    });
  }
  return joinHosts(hosts);
}

/** How the hosts of a text are called, by their number; these documents are its first, or all. */
function namesFor(
  documents: readonly HostDocument[],
  { given, isPart }: { readonly given: string | undefined; readonly isPart: boolean },
): (number: number) => string {
  const [first, second] = documents;
  const name = given ?? first?.uuid ?? second?.uuid ?? 'host';
  const isPair = !isPart && documents.length === 2 && complements(first, second);
  const isNumbered = (isPart || documents.length > 1) && !isPair;
  return (number) => (isNumbered ? `${name}#${number}` : name);
}

/** capabilities and domcapabilities side by side in one text are one host. */
function complements(a: HostDocument | undefined, b: HostDocument | undefined): boolean {
  return [a?.source, b?.source].sort().join() === 'capabilities,domcapabilities';
}

/** virsh prints no U+FFFD: it is the mark a failed decoding leaves, and what it replaced is lost. */
function refuseDamage(text: string, file: string | undefined): void {
  const offset = text.indexOf('\ufffd');
  if (offset === -1) return;
  throw new LibvirtXmlError('bad-encoding', 'this character (U+FFFD) stands for bytes that were not UTF-8', {
    text,
    offset,
    file,
    hint: 'Give the bytes as virsh printed them, read as UTF-8.',
  });
}

function renamed(host: Host, name: string): Host {
  return { ...host, name, issues: host.issues.map((found) => aboutHosts(found, [name])) };
}

function toHost(document: HostDocument, name: string, reading: HostReading, facts: CapturedFacts): Host {
  const stated = reading.stated ?? capturedVersion(facts);
  const { sets, cpuMap, virtio } = reading;
  const read = readFeatures(document, { sets, cpuMap, stated });
  const isStated = stated !== undefined || cpuMap !== undefined;
  const { offered, virtType, emulator, machine, machines, processor, source, uuid } = document;
  const { features, uncertain, cpuMaps } = read;
  const issues = frozen(doubts(document, name, { features, uncertain, cpuMaps, isStated }));
  // Named one by one: so all hosts have one shape, which takes half the memory.
  const host: Host = {
    name,
    source,
    uuid,
    arch: read.arch,
    virtType,
    emulator,
    machine,
    libvirtVersion: stated?.from,
    model: read.model,
    vendor: read.vendor,
    features,
    uncertain,
    unnamed: read.unnamed,
    cpuMaps,
    processor,
    offers: offered.offers,
    vcpuMaximum: offered.vcpuMaximum,
    usableModels: offered.usableModels,
    modelBlockers: offered.modelBlockers,
    physicalAddressLimit: offered.physicalAddressLimit,
    machines,
    virtio,
    issues,
  };
  return Object.freeze(host);
}

/** The libvirt version that a capture noted, as a range of one. */
function capturedVersion(facts: CapturedFacts): VersionRange | undefined {
  const version = facts.get('libvirt');
  return version !== undefined && /^\d+\.\d+\.\d+$/.test(version)
    ? { from: version, to: version }
    : undefined;
}

function doubts(
  document: HostDocument,
  name: string,
  read: Pick<HostFeatures, 'features' | 'uncertain' | 'cpuMaps'> & { readonly isStated: boolean },
): Host['issues'] {
  if (read.features === undefined) return silence(document, name);
  const weak = weakness(document);
  const issues = versionDoubts(name, read);
  return weak === undefined ? issues : [issue('weak-source', { hosts: [name], source: weak }), ...issues];
}

/** Nobody knows the features; on aarch64 hosts of one CPU can be told from others all the same. */
function silence({ arch = '', source }: HostDocument, name: string): Host['issues'] {
  if (/^(?:riscv|loongarch)/.test(arch)) return [issue('arch-unsupported', { hosts: [name], arch })];
  if (arch === 'aarch64' && source !== 'domcapabilities') return [];
  return [issue('unknown-presence', { hosts: [name], source })];
}

type WeakSource = IssueFactsByCode['weak-source']['source'];

/** libvirt's own probe of the hardware is not what a guest gets; `fallback='allow'` says that QEMU was not asked. */
function weakness({ source, cpu }: HostDocument): WeakSource | undefined {
  if (source === 'capabilities' || source === 'host-cpu' || source === 'cpuid') return source;
  const fallback = cpu === undefined ? undefined : attributeIn(cpu, 'model', 'fallback');
  return fallback === 'forbid' ? undefined : 'fallback-model';
}

/** What all hosts of one text have; what only some have is uncertain, so that it can never be taken for common. */
function sharedHost(first: Host, hosts: readonly Host[], name: string, place: ErrorPlace): Host {
  refuseUnlike(hosts, name, place);
  const lists = [...new Set(hosts.map(({ features }) => features ?? []))];
  const sets = lists.map((list) => new Set(list));
  const known = hosts.every(({ features }) => features !== undefined);
  const all = [...new Set([...lists, ...new Set(hosts.map(({ uncertain }) => uncertain))].flat())].sort();
  const common = new Set(all.filter((feature) => sets.every((set) => set.has(feature))));
  const issues = hosts.flatMap((host) => renamed(host, name).issues);
  return frozen({
    ...renamed(first, name),
    vendor: hosts.find(({ vendor }) => vendor !== undefined)?.vendor,
    features: known ? [...common] : undefined,
    uncertain: all.filter((feature) => !common.has(feature)),
    cpuMaps: [...new Set(hosts.flatMap((host) => host.cpuMaps))],
    offers: sharedOffers(hosts.map(({ offers }) => offers)),
    ...sharedModels(hosts),
    issues: withoutRepeats(issues),
  });
}

function withoutRepeats(issues: Host['issues']): Host['issues'] {
  const messages = new Set<string>();
  return issues.filter(({ message }) => messages.size !== messages.add(message).size);
}

/** CPUs that can be no pool are no host either. */
function refuseUnlike(hosts: readonly Host[], name: string, place: ErrorPlace): void {
  const differ = (of: (host: Host) => string | undefined): boolean =>
    new Set(hosts.map(of).filter((value) => value !== undefined)).size > 1;
  const facts: readonly (readonly [string, (host: Host) => string | undefined])[] = [
    ['vendors', ({ vendor }) => vendor],
    ['architectures', ({ arch }) => arch],
    ['kinds of guest', ({ virtType }) => virtType],
    ['models', ({ features, model }) => (features?.length === 0 ? model : undefined)],
  ];
  const found = facts.find(([, of]) => differ(of))?.[0];
  if (found === undefined) return;
  const hint = 'Give each host a file of its own.';
  throw new LibvirtXmlError('vendor-mismatch', `the CPUs of ${name} have different ${found}`, {
    ...place,
    hint,
  });
}
