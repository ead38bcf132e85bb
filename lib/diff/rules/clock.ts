import type { BaselineHost } from '../../../types/baseline.ts';
import type { DomainFeature, DomainUse } from '../../../types/domain.ts';
import type { HostProcessor } from '../../../types/host.ts';
import type { Issue } from '../../../types/issue.ts';
import { NOTHING, saying, sayingLater, type Case, type Outcome } from '../case.ts';
import { isWanted } from '../cpu/changes.ts';
import { groupsBy } from '../pool/kinds.ts';

/** How far a time stamp counter may be off before libvirt and QEMU call it another, in parts of a million. */
const TOLERANCE = 250;

type Tsc = NonNullable<HostProcessor['tsc']> & { readonly name: string };

/**
 * The guest's time stamp counter runs as fast as its host's, unless the host scales it. libvirt looks at it only where
 * the domain names a frequency.
 *
 * @see https://libvirt.org/formatdomain.html#time-keeping
 */
export function clockRule(guest: Case): Outcome {
  const { uses, cpu } = guest.domain;
  const isAsked =
    cpu?.features.some(isInvariant) === true || uses.some((use) => isRate(use) || isReenlightenment(use));
  if (isAsked) return saying(clockIssues(guest));
  return guest.pool.ask(counters).length < 2 ? NOTHING : LATER;
}

const LATER: Outcome = sayingLater(clockIssues);

function isInvariant(feature: DomainFeature): boolean {
  return feature.name === 'invtsc' && isWanted(feature);
}

/** To libvirt, a frequency of 0 is none. */
function isRate({ key, value }: DomainUse): boolean {
  return key === 'timer.tsc' && Number(value) > 0;
}

function isReenlightenment({ key, value }: DomainUse): boolean {
  return key === 'hyperv.features' && value === 'reenlightenment';
}

function clockIssues(guest: Case): readonly Issue[] {
  const { domain, pool } = guest;
  const fixed = domain.uses.find(isRate);
  const unfixed = fixed === undefined ? unspecified(guest) : [];
  if (domain.type !== undefined && domain.type !== 'kvm') return unfixed;
  const known = pool.ask(counters);
  if (known.every(({ scaling }) => scaling)) return unfixed;
  if (fixed !== undefined) return refusedFrequency(guest, known, Number(fixed.value), fixed.span);
  return [...unfixed, ...differentFrequencies(guest, known)];
}

function counters(hosts: readonly BaselineHost[]): readonly Tsc[] {
  return hosts.flatMap(({ name, processor }) =>
    processor?.tsc === undefined ? [] : [{ ...processor.tsc, name }],
  );
}

/**
 * With an invariant counter QEMU moves no guest; with re-enlightenment none that has it in use, says QEMU 7.2 where such
 * a guest arrives.
 */
function unspecified({ domain, issueAt }: Case): readonly Issue[] {
  const invariant = domain.cpu?.features.find(isInvariant);
  const asked = domain.uses.find(isReenlightenment);
  return [
    ...(invariant === undefined ? [] : [issueAt('tsc-unspecified', invariant.span, { feature: 'invtsc' })]),
    ...(asked === undefined
      ? []
      : [issueAt('tsc-unspecified', asked.span, { feature: asked.value }, 'warning')]),
  ];
}

/** A host that neither runs at the frequency nor scales refuses to start the guest. */
function refusedFrequency(
  { issueAt }: Case,
  known: readonly Tsc[],
  frequency: number,
  span: DomainFeature['span'],
): readonly Issue[] {
  const refusing = known.filter((tsc) => !tsc.scaling && !isNear(tsc.frequency, frequency));
  if (refusing.length === 0) return [];
  return [
    issueAt(
      'tsc-frequency',
      span,
      { frequencies: groupsBy(refusing, 'frequency'), fixed: frequency },
      'error',
    ),
  ];
}

function differentFrequencies({ issueAt }: Case, known: readonly Tsc[]): readonly Issue[] {
  const frequencies = known.map(({ frequency }) => frequency);
  if (known.length < 2 || isNear(Math.max(...frequencies), Math.min(...frequencies))) return [];
  return [issueAt('tsc-frequency', undefined, { frequencies: groupsBy(known, 'frequency') })];
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) * 1e6 <= TOLERANCE * b;
}
