import type { IssueOption } from '../issue-option.ts';
import type { NoFacts } from './common.ts';

/** A feature, and the hosts that have it. */
export interface FeatureOnHosts {
  readonly feature: string;
  readonly presentOn: readonly string[];
}

/** Why a line that insists on a feature cannot be kept. */
export type Obstacle =
  | { readonly cause: 'host'; readonly missingOn: readonly string[]; readonly unknownOn: readonly string[] }
  /** A feature that must be disabled, and that this one depends on. */
  | { readonly cause: 'parent'; readonly parent: string }
  /** A feature that some libvirt cannot name, and that this one is disabled instead of. */
  | { readonly cause: 'instead'; readonly insteadOf: string };

/** Findings about single CPU features. */
export interface FeatureIssueFacts {
  /** A host, and names that another host's libvirt says are lacking and its own libvirt does not know. */
  readonly 'names-not-comparable': {
    readonly hosts: readonly string[];
    readonly features: readonly string[];
  };
  /** A host whose QEMU can show guests features that its libvirt has no names for. */
  readonly 'qemu-newer-than-libvirt': {
    readonly hosts: readonly string[];
    readonly features: readonly string[];
  };
  /** In a host's own form: what other hosts disable and this one's libvirt has no name for. */
  readonly 'feature-not-named': {
    readonly features: readonly string[];
    readonly unnamedOn: readonly string[];
  };
  /** Options that ask for the same guest in another way. */
  readonly 'way-out': { readonly options: readonly IssueOption[] };
  /** Options that were taken, and codes of what stops the guest without them. */
  readonly 'way-taken': { readonly options: readonly IssueOption[]; readonly refused: readonly string[] };
  readonly 'core-feature': {
    readonly feature: string;
    readonly missingOn: readonly string[];
    readonly unknownOn: readonly string[];
  };
  readonly 'feature-climbed': {
    readonly feature: string;
    /** The feature that should be disabled, and hosts whose libvirt does not know its name. */
    readonly insteadOf: string;
    readonly unnamedOn: readonly string[];
  };
  readonly 'feature-dependency': FeatureOnHosts & {
    /** The disabled feature that it depends on. */
    readonly parent: string;
  };
  readonly 'feature-dropped': FeatureOnHosts;
  readonly 'feature-filtered': FeatureOnHosts;
  readonly 'feature-not-expressible': {
    readonly features: readonly string[];
    /** Hosts whose libvirt does not know some of these names. */
    readonly unnamedOn: readonly string[];
    /** What the option would disable in their place. */
    readonly instead: readonly string[];
    /** `onArrival` of what is withheld; without it, only the guest's own line makes hosts differ. */
    readonly option?: 'disableParent' | 'onArrival';
    /** libvirt there knows the names, and hands QEMU no line about them: it leaves them to the topology. */
    readonly withheld?: true;
  };
  readonly 'feature-not-migratable': FeatureOnHosts;
  readonly 'feature-topology': FeatureOnHosts;
  readonly 'policy-conflict': {
    readonly feature: string;
    readonly policy: string;
    readonly option?: 'conflicts';
  } & (Obstacle | { readonly cause: 'request' });
  readonly 'policy-forbid': FeatureOnHosts;
  readonly 'policy-overridden': { readonly feature: string; readonly policy: string } & Obstacle;
  readonly 'policy-unsupported': {
    readonly feature: string;
    readonly policy: string;
    readonly arch: string;
  };
  readonly 'sve-lengths': { readonly feature: string };
  readonly 'sve-required': NoFacts;
  readonly 'unknown-feature': {
    readonly feature: string;
    /** Hosts whose libvirt does not know the name. */
    readonly unnamedOn: readonly string[];
    /** The nearest name that they know. */
    readonly suggestion?: string;
  };
}
