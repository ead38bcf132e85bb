import type { Host } from '../../../types/host.ts';
import type { HostIssueCode, Issue, IssueFactsByCode } from '../../../types/issue.ts';
import type { ParseHostOptions } from '../../../types/options.ts';
import { joinHosts } from '../../cpu/join.ts';
import { normalVersion } from '../../cpu/versions.ts';
import { aboutHosts, issue, LibvirtXmlError, type ErrorPlace } from '../../issues/issues.ts';
import { scanXml } from '../../xml/scan.ts';
import { readHostDocument, type HostDocument } from './document.ts';
import { readFeatures } from './features.ts';
import { sharedModels, sharedOffers } from './offers.ts';
import { versionDoubts, type Read } from './versions.ts';
import { looksLikeJson } from '../json.ts';
import { readAnswers } from './qmp.ts';

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
export function parseHosts(xml: string, given: ParseHostOptions = {}): readonly Host[] {
  if (looksLikeJson(xml)) return readAnswers(xml, given, given.name ?? 'host');
  const options = { ...capturedVersion(xml), ...given };
  const tree = scanXml(xml, { ...options, several: true });
  refuseDamage(xml, options.file);
  const documents = tree.roots.map((root) => readHostDocument(tree, root, options.file));
  const [first, second] = documents;
  const name = options.name ?? first?.uuid ?? second?.uuid ?? 'host';
  const isPair = documents.length === 2 && complements(first, second);
  const numbered = documents.length > 1 && !isPair;
  return joinHosts(
    documents.map((document, i) => toHost(document, options, numbered ? `${name}#${i + 1}` : name)),
  );
}

/** `virt-migratable capture` notes the libvirt version in the first line of a host's text. */
function capturedVersion(xml: string): Pick<ParseHostOptions, 'libvirtVersion'> {
  const MARK = '<?virt-migratable ';
  if (!xml.startsWith(MARK) || xml.includes(MARK, MARK.length)) return {};
  const version = /\slibvirt='(\d+\.\d+\.\d+)'/.exec(xml.slice(0, xml.indexOf('?>')))?.[1];
  return version === undefined ? {} : { libvirtVersion: version };
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

function toHost(document: HostDocument, options: ParseHostOptions, name: string): Host {
  const { features, uncertain, cpuMaps, ...read } = readFeatures(document, options);
  const stated = options.libvirtVersion !== undefined || options.cpuMap !== undefined;
  return {
    name,
    source: document.source,
    uuid: document.uuid,
    arch: read.arch,
    virtType: document.virtType,
    emulator: document.emulator,
    machine: document.machine,
    libvirtVersion: options.libvirtVersion === undefined ? undefined : normalVersion(options.libvirtVersion),
    model: read.model,
    vendor: read.vendor,
    features,
    uncertain,
    unnamed: read.unnamed,
    cpuMaps,
    processor: document.processor,
    ...document.offered,
    machines: document.machines,
    virtio: options.virtio,
    issues: doubts(document, name, { features, uncertain, cpuMaps, stated }),
  };
}

function doubts(document: HostDocument, name: string, read: Read & Pick<Host, 'features'>): Host['issues'] {
  const issues: Issue<HostIssueCode>[] = [];
  if (read.features === undefined) return silence(document, name);
  const weak = weakness(document);
  if (weak !== undefined) issues.push(issue('weak-source', { hosts: [name], source: weak }));
  return [...issues, ...versionDoubts(name, read)];
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
  const fallback = cpu?.children.find((child) => child.name === 'model')?.attributes.get('fallback');
  return fallback === 'forbid' ? undefined : 'fallback-model';
}

/** What all hosts of one text have; what only some have is uncertain, so that it can never be taken for common. */
function sharedHost(first: Host, hosts: readonly Host[], name: string, place: ErrorPlace): Host {
  refuseUnlike(hosts, name, place);
  const sets = hosts.map((host) => new Set(host.features));
  const known = hosts.every(({ features }) => features !== undefined);
  const all = [...new Set(hosts.flatMap((host) => [...(host.features ?? []), ...host.uncertain]))].sort();
  const common = all.filter((feature) => sets.every((set) => set.has(feature)));
  const issues = hosts.flatMap((host) => renamed(host, name).issues);
  return {
    ...renamed(first, name),
    vendor: hosts.find(({ vendor }) => vendor !== undefined)?.vendor,
    features: known ? common : undefined,
    uncertain: all.filter((feature) => !common.includes(feature)),
    cpuMaps: [...new Set(hosts.flatMap((host) => host.cpuMaps))],
    offers: sharedOffers(hosts.map(({ offers }) => offers)),
    ...sharedModels(hosts),
    issues: issues.filter((found, i) => issues.findIndex(({ message }) => message === found.message) === i),
  };
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
