/**
 * What kind of bit a feature is, and so what is true of it over a pool: a `capability`, a `control` (lets the guest
 * defend itself) and an `immunity` (the CPU lacks a flaw) hold where every host has them; a `duty` ("you must defend")
 * holds as soon as one host has it; an `inverse` bit says that an old behaviour has ended, and clearing it restores
 * nothing.
 */
export type FeatureKind = 'capability' | 'control' | 'immunity' | 'duty' | 'inverse';

/** What a guest pays for a feature it loses, the gravest first. */
export type Cost = 'security' | 'boot' | 'speed';

/** A level of the x86-64 psABI: what compilers and distributions may count on. */
export type X86Level = 'x86-64-v1' | 'x86-64-v2' | 'x86-64-v3' | 'x86-64-v4';

/** What it means to a guest that it does not see a feature. */
export interface Consequence {
  readonly kind: FeatureKind;
  /** Absent where neither security nor boot nor speed is known to suffer. */
  readonly cost?: Cost;
  /** The flaws concerned, as `CVE-2018-3639`. */
  readonly cve?: readonly string[];
  /** One plain clause with the guest as its subject; no full stop, no name of the feature. */
  readonly text: string;
  /** A document, or the place in a program, that states it. */
  readonly source: string;
}

/** One row of the tables: a feature by libvirt's name, and what losing it means. */
export interface FeatureFact extends Consequence {
  readonly feature: string;
  /** What flaw a duty bit tells the guest to defend against. */
  readonly flaw?: string;
  /** The option of the guest's kernel that defends without the bit, where there is one. */
  readonly guestOption?: string;
  /** The level the feature belongs to, where losing it drops the guest below that level. */
  readonly level?: X86Level;
  /** The feature that opens the register this one stands in: without that, the guest sees neither. */
  readonly within?: string;
  /** It costs nothing where the guest keeps all of one of these. */
  readonly unless?: readonly (readonly string[])[];
  /** It costs nothing where the guest does not keep this one. */
  readonly onlyWith?: string;
}

/** A row of a table whose features are all of one kind. */
export type FactOfKind = Omit<FeatureFact, 'kind'>;

/** What several features mean together; said in place of what each means alone. */
export interface CombinationFact extends Omit<Consequence, 'kind'> {
  /** A stable name, as `meltdown-without-pcid`. */
  readonly combination: string;
  /** The guest loses all of these. */
  readonly lost?: readonly string[];
  /** The guest loses one of these, at least. */
  readonly lostOneOf?: readonly string[];
  /** The guest keeps all of these. */
  readonly kept?: readonly string[];
  /** The guest keeps none of these. */
  readonly notKept?: readonly string[];
}

/** What a guest's operating system needs to boot. */
export interface SystemFact {
  /** The id of libosinfo without scheme and version: `redhat.com/rhel`. */
  readonly family: string;
  /** Name for people, the version follows. */
  readonly name: string;
  /** What libosinfo's short ids begin with, as KubeVirt's `vm.kubevirt.io/os` has them: `rhel`. */
  readonly short: readonly string[];
  /** The first version this holds for, and the first it no longer holds for; compared as numbers with two parts. */
  readonly from?: string;
  readonly below?: string;
  /** Versions that are no numbers, in full: `2k25`, `eln`. */
  readonly versions?: readonly string[];
  /** Features beyond `level`, if any. */
  readonly level: X86Level;
  readonly features?: readonly string[];
  /** What some editions need that the id does not tell from the others: a reason to warn. */
  readonly mayNeed?: {
    readonly level?: X86Level;
    readonly features?: readonly string[];
    readonly text: string;
  };
  readonly source: string;
}

/** All that is known about what features mean, as published in `facts.json`. */
export interface Facts {
  /** Semantic: major for the shape, minor for what was added, patch for what was corrected. */
  readonly factsVersion: string;
  readonly features: readonly FeatureFact[];
  /** Names that no CPU map of this release has yet; the same shape. */
  readonly upcoming: readonly FeatureFact[];
  readonly combinations: readonly CombinationFact[];
  /** Level → all features it asks for, lower levels included. */
  readonly levels: Readonly<Record<X86Level, readonly string[]>>;
  readonly systems: readonly SystemFact[];
}

/** A level, and what is missing to the next one. */
export interface LevelReport {
  /** `undefined` for a CPU below x86-64-v1. */
  readonly level: X86Level | undefined;
  /** `undefined` above the highest level. */
  readonly next: X86Level | undefined;
  /** What the next level asks for beyond what is there. */
  readonly missing: readonly string[];
}

/** The level of one host; `undefined` where its features are not known. */
export interface HostLevel {
  readonly host: string;
  readonly level: X86Level | undefined;
  readonly known: boolean;
}

/** The levels of a pool's hosts, each alone, and of what is left to a guest of the pool. */
export interface PoolLevels extends LevelReport {
  readonly hosts: readonly HostLevel[];
  /** The highest level that one of the hosts gives alone. */
  readonly best: X86Level | undefined;
  /** The hosts that keep the pool from a higher level; none where no host alone gives one. */
  readonly because: readonly string[];
}

/** The least CPU a guest needs. */
export interface Floor {
  /** The system's name (`RHEL 10.0`), or the floor as a person stated it (`x86-64-v3`). */
  readonly of: string;
  /** Who states it: an option, where it does not say. */
  readonly from?: 'option' | 'system';
  /** The level, where the floor is one. */
  readonly level?: X86Level;
  /** Every feature needed, by libvirt's name, sorted. */
  readonly features: readonly string[];
  /** What some editions of the system need beyond that, and which. */
  readonly mayNeed?: {
    readonly level?: X86Level;
    readonly features: readonly string[];
    readonly text: string;
  };
  /** Where that is stated, for documents: absent in what is built, and for a floor a person stated. */
  readonly source?: string;
}

/** A floor as read from a command line, or the words in it that are neither a level nor a feature. */
export type FloorReading = { readonly floor: Floor } | { readonly unknown: readonly string[] };

/** What one feature, or several together, cost a guest that no longer sees them, given what it keeps. */
export interface WeighedConsequence extends Consequence {
  /** The rule that joined several features, if one did. */
  readonly combination?: string;
  /** What the guest keeps that does the same, if it loses nothing by it. */
  readonly coveredBy?: readonly string[];
  /** What the guest does not have, and without which the feature is of no use. */
  readonly without?: string;
}

/** One thing a guest pays, with the features it pays it for. */
export interface GuestLoss extends WeighedConsequence {
  /** One feature; for a combination all that it speaks of. */
  readonly features: readonly string[];
}
