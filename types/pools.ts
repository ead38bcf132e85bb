import type { Domain } from './domain.ts';
import type { GuestLoss, X86Level } from './facts.ts';
import type { Host, HostProcessor } from './host.ts';
import type { HostGrade, HostSource } from './host-source.ts';
import type { Issue } from './issue.ts';
import type { Judgement } from './options.ts';

/** How to group hosts into pools. */
export interface PlanPoolsOptions extends Judgement {
  /** Most pools to look for. @default 4, and at least two more than the hosts must be split into */
  readonly max?: number;
  /** Fewest hosts a pool may have, where there are as many that can be together. @default 2 */
  readonly minSize?: number;
  /** Host → how much it counts, as the number of its guests; a whole number. @default 1 for every host */
  readonly weights?: Readonly<Record<string, number>>;
  /**
   * Guests that are to run: what their operating system boots on, and what their `<cpu>` requires. A host that can run
   * one alone, and cannot in its pool, counts before everything else.
   */
  readonly guests?: readonly Domain[];
  /** Hosts that may join: what each would take from the pools of the knee. */
  readonly joining?: readonly Host[];
}

/**
 * What the guests of some hosts lose, summed over the hosts by their weight. Losses are compared in this order: a guest
 * that cannot run comes before any number of defences, and so on.
 */
export interface PoolLoss {
  /** Guests that a host could run alone and cannot in its pool. */
  readonly guests: number;
  /** Defences against flaws of the CPU, and what a guest is told of such flaws. */
  readonly defences: number;
  /** Levels of x86-64 (v4 → v2 are two). */
  readonly levels: number;
  /** Features, or several together, without which a guest is known to be slower. */
  readonly speed: number;
  /** Features in all. */
  readonly features: number;
  /** One number for a picture: 10,000 a guest, 1,000 a defence, 100 a level, 10 for what is slower, 1 a feature. */
  readonly score: number;
}

/** Hosts that are alike in all that a pool asks of them. */
export interface HostProfile {
  /** Sorted names. */
  readonly hosts: readonly string[];
  readonly weight: number;
  readonly arch: string | undefined;
  readonly vendor: string | undefined;
  readonly virtType: string | undefined;
  /** The CPU model that the hosts' documents name. */
  readonly model: string | undefined;
  readonly processor: Pick<HostProcessor, 'family' | 'model' | 'stepping'> | undefined;
  readonly physicalAddressBits: number | undefined;
  readonly source: HostSource;
  readonly grade: HostGrade;
  /** What a guest of these hosts alone reaches. */
  readonly level: X86Level | undefined;
  /** Sorted names of all that guests are known to see there. */
  readonly features: readonly string[];
  /** Sorted names of what some other profile has, and of which nobody knows whether guests see it here. */
  readonly unknown: readonly string[];
}

/** Hosts that can be in one pool, as far as architecture, vendor and kind of guest go; numbers of profiles. */
export interface HostGroup {
  readonly arch: string | undefined;
  readonly vendor: string | undefined;
  readonly virtType: string | undefined;
  readonly profiles: readonly number[];
}

/** A feature that guests of a pool lose though some of its hosts have it; numbers of profiles. */
export interface PoolFeature {
  readonly feature: string;
  readonly presentIn: readonly number[];
  readonly missingIn: readonly number[];
  readonly unknownIn: readonly number[];
}

/** A guest that cannot run in a pool, and the features it needs that not every host gives; none where it is of another architecture. */
export interface OtherGuest {
  readonly guest: string;
  readonly missing: readonly string[];
}

/** One pool of a plan. */
export interface PlannedPool {
  /** Number of the group its hosts are of. */
  readonly group: number;
  /** Numbers of its profiles, rising. */
  readonly profiles: readonly number[];
  /** Sorted names of its hosts. */
  readonly hosts: readonly string[];
  readonly weight: number;
  readonly grade: HostGrade;
  /** Has it fewer hosts than wanted, because no more can be together? */
  readonly tooSmall: boolean;
  /** What `diffHosts` says that its hosts have in common. */
  readonly common: readonly string[];
  /** What its guests reach, and the most that one of its hosts gives alone. */
  readonly level: X86Level | undefined;
  readonly best: X86Level | undefined;
  /** The named model closest to what the hosts share, by the oldest CPU map among them. */
  readonly model: string | undefined;
  readonly loss: PoolLoss;
  /** The same for one host of each profile, whatever its weight; in the order of `profiles`. */
  readonly lossOfOne: readonly PoolLoss[];
  /** Every feature of which guests on some host lose sight, by name. */
  readonly lost: readonly PoolFeature[];
  /** What losing them means, the gravest first. */
  readonly costs: readonly GuestLoss[];
  /** Guests that can run on every host of it, and those that cannot; what nobody calls anything is `guest-1` … */
  readonly guests: readonly string[];
  readonly otherGuests: readonly OtherGuest[];
}

/** Hosts divided into so many pools with the least loss. */
export interface PoolPartition {
  /** The largest first. */
  readonly pools: readonly PlannedPool[];
  readonly loss: PoolLoss;
  /** Is it proved that no other division into as many pools, or fewer, loses less? Hosts that are alike stay together. */
  readonly proved: boolean;
}

/** What the other hosts of a pool get back without some of them. */
export interface LeaveOut {
  /** Sorted names, and numbers of their profiles. */
  readonly hosts: readonly string[];
  readonly profiles: readonly number[];
  /** The others. */
  readonly others: readonly string[];
  /** What guests on the others get back, by name. */
  readonly gains: readonly string[];
  readonly level: X86Level | undefined;
  readonly levelWithout: X86Level | undefined;
  /** How much less the others lose. */
  readonly relief: PoolLoss;
}

/** What a host would take from a pool. */
export interface JoiningPool {
  /** Number of the pool among those of the knee. */
  readonly pool: number;
  /** Codes of what keeps it out of the pool at all; then it takes nothing. */
  readonly refused: readonly string[];
  /** What guests there lose by it, by name, and how much worse off they are. */
  readonly takes: readonly string[];
  readonly loss: PoolLoss;
  readonly level: X86Level | undefined;
  readonly levelWith: X86Level | undefined;
  /** What guests on the new host would see without the others. */
  readonly loses: readonly string[];
}

/** A host that may join, and what it costs each pool; the pool that loses least by it. */
export interface JoiningHost {
  readonly host: string;
  readonly pools: readonly JoiningPool[];
  readonly best: number | undefined;
}

/** Which hosts belong together. Plain data; what is a number points into `profiles` or `groups`. */
export interface PoolsPlan {
  readonly profiles: readonly HostProfile[];
  readonly groups: readonly HostGroup[];
  /** Hosts of which nobody knows what a guest gets there: they are in no pool, and an issue says why. */
  readonly unplanned: readonly string[];
  /** The best division for each number of pools that loses less than fewer pools do; the fewest pools first. */
  readonly partitions: readonly PoolPartition[];
  /**
   * The number in `partitions` after which each pool more saves less than before, the last where none does; 0 where there
   * are no hosts to plan.
   */
  readonly knee: number;
  /** What leaving hosts out gives back to the others where there are as few pools as can be; the most for a host first. */
  readonly leaveOut: readonly LeaveOut[];
  readonly joining: readonly JoiningHost[];
  readonly issues: readonly Issue[];
}
