import type { Domain } from '../../types/domain.ts';
import { laterIssuesIn } from '../issues/issues.ts';
import { asFollower } from './arrival/follower.ts';
import { isMarked } from './arrival/mark.ts';
import type { Case } from './case.ts';
import type { PoolFacts } from './pool/facts.ts';
import { poolForGuest } from './pool/guest-pool.ts';
import { machineRule } from './rules/machine.ts';
import { excludesArrival, type Settings } from './settings.ts';

/** The case of a domain and a pool, as the domain finds it. */
export function newCase(read: Domain, pool: PoolFacts, given: Settings): Case {
  // Who is levelled on arrival is judged, and written again, as such.
  const isSo = !excludesArrival(given) && isMarked(read);
  const settings = isSo ? { ...given, onArrival: true } : given;
  const domain = settings.onArrival ? asFollower(read) : read;
  const asRead = { domain, pool: poolForGuest(domain, pool), settings, issueAt: laterIssuesIn(domain.text) };
  const machine = settings.machine && machineRule(asRead);
  const [change] = machine?.changes ?? [];
  if (machine === undefined || change?.kind !== 'set-attribute') return asRead;
  const written = { ...domain, machine: change.value };
  return { ...asRead, domain: written, pool: poolForGuest(written, pool), machine };
}
