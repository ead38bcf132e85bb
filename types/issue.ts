import type { ArrivalIssueFacts } from './issue-facts/arrival.ts';
import type { CostIssueFacts } from './issue-facts/costs.ts';
import type { CpuIssueFacts } from './issue-facts/cpu.ts';
import type { FeatureIssueFacts } from './issue-facts/features.ts';
import type { GuestIssueFacts } from './issue-facts/guest.ts';
import type { HostIssueFacts, LockIssueFacts, PoolIssueFacts } from './issue-facts/hosts.ts';
import type { GateIssueFacts, LiveIssueFacts } from './issue-facts/moves.ts';
import type { VirtioIssueFacts } from './issue-facts/virtio.ts';
import type { Span } from './xml.ts';

/** How much an issue weighs: `error` stops the write, `warning` wants a person's eye, `note` informs. */
export type Severity = 'error' | 'warning' | 'note';

/**
 * What an issue of each code speaks of: these facts stand beside `code`, `severity` and `message`. A host is a host's
 * name, a number a number; nothing is joined into a text.
 */
export interface IssueFactsByCode
  extends
    HostIssueFacts,
    PoolIssueFacts,
    LockIssueFacts,
    FeatureIssueFacts,
    CostIssueFacts,
    CpuIssueFacts,
    GuestIssueFacts,
    VirtioIssueFacts,
    LiveIssueFacts,
    GateIssueFacts,
    ArrivalIssueFacts {}

/** Every finding the library can make. `docs/issues.md` says what each means and what to do about it. */
export type IssueCode = keyof IssueFactsByCode;

/** Findings that one host's document brings along. */
export type HostIssueCode = keyof HostIssueFacts;

/** Where in the domain text, if an issue has a place there. */
export interface IssuePlace {
  readonly span?: Span;
  /** 1-based line and column of `span`. */
  readonly line?: number;
  readonly column?: number;
}

/** What every issue has, whatever its code. */
export interface IssueHead<Code extends string = string> extends IssuePlace {
  readonly code: Code;
  readonly severity: Severity;
  /** One plain sentence: what, where, and what to do. It names options as the library has them. */
  readonly message: string;
}

/**
 * A finding as data: a stable code, its weight, the sentence for people, and the facts of that code, so that a program
 * that has looked at `code` has them typed. `Issue<'pmu'>` is one kind, `Issue` any.
 */
export type Issue<Code extends IssueCode = IssueCode> = {
  readonly [One in Code]: IssueHead<One> & IssueFactsByCode[One];
}[Code];

export type { IssueOption } from './issue-option.ts';

/** Why an input could not be read at all. */
export type InputErrorCode =
  | 'bad-encoding'
  | 'bad-feature-name'
  | 'bad-fold'
  | 'bad-host'
  | 'bad-json'
  | 'bad-lock'
  | 'bad-map'
  | 'bad-virtio'
  | 'bad-xml'
  | 'bad-yaml'
  | 'doctype'
  | 'duplicate-feature'
  | 'empty-document'
  | 'foreign-name'
  | 'invalid-value'
  | 'no-cpu-model'
  | 'not-a-host'
  | 'not-text'
  | 'repeated-element'
  | 'reserved-name'
  | 'too-deep'
  | 'too-large'
  | 'two-cpus'
  | 'unknown-arch'
  | 'unknown-feature'
  | 'unknown-format'
  | 'unknown-model'
  | 'unknown-vendor'
  | 'vendor-mismatch'
  | 'wrong-root';
