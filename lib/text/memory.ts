import { ownCopy } from './own-copy.ts';

/** Gives the answer for a text: a remembered one, or the one that is worked out now, from a copy of the text. */
export type Memory<T> = (text: string, answer: (own: string) => T) => T;

const MOST = 1024;

/** A memory of so many answers; with one more, it starts anew. A text longer than `longest` is not kept. */
export function memory<T>(most: number = MOST, longest: number = Infinity): Memory<T> {
  const known = new Map<string, T>();
  return (text, answer) => {
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    const own = ownCopy(text);
    const made = answer(own);
    if (text.length > longest) return made;
    if (known.size >= most) known.clear();
    known.set(own, made);
    return made;
  };
}
