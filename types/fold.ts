import type { HostGrade, HostSource } from './host-source.ts';
import type { Severity } from './issue.ts';

/** A finding about a host in a fold: its code, its weight and its facts, but for the names of the hosts. */
export interface FoldedDoubt {
  readonly code: string;
  readonly severity: Severity;
  readonly [fact: string]: unknown;
}

/** What a pool needs to know of hosts that are alike, as a line of a fold states it; what nobody knows is left out. */
export interface FoldedFacts {
  readonly source: HostSource;
  readonly grade: HostGrade;
  readonly arch?: string;
  readonly virtType?: string;
  readonly vendor?: string;
  readonly model?: string;
  /** Versions of the CPU maps that the names were read with. */
  readonly maps?: readonly string[];
  /** Family, model and stepping of the processor. */
  readonly cpu?: readonly (number | null)[];
  readonly addressBits?: number;
  readonly addressLimit?: number;
  readonly features?: readonly string[];
  readonly uncertain?: readonly string[];
  /** Names the source could not show; in one word where that is all that a source of a kind cannot. */
  readonly silent?: string | readonly string[];
  readonly unnamed?: readonly string[];
  readonly properties?: Readonly<Record<string, boolean | number | string>>;
  readonly deprecated?: readonly string[];
  readonly doubts?: readonly FoldedDoubt[];
}

/** One line that `profile` and `fold` print: hosts that are alike, and what is known of them. */
export interface FoldLine extends FoldedFacts {
  readonly foldVersion: 1;
  readonly hosts: readonly FoldedName[];
}

/** One line of a fold, read: hosts that are alike, by names or patterns of names. */
export interface FoldedLine {
  readonly hosts: readonly FoldedName[];
  readonly facts: FoldedFacts;
}

/** A name, a pattern (`kvm-[01-12,17]`), or a name that could be taken for one. */
export type FoldedName = string | { readonly name: string };
