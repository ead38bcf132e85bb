import type { Issue } from '../../types/issue.ts';
import type { PlannedPool } from '../../types/pools.ts';
import { issue } from '../issues/issues.ts';
import { isOfArch, type GuestNeeds } from './needs.ts';
import type { Profile } from './profiles.ts';

/** Guests that none of these pools can take: because no host can, or because those that can are among others. */
export function guestIssues(
  needs: readonly GuestNeeds[],
  pools: readonly PlannedPool[],
  profiles: readonly Profile[],
): readonly Issue[] {
  return needs.flatMap((needed) => {
    const { name, features } = needed;
    if (pools.length === 0 || pools.some(({ guests }) => guests.includes(name))) return [];
    const all = profiles.filter(({ host }) => isOfArch(needed, host));
    const lacking = all.map(({ seen }) => features.filter((feature) => !seen.includes(feature)));
    const able = all.filter((_, i) => lacking[i]?.length === 0);
    const inPools = pools.flatMap(({ otherGuests }) => otherGuests.filter(({ guest }) => guest === name));
    const missing = able.length === 0 ? lacking : inPools.map((one) => one.missing);
    const hosts = able.flatMap(({ names }) => names);
    return [issue('guest-fits-no-pool', { guest: name, features: fewest(missing), hosts })];
  });
}

function fewest([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  return others.reduce((least, list) => (list.length < least.length ? list : least), first);
}
