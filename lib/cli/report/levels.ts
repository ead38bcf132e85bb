import type { BaselineHost } from '../../../types/baseline.ts';
import type { PoolLevels, X86Level } from '../../../types/facts.ts';
import { isBelow } from '../../cpu/facts/levels.ts';
import { areFew, hostList } from '../../issues/words.ts';
import { groupedBy } from '../../text/remembered.ts';

const PREFIX = 'x86-64-';

/**
 * The level that is left to a guest, and the hosts that keep it from what another host gives alone: `x86-64-v3 → v2,
 * because of kvm-03`. Nothing where no host reaches any level.
 */
export function levelWords(levels: PoolLevels | undefined): string | undefined {
  const { best, level, because } = levels ?? {};
  if (best === undefined) return undefined;
  if (!isBelow(level, best)) return best;
  const cause = because === undefined || because.length === 0 ? 'the domain itself' : hostList(because);
  return `${best} → ${short(level)}, because of ${cause}`;
}

/** What each host gives alone, hosts of one level together, and what they have in common. */
export function hostLevelWords(levels: PoolLevels | undefined): string | undefined {
  if (levels?.best === undefined) return undefined;
  const { hosts, level } = levels;
  const highestFirst = hosts.toSorted(
    (a, b) => Number(isBelow(a.level, b.level)) - Number(isBelow(b.level, a.level)),
  );
  const byLevel = groupedBy(highestFirst, (one) => (one.known ? short(one.level) : 'unknown'));
  const alone = [...byLevel].map(([word, all]) => `${word} on ${hostList(all.map(({ host }) => host))}`);
  return `x86-64 level: ${alone.join('; ')}; in common ${short(level)}`;
}

/** A level without what all of them begin with. */
export function short(level: X86Level | undefined): string {
  return level?.slice(PREFIX.length) ?? 'below v1';
}

/** Hosts for a headline, counted where they are many, and the level left there: `30 hosts, kvm-[01-30] (x86-64-v3)`. */
export function amongHosts(hosts: readonly BaselineHost[], levels: PoolLevels | undefined): string {
  const names = hosts.map(({ name }) => name);
  const level = levelWords(levels);
  const count = areFew(names) ? '' : `${names.length} hosts, `;
  return `${count}${hostList(names)}${level === undefined ? '' : ` (${level})`}`;
}
