import type { NoFacts, OnHosts } from './common.ts';

/** Findings about what a guest needs beside the features of its CPU. */
export interface GuestIssueFacts {
  readonly 'context-mismatch': {
    /** In what the question to the hosts differs from the domain. */
    readonly about: 'type' | 'machine' | 'arch';
    /** What the domain has, and what these hosts were asked about. */
    readonly domain: string;
    readonly asked: string;
    readonly hosts: readonly string[];
    /** What to run on these hosts. */
    readonly command: string;
    readonly option?: 'other-machine';
  };
  readonly 'emulator-differs': {
    readonly emulator: string;
    /** What these hosts were asked about. */
    readonly asked: string;
    readonly hosts: readonly string[];
  };
  readonly 'emulator-version': {
    readonly versions: readonly (OnHosts & { readonly version: string })[];
  };
  readonly 'argument-not-judged': {
    /** The option that is handed to QEMU: `-readconfig`. */
    readonly argument: string;
  };
  readonly 'device-may-not-migrate': { readonly device: string; readonly hosts: readonly string[] };
  readonly 'device-not-migratable': { readonly device: string; readonly hosts: readonly string[] };
  readonly 'disk-not-shared': NoFacts;
  readonly 'record-foreign': {
    /** Paths below `<domain>`. */
    readonly places: readonly string[];
  };
  readonly 'hyperv-host-model': {
    /** Enlightenments that some hosts offer and others do not; those that all offer; hosts that report none. */
    readonly features: readonly string[];
    readonly common: readonly string[];
    readonly unknownOn: readonly string[];
  };
  readonly 'hyperv-mode': { readonly mode: string };
  readonly 'hyperv-passthrough': NoFacts;
  readonly 'inactive-not-judged': NoFacts;
  readonly 'machine-alias': {
    readonly machine: string;
    /** The domain names no machine type: this is what libvirt takes then. */
    readonly unstated?: true;
    readonly machines: readonly (OnHosts & { readonly machine: string })[];
  };
  /** `from` is what libvirt takes where the domain names no machine type. */
  readonly 'machine-changed': { readonly from: string; readonly to: string };
  readonly 'machine-missing': {
    readonly machine: string;
    readonly missingOn: readonly string[];
    /** Machine types of the same family that every host has, newest first. */
    readonly candidates: readonly string[];
  };
  readonly 'machine-unversioned': { readonly machine: string; readonly unstated?: true };
  readonly 'machine-unknown': OnHosts & { readonly machine: string };
  readonly 'not-migratable': {
    /** What QEMU does not migrate: the key of a `DomainUse`, or a property that `-cpu` or `-global` sets, and its value. */
    readonly use: 'argument.cpu' | 'argument.global' | 'cpu.migratable' | 'launchSecurity' | 'memory.model';
    readonly value: string;
  };
  readonly 'not-offered': {
    /** What the domain uses, by the key of `Offers`: `disk.bus`. */
    readonly use: string;
    readonly value: string;
    readonly missingOn: readonly string[];
  };
  readonly pmu: NoFacts;
  readonly 'smbios-host': NoFacts;
  readonly 'tsc-frequency': {
    readonly frequencies: readonly {
      /** In Hz. */
      readonly frequency: number;
      readonly hosts: readonly string[];
    }[];
    /** What the domain sets, in Hz. */
    readonly fixed?: number;
  };
  readonly 'tsc-unspecified': { readonly feature: string };
  readonly 'vcpu-maximum': {
    readonly vcpus: number;
    /** Hosts that take fewer, and the fewest of them. */
    readonly hosts: readonly string[];
    readonly maximum: number;
  };
}
