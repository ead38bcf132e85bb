import type { Facts, X86Level } from '../../../types/facts.ts';
import { COMBINATIONS } from './combinations.ts';
import { FEATURE_FACTS } from './consequences.ts';
import { UPCOMING } from './consequences-duties.ts';
import { SYSTEMS } from './floor-systems.ts';
import { featuresOfLevel } from './levels.ts';

/** Major for the shape, minor for what was added, patch for what was corrected; docs/facts.md explains it. */
export const FACTS_VERSION = '1.0.0';

/**
 * All that is known about what CPU features mean to a guest, as `facts.json` publishes it.
 * @example
 * allFacts().factsVersion; // → '1.0.0'
 */
export function allFacts(): Facts {
  const levels = (level: X86Level): readonly string[] => featuresOfLevel(level);
  return {
    factsVersion: FACTS_VERSION,
    features: [...FEATURE_FACTS].sort(byFeature),
    upcoming: [...UPCOMING].sort(byFeature),
    combinations: COMBINATIONS,
    levels: {
      'x86-64-v1': levels('x86-64-v1'),
      'x86-64-v2': levels('x86-64-v2'),
      'x86-64-v3': levels('x86-64-v3'),
      'x86-64-v4': levels('x86-64-v4'),
    },
    systems: SYSTEMS,
  };
}

/** The text of `facts.json`: a list's rows are a line each, so that two versions can be compared. */
export function factsJson(facts: Facts): string {
  const lines = Object.entries(facts).map(([key, value]) => `${JSON.stringify(key)}: ${linesOf(value)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function linesOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const rows = Array.isArray(value)
    ? value.map((row) => JSON.stringify(row))
    : Object.entries(value).map(([key, row]) => `${JSON.stringify(key)}: ${JSON.stringify(row)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${rows.join(',\n')}\n${close}`;
}

function byFeature(
  { feature: a }: { readonly feature: string },
  { feature: b }: { readonly feature: string },
): number {
  return a < b ? -1 : 1;
}
