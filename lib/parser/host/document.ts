import type { HostMachine, HostProcessor } from '../../../types/host.ts';
import type { HostSource } from '../../../types/host-source.ts';
import type { InputErrorCode } from '../../../types/issue.ts';
import type { CpuRegister } from '../../../types/cpu-map.ts';
import { leafKey, msrKey, NO_PROCESSOR, signatureInRaw, type RawCpu } from '../../cpu/cpuid.ts';
import { LibvirtXmlError } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { ownCopy } from '../../text/own-copy.ts';
import { attributeAt, locate, locatedCount } from '../../xml/bytes.ts';
import {
  attributeOf,
  attributesOf,
  childrenNamed,
  childrenOf,
  elementAt,
  hasOwnNamespace,
  nameAt,
  textAt,
  type XmlElement,
} from '../../xml/query.ts';
import type { BorrowedTree } from '../../xml/tree.ts';
import { nameOf, type Name } from '../../xml/words.ts';
import {
  attributeIn,
  childOf,
  childrenOfName,
  readCpuElement,
  refusePrefixed,
  textIn,
  type CpuElement,
} from './cpu-element.ts';
import {
  NO_OFFERS,
  readMachines,
  readOffers,
  type OfferedByHost,
  type OffersMemory,
  type PrintedModels,
} from './offers.ts';

/** One document about a host: what it is, and the element that states the CPU. */
export interface HostDocument {
  readonly tree: BorrowedTree;
  readonly file: string | undefined;
  /** Offset of the document's root element. */
  readonly start: number;
  readonly source: HostSource;
  /** Where model, vendor and features stand; missing where libvirt states no CPU. */
  readonly cpu: CpuElement | undefined;
  /** A guest's CPU names a policy for each feature; a host's lists what it has. */
  readonly style: 'guest' | 'host';
  readonly arch: string | undefined;
  readonly uuid: string | undefined;
  readonly virtType: string | undefined;
  readonly emulator: string | undefined;
  readonly machine: string | undefined;
  readonly processor: HostProcessor | undefined;
  /** Raw CPUID and MSR answers, where the document holds nothing else. */
  readonly raw: RawCpu | undefined;
  readonly offered: OfferedByHost;
  /** How domcapabilities list the models of custom mode. */
  readonly printed: PrintedModels | undefined;
  readonly machines: readonly HostMachine[];
  /** The name of the root, where that is a part of domcapabilities only. */
  readonly fragment: string | undefined;
}

const EXPECTED =
  'Give the output of virsh domcapabilities, virsh capabilities or virsh hypervisor-cpu-baseline, or a bare <cpu>.';

/** Where a document stands, and what is remembered of others. */
interface Source {
  readonly tree: BorrowedTree;
  readonly file: string | undefined;
  readonly memory: OffersMemory;
}

/** Root elements that are given in place of a host's, and what each describes. */
const OTHER_ROOTS: Readonly<Record<string, string | undefined>> = {
  HOST: 'OpenNebula’s XML (give the output of "onehost show -j")',
  cpus: 'a CPU map, which says what a libvirt knows',
  device: 'the description of a device',
  domainbackup: 'a backup',
  domainsnapshot: 'a snapshot',
  domstatus: 'the status of a running guest',
  host: 'an object of oVirt’s API',
  hosts: 'objects of oVirt’s API',
  html: 'an HTML page, perhaps one that asks for a login',
  network: 'a virtual network',
  pool: 'a storage pool',
  sysinfo: 'the output of "virsh sysinfo"',
  volume: 'a storage volume',
};

/** The document below one root element. */
export function readHostDocument(source: Source, root: number): HostDocument {
  const { tree } = source;
  const element = elementAt(tree, root);
  if (hasOwnNamespace(tree, element.index))
    throw fail(source, element, 'wrong-root', `<${element.name}> is in a namespace of its own`, EXPECTED);
  if (element.name !== 'domain') refusePrefixed(tree, root);
  switch (element.name) {
    case 'domainCapabilities':
      return readDomainCapabilities(source, element);
    case 'mode':
      return readFragment(source, element, [element]);
    case 'capabilities':
      return readCapabilities(source, element);
    case 'cpu':
      return readCpu(source, element);
    case 'cpudata':
      return readCpuData(source, element);
    case 'domain':
      return readHostInDomain(source, element);
    default:
      throw fail(source, element, 'wrong-root', reasonFor(element), EXPECTED);
  }
}

function reasonFor({ name }: XmlElement): string {
  const other = OTHER_ROOTS[name];
  return other === undefined
    ? `<${name}> describes no host`
    : `<${name}> is ${other}, not a host as libvirt describes it`;
}

/** What not every document states. */
type Stated = Partial<Omit<HostDocument, 'tree' | 'file' | 'start' | 'source' | 'style'>>;

