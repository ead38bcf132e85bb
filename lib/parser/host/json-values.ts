import type { JsonObject, JsonValue } from '../json.ts';

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** A member of an object; `undefined` of anything else. */
export function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(value) ? value.get(name) : undefined;
}

/** What stands at the end of a path of members. */
export function valueAt(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  return path.reduce((inner, name) => memberOf(inner, name), value);
}

export function stringIn(value: JsonValue | undefined, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : undefined;
}

/** A list as a list; nothing for anything else. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

export function stringsIn(value: JsonValue | undefined): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}
