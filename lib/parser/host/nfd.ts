import type { CpuMap } from '../../../types/cpu-map.ts';
import type { Host } from '../../../types/host.ts';
import { X86 } from '../../cpu/arches.ts';
import { vendorName } from '../../cpu/cpuid.ts';
import { WITHHELD_BY_KVM } from '../../cpu/kernel-flags.ts';
import { issue } from '../../issues/issues.ts';
import { hostFrom } from './build.ts';
import { hostOfSome, mapsFor, type Reading } from './listed.ts';

type Labels = readonly (readonly [key: string, value: string])[];

const PREFIX = 'feature.node.kubernetes.io/cpu-';

/** Names of the Go library behind the labels → libvirt's, where letters and digits alone do not do. Names that stand for one of several bits (`IBPB`, `STIBP` …) are left out. */
const LIBVIRT_NAMES: Readonly<Record<string, string | undefined>> = {
  AESNI: 'aes',
  AMD3DNOW: '3dnow',
  AMD3DNOWEXT: '3dnowext',
  CLMUL: 'pclmuldq',
  CMPXCHG8: 'cx8',
  FMA3: 'fma',
  IA32_ARCH_CAP: 'arch-capabilities',
  IA32_CORE_CAP: 'core-capability',
  LAHF: 'lahf_lm',
  LZCNT: 'abm',
  MOVSB_ZL: 'fzrm',
  NRIPS: 'nrip-save',
  SHA: 'sha-ni',
  SPEC_CTRL_SSBD: 'ssbd',
  SSE3: 'pni',
  SSE4: 'sse4.1',
  STOSB_SHORT: 'fsrs',
  SVMDA: 'decodeassists',
  SVMFBASID: 'flushbyasid',
  SVML: 'svm-lock',
  SVMNP: 'npt',
  SVMPF: 'pause-filter',
  SVMPFT: 'pfthreshold',
  SYSEE: 'sep',
  TOPEXT: 'topoext',
  TSCRATEMSR: 'tsc-scale',
  X87: 'fpu',
  IBPB: undefined,
  IBRS: undefined,
  STIBP: undefined,
};

/** The CPU flags that Node Feature Discovery labels a node with, in its own spelling (`AVX512F`). */
export function nfdFlags(labels: Labels): readonly string[] {
  const start = `${PREFIX}cpuid.`;
  return labels.flatMap(([key, value]) =>
    key.startsWith(start) && value !== 'false' ? [key.slice(start.length)] : [],
  );
}

/**
 * A node by the labels of Node Feature Discovery. By default they leave out BMI1, BMI2, CX16, SSSE3 and more, so what they
 * do not name may be there or not.
 *
 * @see https://kubernetes-sigs.github.io/node-feature-discovery/stable/usage/features.html
 * @see https://pkg.go.dev/github.com/klauspost/cpuid/v2
 */
export function hostOfNfd(
  { name, labels }: { readonly name: string; readonly labels: Labels },
  arch: string,
  reading: Reading,
): Host {
  const facts = { name, source: 'nfd', file: reading.file, arch } as const;
  if (!X86.has(arch)) {
    const unknown = issue('unknown-presence', { hosts: [name], source: 'nfd', arch });
    return hostFrom({ ...facts, issues: [unknown] });
  }
  const maps = mapsFor(reading);
  const named = nfdFlags(labels).flatMap((flag) => nameOf(maps, flag) ?? []);
  const given = named.filter((feature) => !WITHHELD_BY_KVM.has(feature));
  const vendor = labels.find(([key]) => key === `${PREFIX}model.vendor_id`)?.[1];
  return hostOfSome({ ...facts, vendor: vendorName(maps, vendor) }, given, reading);
}

function nameOf(maps: readonly CpuMap[], flag: string): string | undefined {
  if (flag in LIBVIRT_NAMES) return LIBVIRT_NAMES[flag];
  const letters = lettersOf(flag);
  return maps.flatMap(({ features }) => features).find(({ name }) => lettersOf(name) === letters)?.name;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, '');
}
