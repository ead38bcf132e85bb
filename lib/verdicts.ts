import type { Host } from '../types/host.ts';
import type { PlannedPool } from '../types/pools.ts';
import type { CheckOptions, Judgement } from '../types/options.ts';
import type { CheckPool } from '../types/pool.ts';
import type { ReportGuest, ReportVerdict } from '../types/report.ts';
import { hasErrors } from './issues/issues.ts';
import { createCheckPool } from './check-pool.ts';

/** A guest to be judged. */
export interface GuestText {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** How to judge guests. */
export interface VerdictOptions {
  readonly pool?: Judgement;
  readonly check?: CheckOptions;
}

/**
 * What all hosts as one pool, where they can be one, and each of these pools where there are several, say of each guest.
 * Each pool is compared once.
 *
 * @throws LibvirtXmlError for a guest that cannot be read.
 */
export function guestVerdicts(
  hosts: readonly Host[],
  pools: readonly PlannedPool[],
  guests: readonly GuestText[],
  options: VerdictOptions = {},
): readonly ReportGuest[] {
  const asked = poolsAsked(hosts, pools, options.pool);
  return guests.map(({ name, file, text }) => ({
    name,
    file,
    verdicts: asked.map(({ where, pool }) => {
      const read = { ...options.check?.read, file };
      const { safe, disable, issues } = pool.check(text, { ...options.check, read });
      return { ...where, check: { safe, disable, issues } };
    }),
  }));
}

/** Hosts that can be no pool are asked as one only where nothing else is there to ask. */
function poolsAsked(
  hosts: readonly Host[],
  pools: readonly PlannedPool[],
  options: Judgement | undefined,
): readonly { readonly where: Omit<ReportVerdict, 'check'>; readonly pool: CheckPool }[] {
  const all = createCheckPool(hosts, options);
  const whole = { where: { hosts: all.baseline.hosts.map(({ name }) => name) }, pool: all };
  const parts = pools.map((planned, number) => {
    const names = new Set(planned.hosts);
    const own = createCheckPool(
      all.baseline.hosts.filter(({ name }) => names.has(name)),
      options,
    );
    return { where: { pool: number, hosts: planned.hosts }, pool: own };
  });
  if (parts.length === 0 || !hasErrors(all.issues)) return parts.length > 1 ? [whole, ...parts] : [whole];
  return parts;
}
