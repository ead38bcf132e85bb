import type { HostMachine, HostProcessor, HostSource } from '../../../types/host.ts';
import type { InputErrorCode } from '../../../types/issue.ts';
import type { CpuRegister } from '../../../types/cpu-map.ts';
import { leafKey, msrKey, signatureInRaw, type RawCpu } from '../../cpu/cpuid.ts';
import { LibvirtXmlError } from '../../issues/issues.ts';
import {
  attributeOf,
  attributesOf,
  childrenNamed,
  childrenOf,
  descend,
  elementAt,
  hasOwnNamespace,
  textAt,
  type XmlElement,
} from '../../xml/query.ts';
import type { XmlTree } from '../../xml/scanner.ts';
import { isForeign, readValues, type XmlValue } from '../../xml/values.ts';
import { NO_OFFERS, readMachines, readOffers, type OfferedByHost } from './offers.ts';

/** One document about a host: what it is, and the element that states the CPU. */
export interface HostDocument {
  readonly tree: XmlTree;
  readonly file: string | undefined;
  /** Offset of the document's root element. */
  readonly start: number;
  readonly source: HostSource;
  /** The element whose children are model, vendor and features; missing where libvirt states no CPU. */
  readonly element: XmlElement | undefined;
  readonly cpu: XmlValue | undefined;
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
  readonly machines: readonly HostMachine[];
}

const EXPECTED =
  'Give the output of virsh domcapabilities, virsh capabilities or virsh hypervisor-cpu-baseline, or a bare <cpu>.';

/** The document below one root element. */
export function readHostDocument(tree: XmlTree, root: number, file: string | undefined): HostDocument {
  const element = elementAt(tree, root);
  if (hasOwnNamespace(tree, element.index))
    throw fail(
      { tree, file },
      element,
      'wrong-root',
      `<${element.name}> is in a namespace of its own`,
      EXPECTED,
    );
  switch (element.name) {
    case 'domainCapabilities':
      return readDomainCapabilities(tree, element, file);
    case 'capabilities':
      return readCapabilities(tree, element, file);
    case 'cpu':
      return readCpu(tree, element, file);
    case 'cpudata':
      return readCpuData(tree, element, file);
    case 'domain':
      return readHostInDomain(tree, only(tree, element, 'cpu', file), file);
    default:
      throw fail({ tree, file }, element, 'wrong-root', `<${element.name}> describes no host`, EXPECTED);
  }
}

function readDomainCapabilities(tree: XmlTree, root: XmlElement, file: string | undefined): HostDocument {
  const cpu = descend(tree, root.index, 'cpu');
  const modes = cpu === undefined ? [] : childrenNamed(tree, cpu.index, 'mode');
  const element = modes.find(
    (mode) =>
      attributeOf(tree, mode, 'name') === 'host-model' && attributeOf(tree, mode, 'supported') === 'yes',
  );
  return {
    tree,
    file,
    start: root.start,
    source: 'domcapabilities',
    style: 'guest',
    element,
    uuid: undefined,
    processor: undefined,
    raw: undefined,
    cpu: element === undefined ? undefined : valuesOf(tree, element),
    arch: textAt(tree, root, 'arch'),
    virtType: textAt(tree, root, 'domain'),
    emulator: textAt(tree, root, 'path'),
    machine: textAt(tree, root, 'machine'),
    offered: readOffers(tree, root, cpu),
    machines: [],
  };
}

function readCapabilities(tree: XmlTree, root: XmlElement, file: string | undefined): HostDocument {
  const host = only(tree, root, 'host', file);
  const element = only(tree, host, 'cpu', file);
  const cpu = valuesOf(tree, element);
  refuseMode({ tree, file }, element, cpu);
  return {
    tree,
    file,
    start: root.start,
    source: 'capabilities',
    style: 'host',
    element,
    cpu,
    ...NO_CONTEXT,
    machines: readMachines(tree, root, textIn(cpu, 'arch')),
    arch: textIn(cpu, 'arch'),
    uuid: textAt(tree, host, 'uuid'),
    processor: processorOf(tree, element),
    raw: undefined,
  };
}

/** Only domcapabilities are asked for a certain kind of guest. */
const NO_CONTEXT = {
  virtType: undefined,
  emulator: undefined,
  machine: undefined,
  offered: NO_OFFERS,
  machines: [],
} as const;

function readCpu(tree: XmlTree, element: XmlElement, file: string | undefined): HostDocument {
  const cpu = valuesOf(tree, element);
  const arch = textIn(cpu, 'arch');
  const read = {
    tree,
    file,
    start: element.start,
    element,
    cpu,
    arch,
    uuid: undefined,
    raw: undefined,
    ...NO_CONTEXT,
  };
  if (arch === undefined) {
    if (isGuestCpu(cpu)) return { ...read, source: 'guest-cpu', style: 'guest', processor: undefined };
    const hint = 'Add it, or give the output of virsh domcapabilities.';
    throw fail(read, element, 'unknown-arch', 'this <cpu> of a host states no <arch>', hint);
  }
  refuseMode(read, element, cpu);
  return { ...read, source: 'host-cpu', style: 'host', processor: processorOf(tree, element) };
}

