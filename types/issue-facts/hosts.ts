import type { HostGrade, HostSource, WeakSource } from '../host-source.ts';
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
  readonly 'host-contradiction': {
    readonly hosts: readonly string[];
    /** The documents, by the names of their files; by their sources where nobody named files. */
    readonly files: readonly string[];
    /** In what they contradict each other; `cpu`: a guest would have what the hardware lacks. */
    readonly fact: 'arch' | 'cpu' | 'family' | 'uuid' | 'vendor' | 'virt-type';
    /** What each of them states. */
    readonly values: readonly string[];
    /** Features of the guest that the hardware lacks. */
    readonly features: readonly string[];
  };
  readonly 'inferred-libvirt-version': {
    readonly hosts: readonly string[];
    /** Versions of the CPU maps that the host was read with. */
    readonly mapVersions: readonly string[];
    /** Features that are there or not, depending on the version. */
    readonly uncertain: readonly string[];
  };
  readonly 'input-fragment': OnHosts & {
    /** The element of domcapabilities that was given alone. */
    readonly element: string;
  };
  readonly 'input-skipped': OnHosts & {
    /** What stood around the document. */
    readonly skipped: readonly ('code-fence' | 'message' | 'shell-prompt' | 'text')[];
  };
  readonly 'labels-frozen': OnHosts;
  readonly 'libvirt-newer-than-maps': OnHosts & {
    readonly libvirtVersion: string;
    /** The newest bundled CPU map, which stands in. */
    readonly mapVersion: string;
  };
  readonly 'nodes-skipped': OnHosts & {
    /** Nodes without CPU labels. */
    readonly nodes: readonly string[];
  };
  readonly 'partial-answer': OnHosts;
  readonly 'unknown-presence': {
    readonly hosts: readonly string[];
    /** The kind of document that does not list the features. */
    readonly source: HostSource;
    readonly arch: string | undefined;
  };
  readonly 'weak-source': {
    readonly hosts: readonly string[];
    readonly grade: Exclude<HostGrade, 'A'>;
    /** The kind of document; `fallback-model` is any with a model that has `fallback='allow'`. */
    readonly source: WeakSource | 'fallback-model';
  };
}

/** Findings about hosts beside each other. */
export interface PoolIssueFacts {
  readonly 'guest-fits-no-pool': OnHosts & {
    readonly guest: string;
    /** What it needs, and the nearest host or pool lacks; none where all hosts are of another architecture. */
    readonly features: readonly string[];
  };
  readonly 'arch-mismatch': {
    readonly arches: readonly (OnHosts & { readonly arch: string })[];
    /** What the domain is for, where that is none of the hosts'. */
    readonly domainArch?: string;
  };
  readonly 'arm-hosts-differ': OnHosts;
  readonly 'arm-not-comparable': OnHosts;
  readonly 'arm-properties-differ': OnHosts & {
    /** By register and field (`MIDR_EL1.PartNum`), or QEMU's name; a host whose QEMU lacks it has `none`. */
    readonly properties: readonly {
      readonly property: string;
      readonly values: readonly (OnHosts & { readonly value: string })[];
    }[];
  };
  readonly 'base-models-differ': {
    readonly models: readonly (OnHosts & { readonly model: string })[];
    /** The model that all of them can run, if it is known. */
    readonly lowest?: string;
  };
  readonly 'cpus-incompatible': OnHosts;
  readonly 'weak-source-requires': {
    readonly hosts: readonly string[];
    readonly source: WeakSource | 'fallback-model';
    readonly option: 'guard' | 'onArrival' | 'pin';
  };
  readonly 'domain-type-missing': {
    readonly asked: readonly { readonly type: string; readonly hosts: readonly string[] }[];
  };
  readonly 'duplicate-host': OnHosts & { readonly uuid: string };
  readonly 'power-levels-differ': {
    readonly levels: readonly (OnHosts & { readonly model: string })[];
    /** The level that all of them can give, if it is known. */
    readonly lowest?: string;
  };
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
