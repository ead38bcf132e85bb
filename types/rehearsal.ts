import type { Host } from './host.ts';
import type { Incident } from './incident.ts';
import type { Issue, IssueOption } from './issue.ts';
import type { XmlLimits } from './xml.ts';

/** A guest of a rehearsal: its XML as it is defined, and what it is called. */
export interface RehearsalGuest {
  readonly xml: string;
  /** @default its own name, else `guest-1`, `guest-2` … by position */
  readonly name?: string;
  /** Used in error messages. */
  readonly file?: string;
}

/** How to rehearse an upgrade. */
export interface RehearseOptions {
  /** Guests as they are defined (`virsh dumpxml --inactive`). @default none: only the hosts are compared */
  readonly guests?: readonly (string | RehearsalGuest)[];
  /** Kernels of the hosts, which no capture states. @default unknown, so incidents of kernels are possible ones */
  readonly kernel?: { readonly before?: string; readonly after?: string };
  readonly read?: XmlLimits;
}

/** The programs of a host, on one side of an upgrade. What nobody knows is `undefined`. */
export interface Release {
  readonly libvirt: string | undefined;
  readonly qemu: string | undefined;
  readonly kernel: string | undefined;
  readonly microcode: string | undefined;
}

/** A machine type that is an alias, and what it stands for on both sides. */
export interface MovedAlias {
  readonly alias: string;
  readonly before: string;
  readonly after: string;
}

/** What became of hosts that are alike on both sides. */
export interface RehearsedHosts {
  /** Names of the hosts. */
  readonly hosts: readonly string[];
  readonly before: Release;
  readonly after: Release;
  /** Features that guests get after and not before, and the reverse. Sorted. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** Features that one side has, and of which the other cannot tell. Sorted. */
  readonly unknown: readonly string[];
  /** Can only the processor's microcode be the reason for what was gained and lost? libvirt and QEMU are the same. */
  readonly byMicrocode: boolean;
  /** The model that a host-model guest is built on, where it is another one. */
  readonly model?: { readonly before: string | undefined; readonly after: string | undefined };
  readonly machinesGone: readonly string[];
  /** Deprecated after and not before. */
  readonly machinesDeprecated: readonly string[];
  readonly machinesNew: readonly string[];
  readonly aliases: readonly MovedAlias[];
  /** Named models that guests could use before and cannot use after. */
  readonly modelsLost: readonly string[];
  readonly incidents: readonly FoundIncident[];
}

/** An incident that others had, and that these hosts and this guest can have. */
export interface FoundIncident {
  readonly incident: Incident;
  /** The way on which it happens; `start` at the next start of the guest. */
  readonly way: RehearsedWay | 'start';
  /** Is all that it depends on known, and so? If not, it is possible. */
  readonly certain: boolean;
}

/** `forward`: started before the upgrade, moved to an upgraded host; `back`: started on an upgraded host, moved to one that is not. */
export type RehearsedWay = 'forward' | 'back';

/**
 * What becomes of a guest that is moved: `equal`; `changes`: it arrives, and sees another CPU in the middle of its work;
 * `refused`: it is stuck where it is; `unknown`: nobody can tell.
 */
export type MoveOutcome = 'equal' | 'changes' | 'refused' | 'unknown';

/** What becomes of a guest on its way between hosts on two sides. */
export interface RehearsedMove {
  readonly way: RehearsedWay;
  /** Names of the hosts on which it was started, and of those it goes to; all alike. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly outcome: MoveOutcome;
  /** What the guest has and the destination lacks. */
  readonly missing: readonly string[];
  /** What the destination has and the guest lacks: it would appear while the guest runs. */
  readonly gained: readonly string[];
  /** What nobody knows. */
  readonly uncertain: readonly string[];
  /** Names in the guest's CPU that libvirt there does not know. */
  readonly unnamed: readonly string[];
  /** Other reasons. */
  readonly issues: readonly Issue[];
  /** Ids of the incidents that certainly happen on the way. */
  readonly incidents: readonly string[];
}

/** What a cold start on the upgraded host makes of a guest: `fails`: it does not start there. */
export type StartOutcome = 'equal' | 'changes' | 'fails' | 'unknown';

/** The next start of a guest on the upgraded host, beside one on the host as it was. */
export interface RehearsedStart {
  readonly hosts: readonly string[];
  readonly outcome: StartOutcome;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  readonly uncertain: readonly string[];
  /** The model that libvirt would choose for a host-model guest, where it is another one. */
  readonly model?: { readonly before: string | undefined; readonly after: string | undefined };
  /**
   * What the machine type, an alias, stands for. libvirt resolves it when a domain is defined, not when it starts: this
   * is about XML that is defined anew each time.
   */
  readonly machine?: { readonly before: string; readonly after: string };
  /** Is its machine type deprecated there? QEMU deletes such a type some years later. */
  readonly deprecated: boolean;
  readonly issues: readonly Issue[];
  /** Ids of the incidents that certainly happen at the start. */
  readonly incidents: readonly string[];
}

/** Something that keeps a guest equal on both sides. */
export interface Cure {
  /** `rewrite`: the domain rewritten with these options; `step`: something to do about the hosts or the guest, in words. */
  readonly kind: 'rewrite' | 'step';
  /** Options of the rewrite; none for the plain form. */
  readonly options: readonly IssueOption[];
  readonly text: string;
  /** Was it worked out that the guest is then equal on every way? Of a step nobody can. */
  readonly proved: boolean;
  /** The rewritten domain; none where each host has its own form. */
  readonly xml?: string;
  /** Where the step is written. */
  readonly sources: readonly string[];
}

/** What an upgrade does to one guest. */
export interface RehearsedGuest {
  readonly name: string;
  readonly file: string | undefined;
  /** It is equal on every way, and at its next start. */
  readonly ok: boolean;
  readonly moves: readonly RehearsedMove[];
  readonly starts: readonly RehearsedStart[];
  readonly incidents: readonly FoundIncident[];
  readonly cures: readonly Cure[];
}

/** What an upgrade does to hosts and guests. */
export interface Rehearsal {
  /** Every guest is equal on every way and at its next start; without guests: there are hosts on both sides, and nothing that guests see differs. */
  readonly ok: boolean;
  /** Hosts that are on both sides, those that are alike together. */
  readonly hosts: readonly RehearsedHosts[];
  /** Hosts that are on one side only: they leave or join with the upgrade. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  readonly guests: readonly RehearsedGuest[];
  /** What is to be known about the hosts of both sides; see `Baseline.issues`. */
  readonly issues: readonly Issue[];
}

/** Hosts before and after, as a rehearsal takes them: read, or as text. */
export type RehearsedSide = readonly (string | Host)[];
