import type { CpuMap } from './cpu-map.ts';
import type { VirtioFeatures } from './virtio.ts';
import type { XmlLimits } from './xml.ts';

/** How to read one document. */
export interface ReadOptions extends XmlLimits {
  /** Name used in error messages, e.g. a path. @default none */
  readonly file?: string;
}

/** How to read a host. */
export interface ParseHostOptions extends ReadOptions {
  /** Name of the host in every result. @default its UUID, else `host` */
  readonly name?: string;
  /** libvirt version of that host (`virsh version --daemon`). @default inferred, with a note */
  readonly libvirtVersion?: string;
  /** That host's own CPU map instead of a bundled one; see `parseCpuMap`. */
  readonly cpuMap?: CpuMap;
}

/** How to compare hosts. */
export interface DiffOptions {
  /** Refuse hosts that are known by a weak source only (`virsh capabilities`, a fallback model). @default false */
  readonly strict?: boolean;
}

/** How to plan a domain. */
export interface PlanOptions {
  /** Turn a `require` or `force` that some host cannot keep into `disable` instead of stopping. @default false */
  readonly overrideConflicts?: boolean;
  /**
   * Where a feature that must be off has a name some host's libvirt does not know, disable its nearest ancestor that
   * all of them know (`vmx` for `vmx-…`), and with it all that depends on that. @default false
   */
  readonly climb?: boolean;
  /** Disable even what no guest boots without (`sse2`, `lm` …). @default false */
  readonly allowCoreFeatures?: boolean;
  /**
   * Host name → what its virtio devices offer (see `parseVirtioFeatures`): what not all hosts offer is turned off in
   * the domain's network interfaces. Every host must be in it. @default devices are left alone
   */
  readonly virtio?: Readonly<Record<string, VirtioFeatures>>;
  /**
   * Where libvirt has no switch for a virtio feature, hand QEMU a property in `<qemu:commandline>`, which taints the
   * guest; a QEMU that does not know the property refuses to start it. @default false
   */
  readonly qemuProperties?: boolean;
  /** Make an error of a difference in what no feature line can equalise (family, model, stepping). @default false */
  readonly strict?: boolean;
  /** Go on with hosts that were asked about another machine type or architecture, with a warning. @default false */
  readonly anyMachine?: boolean;
  /**
   * `common` replaces a machine type that is an alias, or that some host lacks or is about to drop, by the newest
   * versioned one of its family that every host has and none is about to drop. @default the domain's own
   */
  readonly machine?: 'common';
  /**
   * `common` limits the guest's physical address bits to the fewest that a host has, where they differ.
   * @default the domain's own
   */
  readonly maxphysaddr?: 'common';
  /** `off` takes the performance counters away, which no two kinds of CPU have alike. @default the domain's own */
  readonly pmu?: 'off';
  /** Disable vmx and svm, and what depends on them: no guest can be run inside this one. @default false */
  readonly dropNested?: boolean;
  /** Turn `migratable='off'` into `on` instead of stopping. @default false */
  readonly setMigratable?: boolean;
  /**
   * Make libvirt itself refuse a host that lacks something: `check='full'`, a `require` line for every feature the
   * guest may count on, and `disable` for the rest. @default false
   */
  readonly guard?: boolean;
  /**
   * Also disable every other feature that all hosts can name, so that a richer host added later changes nothing.
   * @default false
   */
  readonly exhaustive?: boolean;
  /**
   * Replace the CPU by a named model with `require` and `disable` lines that equal the baseline: one that every host
   * has, chosen as libvirt chooses, or the one named here. @default false
   */
  readonly pin?: boolean | { readonly model: string };
}

/** Which of the two forms to write: one XML for all hosts, or that of one host. */
export interface WriteOptions {
  /** @default 'shared' */
  readonly form?: 'shared' | { readonly host: string };
}

/** Options of `rewriteDomain` and `rewriteDomains`. */
export interface RewriteOptions extends ReadOptions, DiffOptions, PlanOptions {
  /** libvirt version of hosts given as text. @default inferred per host, with a note */
  readonly libvirtVersion?: string;
  /**
   * Note in the domain's `<metadata>` what is added, and start from what the domain was before the last rewrite so
   * noted: what only a host that has left the pool asked for is let go again. @default false
   */
  readonly record?: boolean;
}
