// Written by `npm run generate-qemu-facts`: QEMU 7.2.22, 10.0.13, 11.1.3; names of libvirt 9.0.0, 11.3.0, 12.8.0.

/** What QEMU gives every named model that libvirt's maps do not list, by the kind of guest. */
export const GIVEN_TO_ALL: Readonly<Record<'kvm' | 'qemu', string>> = {
  kvm: 'hypervisor x2apic',
  qemu: 'hypervisor',
};

/** What QEMU leaves out of every named model by the kind of guest, whatever the table below says. */
export const LEFT_OUT: Readonly<Record<'kvm' | 'qemu', string>> = {
  kvm: 'acpi monitor npt nrip-save',
  qemu: 'vme',
};

/**
 * Features that named models have and libvirt's maps do not list (in one of the maps, at least), without `vmx-…`. A model
 * that is not here has what its family has, the longest name here that its own begins with: `Haswell-v1` what `Haswell` has.
 */
export const MORE_THAN_LISTED: readonly (readonly [models: string, features: string])[] = [
  ['Broadwell Haswell', 'abm arat f16c rdrand vme xsaveopt'],
  [
    'Cascadelake-Server Skylake-Server-IBRS Skylake-Server-noTSX-IBRS Skylake-Server-v2 Skylake-Server-v3',
    'pku',
  ],
  [
    'Cascadelake-Server-noTSX Cascadelake-Server-v3',
    'arch-capabilities ibrs-all mds-no pku rdctl-no skip-l1dfl-vmentry',
  ],
  [
    'Cascadelake-Server-v2 Cascadelake-Server-v4 Cascadelake-Server-v5 Denverton-v2 Denverton-v3 ' +
      'Skylake-Server-v4 Skylake-Server-v5',
    '',
  ],
  ['Conroe Nehalem Opteron_G1 Opteron_G2 Penryn kvm32 kvm64', 'vme'],
  ['Denverton Snowridge-v2 Snowridge-v3 Snowridge-v4 YongFeng', 'monitor'],
  ['Dhyana EPYC', 'monitor npt nrip-save topoext'],
  [
    'Dhyana-v2 EPYC-Genoa EPYC-Milan EPYC-Rome-v2 EPYC-Rome-v3 EPYC-Rome-v4 EPYC-Rome-v5 EPYC-Turin ' +
      'EPYC-v3 EPYC-v4 EPYC-v5',
    'monitor topoext',
  ],
  ['DiamondRapids', 'avx10-128 avx10-256 avx10-512'],
  ['EPYC-Rome', 'monitor topoext xsaves'],
  ['IvyBridge', 'arat xsaveopt'],
  ['Opteron_G3', 'monitor vme'],
  ['Opteron_G4 Opteron_G5', 'npt nrip-save vme'],
  ['SandyBridge', 'arat vme xsaveopt'],
  ['Skylake-Server', 'clflushopt pku'],
  ['Snowridge', 'monitor mpx'],
  ['Westmere', 'arat pclmuldq vme'],
  ['athlon', 'mca'],
  ['core2duo', 'acpi cx16 lahf_lm ss'],
  ['coreduo', 'acpi ss'],
  ['n270', 'acpi lahf_lm movbe ss'],
  ['pentium pentium2 pentium3', 'apic'],
  ['phenom', 'abm cx16 lahf_lm npt pdpe1gb popcnt rdtscp sse4a vme'],
  ['qemu64', 'lahf_lm'],
];
