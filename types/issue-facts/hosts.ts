import type { OnHosts } from './common.ts';

/** Findings about one host, as some document describes it. A pool says them once for all hosts they hold for. */
export interface HostIssueFacts {
  readonly 'arch-unsupported': {
    /** `undefined` where the document names none. */
    readonly arch: string | undefined;
    readonly hosts: readonly string[];
  };
  readonly 'feature-unnamed': {
    /** What guests get there, spelt as the document does. */
    readonly features: readonly string[];
    readonly hosts: readonly string[];
    /** Hosts that lack some of it; none where only one host is looked at. */
    readonly missingOn: readonly string[];
  };
  readonly 'inferred-libvirt-version': {
    readonly hosts: readonly string[];
    /** Versions of the CPU maps that the host was read with. */
    readonly mapVersions: readonly string[];
    /** Features that are there or not, depending on the version. */
    readonly uncertain: readonly string[];
  };
  readonly 'partial-answer': OnHosts;
  readonly 'unknown-presence': {
    readonly hosts: readonly string[];
    /** The kind of document that does not list the features, as `Host.source` names it. */
    readonly source: string;
  };
  readonly 'weak-source': {
    readonly hosts: readonly string[];
    /** The kind of document; `fallback-model` is any with a model that has `fallback='allow'`. */
    readonly source: 'capabilities' | 'host-cpu' | 'cpuid' | 'fallback-model';
  };
}

/** Findings about hosts beside each other. */
export interface PoolIssueFacts {
  readonly 'arch-mismatch': {
    readonly arches: readonly (OnHosts & { readonly arch: string })[];
    /** What the domain is for, where that is none of the hosts'. */
    readonly domainArch?: string;
  };
  readonly 'arm-hosts-differ': OnHosts;
  readonly 'arm-not-comparable': OnHosts;
  readonly 'base-models-differ': {
    readonly models: readonly (OnHosts & { readonly model: string })[];
    /** The model that all of them can run, if it is known. */
    readonly lowest?: string;
  };
  readonly 'cpus-incompatible': OnHosts;
  readonly 'weak-source-requires': {
    readonly hosts: readonly string[];
    readonly option: 'guard' | 'pin';
  };
  readonly 'domain-type-missing': {
    readonly asked: readonly { readonly type: string; readonly hosts: readonly string[] }[];
  };
  readonly 'duplicate-host': OnHosts & { readonly uuid: string };
  readonly 'too-few-hosts': { readonly count: number };
  readonly 'vendor-mismatch': {
    readonly vendors: readonly (OnHosts & { readonly vendor: string })[];
    /** What the domain insists on, where that is none of the hosts'. */
    readonly domainVendor?: string;
  };
  readonly 'virt-types-differ': {
    readonly virtTypes: readonly (OnHosts & { readonly virtType: string })[];
  };
}

/** Findings about hosts that are not what they were when their baseline was locked. */
export interface LockIssueFacts {
  readonly 'lock-feature-gained': OnHosts & { readonly features: readonly string[] };
  readonly 'lock-feature-lost': OnHosts & { readonly features: readonly string[] };
  readonly 'lock-feature-unsure': OnHosts & {
    readonly features: readonly string[];
    /** `unknown`: known to be missing then. `missing`: unknown then. */
    readonly now: 'missing' | 'unknown';
  };
  /** Hosts of the lock that are not among those compared with it. */
  readonly 'lock-host-missing': { readonly lockedHosts: readonly string[] };
  readonly 'lock-host-new': OnHosts;
  readonly 'lock-identity': OnHosts & {
    /** `arch`, `vendor`, `microcode` … */
    readonly property: string;
    /** `undefined` where nobody states it. */
    readonly then: string | undefined;
    readonly now: string | undefined;
  };
}
