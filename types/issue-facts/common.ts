/** The facts of a finding that says all by its code and its place. Not quite empty, so that facts of other codes do not fit. */
export interface NoFacts {
  readonly hosts?: never;
}

/** Who has something, and who lacks it, of hosts that differ in it. */
export interface Presence {
  /** Hosts that have it, hosts that lack it, hosts of which nobody knows. Sorted names. */
  readonly presentOn: readonly string[];
  readonly missingOn: readonly string[];
  readonly unknownOn: readonly string[];
}

/** Names of the hosts that a finding, or a part of one, is about. */
export interface OnHosts {
  readonly hosts: readonly string[];
}
