import { NOTHING, saying, type Case, type Outcome } from '../case.ts';

/** A snapshot of a running guest holds two definitions. Judged, and changed, is the one that it goes on with. */
export function inactiveRule({ domain: { inactive }, issueAt }: Case): Outcome {
  return inactive === undefined ? NOTHING : saying([issueAt('inactive-not-judged', inactive, {})]);
}
