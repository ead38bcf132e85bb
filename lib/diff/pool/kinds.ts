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
    if (value === undefined) continue;
    const names = kinds.get(value);
    if (names === undefined) kinds.set(value, [host.name]);
    else names.push(host.name);
  }
  for (const names of kinds.values()) Object.freeze(names);
  return kinds;
}
