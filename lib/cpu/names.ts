import { asList } from '../issues/given.ts';
import { nameOrKind } from '../text/value-kind.ts';

/** libvirt's name → the one QEMU prints and wants, where the two differ: properties of target/i386/cpu.c. */
const QEMU_NAMES: ReadonlyMap<string, string> = new Map([
  ['pclmuldq', 'pclmulqdq'],
  ['ds_cpl', 'ds-cpl'],
  ['tsc_adjust', 'tsc-adjust'],
  ['fxsr_opt', 'fxsr-opt'],
  ['lahf_lm', 'lahf-lm'],
  ['cmp_legacy', 'cmp-legacy'],
  ['nodeid_msr', 'nodeid-msr'],
  ['perfctr_core', 'perfctr-core'],
  ['perfctr_nb', 'perfctr-nb'],
  ['vmx-invvpid-single-context-noglobals', 'vmx-invept-single-context-noglobals'],
]);

/** Other spellings of the same bit that QEMU takes or Linux prints (cpufeatures.h), beyond those a map states itself → libvirt's name. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ...[...QEMU_NAMES].map(([name, other]): [string, string] => [other, name]),
  ['sse3', 'pni'],
  ['sse4-1', 'sse4.1'],
  ['sse4_1', 'sse4.1'],
  ['sse4-2', 'sse4.2'],
  ['sse4_2', 'sse4.2'],
  ['xd', 'nx'],
  ['ffxsr', 'fxsr_opt'],
  ['i64', 'lm'],
  ['svm_lock', 'svm-lock'],
  ['nrip_save', 'nrip-save'],
  ['tsc_scale', 'tsc-scale'],
  ['vmcb_clean', 'vmcb-clean'],
  ['pause_filter', 'pause-filter'],
  ['cqm', 'cmt'],
  ['md_clear', 'md-clear'],
  ['arch_capabilities', 'arch-capabilities'],
]);

/** Does KVM in the kernel give it, and not the hardware? QEMU's own names, of which libvirt has none. */
export function isOfKernel(name: string): boolean {
  return name.startsWith('kvm');
}

/** Names libvirt knows but never passes to QEMU: no guest sees them, and writing them does nothing. */
export const FILTERED: ReadonlySet<string> = new Set(
  'cmt mbm_total mbm_local osxsave ospke vmx-ept-uc vmx-ept-wb vmx-invvpid-single-context'.split(' '),
);

/** Names libvirt's maps have and QEMU 7.2 has no property for: libvirt leaves such a disable out, QEMU stops at a require. */
export const NOT_IN_QEMU: ReadonlySet<string> = new Set(['cvt16', 'pconfig']);

/** Names QEMU sets from the guest's topology, whatever the host has. */
export const TOPOLOGY_OWNED: ReadonlySet<string> = new Set(['ht', 'cmp_legacy', 'topoext']);

/** Names that QEMU gives no migratable guest (`migratable=on` masks them in host and max). */
export const NOT_MIGRATABLE: ReadonlySet<string> = new Set(['invtsc']);

/** No guest operating system boots without these. */
export const CORE: ReadonlySet<string> = new Set(
  'fpu cx8 cmov msr tsc pae apic lm nx syscall sse sse2 fxsr'.split(' '),
);

/** What a domain may ask of a feature (virCPUFeaturePolicy). */
export const POLICIES: ReadonlySet<string> = new Set(['force', 'require', 'optional', 'disable', 'forbid']);

/** A feature name that libvirt's schema allows in a domain (`featureName`). */
export const FEATURE_NAME: RegExp = /^[\w.-]+$/;

/** Names that a function was given, as they are now. @throws RangeError for what cannot be one; TypeError for no list */
export function givenNames(names: readonly string[]): readonly string[] {
  const given: readonly unknown[] = asList(names, 'names');
  return given.map((name) => {
    if (typeof name === 'string' && FEATURE_NAME.test(name)) return name;
    throw new RangeError(`${nameOrKind(name)} cannot be the name of a CPU feature`);
  });
}

/** The spelling QEMU wants on its command line. */
export function qemuName(name: string): string {
  return QEMU_NAMES.get(name) ?? name;
}

/** libvirt's name for a property of QEMU or a flag of Linux, as far as no map states it. */
export function libvirtName(property: string): string {
  return FOREIGN.get(property) ?? property;
}

/** The order in which libvirt writes the children of `<cpu>`. @see https://libvirt.org/formatdomain.html#cpu-model-and-topology */
export const CPU_ORDER: readonly string[] = 'model vendor topology cache maxphysaddr feature numa'.split(' ');

/** What a guest needs to run guests of its own. */
export const NESTED: readonly string[] = ['svm', 'vmx'];
