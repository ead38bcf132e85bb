import type { IssueCode, IssueFactsByCode } from '../../types/issue.ts';
import { ARRIVAL_ISSUES } from './arrival.ts';
import { COST_ISSUES } from './costs.ts';
import { CPU_ISSUES } from './cpu.ts';
import type { IssueTable } from './entry.ts';
import { FEATURE_ISSUES } from './features.ts';
import { GUEST_ISSUES } from './guest.ts';
import { HOST_ISSUES, POOL_ISSUES } from './hosts.ts';
import { LOCK_ISSUES } from './lock.ts';
import { GATE_ISSUES, LIVE_ISSUES } from './moves.ts';
import { VIRTIO_ISSUES } from './virtio.ts';

/**
 * By theme. A theme is looked at when one of its codes is: the build keeps all but those of hosts in a file that loads
 * only then.
 */
const THEMES: readonly (() => Partial<IssueTable<IssueFactsByCode>>)[] = [
  () => HOST_ISSUES,
  () => POOL_ISSUES,
  () => LOCK_ISSUES,
  () => FEATURE_ISSUES,
  () => COST_ISSUES,
  () => CPU_ISSUES,
  () => GUEST_ISSUES,
  () => VIRTIO_ISSUES,
  () => LIVE_ISSUES,
  () => GATE_ISSUES,
  () => ARRIVAL_ISSUES,
];

/** Weight, words and explanation of a code. The only place where findings become sentences. */
export function entryOf<Code extends IssueCode>(code: Code): IssueTable<IssueFactsByCode>[Code] {
  for (const theme of THEMES) {
    const entry = theme()[code];
    if (entry !== undefined) return entry;
  }
  throw new RangeError(`there is no issue "${code}"`);
}

/** Every code there is, by theme. */
export function issueCodes(): readonly IssueCode[] {
  return THEMES.flatMap((theme) => Object.keys(theme()) as IssueCode[]);
}
