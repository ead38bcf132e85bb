import type { Baseline } from '../../types/baseline.ts';
import type { Domain } from '../../types/domain.ts';
import { givenHosts } from '../cpu/given-hosts.ts';
import { asMade } from '../issues/given.ts';
import { frozenCopy } from '../text/frozen.ts';
import { isMadeHere } from '../text/made.ts';

/**
 * The domain that a function was given, as it is now: a plan works out some things when they are read.
 *
 * @throws TypeError for what is no domain
 */
export function givenDomain(domain: Domain): Domain {
  const hint = 'give what parseDomain made of it';
  return frozenCopy(asMade(domain, 'the domain', ['uses', 'devices', 'commandLine'], hint));
}

/**
 * The same for a baseline. One that `diffHosts` made does not change; whether another does, nobody can see from outside.
 *
 * @throws TypeError for what is no baseline; LibvirtXmlError `bad-host` for one with something else for a host
 */
export function givenBaseline(baseline: Baseline): Baseline {
  // Nothing of it is looked at: its losses are worked out when they are read.
  if (isMadeHere(baseline, 'baseline')) return baseline;
  const hint = 'give what diffHosts made of hosts, or pool.baseline';
  const given = asMade(baseline, 'the baseline', ['hosts', 'common', 'issues', 'losses'], hint);
  // Hosts that were made here are no copies, but the same.
  const hosts = givenHosts(given.hosts);
  return Object.freeze({ ...frozenCopy({ ...given, hosts: [] }), hosts });
}
