import type { CompareCpuOptions, Comparison } from '../types/cpu-definition.ts';
import type { Host } from '../types/host.ts';
import { givenHost } from './cpu/given-hosts.ts';
import { compareWanted } from './diff/pool/compare.ts';
import { asText } from './issues/given.ts';
import { optionsOf, READ, TEXT, type OptionKinds } from './issues/options.ts';
import { parseWantedCpu } from './parser/wanted-cpu.ts';

const OPTIONS: OptionKinds<CompareCpuOptions> = { ...READ, libvirtVersion: TEXT };

/**
 * Whether a host can run a CPU, given as a bare `<cpu>` or as the domain that asks for it, as
 * `virsh hypervisor-cpu-compare` decides; libvirt does not always say what is missing, this does.
 *
 * @throws LibvirtXmlError for XML that cannot be read or asks for no named model, and for what is no host.
 * @throws RangeError for a model or feature that libvirt does not know, for a version that is none, and for a host whose
 * features are unknown.
 * @see https://libvirt.org/html/libvirt-libvirt-host.html#virConnectCompareCPU
 * @example
 * const host = parseHost('<cpu><arch>x86_64</arch><model>Nehalem</model></cpu>', { libvirtVersion: '9.0.0' });
 * compareCpu(host, "<cpu match='exact'><model>Westmere</model></cpu>").missing; // → ['aes']
 */
export function compareCpu(host: Host, cpuOrDomainXml: string, options: CompareCpuOptions = {}): Comparison {
  const { libvirtVersion, ...read } = optionsOf(options, OPTIONS);
  const given = givenHost(host, 'the host');
  return compareWanted(given, parseWantedCpu(asText(cpuOrDomainXml, 'the CPU'), read), libvirtVersion);
}
