import type { OnHosts } from '../../../types/issue-facts/common.ts';
import { remembered } from '../../text/remembered.ts';

/** What hosts have → the names of those that have it. Hosts of which nobody knows are left out. */
export type Kinds<Value = string> = ReadonlyMap<Value, readonly string[]>;

/** Hosts by what one of their facts is. */
export function kindsBy<Named extends { readonly name: string }, Value>(
  hosts: readonly Named[],
  of: (host: Named) => Value | undefined,
): Kinds<Value> {
  const kinds = new Map<Value, string[]>();
  for (const host of hosts) {
    const value = of(host);
    if (value !== undefined) remembered(kinds, value, () => []).push(host.name);
  }
  for (const names of kinds.values()) Object.freeze(names);
  return kinds;
}

/** Hosts by one of their facts, as findings tell it: what it is, and whose. */
export function groupsBy<Named extends { readonly name: string }, Key extends keyof Named>(
  hosts: readonly Named[],
  key: Key,
): readonly (Readonly<Record<Key, NonNullable<Named[Key]>>> & OnHosts)[] {
  type Group = Readonly<Record<Key, NonNullable<Named[Key]>>> & OnHosts;
  const kinds = [...kindsBy(hosts, (host) => host[key] ?? undefined)];
  return kinds.map(([value, names]) => ({ [key]: value, hosts: names }) as Group);
}

/** Hosts by equal lists of features; those without any are left out. */
export function byFeatures<Named extends { readonly name: string }>(
  hosts: readonly Named[],
  of: (host: Named) => readonly string[],
): readonly ({ readonly features: readonly string[] } & OnHosts)[] {
  const kinds = [...kindsBy(hosts, (host) => of(host).join(' ') || undefined)];
  return kinds.map(([names, some]) => ({ hosts: some, features: names.split(' ') }));
}

/** One of each kind of things that are alike in two facts. A fleet of thousands has a few kinds. */
export function oneOfEach<Thing>(
  all: readonly Thing[],
  of: (thing: Thing) => readonly [unknown, unknown],
): readonly Thing[] {
  const known = new Map<unknown, Set<unknown>>();
  return all.filter((thing) => {
    const [first, second] = of(thing);
    const others = remembered(known, first, () => new Set());
    return others.size !== others.add(second).size;
  });
}
