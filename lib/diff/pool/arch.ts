import type { Host } from '../../../types/host.ts';
import type { Issue } from '../../../types/issue.ts';
import { X86 } from '../../cpu/arches.ts';
import { otherPoolIssues } from './other-arches.ts';

/** What keeps these hosts of one architecture from being a pool, where that is not about features; nothing on x86. */
export function archPoolIssues(pool: readonly Host[]): readonly Issue[] {
  return pool.every(({ arch }) => arch === undefined || X86.has(arch)) ? [] : otherPoolIssues(pool);
}
