/** What QEMU gives every named model: `hypervisor` to any guest, `x2apic` to one under KVM. */
const GIVEN_TO_ALL: readonly string[] = ['hypervisor', 'x2apic'];

/**
 * What QEMU leaves out of every named model by the kind of guest, whatever the model says (`kvm_default_props` and
 * `tcg_default_props` in target/i386). Without `svm` its features are off as well.
 */
const LEFT_OUT: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['kvm', new Set(['acpi', 'monitor', 'npt', 'nrip-save', 'svm'])],
  ['qemu', new Set(['vme', 'x2apic'])],
]);

/**
 * Features that QEMU's named models have and libvirt's maps do not list (in one of the maps, at least): measured in QEMU
 * 7.2.22, 10.0.13 and 11.1.3 with KVM and emulation by `scripts/measure-qemu.mjs models`, beside the maps of libvirt
 * 9.0.0, 11.3.0 and 12.8.0. The three versions agree in every model that more than one has. Versioned names
 * (`Haswell-v1`) have what their family has.
 */
const MORE_THAN_LISTED: readonly (readonly [models: RegExp, features: string])[] = [
  [/^pentium/, 'apic'],
  [/^coreduo/, 'acpi ss'],
  [/^n270/, 'acpi lahf_lm movbe ss'],
  [/^core2duo/, 'acpi cx16 lahf_lm ss'],
  [/^qemu64/, 'lahf_lm'],
  [/^(?:kvm32|kvm64|Conroe|Penryn|Nehalem|Opteron_G[12])/, 'vme'],
  [/^Westmere/, 'arat pclmuldq vme'],
  [/^SandyBridge/, 'arat vme xsaveopt'],
  [/^IvyBridge/, 'arat xsaveopt'],
  [/^(?:Haswell|Broadwell)/, 'abm arat f16c rdrand vme xsaveopt'],
  [/^Skylake-Server(?:-v1)?$/, 'clflushopt pku'],
  [/^(?:Skylake-Server-(?:IBRS|noTSX-IBRS|v[23])|Cascadelake-Server(?:-v1)?)$/, 'pku'],
  [/^Cascadelake-Server-(?:noTSX|v3)$/, 'arch-capabilities ibrs-all mds-no pku rdctl-no skip-l1dfl-vmentry'],
  [/^Snowridge(?:-v1)?$/, 'mpx'],
  [/^DiamondRapids/, 'avx10-128 avx10-256 avx10-512'],
  [/^(?:Snowridge|Denverton(?:-v1)?$|YongFeng)/, 'monitor'],
  [/^athlon/, 'mca'],
  [/^phenom/, 'abm cx16 lahf_lm npt pdpe1gb popcnt rdtscp sse4a vme'],
  [/^Opteron_G3/, 'monitor vme'],
  [/^Opteron_G[45]/, 'npt nrip-save vme'],
  [/^(?:EPYC|Dhyana)/, 'monitor topoext'],
  [/^(?:EPYC(?:-IBPB|-v[12])?|Dhyana(?:-v1)?)$/, 'npt nrip-save'],
  [/^EPYC-Rome(?:-v1)?$/, 'xsaves'],
];

/** Which guests are meant. */
export interface ModelContext {
  /** `kvm` or `qemu`; both where it is left out. */
  readonly virtType?: string | undefined;
}

/** What QEMU may show in a guest of this model beyond what libvirt's map lists of it, where the host can. */
export function addedByQemu(model: string, context: ModelContext = {}): ReadonlySet<string> {
  return new Set(given([...GIVEN_TO_ALL, ...listed(model)], context));
}

/** What QEMU's definition of this model has beyond what libvirt's map lists of it. */
export function inQemusModel(model: string, context: ModelContext = {}): readonly string[] {
  return given(listed(model), context);
}

function listed(model: string): readonly string[] {
  return MORE_THAN_LISTED.flatMap(([models, features]) => (models.test(model) ? features.split(' ') : []));
}

function given(features: readonly string[], { virtType }: ModelContext): readonly string[] {
  const without = virtType === undefined ? undefined : LEFT_OUT.get(virtType);
  return without === undefined ? features : features.filter((name) => !without.has(name));
}

/** The model that QEMU takes where it is given none; `undefined` for an architecture of which it is not known here. */
export function defaultModel(arch: string | undefined): 'qemu64' | 'qemu32' | undefined {
  if (arch === 'i686') return 'qemu32';
  return arch === undefined || arch === 'x86_64' ? 'qemu64' : undefined;
}
