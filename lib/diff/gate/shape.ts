import type { GatePool } from '../../../types/gate.ts';
import { isNames, isRecord } from '../../text/json.ts';

/** Is it what a gate has to know of its pool, whole? It may come from a file. */
export function isGatePool(value: unknown): value is GatePool {
  if (!isRecord(value)) return false;
  const { self, arch, vendor, virtType, common, hosts, particulars, rescuable, ...records } = value;
  return (
    typeof self === 'string' &&
    [arch, vendor, virtType].every((fact) => fact === null || typeof fact === 'string') &&
    isNames(common) &&
    isNames(rescuable) &&
    areHosts(hosts, self) &&
    Array.isArray(particulars) &&
    particulars.every(isParticular) &&
    areRecords(records)
  );
}

function areRecords({ unnamed, ancestors, models }: Readonly<Record<string, unknown>>): boolean {
  const areLists = [unnamed, models].every(
    (record) => isRecord(record) && Object.values(record).every(isNames),
  );
  return areLists && isRecord(ancestors) && isNames(Object.values(ancestors));
}

function areHosts(value: unknown, self: string): boolean {
  return (
    Array.isArray(value) &&
    value.some((host) => isRecord(host) && host['name'] === self) &&
    value.every(
      (host) =>
        isRecord(host) &&
        typeof host['name'] === 'string' &&
        ['surplus', 'unknown', 'off', 'absent'].every((list) => isNames(host[list])),
    )
  );
}

function isParticular(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { feature, guests, presentOn, unknownOn } = value;
  const isKnown =
    guests === 'one-processor-a-socket' || (isRecord(guests) && typeof guests['machinesUntil'] === 'string');
  return typeof feature === 'string' && isKnown && isNames(presentOn) && isNames(unknownOn);
}
