import type { Issue } from './issue.ts';

/** Can a host take a running guest? */
export interface LiveHost {
  readonly host: string;
  /** As the guest runs now; `unknown` where nobody can tell. */
  readonly now: 'yes' | 'no' | 'unknown';
  /** What the guest has, or may have, and the host lacks. Sorted. */
  readonly missing: readonly string[];
  /** What the guest may have and nobody knows of the host. Sorted. */
  readonly uncertain: readonly string[];
  /** Names in the guest's CPU that the host's libvirt does not know: it refuses the guest for them. Sorted. */
  readonly unnamed: readonly string[];
  /** Can it take the guest once the rewritten domain was stopped and started? */
  readonly afterPowerCycle: boolean;
}

/** Where a running guest can go. */
export interface LiveJudgement {
  /** Is this the XML of a running guest at all? If not, there is nothing else to say. */
  readonly running: boolean;
  /** Sorted by host. */
  readonly hosts: readonly LiveHost[];
  readonly issues: readonly Issue[];
}

/** How to judge a running guest. */
export interface LiveOptions {
  /** Name of the host it runs on. @default it may run on any of them */
  readonly from?: string;
}
