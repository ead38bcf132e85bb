import type { CpuMap } from './cpu-map.ts';
import type { Issue } from './issue.ts';

/** One feature that not every host has. */
export interface Loss {
  readonly feature: string;
  /** Hosts that have it, hosts that lack it, hosts of which nobody knows. Sorted names. */
  readonly presentOn: readonly string[];
  readonly missingOn: readonly string[];
  readonly unknownOn: readonly string[];
  /** Hosts whose libvirt does not know the name: there it must not be written into a domain. */
  readonly unnamedOn: readonly string[];
}

/** The context that every host of a baseline was asked for. */
export interface BaselineHost {
  readonly name: string;
  readonly arch: string | undefined;
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly virtType: string | undefined;
  readonly emulator: string | undefined;
  readonly machine: string | undefined;
  readonly cpuMaps: readonly CpuMap[];
}

/** What the hosts of a pool have in common, and who lacks what. */
export interface Baseline {
  /** Sorted by name. */
  readonly hosts: readonly BaselineHost[];
  /** Sorted names of the features every host has: the plain intersection, as libvirt computes it. */
  readonly common: readonly string[];
  /** Host name → sorted names of its features that are not common. */
  readonly surplus: Readonly<Record<string, readonly string[]>>;
  /** Every feature that some host has, or may have, and another lacks; sorted by name. */
  readonly losses: readonly Loss[];
  readonly arch: string | undefined;
  readonly vendor: string | undefined;
  readonly issues: readonly Issue[];
}
