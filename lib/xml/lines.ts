import { memory, type Memory } from '../text/memory.ts';

/**
 * What xmlbuilder2 writes around the values of elements of some shape: in front of the first value, between two, behind
 * the last; with children, its end tag is the last piece.
 */
export type Pieces = readonly string[];

/** What was written before. Whoever writes many documents keeps it: xmlbuilder2 takes long for an element. */
export interface Lines {
  /** By shape and quote. */
  readonly pieces: Memory<Pieces>;
  /** Whole lines of features by name, by all else that they are made of. */
  readonly features: Memory<Memory<string>>;
}

const MOST_SHAPES = 64;

/** Nothing was written yet. */
export function newLines(): Lines {
  return { pieces: memory(MOST_SHAPES), features: memory(MOST_SHAPES) };
}
