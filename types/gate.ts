import type { DomainElement } from './domain.ts';
import type { Issue } from './issue.ts';
import type { ReadOptions } from './options.ts';
import type { DisableResult } from './plan.ts';

/**
 * What a guest is about to do on this host: arrive live, come back from a saved image, or be started. The names are
 * those of libvirt's hook operations.
 *
 * @see https://libvirt.org/hooks.html#etc-libvirt-hooks-qemu
 */
export type GateOperation = 'migrate' | 'restore' | 'prepare';

/** What one host of a gated pool has beyond the pool, as far as a guest can notice. What is in no list, it lacks. */
export interface GateHost {
  readonly name: string;
  /** Sorted names of what it has and not every host has. */
  readonly surplus: readonly string[];
  /**
   * Sorted names of which nobody knows whether it has them: its source does not say, or libvirt there has no name for
   * them. What QEMU there has no property for, it lacks.
   */
  readonly unknown: readonly string[];
  /** Sorted names of what not every libvirt can name and a guest might get there: QEMU is told to turn it off. */
  readonly off: readonly string[];
  /** Sorted names of such as no guest gets there, so that QEMU may not even know them. */
  readonly absent: readonly string[];
}

/** What hosts show some guests only. A guest of another kind has it everywhere or nowhere. */
export interface GateParticular {
  readonly feature: string;
  /**
   * Whom it is about: guests of a machine type up to this one (in QEMU's numbering) that follow their host, or those
   * whose sockets have one processor.
   */
  readonly guests: { readonly machinesUntil: string } | 'one-processor-a-socket';
  readonly presentOn: readonly string[];
  readonly unknownOn: readonly string[];
}

/** All that a gate has to know of its pool. Plain JSON, made once from a baseline, so that a verdict reads nothing else. */
export interface GatePool {
  /** Raised when a gate that reads it would have to change. */
  readonly schemaVersion: 4;
  /** Name of the host the gate stands on. */
  readonly self: string;
  readonly arch: string | null;
  readonly vendor: string | null;
  /** The type of guest the hosts were asked about: `kvm`, `qemu` … */
  readonly virtType: string | null;
  readonly common: readonly string[];
  readonly hosts: readonly GateHost[];
  readonly particulars: readonly GateParticular[];
  /** What this host alone has, and QEMU there is known to have a property for. */
  readonly rescuable: readonly string[];
  /** A feature some libvirt cannot name → the hosts where that is so: no XML that is to be valid there may name it. */
  readonly unnamed: Readonly<Record<string, readonly string[]>>;
  /** A feature some libvirt cannot name → the ancestor that may be disabled in its place. */
  readonly ancestors: Readonly<Record<string, string>>;
  /** CPU models that this host's libvirt knows → their features that not every host has. */
  readonly models: Readonly<Record<string, readonly string[]>>;
}

/** How to ask a gate. */
export interface GateOptions extends ReadOptions {
  /** Turn off what a live guest would gain on arrival, where that is possible; see `rescueDomain`. @default false */
  readonly rescue?: boolean;
}

/**
 * A gate's answer. `open`: the guest may pass. `closed`: it may not. `rescued`, `levelled`: it may, with `xml` in place of
 * its own XML. `unjudged`: the pool's facts are not about such a guest.
 */
export interface GateVerdict {
  readonly decision: 'open' | 'closed' | 'rescued' | 'levelled' | 'unjudged';
  /** The guest's name, as its XML states it. */
  readonly guest: string | undefined;
  /** The host the gate stands on. */
  readonly host: string;
  /** Sorted names of the features the answer is about. */
  readonly features: readonly string[];
  readonly issues: readonly Issue[];
  /** The XML to go on with: the text given, unless `rescued` or `levelled`. */
  readonly xml: string;
}

/** Where a domain hands arguments to QEMU past libvirt (`<qemu:commandline>`), and where further ones would go. */
export interface QemuCommandLine {
  /** The prefix bound to QEMU's namespace for the domain's children, if any is; '' would be the default one. */
  readonly prefix: string | undefined;
  /** Every prefix bound there, to whatever. */
  readonly prefixes: readonly string[];
  readonly domain: DomainElement;
  /** The last `<qemu:commandline>`, with its name as written. */
  readonly element: (DomainElement & { readonly name: string }) | undefined;
}

/** What `rescueDomain` returns. */
export type RescueResult = DisableResult;