/** A document of some source, below an element, with what it states. All have one shape: there may be thousands. */
function documentOf(
  { tree, file }: Source,
  { start }: XmlElement,
  source: HostSource,
  stated: Stated,
): HostDocument {
  return {
    tree,
    file,
    start,
    source,
    style: source === 'domcapabilities' || source === 'guest-cpu' ? 'guest' : 'host',
    cpu: stated.cpu,
    arch: stated.arch,
    uuid: stated.uuid,
    virtType: stated.virtType,
    emulator: stated.emulator,
    machine: stated.machine,
    processor: stated.processor,
    raw: stated.raw,
    offered: stated.offered ?? NO_OFFERS,
    printed: stated.printed,
    machines: stated.machines ?? NO_OFFERS.machines,
    fragment: stated.fragment,
  };
}

/** The roots of a text's documents. Of modes cut out of domcapabilities, only the host-model describes the host. */
export function hostRoots(tree: BorrowedTree): readonly number[] {
  const { roots } = tree;
  const others = roots.filter(
    (root) => nameAt(tree, root) !== 'mode' || isHostModel(tree, elementAt(tree, root)),
  );
  return others.length === 0 || others.length === roots.length ? roots : others;
}

function isHostModel(tree: BorrowedTree, mode: XmlElement): boolean {
  return attributeOf(tree, mode, 'name') === 'host-model';
}

function readDomainCapabilities(source: Source, root: XmlElement): HostDocument {
  const { tree, memory } = source;
  const cpu = atMostOne(source, childrenNamed(tree, root.index, 'cpu'), '<cpu>');
  const modes = cpu === undefined ? [] : childrenNamed(tree, cpu.index, 'mode');
  return documentOf(source, root, 'domcapabilities', {
    cpu: hostModelIn(source, modes),
    arch: textAt(tree, root, 'arch'),
    virtType: textAt(tree, root, 'domain'),
    emulator: textAt(tree, root, 'path'),
    machine: textAt(tree, root, 'machine'),
    ...readOffers({ tree, root, cpu, modes }, memory),
  });
}

/** The CPU of the host-model among the modes of domcapabilities; `undefined` where it is not supported. */
function hostModelIn(source: Source, modes: readonly XmlElement[]): CpuElement | undefined {
  const { tree } = source;
  const found = modes.filter((mode) => isHostModel(tree, mode));
  const hostModel = atMostOne(source, found, 'mode "host-model"');
  const isSupported = hostModel !== undefined && attributeOf(tree, hostModel, 'supported') === 'yes';
  return isSupported ? readCpuElement(tree, hostModel) : undefined;
}

/** A part of domcapabilities: its `<cpu>`, or the host-model alone. */
function readFragment(source: Source, root: XmlElement, modes: readonly XmlElement[]): HostDocument {
  const { tree, memory } = source;
  const cpu = hostModelIn(source, modes);
  if (root.name === 'mode' && !isHostModel(tree, root)) {
    const reason = 'only the mode "host-model" says what a guest gets on a host';
    throw fail(source, root, 'no-cpu-model', reason, EXPECTED);
  }
  return documentOf(source, root, 'domcapabilities', {
    cpu,
    fragment: root.name,
    ...(root.name === 'cpu' && readOffers({ tree, root, cpu: root, modes }, memory)),
  });
}

function readCapabilities(source: Source, root: XmlElement): HostDocument {
  const { tree, memory } = source;
  const host = only(source, root, 'host');
  const cpu = readCpuElement(tree, only(source, host, 'cpu'));
  refuseMode(source, cpu);
  const arch = textIn(cpu, 'arch');
  return documentOf(source, root, 'capabilities', {
    cpu,
    arch,
    machines: readMachines(tree, root, arch, memory),
    uuid: textAt(tree, host, 'uuid'),
    processor: processorOf(cpu),
  });
}

function readCpu(source: Source, element: XmlElement): HostDocument {
  const { tree } = source;
  const cpu = readCpuElement(tree, element);
  const modes = childrenOfName(cpu, 'mode');
  if (modes.length > 0) return readFragment(source, element, modes);
  const arch = textIn(cpu, 'arch');
  if (arch === undefined) {
    if (isGuestCpu(cpu)) return documentOf(source, element, 'guest-cpu', { cpu });
    const hint = 'Add it, or give the output of virsh domcapabilities.';
    throw fail(source, element, 'unknown-arch', 'this <cpu> of a host states no <arch>', hint);
  }
  refuseMode(source, cpu);
  return documentOf(source, element, 'host-cpu', { cpu, arch, processor: processorOf(cpu) });
}

/** Leaves and registers as `<cpuid eax_in= ecx_in= eax= …/>` and `<msr index= eax= edx=/>` state them. */
function readCpuData(source: Source, element: XmlElement): HostDocument {
  const { tree } = source;
  const raw = new Map<string, Record<CpuRegister, number>>();
  const answers = childrenOf(tree, element.index).filter(({ name }) => name === 'cpuid' || name === 'msr');
  if (answers.length === 0) throw fail(source, element, 'no-cpu-model', 'there is no <cpuid>', EXPECTED);
  for (const child of answers) {
    const values = new Map(attributesOf(tree, child).map(({ name, value }) => [name, Number(value)]));
    const number = (name: string): number => values.get(name) ?? 0;
    if ([...values.values()].some((value) => !Number.isInteger(value)))
      throw fail(source, child, 'invalid-value', 'this register is no number', 'Write registers as 0x….');
    const registers = { eax: number('eax'), ebx: number('ebx'), ecx: number('ecx'), edx: number('edx') };
    const key = child.name === 'msr' ? msrKey(number('index')) : leafKey(number('eax_in'), number('ecx_in'));
    raw.set(key, registers);
  }
  const signature = signatureInRaw(raw);
  const processor = signature && frozen({ ...NO_PROCESSOR, ...signature });
  const stated = attributeOf(tree, element, 'arch');
  const arch = stated === 'x86' ? 'x86_64' : stated;
  return documentOf(source, element, 'cpuid', { arch, processor, raw });
}

