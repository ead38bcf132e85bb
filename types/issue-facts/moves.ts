import type { CpuMode } from '../domain.ts';
import type { NoFacts } from './common.ts';

/** Findings of the gate, which stands on one host and decides about one guest. */
export interface GateIssueFacts {
  readonly 'guest-feature-gained': {
    readonly host: string;
    readonly features: readonly string[];
    /** Hosts that lack them, and others that may. */
    readonly missingOn: readonly string[];
    readonly unknownOn: readonly string[];
    /** Does the host have them for certain? If not, it may have them. */
    readonly certain: boolean;
  };
  readonly 'guest-feature-missing': {
    readonly host: string;
    readonly features: readonly string[];
    /** Does the domain ask for them? If not, the guest may be using them. */
    readonly asked: boolean;
    /** Does the host lack them for certain? If not, it is not known to have them. */
    readonly certain: boolean;
  };
  readonly 'guest-feature-shown': {
    readonly host: string;
    readonly features: readonly string[];
    /** Other hosts that lack them, and others that may. */
    readonly missingOn: readonly string[];
    readonly unknownOn: readonly string[];
    /** Hosts whose libvirt does not know the names, and what can be disabled instead. */
    readonly unnamedOn: readonly string[];
    readonly instead: readonly string[];
  };
  readonly 'guest-not-rescuable': {
    /** `undefined` for a domain without a `<cpu>`. */
    readonly mode: CpuMode | undefined;
    readonly arch: string;
  };
  readonly 'guest-rescued': { readonly host: string; readonly features: readonly string[] };
}

/** Findings about a guest that runs. */
export interface LiveIssueFacts {
  readonly 'live-gains': { readonly hosts: readonly string[]; readonly features: readonly string[] };
  readonly 'live-incompatible': {
    readonly hosts: readonly string[];
    readonly features: readonly string[];
    /** Does the guest have them for certain? If not, it may have them. */
    readonly certain: boolean;
  };
  readonly 'live-name-unknown': { readonly hosts: readonly string[]; readonly features: readonly string[] };
  readonly 'live-needs-power-cycle': NoFacts;
  readonly 'live-unknown': {
    readonly hosts: readonly string[];
    /** What the guest may have and nobody knows of the host. */
    readonly features: readonly string[];
  };
}
