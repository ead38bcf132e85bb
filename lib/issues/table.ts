import type { IssueFactsByCode } from '../../types/issue.ts';
import { COST_ISSUES } from './costs.ts';
import { CPU_ISSUES } from './cpu.ts';
import type { IssueTable } from './entry.ts';
import { FEATURE_ISSUES } from './features.ts';
import { GUEST_ISSUES } from './guest.ts';
import { HOST_ISSUES, LOCK_ISSUES, POOL_ISSUES } from './hosts.ts';
import { GATE_ISSUES, LIVE_ISSUES } from './moves.ts';
import { VIRTIO_ISSUES } from './virtio.ts';

/** Code → weight, words and explanation. The only place where findings become sentences. */
export const ISSUES: IssueTable<IssueFactsByCode> = {
  ...HOST_ISSUES,
  ...POOL_ISSUES,
  ...LOCK_ISSUES,
  ...FEATURE_ISSUES,
  ...COST_ISSUES,
  ...CPU_ISSUES,
  ...GUEST_ISSUES,
  ...VIRTIO_ISSUES,
  ...LIVE_ISSUES,
  ...GATE_ISSUES,
};
