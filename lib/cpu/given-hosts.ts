import type { Host } from '../../types/host.ts';
import type { LibvirtXmlError } from '../issues/issues.ts';
import { kindOf, notWanted, remedyFor } from '../issues/given.ts';
import { frozenCopy } from '../text/frozen.ts';

/** What every host has that is no single value. */
const LISTS = ['uncertain', 'cpuMaps', 'machines', 'issues'] as const;
const RECORDS = ['offers', 'usableModels', 'modelBlockers'] as const;
const PARTS = ['features', 'unnamed', 'processor', ...LISTS, ...RECORDS] as const;

/**
 * The hosts that a function was given, as they are now: what somebody else could change is copied. Hosts that
 * `parseHost` or `hostFromFeatures` made never change, and come back as they are.
 *
 * @throws LibvirtXmlError `bad-host` for what is no host, with its place in the list and what to do.
 */
export function givenHosts(hosts: readonly Host[]): readonly Host[] {
  if (!Array.isArray(hosts)) throw notHost('hosts', hosts, 'Give a list: [host, …].');
  const copies = new Map<unknown, unknown>();
  return hosts.map((host, i) => givenHost(host, `hosts[${i}]`, copies));
}

/** One host that a function was given; `what` is what an error calls it. @throws LibvirtXmlError `bad-host` */
export function givenHost(host: Host, what: string, copies = new Map<unknown, unknown>()): Host {
  const given: unknown = host;
  if (typeof given === 'object' && given !== null && isUnchanging(given)) return host;
  if (!looksLikeHost(given)) throw notHost(what, given, hintFor(given));
  // Maps are compared by identity, and do not change.
  for (const map of given.cpuMaps) copies.set(map, map);
  return frozenCopy(given, copies);
}

function isUnchanging(value: object): value is Host {
  return (
    Object.isFrozen(value) && looksLikeHost(value) && PARTS.every((part) => Object.isFrozen(value[part]))
  );
}

function looksLikeHost(value: unknown): value is Host {
  if (typeof value !== 'object' || value === null) return false;
  const host = value as Readonly<Partial<Host>>;
  return (
    typeof host.name === 'string' &&
    LISTS.every((list) => Array.isArray(host[list])) &&
    RECORDS.every((record) => typeof host[record] === 'object') &&
    (host.features === undefined || Array.isArray(host.features))
  );
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
