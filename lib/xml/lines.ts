/** What xmlbuilder2 writes before the name of a feature, and after it. */
export type FeatureLine = readonly [before: string, after: string];

/** Feature lines by policy and quote. Whoever writes many documents keeps one: xmlbuilder2 takes long for a line. */
export type Lines = Map<string, FeatureLine>;

/** No line is known yet. */
export function newLines(): Lines {
  return new Map();
}
