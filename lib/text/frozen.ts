/** Data made here, made unchangeable to its last list. What is frozen already is taken to be so throughout. */
export function frozen<T>(data: T): T {
  if (typeof data !== 'object' || data === null || Object.isFrozen(data)) return data;
  const values: readonly unknown[] = Array.isArray(data) ? data : Object.values(data);
  for (const value of values) if (typeof value === 'object') frozen(value);
  return Object.freeze(data);
}

/** What is given is nested less than this, or holds itself. */
const DEEPEST = 64;

/** @throws TypeError for what is nested too deeply, or holds itself */
export function refuseDepth(depth: number): void {
  if (depth > DEEPEST)
    throw new TypeError(`what was given holds itself, or is nested more than ${DEEPEST} levels deep`);
}

/**
 * The value, deeply frozen: the same object where it is so already, else a copy, so that what a caller gave stays the
 * caller's to change. A copy is plain data, whatever was given: what getters answer now, and no functions.
 *
 * @param copies what was copied before: what is there several times is copied once.
 * @throws TypeError for what is nested too deeply, or holds itself
 */
export function frozenCopy<T>(value: T, copies: Map<unknown, unknown> = new Map()): T {
  return copyOf(value, copies, 0) as T;
}

function copyOf(value: unknown, copies: Map<unknown, unknown>, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  refuseDepth(depth);
  if (isUnchanging(value, copies, depth)) return value;
  const copy: unknown = Array.isArray(value)
    ? Array.from(value, (item: unknown) => copyOf(item, copies, depth + 1))
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => typeof item !== 'function')
          .map(([key, item]) => [key, copyOf(item, copies, depth + 1)]),
      );
  copies.set(value, Object.freeze(copy));
  return copy;
}

/** Is it plain data that nobody can change? Nothing is copied to find out: there may be thousands of hosts. */
function isUnchanging(value: unknown, known: Map<unknown, unknown>, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  if (known.get(value) === value) return true;
  if (depth > DEEPEST || !Object.isFrozen(value)) return false;
  return Array.isArray(value)
    ? isUnchangingList(value, known, depth + 1)
    : isUnchangingRecord(value, known, depth + 1);
}

function isUnchangingList(list: readonly unknown[], known: Map<unknown, unknown>, depth: number): boolean {
  let isOfNames = true;
  for (let i = 0; i < list.length; i++) {
    if (typeof list[i] === 'string') continue;
    isOfNames = false;
    if (!isUnchanging(list[i], known, depth)) return false;
  }
  // Each host has lists of names of its own, and they are looked at quickly; what hosts share is looked at once.
  if (!isOfNames) known.set(list, list);
  return true;
}

function isUnchangingRecord(record: object, known: Map<unknown, unknown>, depth: number): boolean {
  if (Object.getPrototypeOf(record) !== Object.prototype) return false;
  for (const key of Object.keys(record)) {
    const property = Object.getOwnPropertyDescriptor(record, key);
    if (property?.get !== undefined || !isUnchanging(property?.value, known, depth)) return false;
  }
  if (depth > 1) known.set(record, record);
  return true;
}
