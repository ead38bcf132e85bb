import type { CpuMap } from './cpu-map.ts';
import type { RunningOptions } from './running.ts';
import type { VirtioFeatures } from './virtio.ts';
import type { XmlLimits } from './xml.ts';

/** How to read one document. */
export interface ReadOptions extends XmlLimits {
  /** Name used in error messages, e.g. a path. @default none */
  readonly file?: string;
}

/** How to read a host. */
export interface ParseHostOptions extends ReadOptions {
  /** Name of the host in every result. @default as the text names it (node, capture), `defaultName`, its UUID, else `host` */
  readonly name?: string;
  /** Name of a host that neither `name` nor its text names, e.g. that of its file. @default its UUID, else `host` */
  readonly defaultName?: string;
  /** libvirt version of that host (`virsh version --daemon`). @default inferred, with a note */
  readonly libvirtVersion?: string;
  /** The version of that host's QEMU. @default as the text states it, if it does */
  readonly qemuVersion?: string;
  /**
   * Reads the documents of a YAML text, for hosts and nodes given as YAML, e.g. with the package `yaml`:
   * `(text) => parseAllDocuments(text).map((document) => document.toJS())`. @default YAML is refused
   */
  readonly yaml?: (text: string) => readonly unknown[];
  /** That host's own CPU map instead of a bundled one; see `parseCpuMap`. */
  readonly cpuMap?: CpuMap;
  /** What virtio devices offer on that host; see `parseVirtioFeatures`. @default nobody knows */
  readonly virtio?: VirtioFeatures;
}

/**
 * What passes with a warning though it usually stops a plan:
 * `below-floor`: the guest keeps less than its operating system boots on;
 * `conflicts`: a `require` or `force` that some host cannot keep becomes `disable`;
 * `core-features`: features that no guest boots without (`sse2`, `lm` …) are disabled too;
 * `other-machine`: hosts that were asked about another machine type or architecture;
 * `same-host`: two hosts that state one UUID, as cloned boards do.
 */
export type Acceptance = 'below-floor' | 'conflicts' | 'core-features' | 'other-machine' | 'same-host';

/**
 * What stops a plan though it usually passes with a warning:
 * `weak-source`: hosts that are known by a weak source only (`virsh capabilities`, a fallback model, a cut answer);
 * `unnamed`: features that some host's libvirt has no name for, and that its guests may have;
 * `identity`: processors whose family, model or stepping differ, where the guest sees them;
 * `security-loss`: a guest that gives up a defence, or is not told of a flaw that some host has.
 */
export type Refusal = 'weak-source' | 'unnamed' | 'identity' | 'security-loss';

/** What to let pass, and what to stop at. */
export interface Judgement {
  readonly accept?: readonly Acceptance[];
  readonly refuse?: readonly Refusal[];
}

/** How to compare hosts. */
export type DiffOptions = Judgement;

/** What to do about the guest's CPU. */
export interface CpuOptions {
  /**
   * Make libvirt itself refuse a host that lacks something: `check='full'`, a `require` line for every feature the
   * guest may count on, and `disable` for the rest. @default false
   */
  readonly guard?: boolean;
  /**
   * Replace the CPU by a named model with `require` and `disable` lines that equal the baseline: one that every host
   * has, chosen as libvirt chooses (`true`), or the one named here. @default false
   */
  readonly pin?: boolean | string;
  /**
   * Also disable every other feature that all hosts can name, so that a richer host added later changes nothing.
   * @default false
   */
  readonly exhaustive?: boolean;
  /**
   * Where a feature that must be off has a name some host's libvirt does not know, disable the nearest feature it
   * depends on that all of them know (`vmx` for `vmx-…`), and with it all that depends on that. @default false
   */
  readonly disableParent?: boolean;
  /**
   * Turn off past libvirt, by QEMU's `-global`, what must be off and not every host's libvirt can name: each host's own
   * form has that host's list, and the gate (`gateVerdict`) gives a guest the list of the host where it arrives. For
   * host-passthrough and maximum CPUs of x86_64 (a host-model CPU becomes one), and only where every host has the gate.
   * @default false
   */
  readonly onArrival?: boolean;
  /**
   * Where the domain is refused as asked, or nobody knows whether it is equal (`qemu-newer-than-libvirt`), take the first way
   * of saying the same CPU that keeps the guest equal on all hosts: `pin`, `onArrival`, `disableParent`, `nested: 'off'`, or several of them. The issue `way-taken` says which, and
   * at what cost. A choice about the CPU, which lets nothing pass that would be refused: a guest that no way keeps equal
   * stays refused. @default false
   */
  readonly auto?: boolean;
  /**
   * The least CPU the guest needs: `x86-64-v2`, `x86-64-v3`, `x86-64-v4`, names of features, or both with commas
   * between; or an operating system by libosinfo's id or short id (`rhel10.0`).
   * @default what the operating system needs that the domain's metadata names
   */
  readonly floor?: string;
}

/** What to change beside the features of the CPU. */
export interface AlsoOptions {
  /**
   * `common` replaces a machine type that is an alias or not stated, or that some host lacks or is about to drop, by the
   * newest versioned one of its family that every host has and none is about to drop. @default the domain's own
   */
  readonly machine?: 'common';
  /** `common` limits the guest's physical address bits to the fewest that a host has, where they differ. */
  readonly maxphysaddr?: 'common';
  /** `off` takes the performance counters away, which no two kinds of CPU have alike. */
  readonly pmu?: 'off';
  /** `off` disables vmx and svm, and what depends on them: no guest can be run inside this one. */
  readonly nested?: 'off';
  /** `on` replaces `migratable='off'` instead of stopping. */
  readonly migratable?: 'on';
  /**
   * `common` turns off, in the domain's network interfaces, what not every host's virtio devices offer; the facts
   * belong to the hosts (`ParseHostOptions.virtio`). `properties` also hands QEMU properties in `<qemu:commandline>`
   * where libvirt has no switch, which taints the guest; a QEMU without the property refuses to start it.
   */
  readonly virtio?: 'common' | 'properties';
}

/** How to plan a domain. */
export interface PlanOptions extends Judgement {
  /** `level` disables what not every host has; `guard` and `pin` are short for `{ guard: true }`, `{ pin: true }`. @default 'level' */
  readonly cpu?: 'level' | 'guard' | 'pin' | CpuOptions;
  readonly also?: AlsoOptions;
}

/** Which of the two forms to write: one XML for all hosts, or that of one host. */
export interface WriteOptions {
  /** @default 'shared' */
  readonly form?: 'shared' | { readonly host: string };
}

/** How to rewrite a domain. */
export interface RewriteOptions extends PlanOptions {
  /** How to read the domain. */
  readonly read?: ReadOptions;
  /**
   * Note in the domain's `<metadata>` what is added, and start from what the domain was before the last rewrite so
   * noted: what only a host that has left the pool asked for is given back. @default false
   */
  readonly record?: boolean;
}

/** How to ask whether a domain is safe to move as it is. */
export interface CheckOptions extends PlanOptions, RunningOptions {
  readonly read?: ReadOptions;
}

/** How to read hosts that are given as text, and what to stop at whatever domain comes. */
export interface PoolOptions extends Judgement {
  readonly read?: XmlLimits & Pick<ParseHostOptions, 'libvirtVersion'>;
}