/** Leaves and registers as `<cpuid eax_in= ecx_in= eax= …/>` and `<msr index= eax= edx=/>` state them. */
function readCpuData(tree: XmlTree, element: XmlElement, file: string | undefined): HostDocument {
  const raw = new Map<string, Record<CpuRegister, number>>();
  const answers = childrenOf(tree, element.index).filter(({ name }) => name === 'cpuid' || name === 'msr');
  if (answers.length === 0)
    throw fail({ tree, file }, element, 'no-cpu-model', 'there is no <cpuid>', EXPECTED);
  for (const child of answers) {
    const values = new Map(attributesOf(tree, child).map(({ name, value }) => [name, Number(value)]));
    const number = (name: string): number => values.get(name) ?? 0;
    if ([...values.values()].some((value) => !Number.isInteger(value))) {
      throw fail(
        { tree, file },
        child,
        'invalid-value',
        'this register is no number',
        'Write registers as 0x….',
      );
    }
    const registers = { eax: number('eax'), ebx: number('ebx'), ecx: number('ecx'), edx: number('edx') };
    const key = child.name === 'msr' ? msrKey(number('index')) : leafKey(number('eax_in'), number('ecx_in'));
    raw.set(key, registers);
  }
  const signature = signatureInRaw(raw);
  const nothing = { microcode: undefined, physicalAddressBits: undefined, tsc: undefined };
  const processor = signature === undefined ? undefined : { ...signature, ...nothing };
  const arch = attributeOf(tree, element, 'arch') === 'x86' ? 'x86_64' : attributeOf(tree, element, 'arch');
  const read = { tree, file, start: element.start, element, cpu: undefined, uuid: undefined, ...NO_CONTEXT };
  return { ...read, source: 'cpuid', style: 'host', arch, processor, raw };
}

/** virsh takes a domain that carries a host's CPU; a guest's own CPU says nothing about a host. */
function readHostInDomain(tree: XmlTree, element: XmlElement, file: string | undefined): HostDocument {
  const document = readCpu(tree, element, file);
  if (document.style === 'host') return document;
  throw fail(
    { tree, file },
    element,
    'wrong-root',
    'this is a domain: its <cpu> says nothing about a host',
    EXPECTED,
  );
}

/** A guest's CPU says how it is to be matched, or with which policy each feature is asked for; a host's does not. */
function isGuestCpu(cpu: XmlValue): boolean {
  const stated = cpu.attributes.has('mode') || cpu.attributes.has('match');
  return (
    stated || cpu.children.some((child) => child.attributes.has('policy') || child.attributes.has('fallback'))
  );
}

function refuseMode(place: Pick<HostDocument, 'tree' | 'file'>, element: XmlElement, cpu: XmlValue): void {
  if (!cpu.attributes.has('mode')) return;
  throw fail(
    place,
    element,
    'invalid-value',
    "a host's <cpu> has no mode: this one belongs to a guest",
    EXPECTED,
  );
}

function processorOf(tree: XmlTree, cpu: XmlElement): HostProcessor {
  const read = (child: string, attribute: string): string | undefined => {
    const found = descend(tree, cpu.index, child);
    return found === undefined ? undefined : attributeOf(tree, found, attribute);
  };
  const frequency = read('counter', 'name') === 'tsc' ? numberOf(read('counter', 'frequency')) : undefined;
  return {
    family: numberOf(read('signature', 'family')),
    model: numberOf(read('signature', 'model')),
    stepping: numberOf(read('signature', 'stepping')),
    microcode: read('microcode', 'version'),
    physicalAddressBits: numberOf(read('maxphysaddr', 'bits')),
    tsc: frequency === undefined ? undefined : { frequency, scaling: read('counter', 'scaling') === 'yes' },
  };
}

function numberOf(value: string | undefined): number | undefined {
  return value === undefined || !/^\d+$/.test(value) ? undefined : Number(value);
}

/** Children that differ from machine to machine even where the CPU is the same; `processorOf` reads them. */
const OWN_TO_A_MACHINE: ReadonlySet<string> = new Set(['signature', 'microcode', 'counter', 'maxphysaddr']);

/** The values of a `<cpu>`. Without what is a machine's own, a fleet has only a few different ones to parse. */
function valuesOf(tree: XmlTree, element: XmlElement): XmlValue {
  let slice = '';
  let done = element.start;
  for (const child of childrenOf(tree, element.index)) {
    if (!OWN_TO_A_MACHINE.has(child.name)) continue;
    slice += tree.text.slice(done, child.start);
    done = child.end;
  }
  return readValues(slice + tree.text.slice(done, element.end));
}

/** The text of the first child of that name; empty counts as missing. */
export function textIn(value: XmlValue, name: string): string | undefined {
  return value.children.find((child) => child.name === name && !isForeign(child))?.text || undefined;
}

function only(tree: XmlTree, parent: XmlElement, name: string, file: string | undefined): XmlElement {
  const [found, second] = childrenNamed(tree, parent.index, name);
  if (found === undefined)
    throw fail({ tree, file }, parent, 'no-cpu-model', `<${parent.name}> states no <${name}>`, EXPECTED);
  if (second !== undefined)
    throw fail(
      { tree, file },
      second,
      'two-cpus',
      `<${parent.name}> has a second <${name}>`,
      'Keep one of them.',
    );
  return found;
}

/** An input error at an element of a host document. */
export function fail(
  place: Pick<HostDocument, 'tree' | 'file'>,
  { start }: Pick<XmlElement, 'start'>,
  code: InputErrorCode,
  reason: string,
  hint: string,
): LibvirtXmlError {
  return new LibvirtXmlError(code, reason, {
    text: place.tree.text,
    offset: start,
    file: place.file,
    hint,
  });
}
