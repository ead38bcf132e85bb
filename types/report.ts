import type { Host } from './host.ts';
import type { CheckResult } from './pool.ts';
import type { PoolsPlan } from './pools.ts';

/** What a report is made of: nothing is worked out again. */
export interface ReportData {
  /** Every host that was read, as it was given. */
  readonly hosts: readonly Host[];
  readonly plan: PoolsPlan;
  readonly guests: readonly ReportGuest[];
}

/** A guest, and what the pools say of it. */
export interface ReportGuest {
  readonly name: string;
  readonly file: string;
  readonly verdicts: readonly ReportVerdict[];
}

/** Whether a guest may move among some hosts. */
export interface ReportVerdict {
  /** Number of the pool among those of the plan's knee; absent where all hosts are asked as one pool. */
  readonly pool?: number;
  readonly hosts: readonly string[];
  readonly check: Pick<CheckResult, 'safe' | 'disable' | 'issues'>;
}
