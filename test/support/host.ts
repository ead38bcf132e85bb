import { parseHost } from '../../lib/parser/host/host.ts';
import type { Host } from '../../types/host.ts';

/** What may differ between the hosts of a test, besides their features. */
export interface HostFacts {
  readonly arch?: string;
  /** The children of custom mode. */
  readonly custom?: string;
  readonly emulator?: string;
  readonly fallback?: 'allow' | 'forbid';
  readonly libvirtVersion?: string;
  readonly machine?: string;
  readonly model?: string;
  readonly vendor?: string;
  readonly virtType?: string;
}

const MACHINES: Readonly<Record<string, string>> = {
  ppc64: 'pseries-7.2',
  ppc64le: 'pseries-7.2',
  s390x: 's390-ccw-virtio-7.2',
};

/** What `virsh domcapabilities` prints of a host's CPU. The model is the smallest there is: fpu, pse, vme. */
export function domcapabilities(features: readonly string[], facts: HostFacts = {}): string {
  const { arch = 'x86_64', fallback = 'forbid', model = '486', vendor, virtType = 'kvm' } = facts;
  const lines = features.map((name) =>
    name.startsWith('-')
      ? `<feature policy='disable' name='${name.slice(1)}'/>`
      : `<feature policy='require' name='${name}'/>`,
  );
  return [
    '<domainCapabilities>',
    `<path>${facts.emulator ?? '/usr/bin/qemu'}</path><domain>${virtType}</domain>`,
    `<machine>${facts.machine ?? MACHINES[arch] ?? 'pc-q35-7.2'}</machine><arch>${arch}</arch>`,
    "<cpu><mode name='host-model' supported='yes'>",
    `<model fallback='${fallback}'>${model}</model>`,
    ...(vendor === undefined ? [] : [`<vendor>${vendor}</vendor>`]),
    ...lines,
    '</mode>',
    ...(facts.custom === undefined ? [] : [`<mode name='custom' supported='yes'>${facts.custom}</mode>`]),
    '</cpu></domainCapabilities>',
  ].join('');
}

/** A host that gives its guests a 486 with these features more, and without those behind a `-`. */
export function host(name: string, features: readonly string[] = [], facts: HostFacts = {}): Host {
  return parseHost(domcapabilities(features, facts), {
    name,
    libvirtVersion: facts.libvirtVersion ?? '9.0.0',
  });
}

/** The two hosts of QEMU's documentation: pcid and stibp on A only, taa-no on B only. */
export function documentedHosts(): readonly [Host, Host] {
  return [host('A', ['pcid', 'stibp']), host('B', ['taa-no'])];
}

/** A host as `virsh capabilities` shows it, with a UUID to know it by. */
export function capabilities(uuid: string, features: readonly string[] = []): string {
  const lines = features.map((name) => `<feature name='${name}'/>`).join('');
  return `<capabilities><host><uuid>${uuid}</uuid><cpu><arch>x86_64</arch><model>486</model>${lines}</cpu></host></capabilities>`;
}
