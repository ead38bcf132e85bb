import type { Host } from '../../../types/host.ts';
import type { HostGrade } from '../../../types/host-source.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import type { VersionRange } from '../../cpu/bundled.ts';
import { X86 } from '../../cpu/arches.ts';
import { gradeOf, isAddedByKvm, weaknessOf } from '../../cpu/grade.ts';
import { joinHosts } from '../../cpu/join.ts';
import { madeHost } from '../../cpu/made-host.ts';
import { normalVersion } from '../../cpu/versions.ts';
import { aboutHosts, isLibvirtXmlError, issue, LibvirtXmlError } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { withTree } from '../../xml/scan.ts';
import { capturedFacts, NO_FACTS, type CapturedFacts } from './captured.ts';
import { attributeIn } from './cpu-element.ts';
import { hostRoots, readHostDocument, type HostDocument } from './document.ts';
import { readFeatures, type HostFeatures } from './features.ts';
import { piecesOf } from './pieces.ts';
import type { HostReading } from './reading.ts';
import type { FeatureSets } from './sets.ts';
import { beyondMaps, versionDoubts } from './versions.ts';

/** The hosts of XML, in one document or several in a row. */
export function readXmlHosts(xml: string, reading: HostReading): readonly Host[] {
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
  let nameOf: NameOf | undefined;
  let facts = NO_FACTS;
  for (const text of pieces) {
    withTree(text, { ...options, several: true }, (tree) => {
      refuseDamage(text, file);
      const roots = hostRoots(tree);
      const documents = roots.map((root) => readHostDocument({ tree, file, memory: offers }, root));
      const noted = capturedFacts(tree, facts);
      facts = noted.at(-1) ?? facts;
      const captured =
        roots === tree.roots ? noted : noted.filter((_, i) => roots.includes(tree.roots[i] ?? -1));
      nameOf ??= namesFor(documents, captured, { options, isPart: pieces.length > 1 });
      for (const [i, document] of documents.entries())
        hosts.push(toHost(document, nameOf(hosts.length + 1, captured[i]), reading, captured[i] ?? NO_FACTS));
    });
  }
  return joinHosts(hosts);
}

/** The name of a host by its number in the text, and what a capture noted of it. */
type NameOf = (number: number, facts: CapturedFacts | undefined) => string;

/** The documents behind one note are one host's: what does not name itself is called by the number of its first. */
function numberedNotes(name: string): NameOf {
  const firsts = new Map<CapturedFacts | undefined, number>();
  return (number, facts) => {
    const isNoted = facts !== undefined && facts !== NO_FACTS;
    const first = (isNoted ? firsts.get(facts) : undefined) ?? number;
    firsts.set(facts, first);
    return capturedName(facts) ?? `${name}#${first}`;
  };
}

/** What a capture calls its host, or the machine it asked. */
function capturedName(facts: CapturedFacts | undefined): string | undefined {
  const machine = /^[^:]*:\/\/(?:[^@/?]*@)?([^/:?]+)/.exec(facts?.get('uri') ?? '')?.[1];
  return facts?.get('name') ?? machine;
}

/** How the hosts of a text are called, by their number; these documents are its first, or all. */
function namesFor(
  documents: readonly HostDocument[],
  captured: readonly CapturedFacts[],
  { options, isPart }: { readonly options: ParseHostOptions; readonly isPart: boolean },
): NameOf {
  const notes = new Set(captured);
  const stated = options.name ?? captured[0]?.get('name') ?? options.defaultName;
  const name = stated ?? documents.find(({ uuid }) => uuid !== undefined)?.uuid ?? 'host';
  if (notes.size > 1 || (isPart && !notes.has(NO_FACTS))) return numberedNotes(name);
  const isNumbered = isPart || (documents.length > 1 && !isPair(documents));
  return (number) => (isNumbered ? `${name}#${number}` : name);
}

