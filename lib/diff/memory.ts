import { ownCopy } from '../text/own-copy.ts';
import { remembered } from '../text/remembered.ts';

/**
 * Gives the answer to a question: a remembered one, or the one that is worked out now. Everything the answer depends
 * on is in the question (by identity) and in the words.
 */
export type Memory = <T>(question: object, words: string, answer: () => T) => T;

/** So many answers, and so many characters of words, are kept at most. With one more, all are forgotten. */
const MOST_ANSWERS = 1024;
const MOST_WORDS = 1 << 18;
/** Longer words are not worth keeping: such a question hardly comes again. */
const LONGEST_WORDS = 1 << 13;

/** A bounded memory. It keeps copies of words, because a slice would keep the whole document it was cut from. */
export function newMemory(): Memory {
  const known = new Map<object, Map<string, { readonly value: unknown }>>();
  let answers = 0;
  let length = 0;
  const keep = (question: object, words: string, value: unknown): void => {
    if (answers >= MOST_ANSWERS || length + words.length > MOST_WORDS) {
      known.clear();
      [answers, length] = [0, 0];
    }
    remembered(known, question, () => new Map()).set(ownCopy(words), { value });
    answers++;
    length += words.length;
  };
  return <T>(question: object, words: string, answer: () => T): T => {
    const found = known.get(question)?.get(words);
    if (found !== undefined) return found.value as T;
    const value = answer();
    if (words.length <= LONGEST_WORDS) keep(question, words, value);
    return value;
  };
}

/** Answers each question anew: for a call that stands alone. */
export const NO_MEMORY: Memory = (_question, _words, answer) => answer();

/** So many answers that each kind of guest that comes again is mostly among them. */
const MOST_KEPT = 12;
/** In characters. Longer texts are not worth their place: with them, the scan is what takes time. */
const LONGEST_TEXT = 1 << 16;

/** Passes an answer on, and keeps it if it is not about a long text. */
export type Kept = <T extends object>(answer: T, text: string) => T;

/**
 * A place for the last answers, which nobody reads: with the last object of a shape, V8 throws away what it compiled for
 * that shape whenever it collects the whole heap. See "A pool keeps its last answers" in CONTRIBUTING.md.
 */
export function newKept(): Kept {
  const answers: object[] = [];
  return (answer, text) => {
    if (text.length <= LONGEST_TEXT && answers.push(answer) > MOST_KEPT) answers.shift();
    return answer;
  };
}
