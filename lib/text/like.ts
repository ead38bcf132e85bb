import { isRecord } from './json.ts';

/**
 * An example of a value, of which the kind counts: `''` is any text, `[0]` a list of numbers, `{ a: '' }` an object with
 * a text `a`, `{ '?a': '' }` one that may have it, `{ '*': '' }` one of texts.
 */
export type Like = number | string | readonly Like[] | { readonly [key: string]: Like };

/** Is a value like the example in all its parts? */
export function isLike(value: unknown, like: Like | undefined): boolean {
  if (like === undefined) return true;
  if (typeof like !== 'object') return typeof value === typeof like;
  const areLike = (values: readonly unknown[], one: Like | undefined): boolean =>
    values.every((part) => isLike(part, one));
  if (!isRecord(like)) return Array.isArray(value) && areLike(Array.from(value), like[0]);
  return (
    isRecord(value) &&
    Object.entries(like).every(([key, part]) => {
      if (key === '*') return areLike(Object.values(value), part);
      const own = value[key.replace('?', '')];
      return isLike(own, part) || (own === undefined && key.startsWith('?'));
    })
  );
}
