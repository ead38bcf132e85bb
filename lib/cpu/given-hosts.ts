import type { Host } from '../../types/host.ts';
import type { LibvirtXmlError } from '../issues/issues.ts';
import { kindOf, notWanted, remedyFor } from '../issues/given.ts';
import { frozenCopy } from '../text/frozen.ts';

/**
 * The hosts that a function was given, as they are now: what somebody else could change is copied. Hosts that
 * `parseHost` or `hostFromFeatures` made never change, and come back as they are.
 *
 * @throws LibvirtXmlError `bad-host` for what is no host, with its place in the list and what to do.
 */
export function givenHosts(hosts: readonly Host[]): readonly Host[] {
  const copies = new Map<unknown, unknown>();
  return givenList(hosts).map((host, i) => givenHost(host, `hosts[${i}]`, copies));
}

/** The same for hosts of which some may be texts, which come back as they are. */
export function givenHostsAndTexts(hosts: readonly (string | Host)[]): readonly (string | Host)[] {
  const copies = new Map<unknown, unknown>();
  return givenList(hosts).map((host, i) =>
    typeof host === 'string' ? host : givenHost(host, `hosts[${i}]`, copies),
  );
}

function givenList<T>(hosts: readonly T[]): readonly T[] {
  const given: unknown = hosts;
  if (!Array.isArray(given)) throw notHost('hosts', given, 'Give a list: [host, …].');
  return hosts;
}

/** One host that a function was given; `what` is what an error calls it. @throws LibvirtXmlError `bad-host` */
export function givenHost(host: Host, what: string, copies: Map<unknown, unknown> = new Map()): Host {
  if (isUnchanging(host)) return host;
  if (!looksLikeHost(host)) throw notHost(what, host, hintFor(host));
  // A copy of the outermost is always made: somebody may have frozen no more than that.
  return frozenCopy({ ...host }, copies);
}

function looksLikeHost(value: unknown): value is Host {
  if (typeof value !== 'object' || value === null) return false;
  const { name, features, uncertain, silent, cpuMaps, machines, issues, deprecatedFeatures, ...more } =
    value as Partial<Host>;
  const { offers, usableModels, modelBlockers, properties } = more;
  const lists = [uncertain, silent, cpuMaps, machines, issues, deprecatedFeatures];
  const records: readonly unknown[] = [offers, usableModels, modelBlockers, properties];
  return (
    typeof name === 'string' &&
    (features === undefined || Array.isArray(features)) &&
    lists.every((list) => Array.isArray(list)) &&
    records.every((record) => typeof record === 'object' && record !== null)
  );
}

/** Is the host frozen in all its parts? One by one: there may be thousands of hosts. */
function isUnchanging(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !Object.isFrozen(value)) return false;
  const host = value as Partial<Host>;
  return typeof host.name === 'string' && hasFrozenNames(host) && hasFrozenFacts(host);
}

function hasFrozenNames(host: Partial<Host>): boolean {
  return (
    Object.isFrozen(host.features) &&
    isFrozenObject(host.uncertain) &&
    isFrozenObject(host.silent) &&
    Object.isFrozen(host.unnamed) &&
    isFrozenObject(host.deprecatedFeatures) &&
    isFrozenObject(host.properties) &&
    isFrozenObject(host.cpuMaps)
  );
}

function hasFrozenFacts(host: Partial<Host>): boolean {
  return (
    Object.isFrozen(host.processor) &&
    isFrozenObject(host.offers) &&
    isFrozenObject(host.usableModels) &&
    isFrozenObject(host.modelBlockers) &&
    isFrozenObject(host.machines) &&
    Object.isFrozen(host.virtio) &&
    isFrozenObject(host.issues)
  );
}

function isFrozenObject(value: unknown): boolean {
  return typeof value === 'object' && Object.isFrozen(value);
}

function notHost(what: string, value: unknown, hint: string): LibvirtXmlError {
  return notWanted('bad-host', `${what} is ${kindOf(value)}, not a host`, hint);
}

function hintFor(value: unknown): string {
  const remedy = remedyFor(value);
  if (remedy !== undefined) return `${remedy} Then read it: parseHost(text, { name }).`;
  if (typeof value === 'string') return 'Read it: parseHost(text, { name }).';
  if (Array.isArray(value)) return 'Give its hosts one by one: ...hosts.';
  return 'Make one with parseHost(text, { name }), or with hostFromFeatures({ name, features }).';
}
