import type { CpuMap, CpuMapBit } from '../../types/cpu-map.ts';
import { indexOf } from './map.ts';

/** What is wrong with a map, if anything: a name twice, two features on one bit, or a model made of what is not there. */
export function mapProblem(map: CpuMap): string | undefined {
  return featureProblem(map) ?? modelProblem(map);
}

function featureProblem({ features }: CpuMap): string | undefined {
  const owners = new Map<string, string>();
  const names = new Set<string>();
  for (const { name, bit } of features) {
    const place = placeOf(bit);
    const other = owners.get(place);
    if (other !== undefined) return `the features "${other}" and "${name}" share the bit ${place}`;
    if (names.has(name)) return `the feature "${name}" is there twice`;
    owners.set(place, name);
    names.add(name);
  }
  return undefined;
}

/** A parent stands before its children, as libvirt reads them; so no model can descend from itself. */
function modelProblem(map: CpuMap): string | undefined {
  const { features } = indexOf(map);
  const names = new Set<string>();
  for (const model of map.models) {
    const stranger = model.features.find((name) => !features.has(name));
    if (stranger !== undefined) return `the model "${model.name}" has the unknown feature "${stranger}"`;
    if (names.has(model.name)) return `the model "${model.name}" is there twice`;
    if (model.parent !== undefined && !names.has(model.parent)) {
      return `the model "${model.name}" has the unknown parent "${model.parent}"`;
    }
    names.add(model.name);
  }
  return undefined;
}

function placeOf(bit: CpuMapBit): string {
  return bit
    .map((part) => (typeof part === 'number' && part > 31 ? `0x${part.toString(16)}` : part))
    .join(' ');
}
