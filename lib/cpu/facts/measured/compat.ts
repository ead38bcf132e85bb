// Written by `npm run generate-qemu-facts`: QEMU 7.2.22, 10.0.13, 11.1.3; names of libvirt 9.0.0, 11.3.0, 12.8.0.

/**
 * CPU properties that machine types set (`pc-q35-…` and `pc-i440fx-…` alike), the newest type first: the last of the types,
 * in QEMU's own numbering, which all older ones follow but for a later row of the same property; the
 * models that are meant, every model where none is named; and what is set, as on QEMU's command line.
 */
export const COMPAT: readonly (readonly [until: string, models: string, sets: string])[] = [
  [
    '10.0',
    '',
    'x-arch-cap-always-on=on,x-consistent-cache=off,x-pdcm-on-even-without-pmu=on,' +
      'x-vendor-cpuid-only-v2=off',
  ],
  [
    '9.0',
    '',
    'guest-phys-bits=0,legacy-multi-node=on,x-amd-topoext-features-only=off,x-l1-cache-per-thread=off',
  ],
  ['6.1', '', 'hv-version-id-build=0x1bbc,hv-version-id-major=0x0006,hv-version-id-minor=0x0001'],
  ['6.0', '', 'x-vendor-cpuid-only=off'],
  ['6.0', 'qemu64', 'family=6,model=6,stepping=3'],
  ['5.1', '', 'kvm-msi-ext-dest-id=off'],
  ['3.1', '', 'x-intel-pt-auto-level=off'],
  ['3.1', 'Cascadelake-Server', 'mpx=on,stepping=5'],
  ['3.1', 'EPYC EPYC-IBPB', 'npt=off,nrip-save=off'],
  [
    '3.1',
    'Icelake-Client Icelake-Server Skylake-Client Skylake-Client-IBRS Skylake-Server Skylake-Server-IBRS',
    'mpx=on',
  ],
  ['3.1', 'Opteron_G3', 'rdtscp=off'],
  ['3.1', 'Opteron_G4 Opteron_G5', 'npt=off,nrip-save=off,rdtscp=off'],
  ['3.0', '', 'x-hv-synic-kvm-only=on'],
  ['3.0', 'Skylake-Server Skylake-Server-IBRS', 'pku=off'],
  ['2.12', '', 'legacy-cache=on,topoext=off'],
  ['2.12', 'EPYC EPYC-IBPB', 'xlevel=0x8000000a'],
  ['2.11', '', 'x-migrate-smi-count=off'],
  ['2.11', 'Skylake-Server', 'clflushopt=off'],
  ['2.10', '', 'x-hv-max-vps=0x40'],
  ['2.8', '', 'tcg-cpuid=off,vmware-cpuid-freq=off'],
  ['2.8', 'Haswell', 'stepping=1'],
  ['2.7', '', 'full-cpuid-auto-level=off,l3-cache=off'],
  ['2.7', 'Opteron_G3', 'family=15,model=6,stepping=1'],
  ['2.6', '', 'cpuid-0xb=off,fill-mtrr-mask=off'],
  ['2.4', '', 'check=off'],
  ['2.4', 'Broadwell Broadwell-noTSX Haswell Haswell-noTSX', 'abm=off'],
  ['2.4', 'Opteron_G2 Opteron_G3 Opteron_G4 Opteron_G5', 'rdtscp=on'],
  ['2.4', 'athlon', 'model-id=QEMU Virtual CPU version 2.4.0'],
  ['2.4', 'host', 'host-cache-info=on'],
  ['2.4', 'qemu32', 'model-id=QEMU Virtual CPU version 2.4.0,popcnt=on'],
  ['2.4', 'qemu64', 'abm=on,model-id=QEMU Virtual CPU version 2.4.0,popcnt=on,sse4a=on'],
];
