import type { Host } from '../types/host.ts';
import type { PoolsPlan } from '../types/pools.ts';
import type { ReportData, ReportGuest, ReportVerdict } from '../types/report.ts';
import type { RewriteResult } from '../types/plan.ts';
import { planPools } from '../lib/pools/pools.ts';
import { recommended } from '../lib/report/words.ts';
import type { GivenGuest } from './session.ts';

/** Which of these hosts belong together, and can run these guests. */
export function planOf(hosts: readonly Host[], guests: readonly GivenGuest[]): PoolsPlan {
  return planPools(hosts, { guests: guests.map(({ domain }) => domain) });
}

/** All that the report is about. What judges guests is evaluated where there are some. */
export async function dataOf(
  hosts: readonly Host[],
  guests: readonly GivenGuest[],
  plan: PoolsPlan,
): Promise<ReportData> {
  return { hosts, plan, guests: guests.length === 0 ? [] : await verdictsOf(hosts, guests, plan) };
}

async function verdictsOf(
  hosts: readonly Host[],
  guests: readonly GivenGuest[],
  plan: PoolsPlan,
): Promise<readonly ReportGuest[]> {
  const { guestVerdicts } = await import('../lib/verdicts.ts');
  return guestVerdicts(
    hosts,
    recommended(plan),
    guests.map(({ file, text, domain }) => ({ name: domain.name ?? file, file, text })),
  );
}

/** The guest made safe for the hosts of a verdict. The writer is evaluated only now. */
export async function rewritten(
  hosts: readonly Host[],
  { text, file }: GivenGuest,
  verdict: ReportVerdict,
): Promise<RewriteResult> {
  const { createPool } = await import('../lib/pool.ts');
  const names = new Set(verdict.hosts);
  return createPool(hosts.filter(({ name }) => names.has(name))).rewrite(text, { read: { file } });
}
