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
 * What a physical CPU has and KVM gives to no guest.
 *
 * @see arch/x86/kvm/cpuid.c of Linux: the names that its lists leave out
 */
export const WITHHELD_BY_KVM: ReadonlySet<string> = new Set(
  'acpi cid cmt dca ds_cpl est extapic ia64 ibs lwp mbm_local mbm_total monitor nodeid_msr osxsave ospke pbe perfctr_nb pn skinit smx tm tm2 wdt xtpr'.split(
    ' ',
  ),
);

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