/** virsh takes a domain that carries a host's CPU; a guest's own CPU says nothing about a host. */
function readHostInDomain(source: Source, domain: XmlElement): HostDocument {
  const [element] = childrenNamed(source.tree, domain.index, 'cpu');
  if (element !== undefined) refusePrefixed(source.tree, element.index);
  const document = element === undefined ? undefined : readCpu(source, only(source, domain, 'cpu'));
  if (document?.style === 'host') return document;
  const reason = "this is a domain's XML, not a host's: its <cpu> is what one guest asks for";
  const hint = 'Give the output of "virsh domcapabilities" of that host.';
  throw fail(source, element ?? domain, 'wrong-root', reason, hint);
}

/** A guest's CPU says how it is to be matched, or with which policy each feature is asked for; a host's does not. */
function isGuestCpu(cpu: CpuElement): boolean {
  const { tree, element, features } = cpu;
  const isStated = (index: number, name: string): boolean => attributeAt(tree, index, name) !== undefined;
  return (
    isStated(element.index, 'mode') ||
    isStated(element.index, 'match') ||
    attributeIn(cpu, 'model', 'fallback') !== undefined ||
    features.some((index) => isStated(index, 'policy'))
  );
}

function refuseMode(place: Place, { tree, element }: CpuElement): void {
  if (attributeAt(tree, element.index, 'mode') === undefined) return;
  const reason = "a host's <cpu> has no mode: this one belongs to a guest";
  throw fail(place, element, 'invalid-value', reason, EXPECTED);
}

function processorOf(cpu: CpuElement): HostProcessor {
  const { tree } = cpu;
  const [family, model, stepping] = numbersAt(tree, childOf(cpu, 'signature'), SIGNATURE_NAMES);
  const counter = childOf(cpu, 'counter');
  const isTsc = counter !== undefined && attributeAt(tree, counter, 'name') === 'tsc';
  const [frequency] = isTsc ? numbersAt(tree, counter, FREQUENCY_NAME) : [];
  const microcode = attributeIn(cpu, 'microcode', 'version');
  const [physicalAddressBits] = numbersAt(tree, childOf(cpu, 'maxphysaddr'), BITS_NAME);
  return Object.freeze({
    family,
    model,
    stepping,
    microcode: microcode === undefined ? undefined : ownCopy(microcode),
    physicalAddressBits,
    tsc:
      frequency === undefined || counter === undefined
        ? undefined
        : Object.freeze({ frequency, scaling: attributeAt(tree, counter, 'scaling') === 'yes' }),
  });
}

const SIGNATURE_NAMES: readonly Name[] = ['family', 'model', 'stepping'].map(nameOf);
const FREQUENCY_NAME: readonly Name[] = [nameOf('frequency')];
const BITS_NAME: readonly Name[] = [nameOf('bits')];

/** The whole numbers in attributes; `undefined` for each that is none. */
function numbersAt(
  tree: BorrowedTree,
  index: number | undefined,
  names: readonly Name[],
): readonly (number | undefined)[] {
  if (index === undefined) return [];
  locate(tree, index, names);
  return names.map((_name, k) => {
    const count = locatedCount(tree, k);
    return Number.isNaN(count) ? undefined : count;
  });
}

/** The one there is, if any. @throws LibvirtXmlError where a second one contradicts it */
function atMostOne(
  place: Place,
  [found, second]: readonly XmlElement[],
  what: string,
): XmlElement | undefined {
  if (second === undefined) return found;
  throw fail(place, second, 'two-cpus', `these domcapabilities have a second ${what}`, 'Keep one of them.');
}

function only(source: Source, parent: XmlElement, name: string): XmlElement {
  const [found, second] = childrenNamed(source.tree, parent.index, name);
  if (found === undefined)
    throw fail(source, parent, 'no-cpu-model', `<${parent.name}> states no <${name}>`, EXPECTED);
  if (second === undefined) return found;
  const reason = `<${parent.name}> has a second <${name}>`;
  throw fail(source, second, 'two-cpus', reason, 'Keep one of them.');
}

/** The text of a host, and how it is called in an error message. */
export type Place = Pick<HostDocument, 'tree' | 'file'>;

/** An input error at an element of a host document. */
export function fail(
  { tree, file }: Place,
  { start }: Pick<XmlElement, 'start'>,
  code: InputErrorCode,
  reason: string,
  hint: string,
): LibvirtXmlError {
  return new LibvirtXmlError(code, reason, { text: tree.text, offset: start, file, hint });
}
