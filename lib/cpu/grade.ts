import type { CpuMap, CpuMapFeature } from '../../types/cpu-map.ts';
import type { Host } from '../../types/host.ts';
import type { HostGrade, HostSource, WeakSource } from '../../types/host-source.ts';
import { PPC64, X86 } from './arches.ts';

/** What a source is worth at best. @see docs/host-sources.md */
const GRADES: Readonly<Record<HostSource, HostGrade>> = {
  domcapabilities: 'A',
  qmp: 'A',
  'guest-cpu': 'A',
  stated: 'A',
  kubevirt: 'B',
  proxmox: 'B',
  capabilities: 'C',
  'host-cpu': 'C',
  cpuid: 'C',
  cpuinfo: 'C',
  lscpu: 'C',
  incus: 'C',
  openstack: 'C',
  opennebula: 'C',
  vdsm: 'C',
  nfd: 'C',
};

/** From the best to the weakest. */
const ORDER: readonly HostGrade[] = ['A', 'B', 'C'];

/**
 * The grade of a host read from a source. A model with a `fallback` other than `forbid` says that libvirt did not ask
 * QEMU and states the physical CPU; on POWER libvirt never asks, and a level is what the guest gets all the same.
 */
export function gradeOf(
  source: HostSource,
  { fallback, arch }: { readonly fallback?: string | undefined; readonly arch?: string | undefined } = {},
): HostGrade {
  const grade = GRADES[source];
  const isGuess = grade === 'A' && fallback !== undefined && fallback !== 'forbid';
  return isGuess && !(arch !== undefined && PPC64.has(arch)) ? 'C' : grade;
}

/** Can a host that was read from this source be of this grade? It may be worse than the source at its best. */
export function isGradeOf(source: string, grade: string): boolean {
  const best = Object.hasOwn(GRADES, source) ? ORDER.indexOf(GRADES[source as HostSource]) : -1;
  return best !== -1 && ORDER.findIndex((one) => one === grade) >= best;
}

/**
 * What makes a host weak: its source, or a model that libvirt did not ask QEMU about; nothing for grade A. Only what is
 * of grade A says what a guest gets, so no line may require what another says.
 */
export function weaknessOf({
  source,
  grade,
}: Pick<Host, 'source' | 'grade'>): WeakSource | 'fallback-model' | undefined {
  if (grade === 'A') return undefined;
  return isWeakSource(source) ? source : 'fallback-model';
}

function isWeakSource(source: HostSource): source is WeakSource {
  return GRADES[source] !== 'A';
}

/** The weakest grade of some hosts, which is that of every verdict about them; `A` for none. */
export function worstGrade(hosts: readonly Pick<Host, 'grade'>[]): HostGrade {
  return ORDER.findLast((grade) => hosts.some((host) => host.grade === grade)) ?? 'A';
}

/**
 * What every guest of x86 has under KVM, whatever the hardware has: KVM emulates these on any host, and QEMU takes them
 * over. All 40 complete `virsh domcapabilities` of KVM hosts looked at have them. A weak source that does not list one
 * of them says nothing about guests: such a name is never disabled on its account.
 *
 * @see arch/x86/kvm/cpuid.c of Linux (EMULATED_F), kvm_arch_get_supported_cpuid of QEMU
 */
export const IN_EVERY_KVM_GUEST: ReadonlySet<string> = new Set(
  'arat hypervisor tsc-deadline tsc_adjust x2apic'.split(' '),
);

/**
 * What KVM or the kernel may show a guest though the hardware does not list it: mitigations in the other vendor's
 * spelling, and what KVM emulates on some hosts. All of a register that only KVM fills belongs here too (`isAddedByKvm`).
 *
 * @see arch/x86/kvm/cpuid.c of Linux (EMULATED_F, SYNTHESIZED_F, kvm_cpu_cap_set), kvm_arch_get_supported_cpuid of QEMU
 */
const ADDED_BY_KVM: ReadonlySet<string> = new Set(
  'amd-no-ssb amd-ssbd amd-stibp arch-capabilities ibpb ibpb-brtype ibrs lfence-always-serializing null-sel-clr-base overflow-recov pdpe1gb sbpb spec-ctrl srso-no ssbd stibp succor tsa-l1-no tsa-sq-no umip verw-clear virt-ssbd'.split(
    ' ',
  ),
);

const NOTHING: ReadonlySet<string> = new Set();

/** KVM fills the registers of VMX, of SVM and of the CPU's own mitigations as it likes, whatever the hardware says. */
export function isAddedByKvm({ name, bit }: CpuMapFeature): boolean {
  const isFilled = bit[0] === 'msr' || bit[1] === 0x8000000a;
  return isFilled || ADDED_BY_KVM.has(name);
}

/** Can a source not show this feature, whether it is there or not? */
export type Hides = (feature: CpuMapFeature) => boolean;

/** The names of maps that a source cannot show, less what every guest has; sorted. */
export function hiddenNames(maps: readonly CpuMap[], hides: Hides): readonly string[] {
  const names = maps.flatMap(({ features }) => features.filter(hides).map(({ name }) => name));
  return [...new Set(names)].filter((name) => !IN_EVERY_KVM_GUEST.has(name)).sort();
}

/** What guests have on this host though its source does not list it: see `IN_EVERY_KVM_GUEST`. */
export function impliedOn({
  grade,
  arch,
  virtType,
}: Pick<Host, 'grade' | 'arch' | 'virtType'>): ReadonlySet<string> {
  const isWeak = grade !== 'A' && arch !== undefined && X86.has(arch);
  return isWeak && virtType !== 'qemu' ? IN_EVERY_KVM_GUEST : NOTHING;
}

/** What guests have on a host for sure, and what they may have or not. What is in neither, they lack. */
export function presenceOn(host: Host): {
  readonly has: ReadonlySet<string>;
  readonly maybe: ReadonlySet<string>;
} {
  const { features = [], uncertain, silent } = host;
  return { has: new Set([...features, ...impliedOn(host)]), maybe: new Set([...uncertain, ...silent]) };
}

/** What guests have on all of these hosts though some source does not list it. */
export function impliedOnAll(hosts: readonly Host[]): readonly string[] {
  const implied = hosts.map((host) => ({ features: host.features, names: impliedOn(host) }));
  if (implied.every(({ names }) => names.size === 0)) return [];
  return [...IN_EVERY_KVM_GUEST].filter((name) =>
    implied.every(({ features, names }) => names.has(name) || features?.includes(name) === true),
  );
}
