import type { SystemFact } from '../../../types/facts.ts';

const RHEL_9 =
  'https://developers.redhat.com/blog/2021/01/05/building-red-hat-enterprise-linux-9-for-the-x86-64-v2-microarchitecture-level';
const RHEL_10 =
  'https://gitlab.com/redhat/centos-stream/src/kernel/centos-stream-9/-/merge_requests/3972 (RHEL 9 needs x86-64-v2, RHEL 10 x86-64-v3)';
const ROCKY_10 = 'https://docs.rockylinux.org/release_notes/10_0/';
const ORACLE_9 =
  'https://docs.oracle.com/en/operating-systems/oracle-linux/9/install/install-SystemRequirements.html';
const ORACLE_10 =
  'https://docs.oracle.com/en/operating-systems/oracle-linux/10/install/ (System Requirements)';
const ALMA_10 = 'https://wiki.almalinux.org/alesco/meeting-minutes/2024-07-24';
const SUSE_16 = 'https://susedoc.github.io/doc-modular/main/single-html/SLE-comparison/';
const TUMBLEWEED = 'https://en.opensuse.org/openSUSE:X86-64-Architecture-Levels';
const LEAP_16 = `${SUSE_16} (Leap 16 is built from the sources of SLE 16)`;
const ELN = 'https://github.com/fedora-eln/eln/issues/83';
const DEBIAN =
  'https://packages.debian.org/trixie/x86-64-v2-support (a package checks for more than the port asks)';
const UBUNTU =
  'https://documentation.ubuntu.com/project/how-ubuntu-is-made/concepts/supported-architectures/';
const UBUNTU_V3 =
  'https://documentation.ubuntu.com/public-cloud/all-clouds-explanation/architecture-variants/';
const WINDOWS_SERVER = 'https://learn.microsoft.com/windows-server/get-started/hardware-requirements';
const WINDOWS_64 = 'https://walbourn.github.io/directxmath-sse3-and-ssse3/';
const WINDOWS_24H2 =
  'https://www.tomshardware.com/software/windows/microsoft-updates-windows-11-24h2-requirements-cpu-must-support-sse42-or-the-os-will-not-boot';

/** Windows also asks for PREFETCHW, which CPUs that run it execute without showing the bit: no reason to refuse. */
const WINDOWS_NEEDS = ['cx16', 'lahf_lm', 'nx'] as const;

/** RHEL, and the systems that are built like it. */
const LIKE_RHEL = [
  { family: 'redhat.com/rhel', name: 'RHEL', short: ['rhel'], v2: RHEL_9, v3: RHEL_10 },
  {
    family: 'centos.org/centos-stream',
    name: 'CentOS Stream',
    short: ['centos-stream', 'centos'],
    v2: RHEL_9,
    v3: RHEL_10,
  },
  {
    family: 'rockylinux.org/rocky',
    name: 'Rocky Linux',
    short: ['rocky'],
    v2: 'https://docs.rockylinux.org/release_notes/9_0/',
    v3: ROCKY_10,
  },
  { family: 'oracle.com/ol', name: 'Oracle Linux', short: ['ol'], v2: ORACLE_9, v3: ORACLE_10 },
  { family: 'cclinux.org/circle', name: 'Circle Linux', short: ['circle'], v2: RHEL_9, v3: RHEL_10 },
  { family: 'euro-linux.com/eurolinux', name: 'EuroLinux', short: ['eurolinux'], v2: RHEL_9, v3: RHEL_10 },
  {
    family: 'miraclelinux.com/miraclelinux',
    name: 'MIRACLE LINUX',
    short: ['miraclelinux'],
    v2: RHEL_9,
    v3: RHEL_10,
  },
] as const;

const ALMA = { family: 'almalinux.org/almalinux', name: 'AlmaLinux', short: ['almalinux'] } as const;
const V2_EDITION = {
  level: 'x86-64-v3',
  text: 'the default edition needs it, the x86_64_v2 edition does not',
} as const;
const LEAP = { family: 'opensuse.org/opensuse', name: 'openSUSE', short: ['opensuse'] } as const;
const SLE = { family: 'suse.com/sle', name: 'SUSE Linux Enterprise', short: ['sle'] } as const;
const SLES = { family: 'suse.com/sles', name: 'SUSE Linux Enterprise Server', short: ['sles'] } as const;
const UBUNTU_ID = { family: 'ubuntu.com/ubuntu', name: 'Ubuntu', short: ['ubuntu'] } as const;
const WINDOWS = { family: 'microsoft.com/win', name: 'Windows', short: ['win', 'windows'] } as const;
const OLD_WINDOWS = { ...WINDOWS, level: 'x86-64-v1' } as const;

