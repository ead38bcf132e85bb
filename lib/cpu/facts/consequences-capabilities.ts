import type { FactOfKind, X86Level } from '../../../types/facts.ts';
import { featuresAddedBy } from './levels.ts';
import { ERRATA, PSABI, PTI, QEMU_MODELS, XEN_POLICY } from './sources.ts';

const WINDOWS = 'https://learn.microsoft.com/windows-server/get-started/hardware-requirements';
const MONGODB = 'https://github.com/docker-library/mongo/issues/485';
const WINDOWS_TEXT = 'and neither Windows 11 24H2 nor Windows Server 2025';
const FASTER_AES = 'https://lore.kernel.org/r/20240326080305.402382-1-ebiggers@kernel.org';
const AES_MEASURED =
  'measured: openssl speed -evp aes-256-gcm, with and without OPENSSL_ia32cap=~0x200000200000000';
const SHA_MEASURED = 'measured: openssl speed -evp sha256, with and without OPENSSL_ia32cap=:~0x20000000';

const LEVEL_TEXT: Readonly<Record<X86Level, string>> = {
  'x86-64-v1': 'no 64-bit system boots in the guest',
  'x86-64-v2':
    'the guest falls below x86-64-v2: RHEL 9, SUSE Linux Enterprise 16 and systems like them do not boot',
  'x86-64-v3': 'the guest falls below x86-64-v3: RHEL 10 and systems like it do not boot',
  'x86-64-v4': 'the guest falls below x86-64-v4, which no system is known to ask for',
};

/** What more is known of a feature that belongs to a level. */
const MORE: Readonly<Record<string, { readonly text: string; readonly source: string }>> = {
  'sse4.2': { text: `, ${WINDOWS_TEXT}`, source: WINDOWS },
  popcnt: { text: `, ${WINDOWS_TEXT}`, source: WINDOWS },
  cx16: { text: ', nor does 64-bit Windows', source: WINDOWS },
  lahf_lm: { text: ', nor does 64-bit Windows', source: WINDOWS },
  avx: { text: ', and MongoDB 5 and later does not start', source: MONGODB },
  xsave: { text: ', and MongoDB 5 and later does not start', source: MONGODB },
};

const LEVELLED: readonly FactOfKind[] = (
  ['x86-64-v1', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4'] as const satisfies readonly X86Level[]
).flatMap((level) => featuresAddedBy(level).map((feature) => ofLevel(feature, level)));

function ofLevel(feature: string, level: X86Level): FactOfKind {
  const more = MORE[feature];
  return {
    feature,
    ...(level === 'x86-64-v4' ? {} : { cost: 'boot' }),
    level,
    text: `${LEVEL_TEXT[level]}${more?.text ?? ''}`,
    source: more === undefined ? PSABI : `${PSABI}; ${more.source}`,
  };
}

/** Features whose loss costs speed, or something of its own. */
const OTHERS: readonly FactOfKind[] = [
  {
    feature: 'nx',
    cost: 'boot',
    text: 'the guest cannot forbid to run what is data, and Windows does not boot',
    source: WINDOWS,
  },
  {
    feature: 'pcid',
    cost: 'speed',
    text: 'the guest flushes its address translations at every change between programs and kernel where it defends against Meltdown',
    source: `${QEMU_MODELS}; ${PTI}`,
  },
  {
    feature: 'invpcid',
    cost: 'speed',
    text: 'the guest flushes more address translations than it needs to where it defends against Meltdown',
    source: PTI,
  },
  {
    feature: 'pdpe1gb',
    cost: 'speed',
    text: 'the guest cannot use pages of 1 GiB',
    source: QEMU_MODELS,
  },
  {
    feature: 'aes',
    cost: 'speed',
    text: 'encryption with AES is several times slower in the guest',
    source: AES_MEASURED,
  },
  {
    feature: 'vaes',
    cost: 'speed',
    text: 'encrypted disks are slower in the guest, up to twice as slow',
    source: FASTER_AES,
  },
  {
    feature: 'vpclmulqdq',
    cost: 'speed',
    text: 'encrypted disks and AES-GCM are slower in the guest',
    source: FASTER_AES,
  },
  {
    feature: 'pclmuldq',
    cost: 'speed',
    text: 'checksums of file systems and AES-GCM are slower in the guest',
    source: 'https://github.com/kdave/btrfs-progs/commit/992be8b50a65974e52a484911e72bc5a5e1b412c',
  },
  {
    feature: 'sha-ni',
    cost: 'speed',
    text: 'SHA-1 and SHA-256 are several times slower in the guest',
    source: SHA_MEASURED,
  },
  {
    feature: 'erms',
    cost: 'speed',
    text: 'the guest copies memory in a slower way',
    source: XEN_POLICY,
  },
  {
    feature: 'fsgsbase',
    cost: 'speed',
    text: 'programs in the guest ask the kernel for what they could set themselves (bases of FS and GS)',
    source: 'https://docs.kernel.org/arch/x86/x86_64/fsgs.html',
  },
  {
    feature: 'invtsc',
    cost: 'speed',
    text: 'the guest does not trust the time stamp counter as its clock',
    source: 'https://github.com/torvalds/linux/commit/7539b174aef405d9d57db48c58390ba360c91312',
  },
  {
    feature: 'hypervisor',
    cost: 'speed',
    text: 'the guest takes itself for a real machine: no paravirtual clock, no Hyper-V enlightenments',
    source: 'Linux, arch/x86/kernel/kvm.c (kvm_cpuid_base)',
  },
  {
    feature: 'x2apic',
    text: 'the guest cannot have more than 255 processors',
    source: ERRATA,
  },
  {
    feature: 'no-nested-data-bp',
    text: 'the guest does not know that its CPU ignores nested data breakpoints',
    source: 'AMD64 Architecture Programmer’s Manual, volume 3 (CPUID Fn8000_0021 EAX[0])',
  },
  {
    feature: 'vmx',
    text: 'the guest cannot run guests of its own',
    source: 'https://docs.kernel.org/virt/kvm/x86/nested-vmx.html',
  },
  {
    feature: 'svm',
    text: 'the guest cannot run guests of its own',
    source: 'https://docs.kernel.org/virt/kvm/x86/running-nested-guests.html',
  },
];

/** What a guest can do, and what it pays where it cannot. */
export const CAPABILITIES: readonly FactOfKind[] = [...LEVELLED, ...OTHERS];
