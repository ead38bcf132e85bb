import type { Host } from '../../types/host.ts';
import type { Release, RehearsedWay, RehearseOptions } from '../../types/rehearsal.ts';
import { givenHostsAndTexts } from '../cpu/given-hosts.ts';
import { qemuHasName } from '../cpu/facts/qemu-names.ts';
import { isNamed } from '../cpu/map.ts';
import { leastQemuVersion } from '../diff/pool/versions.ts';
import { newHostReader } from '../parser/host/host.ts';
import { renamedHost } from '../parser/host/xml.ts';
import { groupedBy, remembered } from '../text/remembered.ts';

/** A host on one side, by the name it has on both and the one it has in a pool of both. */
export interface SidedHost {
  readonly name: string;
  readonly host: Host;
  readonly release: Release;
  /** The same text for hosts that nothing tells apart but their name. */
  readonly kind: string;
  /** Does QEMU there have no property for a feature of which its libvirt has no name? Then no guest has it there. */
  readonly cannotGive: (feature: string) => boolean;
}

/** The hosts of a rehearsal, of each kind those that are alike. */
export interface Sides {
  readonly before: readonly SidedHost[];
  readonly after: readonly SidedHost[];
}

/**
 * The hosts of both sides, named so that they can be in one pool. One host on each side is the same host, whatever it
 * is called.
 */
export function sidesOf(
  before: readonly (string | Host)[],
  after: readonly (string | Host)[],
  { read, kernel = {} }: Pick<RehearseOptions, 'read' | 'kernel'>,
): Sides {
  const reader = newHostReader();
  const readAll = (hosts: readonly (string | Host)[]): readonly Host[] =>
    givenHostsAndTexts(hosts).flatMap((host, position) =>
      typeof host === 'string' ? reader.read(host, { defaultName: `host-${position + 1}`, ...read }) : [host],
    );
  const [old, upgraded] = [readAll(before), readAll(after)];
  const [only] = old;
  const isOne = old.length === 1 && upgraded.length === 1 && only !== undefined;
  return {
    before: old.map((host) => sided(host, host.name, 'before', kernel.before)),
    after: upgraded.map((host) => sided(host, isOne ? only.name : host.name, 'after', kernel.after)),
  };
}

/** In a pool of both sides a machine is there twice: it states no UUID then. */
function sided(host: Host, name: string, side: keyof Sides, kernel: string | undefined): SidedHost {
  const named = renamedHost(host, `${side}/${name}`);
  const release = Object.freeze({
    libvirt: host.libvirtVersion,
    qemu: leastQemuVersion(host),
    kernel,
    microcode: host.processor?.microcode,
  });
  const own = Object.freeze({ ...named, uuid: undefined });
  return { name, host: own, release, kind: kindOf(host, release), cannotGive: newLookUp(host, release) };
}

/** Hosts of one side that nothing tells apart but their name. */
export interface HostKind {
  readonly first: SidedHost;
  readonly names: readonly string[];
}

/** The kinds of these hosts, in the order of the first of each. */
export function kindsOf(hosts: readonly SidedHost[]): readonly HostKind[] {
  const kinds = groupedBy(hosts, ({ kind }) => kind);
  return [...kinds.values()].map((all) => ({
    first: all[0] as SidedHost,
    names: all.map(({ name }) => name),
  }));
}

/** Everything but the name, the file and the UUID of a host, and the exact rate of its clock, which no two have alike. */
function kindOf(host: Host, release: Release): string {
  const { name: _, file: __, uuid: ___, issues, cpuMaps, processor, ...facts } = host;
  const codes = issues.map(({ code }) => code);
  const own = processor && { ...processor, tsc: processor.tsc?.scaling };
  return JSON.stringify([facts, own, release, codes, cpuMaps.map(({ version }) => version)]);
}

/** Every guest asks about the same names. */
function newLookUp({ cpuMaps }: Host, { qemu }: Release): SidedHost['cannotGive'] {
  const known = new Map<string, boolean>();
  const isUnable = (feature: string): boolean =>
    qemu !== undefined && !isNamed(cpuMaps, feature) && qemuHasName(qemu, feature) === 'no';
  return (feature) => remembered(known, feature, () => isUnable(feature));
}

/** The other way round. */
export const WAYS: readonly RehearsedWay[] = ['forward', 'back'];
