import type { CpuMode } from '../domain.ts';
import type { NoFacts, OnHosts } from './common.ts';

/** Findings about the guest's CPU as a whole: mode, model, check, identity. */
export interface CpuIssueFacts {
  readonly 'cpu-follows-host': {
    /** The attribute that says so: `mode="host-passthrough"`. */
    readonly mode: string;
  };
  readonly 'cache-passthrough': NoFacts;
  readonly 'check-full-model': {
    readonly model: string;
    /** What QEMU adds to the model and the domain does not list. */
    readonly features: readonly string[];
  };
  readonly 'check-not-enforced': { readonly mode: CpuMode };
  readonly 'cpu-argument': {
    /** The model that the argument names: `host`, `Skylake-Server` … */
    readonly model: string;
  };
  readonly 'cpu-argument-differs': {
    readonly argument: '-cpu' | '-global';
    readonly feature: string;
    readonly missingOn: readonly string[];
    readonly unknownOn: readonly string[];
  };
  readonly 'cpu-identity': {
    readonly signatures: readonly {
      readonly family: number;
      readonly model: number | undefined;
      readonly stepping: number | undefined;
      readonly hosts: readonly string[];
    }[];
  };
  readonly 'default-model-differs': {
    /** The model that QEMU takes where the domain names none. */
    readonly model: string;
    readonly feature: string;
    readonly missingOn: readonly string[];
    readonly unknownOn: readonly string[];
  };
  readonly 'derived-features-refused': { readonly hosts: readonly string[] };
  readonly 'host-model-differs': {
    readonly models: readonly (OnHosts & { readonly model: string })[];
  };
  readonly 'match-strict': NoFacts;
  readonly 'maxphysaddr-too-large': {
    readonly bits: number;
    /** Hosts with fewer, and the fewest of them. */
    readonly hosts: readonly string[];
    readonly maximum: number;
  };
  readonly microcode: {
    readonly versions: readonly (OnHosts & { readonly version: string })[];
  };
  readonly 'migratable-set': NoFacts;
  readonly 'model-exceeds-hosts': {
    /** `undefined` for a CPU that follows its host. */
    readonly model: string | undefined;
    readonly hosts: readonly string[];
    /** A model that all hosts can run, if it is known. */
    readonly lowest?: string;
  };
  readonly 'model-missing': {
    readonly model: string;
    /** Hosts whose QEMU does not have it. */
    readonly hosts: readonly string[];
    readonly fallback: 'allow' | 'forbid';
  };
  readonly 'model-not-usable': {
    readonly model: string;
    readonly hosts: readonly string[];
    /** What these hosts lack of the model. */
    readonly features: readonly string[];
  };
  readonly 'model-vendor': {
    readonly model: string;
    readonly modelVendor: string;
    readonly vendor: string;
    readonly hosts: readonly string[];
  };
  readonly 'nested-virtualisation': { readonly feature: string };
  readonly 'no-common-model': OnHosts;
  readonly 'no-cpu-model': {
    /** Is there a `<cpu>` at all? If so, it has neither mode nor model. */
    readonly hasCpu: boolean;
  };
  readonly 'physical-address-bits': {
    readonly bits: readonly (OnHosts & { readonly bits: number })[];
    readonly minimum: number;
  };
  readonly 'pin-refused': {
    /** What of the domain is in the way, as `DomainUse` names things. */
    readonly use: 'cache.mode';
    readonly value: string;
  };
  readonly 'unknown-model': OnHosts & { readonly model: string };
}
