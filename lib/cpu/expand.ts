import { clearBit, hasBit, noBits, setBit, type NameBits } from './bits.ts';
import { bitsOfModel, type CpuIndex } from './map.ts';
import { numberOf } from './known-names.ts';

/** A CPU as a document states it: a model and what is added to it or taken from it, in order. */
export interface StatedCpu {
  readonly model: string;
  readonly features: readonly { readonly name: string; readonly policy: string }[];
}

/** The set a CPU stands for, by the numbers of the index; or the name its map does not have, or that is there twice. */
export type Expansion =
  | { readonly features: NameBits }
  | { readonly unknown: 'model' | 'feature'; readonly name: string; readonly index: number }
  | { readonly twice: string; readonly index: number };

/**
 * Every feature of a model and its features: `require` and `force` add, `disable` and `forbid` take away, `optional`
 * decides nothing (it depends on the host the guest starts on).
 */
export function expandCpu(index: CpuIndex, { model, features: stated }: StatedCpu): Expansion {
  const features = bitsOfModel(index, model);
  if (features === undefined) return { unknown: 'model', name: model, index: -1 };
  const seen = noBits(index.names.length);
  for (let i = 0; i < stated.length; i++) {
    const { name = '', policy } = stated[i] ?? {};
    const number = numberOf(index, name);
    if (number === undefined && policy === 'optional') continue;
    if (number === undefined) return { unknown: 'feature', name, index: i };
    // Another spelling of the same feature may have been there: then the last line decides.
    if (hasBit(seen, number) && stated.findIndex((one) => one.name === name) < i)
      return { twice: name, index: i };
    setBit(seen, number);
    apply(policy, features, number);
  }
  return { features };
}

function apply(policy: string | undefined, features: NameBits, number: number): void {
  if (policy === 'disable' || policy === 'forbid') clearBit(features, number);
  else if (policy !== 'optional') setBit(features, number);
}
