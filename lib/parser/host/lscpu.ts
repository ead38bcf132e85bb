import type { Host } from '../../../types/host.ts';
import type { JsonValue } from '../json.ts';
import { hostOfFields, hostsOfMachines } from './cpuinfo.ts';
import { machinesIn, type Field } from './fields.ts';
import { isObject, memberOf, stringIn } from './json-values.ts';
import type { Reading } from './listed.ts';

/** The hosts of the output of `lscpu`, or of several in a row. @see https://man7.org/linux/man-pages/man1/lscpu.1.html */
export function readLscpu(reading: Reading): readonly Host[] {
  return hostsOfMachines(machinesIn(reading.text, /^Architecture:/gm), 'lscpu', reading);
}

/** The host of the output of `lscpu -J`, whose newer versions nest the fields. */
export function readLscpuJson(value: JsonValue, reading: Reading): Host {
  return hostOfFields(fieldsBelow(memberOf(value, 'lscpu')), 'lscpu', reading);
}

function fieldsBelow(value: JsonValue | undefined): readonly Field[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isObject)
    .flatMap((entry) => [
      [
        (stringIn(entry, 'field') ?? '').replace(/:$/, '').toLowerCase(),
        stringIn(entry, 'data') ?? '',
      ] as const,
      ...fieldsBelow(entry.get('children')),
    ]);
}
