import type { Baseline } from '../../types/baseline.ts';
import type { Issue } from '../../types/issue.ts';
import { isX86, PPC64, X86 } from '../cpu/arches.ts';
import type { Case, CpuCase } from './case.ts';
import { otherFindings } from './other-arches.ts';

/** Architectures whose guests can be judged at all. */
const JUDGED: ReadonlySet<string> = new Set([...X86, ...PPC64, 's390x', 'aarch64']);

const NONE: readonly Issue[] = [];

/** Does the pool serve a guest of this architecture? An i686 guest runs on an x86_64 host, and POWER in either order of bytes. */
export function archIssues({ domain, pool, issueAt }: Case): readonly Issue[] {
  const { arch: wanted } = domain;
  const { arch } = pool.baseline;
  if (arch === undefined) return NONE;
  const isJudged = JUDGED.has(arch);
  const fits = wanted === undefined || wanted === arch || (X86.has(arch) && wanted === 'i686');
  if (isJudged && fits) return NONE;
  const { names } = pool;
  if (!isJudged) return [issueAt('arch-unsupported', undefined, { hosts: names, arch })];
  if (fits || (PPC64.has(arch) && PPC64.has(wanted))) return NONE;
  return [issueAt('arch-mismatch', undefined, { arches: [{ arch, hosts: names }], domainArch: wanted })];
}

/** What is wrong with a domain's CPU by the rules of its architecture; nothing on x86. */
export function archFindings(context: CpuCase): readonly Issue[] {
  return isX86(context.pool.baseline) ? NONE : otherFindings(context);
}

/**
 * Findings of a baseline as they weigh for a domain: POWER hosts of different levels can still share a lower one, and
 * of duty bits each guest is told what it loses itself.
 */
export function poolIssuesForGuest({ issues, arch }: Baseline): readonly Issue[] {
  const isPower = arch !== undefined && PPC64.has(arch);
  const weighs = ({ code }: Issue): boolean =>
    code !== 'duty-bit-differs' && !(isPower && code === 'power-levels-differ');
  return issues.every(weighs) ? issues : issues.filter(weighs);
}
