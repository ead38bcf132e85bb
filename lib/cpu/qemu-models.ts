/** What QEMU gives every named model: `hypervisor` to any guest, `x2apic` to one under KVM. */
const GIVEN_TO_ALL: readonly string[] = ['hypervisor', 'x2apic'];

/**
 * Features that QEMU's named models have and libvirt's maps do not list (in one of the maps, at least), found by asking
 * QEMU 7.2 for each model (`query-cpu-model-expansion`) and by starting each under KVM with libvirt 9.0.0. Versioned
 * names (`Haswell-v1`) have what their family has.
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
  [/^Snowridge/, 'monitor mpx'],
  [/^Denverton/, 'monitor'],
  [/^athlon/, 'mca'],
  [/^phenom/, 'abm cx16 lahf_lm npt pdpe1gb popcnt rdtscp sse4a vme'],
  [/^Opteron_G3/, 'monitor vme'],
  [/^Opteron_G[45]/, 'npt nrip-save vme'],
  [/^(?:EPYC|Dhyana)/, 'monitor topoext'],
  [/^(?:EPYC(?:-IBPB|-v[12])?|Dhyana(?:-v1)?)$/, 'npt nrip-save'],
  [/^EPYC-Rome(?:-v1)?$/, 'xsaves'],
];

/** What QEMU may show in a guest of this model beyond what libvirt's map lists of it, where the host can. */
export function addedByQemu(model: string): ReadonlySet<string> {
  return new Set([...GIVEN_TO_ALL, ...inQemusModel(model)]);
}

/** What QEMU's definition of this model has beyond what libvirt's map lists of it. */
export function inQemusModel(model: string): readonly string[] {
  return MORE_THAN_LISTED.flatMap(([models, features]) => (models.test(model) ? features.split(' ') : []));
}

/** The model that QEMU takes where it is given none; `undefined` for an architecture of which it is not known here. */
export function defaultModel(arch: string | undefined): 'qemu64' | 'qemu32' | undefined {
  if (arch === 'i686') return 'qemu32';
  return arch === undefined || arch === 'x86_64' ? 'qemu64' : undefined;
}
