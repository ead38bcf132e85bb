import type { Host } from './host.ts';
import type { Issue } from './issue.ts';
import type { Presence } from './issue-facts/common.ts';

/** One feature that not every host has. */
export interface Loss extends Presence {
  readonly feature: string;
  /** Hosts whose libvirt does not know the name: there it must not be written into a domain. */
  readonly unnamedOn: readonly string[];
}

/** A host of a baseline, as it was given. Where several hosts had one name, `name` is numbered. */
export interface BaselineHost extends Host {
  /** The name it was given, where it had to be numbered. */
  readonly givenName?: string;
}

/** What the hosts of a pool have in common, and who lacks what. */
export interface Baseline {
  /** Sorted by name. */
  readonly hosts: readonly BaselineHost[];
  /** Sorted names of the features every host has: the plain intersection, as libvirt computes it. */
  readonly common: readonly string[];
  /** Host name → sorted names of its features that are not common. */
  readonly surplus: Readonly<Record<string, readonly string[]>>;
  /** Every feature that some host has, or may have, and another lacks; sorted by name. */
  readonly losses: readonly Loss[];
  readonly arch: string | undefined;
  readonly vendor: string | undefined;
  readonly issues: readonly Issue[];
}
