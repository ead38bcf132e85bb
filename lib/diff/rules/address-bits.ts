import type { BaselineHost } from '../../../types/baseline.ts';
import type { NewElement } from '../../../types/plan.ts';
import type { DomainChild, DomainCpu, QemuArgument } from '../../../types/domain.ts';
import type { IssueFactsByCode } from '../../../types/issue.ts';
import { cpuArgumentOf, isFollower, parseCpuArgument } from '../../cpu/cpu-argument.ts';
import { CPU_ORDER } from '../../cpu/names.ts';
import { compareVersions } from '../../cpu/versions.ts';
import { attributeValues, elementAt, hasOwnNamespace } from '../../xml/query.ts';
import { scanXml } from '../../xml/scan.ts';
import { NOTHING, saying, type Case, type Outcome } from '../case.ts';
import { groupsBy } from '../pool/kinds.ts';
import { olderHosts } from './known-since.ts';

/** The first libvirt that heeds `limit`; before, it is ignored without a word. */
const KNOWS_LIMIT = '9.3.0';

/** What the domain says of the guest's physical address bits. */
interface Stated {
  readonly child: DomainChild;
  readonly mode: string | undefined;
  readonly bits: number | undefined;
  readonly limit: number | undefined;
}

/**
 * Under KVM a guest's CPU that follows its host has as many physical address bits as the host, unless the domain says
 * otherwise; a named model has a fixed number.
 *
 * @see https://libvirt.org/formatdomain.html#cpu-model-and-topology
 */
export function addressBitsRule(guest: Case): Outcome {
  const { domain, pool } = guest;
  const { cpu } = domain;
  if ((domain.type ?? 'kvm') !== 'kvm') return NOTHING;
  const argument = cpuArgumentOf(domain.commandLine);
  if (argument !== undefined) return ofArgument(guest, argument);
  if (cpu === undefined) return NOTHING;
  const known = pool.askAbout(bitsFor, cpu.mode);
  if (known.length === 0) return NOTHING;
  const stated = statedIn(domain.text, cpu);
  // Without a number libvirt says nothing to QEMU.
  if (stated?.mode === 'emulate' && stated.bits !== undefined)
    return tooLarge(guest, cpu, stated, stated.bits, known);
  if (!follows(cpu, stated)) return NOTHING;
  const shown = limited(pool.hosts, known, stated?.limit);
  const fewest = fewestOf(shown);
  return shown.every(({ bits }) => bits === fewest) ? NOTHING : mended(guest, cpu, stated, shown);
}

function fewestOf(known: readonly Known[]): number {
  return Math.min(...known.map(({ bits }) => bits));
}

/** What goes past libvirt says itself how many there are; what `<cpu>` says means nothing, so nothing is written. */
function ofArgument({ pool, issueAt }: Case, { value, span }: QemuArgument): Outcome {
  const { model, properties } = parseCpuArgument(value);
  const said = (name: string): string | undefined =>
    properties.get(name) ?? properties.get(name.replaceAll('-', '_'));
  const known = pool.askAbout(bitsFor, 'host-passthrough');
  const fewest = fewestOf(known);
  const isHosts = (said('host-phys-bits') ?? (isFollower(model) ? 'on' : 'off')) === 'on';
  const isFixed = Number(said('phys-bits') ?? 0) > 0 && said('host-phys-bits') !== 'on';
  const limit = Number(said('host-phys-bits-limit') ?? 0);
  const isLevel = known.every(({ bits }) => bits === fewest) || (limit > 0 && limit <= fewest);
  if (!isHosts || isFixed || isLevel) return NOTHING;
  return saying([issueAt('physical-address-bits', span, bitsFacts(known))]);
}

/** A host-model CPU is limited as domcapabilities say; the others see the processor itself. */
function bitsFor(hosts: readonly BaselineHost[], mode: string): readonly Known[] {
  return hosts.flatMap(({ name, processor, physicalAddressLimit }) => {
    const own = mode === 'host-model' ? undefined : processor?.physicalAddressBits;
    const bits = own ?? physicalAddressLimit;
    return bits === undefined ? [] : [{ name, bits }];
  });
}