/**
 * What operating systems need of a CPU to boot, by libosinfo's ids (osinfo-db of May 2026). A system that is not here
 * is not known: nothing is said of it.
 */
export const SYSTEMS: readonly SystemFact[] = [
  ...LIKE_RHEL.flatMap(({ v2, v3, ...system }): readonly SystemFact[] => [
    { ...system, from: '10', level: 'x86-64-v3', source: v3 },
    { ...system, from: '9', below: '10', level: 'x86-64-v2', source: v2 },
    { ...system, below: '9', level: 'x86-64-v1', source: RHEL_9 },
  ]),
  { ...ALMA, from: '10', level: 'x86-64-v2', mayNeed: V2_EDITION, source: ALMA_10 },
  { ...ALMA, from: '9', below: '10', level: 'x86-64-v2', source: RHEL_9 },
  { ...ALMA, below: '9', level: 'x86-64-v1', source: RHEL_9 },
  {
    family: 'almalinux.org/almalinux-kitten',
    name: 'AlmaLinux Kitten',
    short: ['almalinux-kitten'],
    from: '10',
    level: 'x86-64-v2',
    mayNeed: V2_EDITION,
    source: ALMA_10,
  },
  {
    family: 'fedoraproject.org/fedora',
    name: 'Fedora',
    short: ['fedora'],
    versions: ['eln'],
    level: 'x86-64-v3',
    source: ELN,
  },
  { ...SLE, from: '16', level: 'x86-64-v2', source: SUSE_16 },
  { ...SLE, below: '16', level: 'x86-64-v1', source: SUSE_16 },
  { ...SLES, from: '16', level: 'x86-64-v2', source: SUSE_16 },
  { ...SLES, below: '16', level: 'x86-64-v1', source: SUSE_16 },
  // Leap 42 came before Leap 15.
  { ...LEAP, from: '42', level: 'x86-64-v1', source: SUSE_16 },
  { ...LEAP, from: '16', below: '42', level: 'x86-64-v2', source: LEAP_16 },
  { ...LEAP, below: '16', level: 'x86-64-v1', source: SUSE_16 },
  { ...LEAP, versions: ['tumbleweed', 'factory'], level: 'x86-64-v1', source: TUMBLEWEED },
  {
    family: 'debian.org/debian',
    name: 'Debian',
    short: ['debian'],
    from: '4',
    level: 'x86-64-v1',
    source: DEBIAN,
  },
  {
    ...UBUNTU_ID,
    from: '26.04',
    level: 'x86-64-v1',
    mayNeed: { level: 'x86-64-v3', text: 'the amd64v3 images need it, the others do not' },
    source: `${UBUNTU}; ${UBUNTU_V3}`,
  },
  { ...UBUNTU_ID, below: '26.04', level: 'x86-64-v1', source: UBUNTU },
  {
    ...OLD_WINDOWS,
    versions: ['2k25'],
    name: 'Windows Server',
    features: [...WINDOWS_NEEDS, 'popcnt', 'sse4.2'],
    source: WINDOWS_SERVER,
  },
  {
    ...OLD_WINDOWS,
    versions: ['2k16', '2k19', '2k22'],
    name: 'Windows Server',
    features: WINDOWS_NEEDS,
    source: WINDOWS_SERVER,
  },
  {
    ...OLD_WINDOWS,
    versions: ['11'],
    features: WINDOWS_NEEDS,
    mayNeed: { features: ['popcnt', 'sse4.2'], text: 'version 24H2 and later need it, 23H2 does not' },
    source: `${WINDOWS_64}; ${WINDOWS_24H2}`,
  },
  {
    ...OLD_WINDOWS,
    versions: ['8.1', '10'],
    mayNeed: { features: WINDOWS_NEEDS, text: 'the 64-bit edition needs it' },
    source: WINDOWS_64,
  },
];
