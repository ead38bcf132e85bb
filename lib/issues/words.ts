import type { IssueFacts, Severity } from '../../types/issue.ts';

/** How much a finding weighs, and its sentence. */
export type Words = readonly [Severity, (facts: IssueFacts) => string];

const MOST_NAMED = 8;

/** Names for a sentence: all of a few, the first of many. */
export function list(names: readonly string[] = []): string {
  if (names.length <= MOST_NAMED) return names.join(', ');
  return `${names.slice(0, MOST_NAMED - 1).join(', ')} and ${names.length - MOST_NAMED + 1} more`;
}

/** The word for one, or for many. */
export function plural(names: readonly string[] | undefined, one: string, many: string): string {
  return names?.length === 1 ? one : many;
}

/** An option under its name in the library, and on the command line. */
export function option({ option: name = '' }: IssueFacts): string {
  return `${name} (--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)})`;
}

/** The hosts a finding speaks of. */
export function hosts(facts: IssueFacts): string {
  return list(facts.hosts);
}
