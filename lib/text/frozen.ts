/** Data made here, made unchangeable to its last list. What is frozen already is taken to be so throughout. */
export function frozen<T>(data: T): T {
  if (typeof data !== 'object' || data === null || Object.isFrozen(data)) return data;
  if (Array.isArray(data)) for (const value of data as readonly unknown[]) frozen(value);
  else for (const value of Object.values(data)) frozen(value);
  return Object.freeze(data);
}

/**
 * The value, deeply frozen: the same object where it is frozen already, else a copy, so that what a caller gave stays
 * the caller's to change. For plain data without cycles.
 *
 * @param copies what was copied before: what is there several times is copied once.
 */
export function frozenCopy<T>(value: T, copies: Map<unknown, unknown> = new Map()): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const known = copies.get(value);
  if (known !== undefined) return known as T;
  const copy: unknown = Array.isArray(value)
    ? value.map((item: unknown) => frozenCopy(item, copies))
    : Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, frozenCopy<unknown>(item, copies)]),
      );
  copies.set(value, Object.freeze(copy));
  return copy as T;
}
