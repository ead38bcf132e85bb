import { canonicalName } from './names.ts';
import { featuresOfModel, type CpuIndex } from './map.ts';

/** A CPU as a document states it: a model and what is added to it or taken from it, in order. */
export interface StatedCpu {
  readonly model: string;
  readonly features: readonly { readonly name: string; readonly policy: string }[];
}

/** The set a CPU stands for, or the name its map does not have. */
export type Expansion =
  | { readonly features: ReadonlySet<string> }
  | { readonly unknown: 'model' | 'feature'; readonly name: string; readonly index: number };

/**
 * Every feature of a model and its features, in libvirt's names: `require` and `force` add, `disable` and `forbid`
 * take away, `optional` decides nothing (it depends on the host the guest starts on).
 */
export function expandCpu(index: CpuIndex, cpu: StatedCpu): Expansion {
  const base = featuresOfModel(index, cpu.model);
  if (base === undefined) return { unknown: 'model', name: cpu.model, index: -1 };
  const features = new Set(base);
  for (const [i, { name, policy }] of cpu.features.entries()) {
    if (policy === 'optional') continue;
    const own = canonicalName(index, name);
    if (own === undefined) return { unknown: 'feature', name, index: i };
    if (policy === 'disable' || policy === 'forbid') features.delete(own);
    else features.add(own);
  }
  return { features };
}
