import type { Domain, DomainCpu } from '../../types/domain.ts';
import type { Issue } from '../../types/issue.ts';
import type { DomainChange, PlannedDisable } from '../../types/plan.ts';
import type { IssueAt } from '../issues/issues.ts';
import type { PoolFacts } from './pool/facts.ts';
import type { Settings } from './settings.ts';

/** What every rule gets: a domain beside the pool it is planned for. */
export interface Case {
  readonly domain: Domain;
  readonly pool: PoolFacts;
  readonly settings: Settings;
  /** Makes an issue, at a place in the domain where it has one. */
  readonly issueAt: IssueAt;
  /** What there is to say of its machine type, where it gets another one: all else is planned for that. */
  readonly machine?: Outcome;
}

/** A case whose domain has a CPU that may carry features. */
export interface CpuCase extends Case {
  readonly cpu: DomainCpu;
  /** The named model whose features the guest sees; `undefined` where another takes its place, or the host's own CPU. */
  readonly model: string | undefined;
  /** Does the CPU show whatever its host has? One with match='minimum' does so too. */
  readonly follows: boolean;
}

/** What a rule has to say of a case, and what would mend it. */
export interface Outcome {
  readonly issues: readonly Issue[];
  /**
   * All findings in order, where `issues` are only some of them: worked out when somebody reads them, for none of the
   * others is an error unless the caller refuses it.
   */
  report?(c: Case): readonly Issue[];
  /** The same in every form, or that of the shared form where `changesFor` tells others. */
  readonly changes: readonly DomainChange[];
  changesFor?(host: string): readonly DomainChange[];
  /** May the form of a host have changes where the shared one has none? */
  readonly isByHost?: true | undefined;
  /** What must be off, each with what it costs. */
  disable?(): readonly PlannedDisable[];
  /** The features the guest sees on every host. */
  kept?(): ReadonlySet<string>;
  /** Later rules would answer about another guest, so they are not asked. */
  readonly last?: boolean;
}

/** Looks at one respect in which a guest's hosts may differ. Nothing to say is `NOTHING`. */
export type Rule = (c: Case) => Outcome;

/** Nothing to say, nothing to do. */
export const NOTHING: Outcome = Object.freeze({ issues: Object.freeze([]), changes: Object.freeze([]) });

/** The case with its CPU at hand. */
export function cpuCase({ domain, pool, settings, issueAt }: Case, cpu: DomainCpu): CpuCase {
  // A pinned CPU equals the baseline, which is what a CPU that follows its hosts shows.
  const model = cpu.mode === 'custom' && settings.pin === undefined ? cpu.model : undefined;
  return {
    domain,
    pool,
    settings,
    issueAt,
    cpu,
    model,
    follows: model === undefined || cpu.match === 'minimum',
  };
}

/** Lists of issues as one. Mostly all are empty. */
export function together(...lists: readonly (readonly Issue[])[]): readonly Issue[] {
  for (const list of lists) if (list.length > 0) return lists.flat();
  return NOTHING.issues;
}

/** An outcome of issues alone. */
export function saying(issues: readonly Issue[]): Outcome {
  return issues.length === 0 ? NOTHING : { issues, changes: NOTHING.changes };
}

/** An outcome of issues none of which is an error: they are worked out when somebody reads them. */
export function sayingLater(report: (c: Case) => readonly Issue[]): Outcome {
  return Object.freeze({ ...NOTHING, report });
}
