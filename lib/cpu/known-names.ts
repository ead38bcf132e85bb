import type { CpuMap } from '../../types/cpu-map.ts';
import { editDistance } from '../text/distance.ts';
import { indexOf, type CpuIndex } from './map.ts';
import { libvirtName } from './names.ts';

/** The number of a feature, whose name may be in libvirt's, QEMU's or Linux's spelling; `undefined` if this map has none such. */
export function numberOf({ numbers, aliases }: CpuIndex, name: string): number | undefined {
  return numbers.get(name) ?? numbers.get(aliases.get(name) ?? libvirtName(name));
}

/** libvirt's name for a name in libvirt's, QEMU's or Linux's spelling; `undefined` if this map has no such feature. */
export function canonicalName(index: CpuIndex, name: string): string | undefined {
  const number = numberOf(index, name);
  return number === undefined ? undefined : index.names[number];
}

/** The same by the first of these maps that has the feature. */
export function canonicalIn(maps: readonly CpuMap[], name: string): string | undefined {
  for (const map of maps) {
    const own = canonicalName(indexOf(map), name);
    if (own !== undefined) return own;
  }
  return undefined;
}

/** The name somebody may have meant: another spelling of it, or the nearest one by letters; `undefined` if none is near. */
export function nearestName(maps: readonly CpuMap[], wrong: string): string | undefined {
  for (const map of maps) {
    const meant =
      canonicalName(indexOf(map), wrong) ?? canonicalName(indexOf(map), wrong.trim().toLowerCase());
    if (meant !== undefined) return meant;
  }
  const names = new Set(maps.flatMap((map) => map.features.map(({ name }) => name)));
  return nearestOf(names, wrong);
}

/** Of these, the one nearest by letters and digits, if any is near; the first where several are as near. */
export function nearestOf(names: Iterable<string>, wrong: string): string | undefined {
  const bare = bareLetters(wrong);
  let nearest: string | undefined;
  let limit = Math.max(1, Math.floor(wrong.length / 4));
  for (const name of names) {
    const letters = bareLetters(name);
    if (Math.abs(letters.length - bare.length) > limit) continue;
    const distance = editDistance(bare, letters);
    if (distance > limit) continue;
    // From now on only a nearer one counts.
    nearest = name;
    limit = distance - 1;
  }
  return nearest;
}

function bareLetters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
