import type { CpuMap } from '../../types/cpu-map.ts';

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
