/**
 * The value, deeply frozen: the same object where it is frozen already, else a copy, so that what a caller gave stays
 * the caller's to change. For plain data without cycles.
 */
export function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as T;
  const copies = Object.entries(value).map(([key, item]: [string, unknown]) => [key, frozenCopy(item)]);
  return Object.freeze(Object.fromEntries(copies)) as T;
}
