import type { Host } from '../../types/host.ts';
import type { LibvirtXmlError } from '../issues/issues.ts';
import { notWanted, remedyFor } from '../issues/given.ts';
import { frozenCopy } from '../text/frozen.ts';
import { valueKind } from '../text/value-kind.ts';
import { isMadeHost } from './made-host.ts';
import { isKnownMap } from './map.ts';
import { isWholeMap } from './map-shape.ts';

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
  // A hole in a list is no host either.
  return Array.from(hosts);
}

/** One host that a function was given; `what` is what an error calls it. @throws LibvirtXmlError `bad-host` */
export function givenHost(host: Host, what: string, copies: Map<unknown, unknown> = new Map()): Host {
  if (isMadeHost(host)) return host;
  if (valueKind(host) !== 'a plain object') throw notHost(what, host, hintFor(host));
  const { cpuMaps }: Partial<Host> = host;
  // A map is far larger than all the rest, and a bundled one has lists that are made when they are asked for.
  if (isListOf('object', cpuMaps)) for (const map of cpuMaps) if (isKnownMap(map)) copies.set(map, map);
  const own = frozenCopy(host, copies);
  if (!looksLikeHost(own)) throw notHost(what, host, hintFor(host));
  return own;
}

function looksLikeHost({ name, features, ...more }: Partial<Host>): boolean {
  const { uncertain, silent, cpuMaps, machines, issues, deprecatedFeatures } = more;
  const { offers, usableModels, modelBlockers, properties } = more;
  return (
    typeof name === 'string' &&
    (features === undefined || isListOfNames(features)) &&
    [uncertain, silent, deprecatedFeatures].every(isListOfNames) &&
    [cpuMaps, machines, issues].every((list) => isListOf('object', list)) &&
    cpuMaps?.every((map) => isKnownMap(map) || isWholeMap(map)) === true &&
    [offers, usableModels, modelBlockers, properties].every(
      (record) => valueKind(record) === 'a plain object',
    )
  );
}

function isListOfNames(value: unknown): boolean {
  return isListOf('string', value);
}

function isListOf(type: 'object' | 'string', value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const list: readonly unknown[] = value;
  for (let i = 0; i < list.length; i++) if (typeof list[i] !== type || list[i] === null) return false;
  return true;
}

function notHost(what: string, value: unknown, hint: string): LibvirtXmlError {
  return notWanted('bad-host', `${what} is ${valueKind(value)}, not a host`, hint);
}

function hintFor(value: unknown): string {
  const remedy = remedyFor(value);
  if (remedy !== undefined) return `${remedy} Then read it: parseHost(text, { name }).`;
  if (typeof value === 'string') return 'Read it: parseHost(text, { name }).';
  if (Array.isArray(value)) return 'Give its hosts one by one: ...hosts.';
  return 'Make one with parseHost(text, { name }), or with hostFromFeatures({ name, features }).';
}
