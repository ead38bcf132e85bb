import type { BaselineHost } from '../../../types/baseline.ts';
import { memory } from '../../text/memory.ts';

type Hosts = readonly BaselineHost[];

/** An answer about the hosts of a pool, worked out once for all the domains that ask the same. */
export function perPool<T>(answer: (hosts: Hosts) => T): (hosts: Hosts) => T {
  const known = new WeakMap<Hosts, { readonly value: T }>();
  return (hosts) => {
    const found = known.get(hosts);
    if (found !== undefined) return found.value;
    const value = answer(hosts);
    known.set(hosts, { value });
    return value;
  };
}

/** The same for a question with a word in it. */
export function perPoolAnd<T>(answer: (hosts: Hosts, word: string) => T): (hosts: Hosts, word: string) => T {
  const answers = perPool(() => memory<T>());
  return (hosts, word) => answers(hosts)(word, (own) => answer(hosts, own));
}

/** What hosts have → the names of those that have it. Hosts of which nobody knows are left out. */
export type Kinds = ReadonlyMap<string, readonly string[]>;

/** Hosts by what one of their facts is. */
export function kindsBy(hosts: Hosts, of: (host: BaselineHost) => string | undefined): Kinds {
  const kinds = new Map<string, string[]>();
  for (const host of hosts) {
    const value = of(host);
    if (value === undefined) continue;
    const names = kinds.get(value);
    if (names === undefined) kinds.set(value, [host.name]);
    else names.push(host.name);
  }
  return kinds;
}
