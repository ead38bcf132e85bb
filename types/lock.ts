/** A host as it was when its pool's baseline was locked. */
export interface LockedHost {
  readonly name: string;
  /** Facts that should stay: `arch`, `vendor`, `microcode`, `libvirt` … by name; those nobody stated are left out. */
  readonly identity: Readonly<Record<string, string>>;
  /** Sorted names of its features that are not common. */
  readonly surplus: readonly string[];
  /** Sorted names of what it may have. */
  readonly uncertain: readonly string[];
}

/** A baseline to compare hosts with later. Plain JSON; every list is sorted, one name to a line in a file. */
export interface BaselineLock {
  /** Raised when the shape changes. */
  readonly lockVersion: 1;
  /** Sorted names of the features every host has. */
  readonly common: readonly string[];
  /** Sorted by name. */
  readonly hosts: readonly LockedHost[];
}
