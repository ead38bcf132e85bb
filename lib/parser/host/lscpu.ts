import type { Host } from '../../../types/host.ts';
import type { JsonValue } from '../json.ts';
import { fieldsIn, hostOfFields, type Fields } from './cpuinfo.ts';
import { isObject, memberOf, stringIn } from './json-values.ts';
import type { Reading } from './listed.ts';

/** The host of the output of `lscpu`. @see https://man7.org/linux/man-pages/man1/lscpu.1.html */
export function readLscpu(reading: Reading): Host {
  return hostOfLscpu(fieldsIn(reading.text), reading);
}

/** The host of the output of `lscpu -J`, whose newer versions nest the fields. */
export function readLscpuJson(value: JsonValue, reading: Reading): Host {
  const fields = new Map(entriesBelow(memberOf(value, 'lscpu')));
  return hostOfLscpu(fields, reading);
}

function hostOfLscpu(fields: Fields, reading: Reading): Host {
  const flags = (fields.get('flags') ?? '').split(/\s+/).filter((flag) => flag !== '');
  return hostOfFields(fields, flags, 'lscpu', reading);
}

function entriesBelow(value: JsonValue | undefined): readonly (readonly [string, string])[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isObject)
    .flatMap((entry) => [
      [
        (stringIn(entry, 'field') ?? '').replace(/:$/, '').toLowerCase(),
        stringIn(entry, 'data') ?? '',
      ] as const,
      ...entriesBelow(entry.get('children')),
    ]);
}
