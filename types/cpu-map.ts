/**
 * Where a CPU shows a feature: one bit of a CPUID leaf, or of a model-specific register.
 * `['cpuid', leaf, subleaf, register, bit]` or `['msr', index, register, bit]`; registers are eax, ebx, ecx, edx.
 */
export type CpuMapBit =
  readonly ['cpuid', number, number, CpuRegister, number] | readonly ['msr', number, CpuRegister, number];

/** A 32-bit register that CPUID or RDMSR answers in. */
export type CpuRegister = 'eax' | 'ebx' | 'ecx' | 'edx';

/** One x86 feature that a libvirt version knows. */
export interface CpuMapFeature {
  /** libvirt's name: the only spelling that works in domain XML. */
  readonly name: string;
  readonly bit: CpuMapBit;
  /** Other spellings of the same feature in QEMU or Linux. */
  readonly aliases?: readonly string[];
  /** `false` where the map marks the feature as not migratable. */
  readonly migratable?: false;
}

/** One x86 CPU model that a libvirt version knows, as its map states it. */
export interface CpuMapModel {
  readonly name: string;
  readonly vendor?: string;
  /** The model this one starts from; its features are included. */
  readonly parent?: string;
  /** Features stated by the model itself. */
  readonly features: readonly string[];
  /** Features the model once had: no longer part of it. */
  readonly removed?: readonly string[];
  /** Features libvirt learned to name after the model was published: not part of its set. */
  readonly added?: readonly string[];
  /** `[family, model]` or `[family, model, lowest stepping, highest stepping]` of real CPUs this model stands for. */
  readonly signatures?: readonly (readonly number[])[];
  /** May libvirt choose this model for a host CPU, or for a guest CPU? Both when absent. */
  readonly decode?: { readonly host: boolean; readonly guest: boolean };
  /** Compared through the map alone ("partial compat"), as before libvirt 10.10. */
  readonly compat?: true;
}

/** A ppc64 CPU model with the processor versions (value, mask) it stands for. */
export interface CpuMapPpc64Model {
  readonly name: string;
  readonly vendor?: string;
  readonly pvr: readonly (readonly [number, number])[];
}

/** What one libvirt version knows about CPUs: plain JSON, made from its `cpu_map` directory. */
export interface CpuMap {
  /** The libvirt version the facts were taken from, e.g. `9.0.0`. */
  readonly version: string;
  /** x86 vendors: libvirt's name → the 12 characters of CPUID leaf 0. */
  readonly vendors: Readonly<Record<string, string>>;
  readonly features: readonly CpuMapFeature[];
  /** In the map's own order, which libvirt's choice of a model depends on. */
  readonly models: readonly CpuMapModel[];
  readonly arm: { readonly features: readonly string[]; readonly models: readonly string[] };
  readonly ppc64: { readonly vendors: readonly string[]; readonly models: readonly CpuMapPpc64Model[] };
}
