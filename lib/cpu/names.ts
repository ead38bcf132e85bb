import type { CpuMap } from '../../types/cpu-map.ts';
import { asList } from '../issues/given.ts';
import { editDistance } from '../text/distance.ts';
import { nameOrKind } from '../text/value-kind.ts';
import { indexOf, type CpuIndex } from './map.ts';

/**
 * libvirt's name → other spellings of the same bit that QEMU or Linux print, beyond those a map states itself.
 * Facts of QEMU's property and alias names (target/i386/cpu.c) and Linux's cpufeatures.h.
 */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  pni: ['sse3'],
  pclmuldq: ['pclmulqdq'],
  ds_cpl: ['ds-cpl'],
  'sse4.1': ['sse4-1', 'sse4_1'],
  'sse4.2': ['sse4-2', 'sse4_2'],
  tsc_adjust: ['tsc-adjust'],
  nx: ['xd'],
  fxsr_opt: ['fxsr-opt', 'ffxsr'],
  lm: ['i64'],
  lahf_lm: ['lahf-lm'],
  cmp_legacy: ['cmp-legacy'],
  nodeid_msr: ['nodeid-msr'],
  perfctr_core: ['perfctr-core'],
  perfctr_nb: ['perfctr-nb'],
  'svm-lock': ['svm_lock'],
  'nrip-save': ['nrip_save'],
  'tsc-scale': ['tsc_scale'],
  'vmcb-clean': ['vmcb_clean'],
  'pause-filter': ['pause_filter'],
  cmt: ['cqm'],
  'md-clear': ['md_clear'],
  'arch-capabilities': ['arch_capabilities'],
  'vmx-invvpid-single-context-noglobals': ['vmx-invept-single-context-noglobals'],
};

/** libvirt's name → the one QEMU prints and wants, where the two differ. */
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

const FOREIGN: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS).flatMap(([name, others]) =>
    others.map((other): [string, string] => [other, name]),
  ),
);

/** Does KVM in the kernel give it, and not the hardware? QEMU's own names, of which libvirt has none. */
export function isOfKernel(name: string): boolean {
  return name.startsWith('kvm');
}

/** Names libvirt knows but never passes to QEMU: no guest sees them, and writing them does nothing. */
export const FILTERED: ReadonlySet<string> = new Set([
  'cmt',
  'mbm_total',
  'mbm_local',
  'osxsave',
  'ospke',
  'vmx-ept-uc',
  'vmx-ept-wb',
  'vmx-invvpid-single-context',
]);

/** Names libvirt's maps have and QEMU 7.2 has no property for: libvirt leaves such a disable out, QEMU stops at a require. */
export const NOT_IN_QEMU: ReadonlySet<string> = new Set(['cvt16', 'pconfig']);

/** Names QEMU sets from the guest's topology, whatever the host has. */
export const TOPOLOGY_OWNED: ReadonlySet<string> = new Set(['ht', 'cmp_legacy', 'topoext']);

/** Names that QEMU gives no migratable guest (`migratable=on` masks them in host and max). */
export const NOT_MIGRATABLE: ReadonlySet<string> = new Set(['invtsc']);

/** No guest operating system boots without these. */
export const CORE: ReadonlySet<string> = new Set([
  'fpu',
  'cx8',
  'cmov',
  'msr',
  'tsc',
  'pae',
  'apic',
  'lm',
  'nx',
  'syscall',
  'sse',
  'sse2',
  'fxsr',
]);

/** What every 64-bit CPU of x86 has that can run guests (x86-64-v1 of the psABI, and what Linux cannot do without). */
export const IN_EVERY_X86_64: ReadonlySet<string> = new Set([
  ...CORE,
  ...['clflush', 'de', 'mca', 'mce', 'mmx', 'mtrr', 'pat', 'pge', 'pse', 'pse36', 'sep', 'vme'],
]);

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

/** The number of a feature, whose name may be in libvirt's, QEMU's or Linux's spelling; `undefined` if this map has none such. */
export function numberOf({ numbers, aliases }: CpuIndex, name: string): number | undefined {
  return numbers.get(name) ?? numbers.get(aliases.get(name) ?? FOREIGN.get(name) ?? name);
}

/** libvirt's name for a name in libvirt's, QEMU's or Linux's spelling; `undefined` if this map has no such feature. */
export function canonicalName(index: CpuIndex, name: string): string | undefined {
  const number = numberOf(index, name);
  return number === undefined ? undefined : index.names[number];
}

/** The spelling QEMU wants on its command line. */
export function qemuName(name: string): string {
  return QEMU_NAMES.get(name) ?? name;
}

/** libvirt's name for a property of QEMU. */
export function libvirtName(property: string): string {
  return FOREIGN.get(property) ?? property;
}

/** The name somebody may have meant: another spelling of it, or the nearest one by letters; `undefined` if none is near. */
export function nearestName(maps: readonly CpuMap[], wrong: string): string | undefined {
  for (const map of maps) {
    const meant =
      canonicalName(indexOf(map), wrong) ?? canonicalName(indexOf(map), wrong.trim().toLowerCase());
    if (meant !== undefined) return meant;
  }
  const names = new Set(maps.flatMap((map) => map.features.map(({ name }) => name)));
  return nearestOf(names, wrong);
}

/** Of these, the one nearest by letters and digits, if any is near; the first where several are as near. */
export function nearestOf(names: Iterable<string>, wrong: string): string | undefined {
  const bare = bareLetters(wrong);
  let nearest: string | undefined;
  let limit = Math.max(1, Math.floor(wrong.length / 4));
  for (const name of names) {
    const letters = bareLetters(name);
    if (Math.abs(letters.length - bare.length) > limit) continue;
    const distance = editDistance(bare, letters);
    if (distance > limit) continue;
    // From now on only a nearer one counts.
    nearest = name;
    limit = distance - 1;
  }
  return nearest;
}

function bareLetters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The order in which libvirt writes the children of `<cpu>`. @see https://libvirt.org/formatdomain.html#cpu-model-and-topology */
export const CPU_ORDER: readonly string[] = [
  'model',
  'vendor',
  'topology',
  'cache',
  'maxphysaddr',
  'feature',
  'numa',
];

/** What a guest needs to run guests of its own. */
export const NESTED: readonly string[] = ['svm', 'vmx'];
