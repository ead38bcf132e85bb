import { isRecord } from './json.ts';

/**
 * An example of a value, of which the kind counts: `''` is any text, `['']` a list of texts, `{ a: '' }` an object with a text
 * `a`, `{ '*': '' }` one of texts.
 */
export type Like = string | readonly [Like] | { readonly [key: string]: Like };

/** Is a value like the example in all its parts? */
export function isLike(value: unknown, like: Like): boolean {
  if (typeof like === 'string') return typeof value === 'string';
  const areLike = (values: readonly unknown[], one: Like): boolean =>
    values.every((part) => isLike(part, one));
  if (!isRecord(like)) return Array.isArray(value) && areLike(Array.from(value), like[0]);
  return (
    isRecord(value) &&
    Object.entries(like).every(([key, part]) =>
      key === '*' ? areLike(Object.values(value), part) : isLike(value[key], part),
    )
  );
}
