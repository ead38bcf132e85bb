import type { FeaturePolicy } from './domain.ts';

/** One feature of `spec.domain.cpu.features`. */
export interface KubeVirtFeature {
  readonly name: string;
  readonly policy: FeaturePolicy;
}

/** A virtual machine of KubeVirt, as far as its CPU goes. */
export interface KubeVirtGuest {
  /** `VirtualMachine`, `VirtualMachineInstance` … */
  readonly kind: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  /** Where the specification of the instance stands in the object: `spec.template.spec`. */
  readonly path: string;
  /** `host-model` where nothing is stated, which is KubeVirt's own default unless the cluster sets another. */
  readonly model: string;
  /** Is the model the object's own, and not the default? */
  readonly isStated: boolean;
  readonly features: readonly KubeVirtFeature[];
  /** How the virtual CPUs are arranged; KubeVirt takes a missing number as 1. */
  readonly topology: { readonly sockets: number; readonly cores: number; readonly threads: number };
  /** libvirt's name of the architecture. */
  readonly arch: string;
  readonly machine: string | undefined;
  /** The guest's system, as the annotation `vm.kubevirt.io/os` names it. */
  readonly system: string | undefined;
  /** The instance type, which may set the CPU where the object does not. */
  readonly instancetype: string | undefined;
}

/** What to write into a virtual machine of KubeVirt, and where it can run. */
export interface KubeVirtAdvice {
  /** Nodes that can run the guest at all, by name. */
  readonly nodes: readonly string[];
  /** All lines for `features`, so that the guest sees one CPU on all of `nodes`; `undefined` where no lines can do that. */
  readonly features: readonly KubeVirtFeature[] | undefined;
  /** Do the lines differ from those that are there? */
  readonly changed: boolean;
  /** Nodes among which the guest is safe to move as it is, the largest group first. A node alone is one too. */
  readonly groups: readonly (readonly string[])[];
}
