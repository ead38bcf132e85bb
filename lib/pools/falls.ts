import type { CpuMap } from '../../types/cpu-map.ts';
import { clearBit, hasBit, type NameBits } from '../cpu/bits.ts';
import { parentsOf } from '../cpu/dependencies.ts';

/** A feature and what it depends on, in the numbers of a space. */
export interface Dependence {
  readonly child: number;
  readonly parents: readonly number[];
}

/** What the hosts of a pool all list, and what one of them lists. */
interface Lists {
  readonly common: NameBits;
  readonly union: NameBits;
}

/**
 * The features that some host lists without what they depend on, or that depend on such a feature: beside a host that has
 * it, a rewrite disables them though all hosts list them. Mostly there are none.
 */
export function dependencesIn(
  names: readonly string[],
  numbers: ReadonlyMap<string, number>,
  lists: readonly NameBits[],
  maps: readonly CpuMap[],
): readonly Dependence[] {
  const all = names.flatMap((name, child): readonly Dependence[] => {
    const parents = parentsOf(maps, name).flatMap((parent) => numbers.get(parent) ?? []);
    return parents.length === 0 ? [] : [{ child, parents }];
  });
  const isOrphan = ({ child, parents }: Dependence): boolean =>
    lists.some((list) => hasBit(list, child) && !parents.every((parent) => hasBit(list, parent)));
  const found = new Set(all.filter(isOrphan));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    const children = new Set([...found].map(({ child }) => child));
    for (const one of all) if (one.parents.some((parent) => children.has(parent))) found.add(one);
  }
  return [...found];
}

/** The lists without what falls with something that not all of the hosts list; the same where nothing does. */
export function withoutFallen<Sets extends Lists>(sets: Sets, dependences: readonly Dependence[]): Sets {
  const isLost = (common: NameBits, one: number): boolean => hasBit(sets.union, one) && !hasBit(common, one);
  let settled = sets;
  for (let before: Sets | undefined; before !== settled;) {
    before = settled;
    for (const { child, parents } of dependences) {
      const { common } = settled;
      const falls =
        hasBit(sets.union, child) && hasBit(common, child) && parents.some((one) => isLost(common, one));
      if (!falls) continue;
      const rest = common.slice();
      clearBit(rest, child);
      settled = { ...settled, common: rest };
    }
  }
  return settled;
}

/** Of the features that fall: what each falls with that some host lacks itself. */
export function rootsOf(
  fallen: number,
  isLacked: (number: number) => boolean,
  dependences: readonly Dependence[],
): readonly number[] {
  const roots = new Set<number>();
  const seen = new Set([fallen]);
  for (const child of seen)
    for (const parent of dependences.find((one) => one.child === child)?.parents ?? [])
      if (isLacked(parent)) roots.add(parent);
      else seen.add(parent);
  return [...roots];
}
