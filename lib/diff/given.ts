import type { Baseline } from '../../types/baseline.ts';
import type { Domain } from '../../types/domain.ts';
import { asMade } from '../issues/given.ts';
import { frozenCopy } from '../text/frozen.ts';

/**
 * The domain that a function was given, as it is now: a plan works out some things when they are read.
 *
 * @throws TypeError for what is no domain
 */
export function givenDomain(domain: Domain): Domain {
  return frozenCopy(asMade(domain, 'the domain', ['uses', 'devices'], 'give what parseDomain made of it'));
}

/** The same for a baseline. One that `diffHosts` made does not change. @throws TypeError for what is no baseline */
export function givenBaseline(baseline: Baseline): Baseline {
  const given = asMade(
    baseline,
    'the baseline',
    ['hosts', 'common', 'issues'],
    'give what diffHosts made of hosts, or pool.baseline',
  );
  return [given, given.hosts].every(Object.isFrozen) ? given : frozenCopy(given);
}
