import type { Baseline } from './baseline.ts';
import type { BaselineCpuOptions, CpuDefinition } from './cpu-definition.ts';
import type { Domain } from './domain.ts';
import type { GatePool } from './gate.ts';
import type { Issue } from './issue.ts';
import type { BaselineLock } from './lock.ts';
import type { CheckOptions, PlanOptions, RewriteOptions } from './options.ts';
import type { DomainPlan, PlannedDisable, Refused, RewriteResult, RewrittenPerHost } from './plan.ts';
import type { RunningVerdict } from './running.ts';

/** Is a domain safe to move among the hosts of a pool as it is? */
export interface CheckResult {
  /** Nothing stops it, and nothing has to change. */
  readonly safe: boolean;
  /** What the guest sees and not every host has: each feature that would have to be off and is not. */
  readonly disable: readonly PlannedDisable[];
  readonly plan: DomainPlan;
  /** Where a running guest can go as it is; `undefined` for the XML of a guest that does not run. */
  readonly running: readonly RunningVerdict[] | undefined;
  readonly issues: readonly Issue[];
  readonly domain: Domain;
}

/** Hosts that were compared once, to judge many domains. What it gives out is frozen. */
export interface CheckPool {
  readonly baseline: Baseline;
  /** Findings about the hosts; every result repeats them. */
  readonly issues: readonly Issue[];
  /** Whether a domain is safe to move as it is. @throws LibvirtXmlError for input that cannot be read */
  readonly check: (domainXml: string, options?: CheckOptions) => CheckResult;
  /** What has to change in a domain that was read already. */
  readonly plan: (domain: Domain, options?: PlanOptions) => DomainPlan;
}

/**
 * Hosts that were compared once, to serve many domains. It keeps copies of what it was given, and all that it gives
 * out is frozen. What it remembers of the domains it has seen is bounded, and goes with it.
 */
export interface Pool extends CheckPool {
  /** A domain with every feature disabled that not all hosts have. @throws LibvirtXmlError for input that cannot be read */
  readonly rewrite: (domainXml: string, options?: RewriteOptions) => RewriteResult;
  /**
   * The same for each host alone: a form disables only what its own host has, and is judged by that host's libvirt. For
   * those who start both sides of a migration themselves; libvirt sends one XML along.
   */
  readonly rewritePerHost: (
    domainXml: string,
    options?: Omit<RewriteOptions, 'record'>,
  ) => RewrittenPerHost | Refused;
  /** What the hosts have in common as a named model; see `baselineCpu`. */
  readonly model: (options?: BaselineCpuOptions) => CpuDefinition;
  /** What a gate on one of the hosts has to know; see `gatePool`. @throws RangeError for a host the pool does not have */
  readonly gate: (self: string) => GatePool;
  /** The baseline to keep, so that it can be told later what became of the hosts; see `lockBaseline`. */
  readonly lock: () => BaselineLock;
}
