import type { Host } from '../../types/host.ts';
import { issue } from '../issues/issues.ts';
import { frozen } from '../text/frozen.ts';
import { remembered } from '../text/remembered.ts';
import { contradictionOf } from './contradiction.ts';
import { madeHost } from './made-host.ts';
import { indexOf } from './map.ts';

/** A kind of document that describes one machine together with the others: who it is, what a guest gets, what its QEMU can. */
type Part = 'capabilities' | 'domcapabilities' | 'qmp';

/** What hosts are called that nobody named: it says nothing of two being one. */
const NO_NAME = 'host';

/** Names of hosts → kind of document → the places of those that lack one, the first in front. */
type Waiting = Map<string, Map<Part, number[]>>;

/** Makes one host of the documents of each machine. */
export function joinDocuments(hosts: readonly Host[]): readonly Host[] {
  const joined: Host[] = [];
  const waiting: Waiting = new Map();
  for (const host of hosts) {
    const at = placeOfOther(host, joined, waiting);
    const other = joined[at];
    const one = other === undefined ? host : join(host, other);
    const place = other === undefined ? joined.length : at;
    joined[place] = one;
    if (other === undefined) wait(waiting, one, place);
  }
  return joined.length === hosts.length ? hosts : joined;
}

function wait(waiting: Waiting, host: Host, place: number): void {
  const parts = partsOf(host);
  if (parts.length === 0) return;
  const lists = remembered(waiting, host.name, () => new Map<Part, number[]>());
  for (const part of ALL_PARTS) if (!parts.includes(part)) remembered(lists, part, () => []).push(place);
}

/** Where a host of this name stands that lacks what this one is; -1 where there is none. */
function placeOfOther(host: Host, joined: readonly Host[], waiting: Waiting): number {
  const own = partsOf(host);
  const [first] = own;
  const places = first === undefined ? undefined : waiting.get(host.name)?.get(first);
  while (places !== undefined && places.length > 0) {
    const place = places[0] ?? -1;
    const other = joined[place];
    if (other !== undefined && !isComplementOf(other, own)) {
      // It has found another one since, or is no part of this machine.
      places.shift();
      continue;
    }
    return place;
  }
  return -1;
}

function isComplementOf(other: Host, own: readonly Part[]): boolean {
  const parts = partsOf(other);
  const isKnownToBeOne = other.name !== NO_NAME || [...parts, ...own].includes('capabilities');
  return isKnownToBeOne && !own.some((part) => parts.includes(part));
}

const ALL_PARTS: readonly Part[] = ['capabilities', 'domcapabilities', 'qmp'];

/** What a host consists of, as far as can be seen: only its identity has a UUID, or knows the hardware of a domcapabilities. */
function partsOf({ source, uuid, processor, features, unnamed, properties }: Host): readonly Part[] {
  if (source === 'capabilities') return [source];
  if (source !== 'domcapabilities' && source !== 'qmp') return [];
  const isAnswered = (features !== undefined && unnamed !== undefined) || Object.keys(properties).length > 0;
  const hasQmp = source === 'qmp' || isAnswered;
  const hasIdentity = uuid !== undefined || (!hasQmp && processor !== undefined);
  return [
    source,
    ...(hasQmp && source !== 'qmp' ? (['qmp'] as const) : []),
    ...(hasIdentity ? IDENTITY : []),
  ];
}

const IDENTITY: readonly Part[] = ['capabilities'];

function join(a: Host, b: Host): Host {
  const isSecondFirst = b.source === 'capabilities' || (a.source === 'qmp' && b.source === 'domcapabilities');
  const [first, second] = isSecondFirst ? [b, a] : [a, b];
  const host = first.source === 'capabilities' ? withIdentity(first, second) : withQmp(first, second);
  const found = contradictionOf(first, second);
  if (found === undefined) return madeHost(host);
  const files = [first, second].map(({ file, source }) => file ?? source);
  const error = issue('host-contradiction', { hosts: [host.name], files, ...found });
  return madeHost({ ...host, issues: [error, ...host.issues] });
}

function withIdentity(identity: Host, guest: Host): Host {
  return {
    ...guest,
    ...(isSilentArm(guest) && cpuOfIdentity(identity, guest)),
    uuid: identity.uuid,
    processor: identity.processor ?? guest.processor,
    machines: identity.machines,
    qemuVersion: guest.qemuVersion ?? identity.qemuVersion,
  };
}

/** Domcapabilities of aarch64 state no CPU: QEMU has no host-model there. */
function isSilentArm({ arch, features, source }: Host): boolean {
  return arch === 'aarch64' && features === undefined && source === 'domcapabilities';
}

/** The physical CPU, by which hosts can be told from each other at least. */
function cpuOfIdentity({ model, vendor, unnamed, grade }: Host, { issues }: Host): Partial<Host> {
  const others = issues.filter(({ code }) => code !== 'unknown-presence');
  return { model, vendor, unnamed, grade, issues: others };
}

/** What libvirt says, corrected by its QEMU: what QEMU has no property for, or has off, no guest gets. */
function withQmp(dom: Host, qmp: Host): Host {
  const both = {
    ...dom,
    uuid: dom.uuid ?? qmp.uuid,
    machines: dom.machines.length > 0 ? dom.machines : qmp.machines,
    vendor: dom.vendor ?? qmp.vendor,
    processor: dom.processor ?? qmp.processor,
    properties: qmp.properties,
    deprecatedFeatures: qmp.deprecatedFeatures,
    qemuVersion: dom.qemuVersion ?? qmp.qemuVersion,
    unnamed: qmp.unnamed ?? dom.unnamed ?? [],
    issues: issuesOfBoth(dom, qmp),
  };
  if (dom.features === undefined || dom.grade !== 'A') {
    const { features, uncertain, silent, grade, cpuMaps } = qmp;
    return frozen({ ...both, features, uncertain, silent, grade, cpuMaps });
  }
  return frozen({ ...both, ...featuresOfBoth(dom, qmp) });
}

/** What QEMU's answer settles is said no more, nor what libvirt's document says better. */
function issuesOfBoth(dom: Host, qmp: Host): Host['issues'] {
  const settled = qmp.features === undefined ? [] : ['unknown-presence', 'weak-source'];
  return [
    ...dom.issues.filter(({ code }) => !settled.includes(code)),
    ...qmp.issues.filter(({ code }) => code !== 'inferred-libvirt-version'),
  ];
}

function featuresOfBoth(dom: Host, qmp: Host): Pick<Host, 'features' | 'uncertain' | 'unnamed'> {
  const [stated, on] = [new Set(dom.features), new Set(qmp.features)];
  const open = new Set([...dom.uncertain, ...dom.silent]);
  // A list of what is on only, or a name that depends on a version, denies nothing.
  const unsure = new Set(qmp.uncertain);
  const isNo = (name: string): boolean => qmp.grade === 'A' && !on.has(name) && !unsure.has(name);
  const isNamed = (name: string): boolean =>
    dom.cpuMaps.length === 0 || dom.cpuMaps.some((map) => indexOf(map).features.has(name));
  const extra = [...on].filter((name) => !stated.has(name) && !open.has(name));
  const kept = [...stated].filter((name) => !isNo(name));
  const settled = [...open].filter((name) => on.has(name));
  const doubtful = [...open].filter((name) => !on.has(name) && !isNo(name));
  const unnamed = new Set([...(qmp.unnamed ?? []), ...extra.filter((name) => !isNamed(name))]);
  return {
    features: [...kept, ...settled].sort(),
    uncertain: [...doubtful, ...extra.filter(isNamed)].sort(),
    unnamed: [...unnamed].sort(),
  };
}
