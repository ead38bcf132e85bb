import { diffHosts } from '../../lib/diff/pool/baseline.ts';
import { planDomain } from '../../lib/diff/plan.ts';
import { joinHosts } from '../../lib/cpu/join.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import { writeDomain } from '../../lib/writer/write.ts';
import type { Host } from '../../types/host.ts';
import { besides, hostsIn } from './findings.ts';
import type { Issue } from '../../types/issue.ts';
import type { PlanOptions } from '../../types/options.ts';

/** What may be said of a host beside its CPU features, as XML where it is XML. */
export interface HostParts {
  readonly machine?: string;
  readonly virtType?: string;
  readonly arch?: string;
  readonly emulator?: string;
  readonly vcpus?: number;
  /** Names of features beyond those of a 486. */
  readonly features?: readonly string[];
  /** Below `<os>`, `<devices>` and `<features>` of domcapabilities. */
  readonly os?: string;
  readonly devices?: string;
  readonly guestFeatures?: string;
  /** Host-model's limit of physical address bits. */
  readonly limit?: number;
  readonly libvirtVersion?: string;
  /** Below `<cpu>` of capabilities. */
  readonly processor?: string;
  /** Machine types of capabilities: `<machine>` elements. */
  readonly machines?: string;
}

const PLAIN = {
  ...{ machine: 'pc-q35-7.2', virtType: 'kvm', arch: 'x86_64', emulator: '/usr/bin/qemu', vcpus: 255 },
  ...{ features: [], os: '', devices: '', guestFeatures: '', libvirtVersion: '9.0.0' },
} satisfies HostParts;

/** A host with its capabilities, where anything of them is given, and its domcapabilities. */
export function hostOf(name: string, parts: HostParts = {}): Host {
  const { limit, processor, machines, arch, ...of } = { ...PLAIN, ...parts };
  const listed = of.features.map((feature) => `<feature policy='require' name='${feature}'/>`).join('');
  const maxphysaddr = limit === undefined ? '' : `<maxphysaddr mode='passthrough' limit='${limit}'/>`;
  const guest = `<domainCapabilities><path>${of.emulator}</path><domain>${of.virtType}</domain>
    <machine>${of.machine}</machine><arch>${arch}</arch><vcpu max='${of.vcpus}'/>
    <os supported='yes'>${of.os}</os>
    <cpu><mode name='host-model' supported='yes'><model fallback='forbid'>486</model>${maxphysaddr}${listed}</mode></cpu>
    <devices>${of.devices}</devices><features>${of.guestFeatures}</features></domainCapabilities>`;
  const identity = `<capabilities><host><cpu><arch>${arch}</arch><model>486</model>${processor ?? ''}</cpu></host>
    <guest><arch name='${arch}'>${machines ?? ''}</arch></guest></capabilities>`;
  const texts = processor === undefined && machines === undefined ? [guest] : [identity, guest];
  const { libvirtVersion } = of;
  const [host] = joinHosts(texts.map((text) => parseHost(text, { name, libvirtVersion })));
  if (host === undefined) throw new RangeError('a text holds a host');
  return host;
}

/** What is found in a guest, and what it becomes. */
export interface Outcome {
  readonly issues: readonly Issue[];
  /** `code` of a note, `code!` of a warning, `code!!` of an error; with the hosts it names. */
  readonly told: readonly string[];
  readonly text: string;
}

const MARK = { note: '', warning: '!', error: '!!' } as const;

/** A guest planned for hosts, by what stands in its `<domain type='kvm'>`. */
export function outcomeOf(
  inner: string,
  hosts: readonly Host[],
  options: PlanOptions = {},
  type = 'kvm',
): Outcome {
  const domain = parseDomain(`<domain type='${type}'>${inner}</domain>`);
  const plan = planDomain(domain, diffHosts(hosts), options);
  const told = besides(plan.issues).map((one) => [one.code + MARK[one.severity], ...hostsIn(one)].join(' '));
  const text = writeDomain(domain, plan);
  return { issues: plan.issues, told, text: text.slice(text.indexOf('>') + 1, text.lastIndexOf('<')) };
}
