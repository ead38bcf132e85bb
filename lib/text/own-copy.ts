/** Shorter slices are copies already. */
const SHORTEST_SLICE = 13;

/**
 * A string of its own memory. V8 makes a slice a view of the text it was cut from, which keeps all of that text alive:
 * what outlives the text has to be a copy. No function of the language makes one, but a string that was joined from
 * parts is laid out anew.
 */
export function ownCopy(slice: string): string {
  return slice.length < SHORTEST_SLICE ? slice : `\0${slice}`.slice(1);
}
