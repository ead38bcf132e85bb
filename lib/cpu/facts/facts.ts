import type { FeatureFact, Facts } from '../../../types/facts.ts';
import { COMBINATIONS } from './combinations.ts';
import { FEATURE_FACTS } from './consequences.ts';
import { UPCOMING } from './consequences-duties.ts';
import { SYSTEMS } from './floor-systems.ts';
import { featuresOfLevel, LEVELS } from './levels.ts';

/** Major for the shape, minor for what was added, patch for what was corrected; docs/facts.md explains it. */
export const FACTS_VERSION = '1.0.0';

/**
 * All that is known about what CPU features mean to a guest, as `facts.json` publishes it.
 * @example
 * allFacts().factsVersion; // → '1.0.0'
 */
export function allFacts(): Facts {
  const levels = LEVELS.map((level) => [level, featuresOfLevel(level)] as const);
  return {
    factsVersion: FACTS_VERSION,
    features: [...FEATURE_FACTS].sort(byFeature),
    upcoming: [...UPCOMING].sort(byFeature),
    combinations: COMBINATIONS,
    levels: Object.fromEntries(levels) as Facts['levels'],
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

function byFeature(a: FeatureFact, b: FeatureFact): number {
  return a.feature < b.feature ? -1 : 1;
}
