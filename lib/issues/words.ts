import type { OnHosts } from '../../types/issue-facts/common.ts';
import { nameList } from '../text/fold.ts';

const MOST_NAMED = 8;

/** Names for a sentence: all of a few, the first of many. */
export function list(names: readonly string[]): string {
  if (names.length <= MOST_NAMED) return every(names);
  return `${every(names.slice(0, MOST_NAMED - 1))} and ${names.length - MOST_NAMED + 1} more`;
}

/** All names, however many: a gate's line is the only one an operator gets. */
export function every(names: readonly string[]): string {
  return names.join(', ');
}

/** Hosts for a sentence, many of them in short: `kvm-[01-12,17]`. The facts of an issue have all their names. */
export function hostList(hosts: readonly string[]): string {
  return nameList(hosts);
}

/** Hosts by what they have: `AMD: a, c; Intel: b`. */
export function grouped<Group extends OnHosts>(
  groups: readonly Group[],
  nameOf: (group: Group) => string | number,
): string {
  return parts(groups, (group) => `${nameOf(group)}: ${hostList(group.hosts)}`);
}

/** The same with the hosts in the sentence: `46 on a; 39 on b, c`. */
export function groupedOn<Group extends OnHosts>(
  groups: readonly Group[],
  nameOf: (group: Group) => string | number,
): string {
  return parts(groups, (group) => `${nameOf(group)} on ${hostList(group.hosts)}`);
}

function parts<Group>(groups: readonly Group[], wordsOf: (group: Group) => string): string {
  const isShort = groups.length <= MOST_NAMED;
  const shown = (isShort ? groups : groups.slice(0, MOST_NAMED - 1)).map(wordsOf).join('; ');
  return isShort ? shown : `${shown}; and ${groups.length - MOST_NAMED + 1} more`;
}

/** Few enough that each host is named; more are counted, and only the smaller part of them is named. */
export function areFew({ length }: { readonly length: number }): boolean {
  return length <= 3;
}

/** The word for one, or for many. */
export function plural(names: readonly string[], one: string, many: string): string {
  return names.length === 1 ? one : many;
}

/** Hosts with a verb that agrees: `a lacks`, `a, b lack`. */
export function those(hosts: readonly string[], one: string, many: string): string {
  return `${hostList(hosts)} ${plural(hosts, one, many)}`;
}

/** Who lacks something: `a lacks`, `a lacks and b, c may lack`. */
export function lackers(missingOn: readonly string[], unknownOn: readonly string[]): string {
  const missing = missingOn.length === 0 ? [] : [those(missingOn, 'lacks', 'lack')];
  const unknown = unknownOn.length === 0 ? [] : [`${hostList(unknownOn)} may lack`];
  return [...missing, ...unknown].join(' and ');
}

/** The ways out that concern hosts: `leave a out`. */
export function leaveOut(hosts: readonly string[]): string {
  return `leave ${hostList(hosts)} out`;
}
