import type { CpuMapModel } from '../../../types/cpu-map.ts';
import { featuresOfModel, vendorOfModel, type CpuIndex } from '../../cpu/map.ts';

/** A set of features told through a named model. */
export interface NamedModel {
  readonly model: string;
  /** Features beyond the model, in the order of the map. */
  readonly require: readonly string[];
  /** Features of the model, or once of the model, that are not in the set, in the order of the map. */
  readonly disable: readonly string[];
}

/** What a choice of model depends on beside the features. */
export interface ModelChoice {
  /** Models of another vendor do not come into question. */
  readonly vendor: string | undefined;
  /** Models the hosts name themselves. */
  readonly preferred: ReadonlySet<string>;
  /** Models that may be chosen at all. @default every one */
  readonly isAllowed?: (model: string) => boolean;
}

/**
 * The named model libvirt tells a set of features through (the rule of its cpu_x86.c, told and
 * written anew, and confirmed on its own answers): the newest model is looked at first; a single preferred one is taken at once; else the lighter one
 * is kept, the one that takes away less where they weigh the same, and a preferred one also where it takes away less.
 */
export function namedModel(
  index: CpuIndex,
  features: ReadonlySet<string>,
  { vendor, preferred, isAllowed = () => true }: ModelChoice,
): NamedModel | undefined {
  let best: NamedModel | undefined;
  for (const candidate of index.map.models.toReversed()) {
    if (candidate.decode?.guest === false || isForeign(index, candidate, vendor)) continue;
    if (!isAllowed(candidate.name)) continue;
    const told = tell(index, features, candidate);
    const isPreferred = preferred.has(candidate.name);
    if (isPreferred && preferred.size === 1) return told;
    if (best === undefined || isBetter(told, best, isPreferred)) best = told;
  }
  return best;
}

function isForeign(index: CpuIndex, { name }: CpuMapModel, vendor: string | undefined): boolean {
  const own = vendorOfModel(index, name);
  const isKnown = vendor !== undefined && Object.hasOwn(index.map.vendors, vendor);
  return own !== undefined && isKnown && own !== vendor;
}

function tell(
  index: CpuIndex,
  features: ReadonlySet<string>,
  { name, removed = [] }: CpuMapModel,
): NamedModel {
  const base = featuresOfModel(index, name) ?? new Set();
  const known = [...index.features.keys()];
  const require = known.filter((feature) => features.has(feature) && !base.has(feature));
  const gone = [...known.filter((feature) => base.has(feature)), ...removed];
  return { model: name, require, disable: [...new Set(gone)].filter((feature) => !features.has(feature)) };
}

function isBetter(candidate: NamedModel, best: NamedModel, isPreferred: boolean): boolean {
  const [a, b] = [burden(candidate), burden(best)];
  if (weight(candidate) !== weight(best)) return weight(candidate) < weight(best) || (isPreferred && a < b);
  return a < b;
}

function weight(told: NamedModel): number {
  return told.require.length + Math.floor(told.disable.length / 2) + burden(told);
}

/** libvirt charges the first half of the features taken away: two for the first, three for the next, and so on. */
function burden({ disable }: NamedModel): number {
  const charged = Math.ceil(disable.length / 2);
  return (charged * (charged + 3)) / 2;
}
