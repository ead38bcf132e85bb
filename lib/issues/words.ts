import type { OnHosts, Presence } from '../../types/issue-facts/common.ts';
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

/**
 * Who has features and who lacks them: every host of a few, of many the smaller part: `a has it, b lacks it`,
 * `lacking on 3 of 30: kvm-15, kvm-16, kvm-26`, `only on 2 of 30: kvm-01, kvm-02`.
 */
export function presence({ presentOn, missingOn, unknownOn }: Presence, it: 'it' | 'them'): string {
  const count = presentOn.length + missingOn.length + unknownOn.length;
  if (areFew({ length: count })) {
    const has = presentOn.length === 0 ? [] : [`${those(presentOn, 'has', 'have')} ${it}`];
    const lacks = missingOn.length === 0 ? [] : [`${those(missingOn, 'lacks', 'lack')} ${it}`];
    const unsure = unknownOn.length === 0 ? [] : [`unknown on ${hostList(unknownOn)}`];
    return [...has, ...lacks, ...unsure].join(', ');
  }
  const known = isRare({ presentOn, missingOn })
    ? share('only on', presentOn, count)
    : share('lacking on', missingOn, count);
  return [...known, ...share('unknown on', unknownOn, count)].join('; ');
}

/** Have fewer hosts it than lack it? Then those are named that have it. */
export function isRare({ presentOn, missingOn }: Pick<Presence, 'presentOn' | 'missingOn'>): boolean {
  return presentOn.length > 0 && presentOn.length < missingOn.length;
}

function share(start: string, hosts: readonly string[], count: number): readonly string[] {
  if (hosts.length === 0) return [];
  if (hosts.length === count) return [`${start} all ${count} hosts`];
  return [`${start} ${hosts.length} of ${count}: ${hostList(hosts)}`];
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
