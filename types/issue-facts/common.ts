/** The facts of a finding that says all by its code and its place. Not quite empty, so that facts of other codes do not fit. */
export interface NoFacts {
  readonly hosts?: never;
}

/** Names of the hosts that a finding, or a part of one, is about. */
export interface OnHosts {
  readonly hosts: readonly string[];
}
