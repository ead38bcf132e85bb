import type { CpuMap } from '../../types/cpu-map.ts';
import { remembered } from '../text/remembered.ts';
import { ENFORCED } from './facts/measured/dependencies.ts';
import { ENFORCED_OPENERS, holdsIn } from './facts/qemu-dependencies.ts';
import { indexOf, isNamed } from './map.ts';

/**
 * Parent → features that mean nothing without it, though QEMU shows them all the same (measured: `xsave=off` leaves avx2
 * on): facts of the architecture, as kernels enforce them. What QEMU enforces was measured (facts/measured/dependencies.ts).
 */
const MEANINGLESS_WITHOUT: Readonly<Record<string, string>> = {
  fxsr: 'mmx sse xsave fxsr_opt',
  mmx: 'mmxext',
  sse: 'sse2',
  sse2: 'pni ssse3 sse4.1 sse4.2 pclmuldq aes f16c sha-ni gfni',
  xsave: 'xsaveopt xsavec xsaves xgetbv1 avx pku mpx',
  avx: 'avx2 fma fma4 xop vaes vpclmulqdq avx512f avx-vnni avx-ifma avx-ne-convert avx-vnni-int8 avx-vnni-int16 sm3 sm4 sha512',
  avx512f:
    'avx512dq avx512bw avx512cd avx512vl avx512ifma avx512pf avx512er avx512vbmi avx512-vpopcntdq avx512-4vnniw avx512-4fmaps',
  avx512vl: 'avx512vbmi2 avx512vnni avx512bitalg avx512-bf16 avx512-vp2intersect',
  avx512bw: 'avx512-fp16',
  xsaves: 'xfd',
  xgetbv1: 'xfd',
  xfd: 'amx-tile',
  'amx-tile': 'amx-int8 amx-bf16 amx-fp16 amx-complex',
  sgx1: 'sgx2 sgx-edeccssa',
  wrmsrns: 'fred',
};

/** Whether QEMU, too, turns the child off with the parent. */
interface Parent {
  readonly name: string;
  readonly enforced: boolean;
  /** Where an older QEMU that has both does not: the first that does. */
  readonly since?: string;
}

const PARENTS: ReadonlyMap<string, readonly Parent[]> = byChild();

function byChild(): ReadonlyMap<string, readonly Parent[]> {
  const parents = new Map<string, Parent[]>();
  const add = (children: string, parent: Parent): void => {
    for (const child of children.split(' ')) remembered(parents, child, () => []).push(parent);
  };
  for (const { parent, children, ...when } of ENFORCED)
    add(children, { name: parent, enforced: true, ...when });
  for (const [name, children] of Object.entries(MEANINGLESS_WITHOUT))
    add(children, { name, enforced: false });
  return parents;
}

/** The features this one means nothing without, the nearest first. */
export function parentsOf(maps: readonly CpuMap[], feature: string): readonly string[] {
  return allParents(maps, feature).map(({ name }) => name);
}

/**
 * The features with which QEMU turns this one off, in what the guest sees too, the nearest first. Where no version is
 * stated, every QEMU that was measured has to agree.
 */
export function enforcedAncestors(
  maps: readonly CpuMap[],
  feature: string,
  qemuVersion?: string,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (let generation = [feature]; generation.length > 0;) {
    generation = generation
      .flatMap((name) => enforcing(allParents(maps, name), qemuVersion))
      .filter((name) => !found.has(name));
    for (const name of generation) found.add(name);
  }
  return found;
}

/** Of these parents, those without which QEMU shows no child. */
function enforcing(parents: readonly Parent[], qemuVersion?: string): readonly string[] {
  return parents.filter((one) => one.enforced && holdsIn(one, qemuVersion)).map(({ name }) => name);
}

function allParents(maps: readonly CpuMap[], feature: string): readonly Parent[] {
  return [...(PARENTS.get(feature) ?? []), ...openerOf(maps, feature)];
}

/** The feature that opens the leaf or register this one stands in. */
function openerOf(maps: readonly CpuMap[], feature: string): readonly Parent[] {
  const bit = maps.map((map) => indexOf(map).features.get(feature)?.bit).find((place) => place !== undefined);
  if (bit === undefined) return [];
  const opener = ENFORCED_OPENERS.find(({ opens }) => opens(bit));
  if (opener !== undefined && opener.parent !== feature) {
    const { parent: name, since } = opener;
    return [{ name, enforced: true, ...(since !== undefined && { since }) }];
  }
  // The palettes and instructions of AMX: QEMU shows them without the tiles.
  const isOfTiles = opener === undefined && bit[0] === 'cpuid' && bit[1] === 0x1e;
  return isOfTiles && feature !== 'amx-tile' ? [{ name: 'amx-tile', enforced: false }] : [];
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
 * The nearest ancestor whose name every one of these maps knows, going up only where QEMU turns the child off with the
 * parent: to disable anything else would leave the child on. What opens the feature's own leaf or register comes before
 * what it merely needs: for a control of VMX it is `vmx` that goes, not the instruction it controls.
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
    nearest((name) => enforcing(openerOf(maps, name))) ?? nearest((name) => enforcing(allParents(maps, name)))
  );
}
