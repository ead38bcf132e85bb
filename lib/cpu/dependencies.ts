import type { CpuMap, CpuMapBit } from '../../types/cpu-map.ts';
import { indexOf, isNamed } from './map.ts';

/**
 * Parent → features that mean nothing without it. Facts of the architecture (as kernels enforce them; QEMU does not:
 * `xsave=off` leaves avx2 on) and of QEMU's own table (target/i386/cpu.c), which names and bits below complete.
 */
const CHILDREN: Readonly<Record<string, string>> = {
  fxsr: 'mmx sse xsave fxsr_opt',
  mmx: 'mmxext',
  sse: 'sse2',
  sse2: 'pni ssse3 sse4.1 sse4.2 pclmuldq aes f16c sha-ni gfni',
  xsave: 'xsaveopt xsavec xsaves xgetbv1 avx pku mpx',
  avx: 'avx2 fma fma4 xop vaes vpclmulqdq avx512f avx-vnni avx-ifma avx-ne-convert avx-vnni-int8 avx-vnni-int16 sm3 sm4 sha512',
  'avx10-128': 'avx10-256 avx10',
  'avx10-256': 'avx10-512',
  avx512f:
    'avx512dq avx512bw avx512cd avx512vl avx512ifma avx512pf avx512er avx512vbmi avx512-vpopcntdq avx512-4vnniw avx512-4fmaps',
  avx512vl: 'avx512vbmi2 avx512vnni avx512bitalg avx512-bf16 avx512-vp2intersect',
  avx512bw: 'avx512-fp16',
  xsaves: 'xfd vmx-xsaves',
  xgetbv1: 'xfd',
  xfd: 'amx-tile',
  'amx-tile': 'amx-int8 amx-bf16 amx-fp16 amx-complex',
  sgx: 'sgx1 sgxlc',
  sgx1: 'sgx2 sgx-edeccssa',
  lm: 'vmx-entry-ia32e-mode fred',
  lkgs: 'fred',
  wrmsrns: 'fred',
  rdrand: 'vmx-rdrand-exit',
  rdseed: 'vmx-rdseed-exit',
  invpcid: 'vmx-invpcid-exit',
  rdtscp: 'vmx-rdtscp-exit',
  waitpkg: 'vmx-enable-user-wait-pause',
  mpx: 'vmx-exit-clear-bndcfgs vmx-entry-load-bndcfgs',
  'vmx-ept': 'vmx-unrestricted-guest',
};

/** Whole leaves and registers that one feature opens. */
const OPENED_BY: readonly (readonly [(bit: CpuMapBit) => boolean, string])[] = [
  [(bit) => bit[0] === 'msr' && bit[1] === 0x10a, 'arch-capabilities'],
  [(bit) => bit[0] === 'msr' && bit[1] === 0xcf, 'core-capability'],
  [(bit) => bit[0] === 'msr' && bit[1] === 0x345, 'pdcm'],
  // Capabilities of VMX: EPT and VPID share a register.
  [(bit) => bit[0] === 'msr' && bit[1] === 0x48b, 'vmx-secondary-ctls'],
  [(bit) => bit[0] === 'msr' && bit[1] === 0x48c && bit[2] === 'eax', 'vmx-ept'],
  [(bit) => bit[0] === 'msr' && bit[1] === 0x48c, 'vmx-vpid'],
  [(bit) => bit[0] === 'msr' && bit[1] === 0x491, 'vmx-vmfunc'],
  [(bit) => bit[0] === 'msr' && bit[1] >= 0x480 && bit[1] <= 0x491, 'vmx'],
  [(bit) => bit[0] === 'cpuid' && bit[1] === 0x8000000a, 'svm'],
  [(bit) => bit[0] === 'cpuid' && bit[1] === 0x14, 'intel-pt'],
  [(bit) => bit[0] === 'cpuid' && bit[1] === 0x12, 'sgx'],
  [(bit) => bit[0] === 'cpuid' && bit[1] === 0x1e, 'amx-tile'],
  [(bit) => bit[0] === 'cpuid' && bit[1] === 0x24, 'avx10'],
];

const PARENTS: ReadonlyMap<string, readonly string[]> = invert();

function invert(): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  for (const [parent, children] of Object.entries(CHILDREN)) {
    for (const child of children.split(' ')) parents.set(child, [...(parents.get(child) ?? []), parent]);
  }
  return parents;
}

/** The features this one means nothing without, the nearest first. */
export function parentsOf(maps: readonly CpuMap[], feature: string): readonly string[] {
  const stated = PARENTS.get(feature) ?? [];
  const opener = openerOf(maps, feature);
  return opener === undefined ? stated : [...stated, opener];
}

/** The feature that opens the leaf or register this one stands in. */
function openerOf(maps: readonly CpuMap[], feature: string): string | undefined {
  const bit = maps.map((map) => indexOf(map).features.get(feature)?.bit).find((place) => place !== undefined);
  const opener = bit === undefined ? undefined : OPENED_BY.find(([opens]) => opens(bit))?.[1];
  return opener === feature ? undefined : opener;
}

/**
 * Of `candidates` (feature → its parents), those that lose their meaning when `lost` is gone, each with the parent it
 * loses; nearest first, until nothing more follows.
 */
export function dependents(
  lost: ReadonlySet<string>,
  candidates: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, string> {
  const causes = new Map<string, string>();
  for (let size = -1; lost.size > 0 && size !== causes.size;) {
    size = causes.size;
    for (const [candidate, parents] of candidates) {
      if (lost.has(candidate) || causes.has(candidate)) continue;
      const cause = parents.find((parent) => lost.has(parent) || causes.has(parent));
      if (cause !== undefined) causes.set(candidate, cause);
    }
  }
  return causes;
}

/**
 * The nearest ancestor whose name every one of these maps knows. What opens the feature's own leaf or register comes
 * before what it merely needs: for a control of VMX it is `vmx` that goes, not the instruction it controls.
 */
export function namedAncestor(maps: readonly CpuMap[], feature: string): string | undefined {
  const nearest = (parents: (name: string) => readonly string[]): string | undefined => {
    const seen = new Set([feature]);
    let generation: readonly string[] = [feature];
    while (generation.length > 0) {
      generation = [...new Set(generation.flatMap(parents))].filter((name) => !seen.has(name));
      const found = generation.find((name) => isNamed(maps, name));
      if (found !== undefined) return found;
      for (const name of generation) seen.add(name);
    }
    return undefined;
  };
  return (
    nearest((name) => [openerOf(maps, name)].filter((opener) => opener !== undefined)) ??
    nearest((name) => parentsOf(maps, name))
  );
}
