import type { BaselineHost } from '../../../types/baseline.ts';
import type { Domain } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import type { PlanOptions } from '../../../types/options.ts';
import type { ElementChange } from '../../../types/plan.ts';
import type { Finder } from '../finder.ts';

/** A domain beside the hosts it is planned for. */
export interface Guest {
  readonly domain: Domain;
  readonly hosts: readonly BaselineHost[];
  /** Features every host has. */
  readonly common: ReadonlySet<string>;
  readonly options: PlanOptions;
  readonly found: Finder;
}

/** What was found in one respect, and what would mend it. */
export interface Judged {
  readonly issues: readonly Issue[];
  readonly changes: readonly ElementChange[];
}

/** Nothing to say, nothing to do. */
export const NOTHING: Judged = { issues: [], changes: [] };
