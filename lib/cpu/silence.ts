import type { CpuMap } from '../../types/cpu-map.ts';
import { hiddenNames, isAddedByKvm, type Hides } from './grade.ts';
import { isShownByKernel } from './kernel-names.ts';

/**
 * What a kind of source cannot show: `none`; what KVM adds to the hardware (a list of the physical CPU); that and what
 * the kernel hides (its flags); controls of nested VMX; or whatever it does not list.
 */
export type Silence = 'none' | 'added-by-kvm' | 'hidden-by-kernel' | 'vmx-controls' | 'unlisted';

const HIDDEN: Readonly<Record<Silence, Hides>> = {
  none: () => false,
  'added-by-kvm': isAddedByKvm,
  'hidden-by-kernel': (feature) => isAddedByKvm(feature) || !isShownByKernel(feature),
  'vmx-controls': ({ name }) => name.startsWith('vmx-'),
  unlisted: () => true,
};

/** Every kind of silence, that which says least first. */
export const SILENCES: readonly Silence[] = Object.keys(HIDDEN) as Silence[];

/** Is this a kind of silence? */
export function isSilence(word: string): word is Silence {
  return Object.hasOwn(HIDDEN, word);
}

/** The features that a source of this kind cannot show. */
export function hiddenBy(silence: Silence): Hides {
  return HIDDEN[silence];
}

/**
 * The names of a host's maps whose absence from its features says nothing, sorted: what a source of this kind could not
 * show, less what every guest has.
 */
export function unshownNames(maps: readonly CpuMap[], silence: Silence): readonly string[] {
  return hiddenNames(maps, HIDDEN[silence]);
}
