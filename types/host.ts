import type { CpuMap } from './cpu-map.ts';
import type { HostGrade, HostSource } from './host-source.ts';
import type { HostIssueCode, Issue } from './issue.ts';
import type { VirtioFeatures } from './virtio.ts';

/** Facts of the physical processor, as `virsh capabilities` states them. */
export interface HostProcessor {
  readonly family: number | undefined;
  readonly model: number | undefined;
  readonly stepping: number | undefined;
  readonly microcode: string | undefined;
  /** Guest physical address bits of this CPU. */
  readonly physicalAddressBits: number | undefined;
  /** Time stamp counter: frequency in Hz, and whether the hardware can scale it. */
  readonly tsc: { readonly frequency: number; readonly scaling: boolean } | undefined;
}

/** A machine type that QEMU on a host knows, as `virsh capabilities` lists it. */
export interface HostMachine {
  readonly name: string;
  /** For an alias (`q35`): the versioned type it stands for (`pc-q35-7.2`). */
  readonly canonical: string | undefined;
  readonly maxCpus: number | undefined;
  readonly deprecated: boolean;
  readonly arch: string;
  /** Set where the list holds for one kind of guest only; `undefined` for all of them. */
  readonly virtType: string | undefined;
}

/**
 * What a guest may use on a host, as domcapabilities list it: `disk.bus` → `['virtio', 'scsi']`. A key is the element
 * and its enum; the element alone says whether it is supported at all (`['yes']` or `[]`). What a host does not report
 * has no key: nobody knows.
 */
export type Offers = Readonly<Record<string, readonly string[]>>;

/** May a CPU model of custom mode be used as it is? */
export type ModelUsable = 'yes' | 'no' | 'unknown';

/** A machine as libvirt describes it: what its CPU can give a guest. */
export interface Host {
  /** The caller's name for it; a UUID or `host` when none was given. */
  readonly name: string;
  readonly source: HostSource;
  readonly grade: HostGrade;
  /** The file it was read from, as the caller named it. */
  readonly file: string | undefined;
  readonly uuid: string | undefined;
  readonly arch: string | undefined;
  /** Context the features hold for (domcapabilities only): `kvm`, `qemu` … */
  readonly virtType: string | undefined;
  readonly emulator: string | undefined;
  readonly machine: string | undefined;
  /** As stated by the caller, or in the text of the host, in three numbers. */
  readonly libvirtVersion: string | undefined;
  /** The version of its QEMU in three numbers, where the text of the host states it. */
  readonly qemuVersion: string | undefined;
  /** Named CPU model the document states. */
  readonly model: string | undefined;
  /** As the document states it; a model's own vendor is not repeated here. */
  readonly vendor: string | undefined;
  /** Sorted canonical libvirt names of everything a guest would see; `undefined` when it cannot be known. */
  readonly features: readonly string[] | undefined;
  /** Sorted names that are there or not depending on a libvirt version nobody stated. Never part of `features`. */
  readonly uncertain: readonly string[];
  /**
   * Sorted names the source could not show, so that their absence from `features` says nothing: whether a guest gets
   * them is unknown. Empty for a source of grade A.
   */
  readonly silent: readonly string[];
  /**
   * Sorted names, in the document's spelling, of what a guest would see too and the host's libvirt has no feature name
   * for: `kvm-…` in QMP answers, what `virsh capabilities` lists on aarch64. `undefined` where the document does not
   * speak of such.
   */
  readonly unnamed: readonly string[] | undefined;
  /**
   * What QEMU answers besides features (aarch64): a property, such as `SYSREG_MIDR_EL1_PartNum`, and its value. A guest
   * sees what these say, and nothing turns it off. Empty for other architectures and sources.
   */
  readonly properties: Readonly<Record<string, boolean | number | string>>;
  /** Features that QEMU calls deprecated (s390x): later machines will not have them. */
  readonly deprecatedFeatures: readonly string[];
  /** CPU maps the names were read with: one, or several where the libvirt version is not known exactly. */
  readonly cpuMaps: readonly CpuMap[];
  /** `undefined` where the document says nothing of the hardware. */
  readonly processor: HostProcessor | undefined;
  /** Physical address bits a host-model CPU is limited to (libvirt 9.5.0 and later say so). */
  readonly physicalAddressLimit: number | undefined;
  /** See `Offers`; empty where the document is no domcapabilities. */
  readonly offers: Offers;
  /** Most virtual CPUs a guest may have. */
  readonly vcpuMaximum: number | undefined;
  /** Models of custom mode → whether they may be used as they are. Empty where the document does not list them. */
  readonly usableModels: Readonly<Record<string, ModelUsable>>;
  /** Models that may not be used as they are → what QEMU there lacks of them. libvirt says so from 10.9.0 on. */
  readonly modelBlockers: Readonly<Record<string, readonly string[]>>;
  /** Machine types of the host's architecture; empty without `virsh capabilities`. */
  readonly machines: readonly HostMachine[];
  /** What virtio devices offer there; `undefined` where nobody said. */
  readonly virtio: VirtioFeatures | undefined;
  /** What is doubtful about this host; repeated in every result it takes part in. */
  readonly issues: readonly Issue<HostIssueCode>[];
}