/** capabilities and domcapabilities side by side in one text are one host. */
function isPair(documents: readonly HostDocument[]): boolean {
  const sources = documents.map(({ source }) => source);
  return sources.sort().join() === 'capabilities,domcapabilities';
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

/** A host by another name, also in what was found. */
export function renamedHost(host: Host, name: string): Host {
  const issues = host.issues.map((found) =>
    aboutHosts(
      found,
      found.hosts.map((other) => (other === host.name ? name : other)),
    ),
  );
  return madeHost({ ...host, name, issues });
}

function toHost(document: HostDocument, name: string, reading: HostReading, facts: CapturedFacts): Host {
  const stated = reading.stated ?? capturedVersion(facts);
  const { sets, cpuMap, virtio } = reading;
  const read = readFeatures(document, { sets, cpuMap, stated });
  const isStated = stated !== undefined || cpuMap !== undefined;
  const { offered, virtType, emulator, machine, machines, processor, source, uuid } = document;
  const { features, uncertain, cpuMaps } = read;
  const grade = gradeOf(source, { fallback: fallbackOf(document), arch: read.arch });
  const beyond = cpuMaps.length > 0 ? beyondMaps(name, { stated, cpuMap }) : [];
  const found = doubts(document, name, grade, { features, uncertain, cpuMaps, isStated });
  const issues = frozen(beyond.length === 0 ? found : [...found, ...beyond]);
  // Named one by one: so all hosts have one shape, which takes half the memory.
  const host: Host = {
    name,
    source,
    grade,
    file: document.file,
    uuid,
    arch: read.arch,
    virtType,
    emulator,
    machine,
    libvirtVersion: stated?.from,
    qemuVersion: qemuVersionOf(reading, facts),
    model: read.model,
    vendor: read.vendor,
    features,
    uncertain,
    silent: grade === 'A' ? NO_NAMES : silentOn(read, sets),
    unnamed: read.unnamed,
    properties: NO_PROPERTIES,
    deprecatedFeatures: NO_NAMES,
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
  return madeHost(host);
}

/** The libvirt version that a capture noted, as a range of one. */
function capturedVersion(facts: CapturedFacts): VersionRange | undefined {
  const version = facts.get('libvirt');
  return version !== undefined && /^\d+\.\d+\.\d+$/.test(version)
    ? { from: version, to: version }
    : undefined;
}

/** The version of QEMU that the caller states, or that a capture noted. */
function qemuVersionOf({ options }: HostReading, facts: CapturedFacts): string | undefined {
  const hypervisor = facts.get('hypervisor') ?? '';
  const noted = facts.get('qemu') ?? (hypervisor.startsWith('QEMU ') ? hypervisor : undefined);
  const version = options.qemuVersion ?? noted;
  return version === undefined ? undefined : normalVersion(version);
}

const NO_NAMES: readonly string[] = Object.freeze([]);
const NO_PROPERTIES: Host['properties'] = Object.freeze({});

/** How a model may be replaced where libvirt lacks it: not at all (`forbid`) in what libvirt asked QEMU about. */
function fallbackOf({ source, cpu }: HostDocument): string | undefined {
  if (cpu === undefined || (source !== 'domcapabilities' && source !== 'guest-cpu')) return undefined;
  return attributeIn(cpu, 'model', 'fallback') ?? 'allow';
}

/** What libvirt's list of the physical CPU cannot show, because KVM adds it for guests. */
function silentOn(
  { arch, features, uncertain, cpuMaps }: HostFeatures,
  sets: FeatureSets,
): readonly string[] {
  return arch !== undefined && X86.has(arch) && features !== undefined
    ? sets.silent({ features, uncertain, cpuMaps }, isAddedByKvm)
    : NO_NAMES;
}

function doubts(
  document: HostDocument,
  name: string,
  grade: HostGrade,
  read: Pick<HostFeatures, 'features' | 'uncertain' | 'cpuMaps'> & { readonly isStated: boolean },
): Host['issues'] {
  if (read.features === undefined) return silence(document, name);
  const { source, fragment } = document;
  const issues = versionDoubts(name, read);
  if (grade === 'A' && fragment === undefined) return issues;
  const weakness = weaknessOf({ source, grade });
  const weak =
    grade === 'A' || weakness === undefined
      ? []
      : [issue('weak-source', { hosts: [name], grade, source: weakness })];
  const notes = fragment === undefined ? [] : [issue('input-fragment', { hosts: [name], element: fragment })];
  return [...weak, ...notes, ...issues];
}

/** Nobody knows the features; on aarch64 hosts of one CPU can be told from others all the same. */
function silence({ arch = '', source }: HostDocument, name: string): Host['issues'] {
  if (/^(?:riscv|loongarch)/.test(arch)) return [issue('arch-unsupported', { hosts: [name], arch })];
  if (arch === 'aarch64' && source !== 'domcapabilities') return [];
  return [issue('unknown-presence', { hosts: [name], source, arch })];
}
