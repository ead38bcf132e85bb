import type { BaselineLock, LockedHost } from '../../types/lock.ts';
import { isNames, isRecord } from './json.ts';

/** Is it a locked baseline, whole? */
export function isLock(value: unknown): value is BaselineLock {
  if (!isRecord(value)) return false;
  const { common, hosts } = value;
  return isNames(common) && Array.isArray(hosts) && hosts.every(isHost);
}

function isHost(value: unknown): value is LockedHost {
  if (!isRecord(value)) return false;
  const { name, identity, surplus, uncertain } = value;
  return (
    typeof name === 'string' &&
    isNames(surplus) &&
    isNames(uncertain) &&
    isRecord(identity) &&
    isNames(Object.values(identity))
  );
}