function follows({ mode }: DomainCpu, stated: Stated | undefined): boolean {
  return mode !== 'custom' || stated?.mode === 'passthrough';
}

function statedIn(text: string, cpu: DomainCpu): Stated | undefined {
  const trees = cpu.children
    .filter(({ name }) => name === 'maxphysaddr')
    .map((child) => ({ child, tree: scanXml(text.slice(child.span.start, child.span.end)) }));
  // One that puts itself into a namespace is none of libvirt's.
  const found = trees.find(({ tree }) => !hasOwnNamespace(tree, 0));
  if (found === undefined) return undefined;
  const { child, tree } = found;
  const attributes = attributeValues(tree, elementAt(tree, 0));
  const count = (name: string): number | undefined => {
    const value = attributes.get(name);
    return value === undefined ? undefined : Number(value);
  };
  return { child, mode: attributes.get('mode'), bits: count('bits'), limit: count('limit') };
}

/** What guests see where the domain states a limit, which not every libvirt heeds. */
function limited(
  hosts: readonly BaselineHost[],
  known: readonly Known[],
  limit: number | undefined,
): readonly Known[] {
  if (limit === undefined) return known;
  const heeding = new Set(hosts.filter(heedsLimit).map(({ name }) => name));
  return known.map(({ name, bits }) => ({ name, bits: heeding.has(name) ? Math.min(bits, limit) : bits }));
}

function heedsLimit({ libvirtVersion, physicalAddressLimit }: BaselineHost): boolean {
  // Only later versions print it.
  if (physicalAddressLimit !== undefined) return true;
  return libvirtVersion !== undefined && compareVersions(libvirtVersion, KNOWS_LIMIT) >= 0;
}

interface Known {
  readonly name: string;
  readonly bits: number;
}

/** libvirt refuses to start a guest with more bits than the host has. */
function tooLarge(
  guest: Case,
  cpu: DomainCpu,
  stated: Stated,
  bits: number,
  known: readonly Known[],
): Outcome {
  const maximum = fewestOf(known);
  if (bits <= maximum) return NOTHING;
  if (guest.settings.maxphysaddr === 'common') return mended(guest, cpu, stated, known);
  const few = known.filter((one) => one.bits < bits).map(({ name }) => name);
  const facts = { bits, hosts: few, maximum };
  return saying([guest.issueAt('maxphysaddr-too-large', stated.child.span, facts)]);
}

function mended(guest: Case, cpu: DomainCpu, stated: Stated | undefined, known: readonly Known[]): Outcome {
  const { settings, issueAt, pool } = guest;
  const span = stated?.child.span ?? cpu.startTag;
  if (settings.maxphysaddr !== 'common')
    return saying([issueAt('physical-address-bits', span, bitsFacts(known))]);
  const [use, value] = ['maxphysaddr.mode', 'emulate'];
  const missingOn = olderHosts(pool.hosts, use, value);
  if (missingOn.length > 0) return saying([issueAt('not-offered', span, { use, value, missingOn })]);
  const fewest = String(fewestOf(known));
  const element: NewElement = {
    name: 'maxphysaddr',
    attributes: pool.hosts.every(heedsLimit)
      ? { mode: 'passthrough', limit: fewest }
      : { mode: value, bits: fewest },
  };
  return {
    issues: [],
    changes: [
      stated === undefined
        ? { kind: 'add-element', parent: cpu, order: CPU_ORDER, element }
        : { kind: 'replace-element', span: stated.child.span, element },
    ],
  };
}

function bitsFacts(known: readonly Known[]): IssueFactsByCode['physical-address-bits'] {
  return { bits: groupsBy(known, 'bits'), minimum: fewestOf(known) };
}
