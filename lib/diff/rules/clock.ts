import type { BaselineHost } from '../../../types/baseline.ts';
import type { DomainFeature } from '../../../types/domain.ts';
import type { HostProcessor } from '../../../types/host.ts';
import type { Issue } from '../../../types/issue.ts';
import { saying, type Case, type Outcome } from '../case.ts';
import { isWanted } from '../cpu/changes.ts';

/** How far a time stamp counter may be off before libvirt and QEMU call it another, in parts of a million. */
const TOLERANCE = 250;

type Tsc = NonNullable<HostProcessor['tsc']> & { readonly host: BaselineHost };

/**
 * The guest's time stamp counter runs as fast as its host's, unless the host scales it. libvirt looks at it only where
 * the domain names a frequency.
 *
 * @see https://libvirt.org/formatdomain.html#time-keeping
 */
export function clockRule(guest: Case): Outcome {
  return saying(clockIssues(guest));
}

function clockIssues(guest: Case): readonly Issue[] {
  const { domain, pool } = guest;
  const fixed = domain.uses.find(({ key }) => key === 'timer.tsc');
  const invariant = domain.cpu?.features.find((feature) => feature.name === 'invtsc' && isWanted(feature));
  const unfixed = invariant === undefined || fixed !== undefined ? [] : [unspecified(guest, invariant)];
  if (domain.type !== undefined && domain.type !== 'kvm') return unfixed;
  const known = pool.ask(counters);
  if (known.every(({ scaling }) => scaling)) return unfixed;
  if (fixed !== undefined) return refusedFrequency(guest, known, Number(fixed.value), fixed.span);
  return [...unfixed, ...differentFrequencies(guest, known)];
}

function counters(hosts: readonly BaselineHost[]): readonly Tsc[] {
  return hosts.flatMap((host) =>
    host.processor?.tsc === undefined ? [] : [{ ...host.processor.tsc, host }],
  );
}

function unspecified({ found }: Case, { name, span }: DomainFeature): Issue {
  return found('tsc-unspecified', span, { feature: name });
}

/** A host that neither runs at the frequency nor scales refuses to start the guest. */
function refusedFrequency(
  { found }: Case,
  known: readonly Tsc[],
  frequency: number,
  span: DomainFeature['span'],
): readonly Issue[] {
  const refusing = known.filter((tsc) => !tsc.scaling && !isNear(tsc.frequency, frequency));
  if (refusing.length === 0) return [];
  return [found('tsc-frequency', span, factsOf(refusing, String(frequency)), 'error')];
}

function differentFrequencies({ found }: Case, known: readonly Tsc[]): readonly Issue[] {
  const frequencies = known.map(({ frequency }) => frequency);
  if (known.length < 2 || isNear(Math.max(...frequencies), Math.min(...frequencies))) return [];
  return [found('tsc-frequency', undefined, factsOf(known))];
}

function factsOf(known: readonly Tsc[], expected?: string): Pick<Issue, 'hosts' | 'received' | 'expected'> {
  const told = known.map(({ host, frequency }) => `${frequency} Hz on ${host.name}`);
  return {
    hosts: known.map(({ host }) => host.name),
    received: told.join(', '),
    ...(expected !== undefined && { expected }),
  };
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) * 1e6 <= TOLERANCE * b;
}
