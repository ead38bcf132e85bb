/** Can a host take a running guest? */
export interface RunningVerdict {
  readonly host: string;
  /** As the guest runs now; `unknown` where nobody can tell. */
  readonly now: 'yes' | 'no' | 'unknown';
  /** What the guest has, or may have, and the host lacks. Sorted. */
  readonly missing: readonly string[];
  /** What the host has and the guest does not, as far as anybody knows: it would appear in the running guest. Sorted. */
  readonly gained: readonly string[];
  /** What the guest may have and nobody knows of the host. Sorted. */
  readonly uncertain: readonly string[];
  /** Names in the guest's CPU that the host's libvirt does not know: it refuses the guest for them. Sorted. */
  readonly unnamed: readonly string[];
  /** Can it take the guest once the rewritten domain was stopped and started? */
  readonly afterPowerCycle: boolean;
}

/** Where the guest runs. */
export interface RunningOptions {
  /** Name of the host a running guest is on. @default it may run on any of them */
  readonly runningOn?: string;
}
