import type { X86Level } from '../facts.ts';

/** Hosts that lack, or may lack, the same features. */
export interface Lacking {
  readonly hosts: readonly string[];
  readonly features: readonly string[];
}

/** Findings about what a guest pays for what it no longer sees: defences, the level its system boots on. */
export interface CostIssueFacts {
  readonly 'below-floor': {
    /** The guest's operating system (`RHEL 10.0`), or the floor as the caller stated it. */
    readonly floor: string;
    readonly from: 'system' | 'option';
    /** The level asked for, if that is what the guest does not reach. */
    readonly level?: X86Level;
    readonly keptLevel: X86Level | undefined;
    /** What the guest needs and does not keep. */
    readonly features: readonly string[];
    /** Who lacks which of them, or may. None where the domain itself does not show them. */
    readonly lacking: readonly Lacking[];
    /** The hosts without which the guest keeps its floor; none where no host would be left. */
    readonly leaveOut: readonly string[];
    readonly option?: 'below-floor';
  };
  readonly 'duty-bit-differs': {
    readonly feature: string;
    /** What it tells a guest to defend against. */
    readonly flaw: string;
    readonly cve: readonly string[];
    readonly presentOn: readonly string[];
    /** Hosts that lack it, or may; those of them that say they are free of the flaw. */
    readonly lackingOn: readonly string[];
    readonly immune: readonly string[];
    /** The option of a Linux guest that defends without the bit. */
    readonly guestOption?: string;
  };
  readonly 'floor-uncertain': {
    readonly floor: string;
    /** Which editions of the system need what the guest does not keep. */
    readonly editions: string;
    readonly features: readonly string[];
    readonly lacking: readonly Lacking[];
  };
  readonly 'inverse-bit-differs': {
    readonly feature: string;
    readonly presentOn: readonly string[];
    readonly lackingOn: readonly string[];
    /** Is it disabled, because libvirt would refuse a move otherwise? */
    readonly disabled: boolean;
  };
  readonly 'security-loss': {
    /** The gravest first. */
    readonly losses: readonly {
      readonly features: readonly string[];
      readonly cve: readonly string[];
      /** Hosts that lack one of them, or may. */
      readonly lackingOn: readonly string[];
    }[];
  };
}
