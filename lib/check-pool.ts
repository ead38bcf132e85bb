import type { Host } from '../types/host.ts';
import type { CheckOptions, Judgement } from '../types/options.ts';
import type { CheckPool } from '../types/pool.ts';
import { checkIn } from './checked-guest.ts';
import { givenHosts } from './cpu/given-hosts.ts';
import { givenDomain } from './diff/given.ts';
import { newKept, newMemory, type Kept } from './diff/memory.ts';
import { diffGiven } from './diff/pool/baseline.ts';
import { factsOf, type PoolFacts } from './diff/pool/facts.ts';
import { JUDGEMENT, PLAN, settingsOf, type Settings } from './diff/settings.ts';
import { plannedFor } from './diff/ways.ts';
import { OBJECT, optionsOf, TEXT, type OptionKinds } from './issues/options.ts';

const CHECK: OptionKinds<CheckOptions> = { read: OBJECT, runningOn: TEXT, ...PLAN };

/**
 * Hosts compared once, to judge many domains: what `createPool` has, without the writer.
 *
 * @param hosts two or more hosts, read already.
 * @throws RangeError if no host is given; LibvirtXmlError for what is no host; TypeError for an option that there is not.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const pool = createCheckPool([host('kvm-a', 'avx2'), host('kvm-b', 'fpu')]);
 * pool.check("<domain type='kvm'><cpu mode='maximum'/></domain>").safe; // → false
 */
export function createCheckPool(hosts: readonly Host[], options: Judgement = {}): CheckPool {
  return Object.freeze(compared(givenHosts(hosts), optionsOf(options, JUDGEMENT)).judging);
}

/** Hosts that were compared, as what works for a pool needs them. */
export interface Compared {
  readonly facts: PoolFacts;
  readonly given: Settings;
  readonly judging: CheckPool;
  readonly kept: Kept;
}

/** Compares hosts that were checked and copied, and judges domains by what was found. */
export function compared(hosts: readonly Host[], { accept, refuse }: Judgement): Compared {
  const given = settingsOf({ ...(accept && { accept }), ...(refuse && { refuse }) });
  const baseline = diffGiven(hosts, { refuse: [...given.refuse], accept: [...given.accept] });
  const facts = factsOf(baseline, newMemory());
  const kept = newKept();
  const judging: CheckPool = {
    baseline,
    issues: baseline.issues,
    check: (domainXml, asked = {}) => {
      const own = optionsOf(asked, CHECK);
      return kept(checkIn(facts, domainXml, settingsOf(own, given), own), domainXml);
    },
    plan: (domain, asked = {}) =>
      plannedFor(givenDomain(domain), facts, settingsOf(optionsOf(asked, PLAN), given)).plan,
  };
  return { facts, given, judging, kept };
}
