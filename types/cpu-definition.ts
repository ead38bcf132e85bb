import type { ReadOptions } from './options.ts';

/** A named model and what is added to it or taken from it, as `virsh cpu-baseline` prints one. */
export interface CpuDefinition {
  /** `undefined` only for an architecture libvirt has no models of. */
  readonly model: string | undefined;
  /** Stated only when every host states it. */
  readonly vendor: string | undefined;
  /** `forbid` when every host names this very model; else libvirt may pick another. */
  readonly fallback: 'allow' | 'forbid';
  /** What is required, then what is disabled, in the order of the CPU map, as libvirt prints them; all by name when expanded. */
  readonly features: readonly { readonly name: string; readonly policy: 'require' | 'disable' }[];
}

/** How to tell a baseline as a CPU. */
export interface BaselineCpuOptions {
  /** libvirt version whose models to choose from. @default that of the first host */
  readonly libvirtVersion?: string;
  /**
   * Leave out what cannot migrate: as libvirt's map marks it (`invtsc`, and `xsaves`, about which the map is wrong),
   * or as QEMU does (`invtsc` alone). @default everything stays
   */
  readonly migratable?: 'libvirt' | 'qemu';
  /** List the features of the model too, as `virsh cpu-baseline --features` does. @default false */
  readonly expand?: boolean;
}

/** How a CPU is read that is to be compared with a host. */
export interface CompareCpuOptions extends ReadOptions {
  /** libvirt version whose models and names it is read by. @default that of the host */
  readonly libvirtVersion?: string;
}

/** May a CPU run on a host, and is there more than it asks for? */
export interface Comparison {
  readonly result: 'incompatible' | 'identical' | 'superset';
  /** Features the CPU asks for and the host lacks; sorted. */
  readonly missing: readonly string[];
  /** Features the CPU forbids and the host has; sorted. */
  readonly forbidden: readonly string[];
  /** Set where it is not about features: the architectures, or the vendors, differ. */
  readonly reason: 'arch' | 'vendor' | 'extra-features' | undefined;
}

/** A CPU as somebody asks for it, by model and features. */
export interface WantedCpu {
  readonly arch: string | undefined;
  readonly vendor: string | undefined;
  /** `undefined` for a CPU that follows its host (host-model, host-passthrough, maximum). */
  readonly model: string | undefined;
  readonly match: 'minimum' | 'exact' | 'strict';
  readonly features: readonly { readonly name: string; readonly policy: string }[];
}
