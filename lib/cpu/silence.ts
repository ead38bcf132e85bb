import type { CpuMap, CpuMapFeature } from '../../types/cpu-map.ts';
import { ADDED_BY_KVM, IN_EVERY_KVM_GUEST } from './grade.ts';
import { isShownByKernel } from './kernel-names.ts';

/**
 * What a kind of source cannot show: `none`; what KVM adds to the hardware (a list of the physical CPU); that and what
 * the kernel hides (its flags); controls of nested VMX; or whatever it does not list.
 */
export type Silence = 'none' | 'added-by-kvm' | 'hidden-by-kernel' | 'vmx-controls' | 'unlisted';

type Test = (feature: CpuMapFeature) => boolean;

const TESTS: Readonly<Record<Silence, Test>> = {
  none: () => false,
  'added-by-kvm': isAddedByKvm,
  'hidden-by-kernel': (feature) => isAddedByKvm(feature) || !isShownByKernel(feature),
  'vmx-controls': ({ name }) => name.startsWith('vmx-'),
  unlisted: () => true,
};

/** Every kind of silence, that which says least first. */
export const SILENCES: readonly Silence[] = Object.keys(TESTS) as Silence[];

/** Is this a kind of silence? */
export function isSilence(word: string): word is Silence {
  return Object.hasOwn(TESTS, word);
}

/** KVM fills the registers of VMX, of SVM and of the CPU's own mitigations as it likes, whatever the hardware says. */
function isAddedByKvm({ name, bit }: CpuMapFeature): boolean {
  const isFilled = bit[0] === 'msr' || bit[1] === 0x8000000a;
  return isFilled || ADDED_BY_KVM.has(name);
}

/**
 * The names of a host's maps whose absence from its features says nothing, sorted: what a source of this kind could not
 * show, less what every guest has.
 */
export function unshownNames(maps: readonly CpuMap[], silence: Silence): readonly string[] {
  const names = maps.flatMap(({ features }) => features.filter(TESTS[silence]).map(({ name }) => name));
  return [...new Set(names)].filter((name) => !IN_EVERY_KVM_GUEST.has(name)).sort();
}
