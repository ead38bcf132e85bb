import type { IssueOption } from './issue-option.ts';

/** Versions from one on, and below another. */
export interface VersionRange {
  readonly since?: string;
  readonly before?: string;
}

/** What the host on one side of a move has to have. */
export interface IncidentHost {
  readonly libvirt?: VersionRange;
  readonly qemu?: VersionRange;
  readonly kernel?: VersionRange;
}

/** What a guest has to be for an incident to concern it. */
export interface IncidentGuest {
  readonly arch?: 'x86' | 'aarch64' | 's390x';
  readonly virtType?: 'kvm' | 'qemu';
  readonly vendor?: string;
  /** `named`: a custom model, or what libvirt makes of host-model when the guest starts. */
  readonly cpu?: 'named' | 'host-model' | 'host-passthrough' | 'maximum';
  readonly perSocket?: 'one' | 'several';
  /** Its machine type, in QEMU's numbering. */
  readonly machine?: VersionRange;
  /** The machine type is one of a distribution (`pc-q35-rhel9.6.0`). */
  readonly distribution?: true;
  readonly device?: 'virtio-net' | 'virtio-disk' | 'virtio-video' | 'video';
}

/** What has to differ between both hosts, as far as documents show it. */
export interface IncidentChange {
  /** Some of these are there on the source and lacking at the destination. */
  readonly lost?: readonly string[];
  /** The guest sees all of these on the source. */
  readonly given?: readonly string[];
  /** One of these programs is another version. */
  readonly differs?: readonly ('libvirt' | 'qemu' | 'kernel' | 'microcode')[];
  /** libvirt at the destination does not know names of what the source gives a guest. */
  readonly unnamed?: true;
  /** host-model means something else: another model, or other features. */
  readonly hostModel?: true;
  /** The machine type is not there any more, is deprecated, or, as an alias, stands for another one. */
  readonly machine?: 'gone' | 'deprecated' | 'alias';
  /** The guest's machine type is replaced by one from this version on: by an alias, or as it is gone. */
  readonly crosses?: string;
}

/** Trouble with upgrades that others had: when it happens, to which guests, what cures it, and where that is written. */
export interface Incident {
  /** Stable, to be referred to. */
  readonly id: string;
  /** What happens, in a sentence. */
  readonly what: string;
  /** Whom it concerns, in words. */
  readonly guests: string;
  /** When a guest is moved, or at its next start. */
  readonly when: 'move' | 'start';
  /**
   * `refused`: the move fails, the guest stays; `changes`: the guest sees something else; `fails`: it does not start;
   * `corrupts`: the move succeeds and data of the guest is lost; `warns`: nothing yet.
   */
  readonly outcome: 'refused' | 'changes' | 'fails' | 'corrupts' | 'warns';
  /** The message that people see. */
  readonly symptom?: string;
  /** The host that a guest comes from, or was started on last; the host that it goes to, or starts on. */
  readonly from?: IncidentHost;
  readonly to?: IncidentHost;
  readonly change?: IncidentChange;
  readonly guest?: IncidentGuest;
  /** It also depends on something that no document tells, so that it is never certain. */
  readonly depends?: string;
  /** First versions with the repair. */
  readonly cured?: { readonly libvirt?: string; readonly qemu?: string; readonly kernel?: string };
  /** What to do, in a sentence. */
  readonly cure: string;
  /** Options with which a rewrite of the guest avoids it. */
  readonly options?: readonly IssueOption[];
  /** Addresses; `measured: …` for what was tried. */
  readonly sources: readonly string[];
}
