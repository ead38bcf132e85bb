import type { CpuMap } from '../../types/cpu-map.ts';
import { indexOf } from './map.ts';

/** Linux's name of a CPU flag → libvirt's, where a change of `_` to `-` does not do. Facts of Linux's cpufeatures.h. */
const LIBVIRT_NAMES: ReadonlyMap<string, string> = new Map([
  ['ace', 'xcrypt'],
  ['ace_en', 'xcrypt-en'],
  ['avx512_bitalg', 'avx512bitalg'],
  ['avx512_vbmi2', 'avx512vbmi2'],
  ['avx512_vnni', 'avx512vnni'],
  ['cqm', 'cmt'],
  ['cr8_legacy', 'cr8legacy'],
  ['dts', 'ds'],
  ['ibt', 'cet-ibt'],
  ['pausefilter', 'pause-filter'],
  ['pclmulqdq', 'pclmuldq'],
  ['rng', 'xstore'],
  ['rng_en', 'xstore-en'],
  ['sgx_lc', 'sgxlc'],
  ['shstk', 'cet-ss'],
  ['sse4_1', 'sse4.1'],
  ['sse4_2', 'sse4.2'],
  ['tsc_deadline_timer', 'tsc-deadline'],
  ['tsxldtrk', 'tsx-ldtrk'],
  ['user_shstk', 'cet-ss'],
]);

/**
 * Flags that Linux makes up of one bit or another, by vendor: what each stands for there. `ssbd` of AMD is one of three
 * ways to disable the bypass, so it says nothing. On a vendor that is not listed nobody knows.
 */
const BY_VENDOR: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  Intel: { ibrs: 'spec-ctrl', ibpb: 'spec-ctrl', stibp: 'stibp', ssbd: 'ssbd' },
  AMD: { ibrs: 'ibrs', ibpb: 'ibpb', stibp: 'amd-stibp', vnmi: 'vnmi' },
  Hygon: { ibrs: 'ibrs', ibpb: 'ibpb', stibp: 'amd-stibp', vnmi: 'vnmi' },
};
const MADE_UP: ReadonlySet<string> = new Set(['ibrs', 'ibpb', 'split_lock_detect', 'ssbd', 'stibp', 'vnmi']);

/**
 * libvirt's name for a flag of /proc/cpuinfo; `undefined` for one that is no feature of the CPU to libvirt, or does not
 * say which.
 *
 * @see https://docs.kernel.org/arch/x86/cpuinfo.html
 */
export function nameOfFlag(
  maps: readonly CpuMap[],
  flag: string,
  vendor: string | undefined,
): string | undefined {
  const candidates = MADE_UP.has(flag)
    ? [BY_VENDOR[vendor ?? '']?.[flag]]
    : [LIBVIRT_NAMES.get(flag), flag, flag.replaceAll('_', '-')];
  return candidates.find((name) => name !== undefined && maps.some((map) => indexOf(map).features.has(name)));
}

/** CPUID leaves and registers whose bits Linux shows by name. */
const SHOWN_LEAVES: ReadonlySet<string> = new Set([
  ...['1 0 ecx', '1 0 edx', '6 0 eax', '7 0 ebx', '7 0 ecx', '7 0 edx', '7 1 eax', '13 1 eax'],
  ...[
    [0x80000001, 'ecx'],
    [0x80000001, 'edx'],
    [0x80000007, 'ebx'],
    [0x80000008, 'ebx'],
  ].map(([leaf, register]) => `${leaf} 0 ${register}`),
]);

/**
 * Bits in those leaves that no version of Linux shows, or that KVM gives guests also where Linux does not use, and so does
 * not show them: `la57` (of a kernel with four levels of pages), `cet-ss` (of one without shadow stacks of its own).
 *
 * @see arch/x86/kvm/cpuid.c of Linux (PASSTHROUGH_F)
 */
const NOT_SHOWN: ReadonlySet<string> = new Set(
  'amd-psfd amx-fp16 avx-ifma cet-ss cmpccxadd core-capability cvt16 fdp-excptn-only fsrc fsrs fzrm la57 lkgs movrs osxsave pcommit pks sha512 sm3 sm4 stibp-always-on wrmsrns xfd zero-fcs-fds'.split(
    ' ',
  ),
);

/** Would /proc/cpuinfo show this feature, if the CPU had it and the kernel knew it? */
export function isShownByKernel({ name, bit }: CpuMap['features'][number]): boolean {
  return bit[0] === 'cpuid' && SHOWN_LEAVES.has(bit.slice(1, 4).join(' ')) && !NOT_SHOWN.has(name);
}
