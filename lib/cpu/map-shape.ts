import type { CpuMap } from '../../types/cpu-map.ts';

/** Has it what is asked of a map, and does no model descend from itself? Somebody may have made it by hand. */
export function isWholeMap({ version, features, models }: Partial<CpuMap>): boolean {
  const known = new Set<unknown>([undefined]);
  return (
    typeof version === 'string' &&
    areNamed(features, 'bit') &&
    areNamed(models, 'features') &&
    models?.every(({ name, parent }) => known.has(parent) && known.add(name)) === true
  );
}

function areNamed(given: unknown, list: string): boolean {
  const all: readonly unknown[] = Array.isArray(given) ? given : [{}];
  return all.every(
    (one) =>
      typeof one === 'object' &&
      one !== null &&
      typeof Reflect.get(one, 'name') === 'string' &&
      Array.isArray(Reflect.get(one, list)),
  );
}
