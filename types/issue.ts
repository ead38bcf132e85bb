import type { Span } from './xml.ts';

/** How much an issue weighs: `error` stops the write, `warning` wants a person's eye, `note` informs. */
export type Severity = 'error' | 'warning' | 'note';

/** Findings about all that a guest needs beside the features of its CPU. */
export type GuestIssueCode =
  | 'cache-passthrough'
  | 'cpu-identity'
  | 'emulator-differs'
  | 'emulator-version'
  | 'hyperv-passthrough'
  | 'machine-alias'
  | 'machine-changed'
  | 'machine-missing'
  | 'machine-unknown'
  | 'maxphysaddr-too-large'
  | 'microcode'
  | 'nested-virtualisation'
  | 'not-offered'
  | 'physical-address-bits'
  | 'pmu'
  | 'tsc-frequency'
  | 'tsc-unspecified'
  | 'vcpu-maximum';

/** Every finding the library can make. The words for each are in `lib/issues.ts`. */
export type IssueCode =
  | GuestIssueCode
  | 'arch-mismatch'
  | 'arch-unsupported'
  | 'arm-hosts-differ'
  | 'arm-not-comparable'
  | 'base-models-differ'
  | 'check-full-model'
  | 'check-not-enforced'
  | 'context-mismatch'
  | 'core-feature'
  | 'cpus-incompatible'
  | 'duplicate-host'
  | 'feature-climbed'
  | 'feature-dependency'
  | 'feature-dropped'
  | 'feature-filtered'
  | 'feature-not-expressible'
  | 'feature-not-migratable'
  | 'feature-topology'
  | 'feature-unnamed'
  | 'guest-feature-gained'
  | 'guest-feature-missing'
  | 'guest-feature-shown'
  | 'guest-not-rescuable'
  | 'guest-rescued'
  | 'host-model-differs'
  | 'inferred-libvirt-version'
  | 'live-incompatible'
  | 'live-name-unknown'
  | 'live-needs-power-cycle'
  | 'live-unknown'
  | 'lock-feature-gained'
  | 'lock-feature-lost'
  | 'lock-feature-unsure'
  | 'lock-host-missing'
  | 'lock-host-new'
  | 'lock-identity'
  | 'match-strict'
  | 'model-exceeds-hosts'
  | 'no-cpu-model'
  | 'not-migratable'
  | 'partial-answer'
  | 'migratable-set'
  | 'model-missing'
  | 'model-not-usable'
  | 'model-vendor'
  | 'no-common-model'
  | 'pin-refused'
  | 'policy-conflict'
  | 'policy-forbid'
  | 'policy-overridden'
  | 'policy-unsupported'
  | 'sve-lengths'
  | 'sve-required'
  | 'too-few-hosts'
  | 'unknown-feature'
  | 'unknown-model'
  | 'unknown-presence'
  | 'vendor-mismatch'
  | 'virtio-conflict'
  | 'virtio-device-differs'
  | 'virtio-feature'
  | 'virtio-not-expressible'
  | 'virtio-overridden'
  | 'virtio-property-unchecked'
  | 'virtio-property-unknown'
  | 'virtio-unknown'
  | 'weak-source';

/** What an issue speaks of; which facts are present depends on the code. */
export interface IssueFacts {
  /** Canonical libvirt feature name. */
  readonly feature?: string;
  readonly features?: readonly string[];
  /** Names of the hosts concerned. */
  readonly hosts?: readonly string[];
  readonly model?: string;
  readonly policy?: string;
  /** What was found, and what was expected, in one word each. */
  readonly received?: string;
  readonly expected?: string;
  /** What a domain uses, by the key of `Offers`: `disk.bus`. */
  readonly use?: string;
  /** What could be used instead. */
  readonly candidates?: readonly string[];
  /** The option of `PlanOptions` that would settle it otherwise. */
  readonly option?: string;
  /** The command that would give better input. */
  readonly command?: string;
  /** Where in the domain text, if it has a place there. */
  readonly span?: Span;
  /** 1-based line and column of `span`. */
  readonly line?: number;
  readonly column?: number;
}

/** A finding as data: a stable code, its weight, the facts, and the sentence for people. */
export interface Issue extends IssueFacts {
  readonly code: IssueCode;
  readonly severity: Severity;
  /** One plain sentence: what, where, and what to do. */
  readonly message: string;
}

/** Why an input could not be read at all. */
export type InputErrorCode =
  | 'bad-encoding'
  | 'bad-feature-name'
  | 'bad-json'
  | 'bad-lock'
  | 'bad-map'
  | 'bad-virtio'
  | 'bad-xml'
  | 'doctype'
  | 'duplicate-feature'
  | 'empty-document'
  | 'invalid-value'
  | 'no-cpu-model'
  | 'reserved-name'
  | 'too-deep'
  | 'too-large'
  | 'two-cpus'
  | 'unknown-arch'
  | 'unknown-feature'
  | 'unknown-model'
  | 'unknown-vendor'
  | 'vendor-mismatch'
  | 'wrong-root';
