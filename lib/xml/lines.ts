import { memory, type Memory } from '../text/memory.ts';

/**
 * What xmlbuilder2 writes around the values of elements of some shape: in front of the first value, between two, behind
 * the last; with children, its end tag is the last piece.
 */
export type Pieces = readonly string[];

/** Pieces by shape and quote. Whoever writes many documents keeps one: xmlbuilder2 takes long for an element. */
export type Lines = Memory<Pieces>;

const MOST_SHAPES = 64;

/** No shape is known yet. */
export function newLines(): Lines {
  return memory(MOST_SHAPES);
}
