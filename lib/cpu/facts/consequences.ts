import type { Consequence, FactOfKind, FeatureFact, FeatureKind } from '../../../types/facts.ts';
import { frozen } from '../../text/frozen.ts';
import { CAPABILITIES } from './consequences-capabilities.ts';
import { CONTROLS } from './consequences-controls.ts';
import { DUTIES, INVERSES, UPCOMING } from './consequences-duties.ts';
import { IMMUNITIES } from './consequences-immunities.ts';

/** Every feature of the CPU maps of which something is known, by kind. */
export const FEATURE_FACTS: readonly FeatureFact[] = frozen([
  ...ofKind('control', CONTROLS),
  ...ofKind('immunity', IMMUNITIES),
  ...ofKind('duty', DUTIES),
  ...ofKind('inverse', INVERSES),
  ...ofKind('capability', CAPABILITIES),
]);

function ofKind(kind: FeatureKind, rows: readonly FactOfKind[]): readonly FeatureFact[] {
  return rows.map(({ feature, ...more }) => ({ feature, kind, ...more }));
}

const BY_NAME: ReadonlyMap<string, FeatureFact> = new Map(
  [...FEATURE_FACTS, ...frozen(UPCOMING)].map((fact) => [fact.feature, fact]),
);

/** All that is known of a feature, by libvirt's name; `undefined` where nothing is. */
export function factOf(feature: string): FeatureFact | undefined {
  return BY_NAME.get(feature);
}

/**
 * What losing a feature means to a guest, whatever else it has; `undefined` where nothing is known.
 * @example
 * consequenceOf('ssbd').cve; // → ['CVE-2018-3639']
 * consequenceOf('clwb'); // → undefined
 */
export function consequenceOf(feature: string): Consequence | undefined {
  const fact = BY_NAME.get(feature);
  if (fact === undefined) return undefined;
  const { kind, cost, cve, text, source } = fact;
  return { kind, ...(cost && { cost }), ...(cve && { cve }), text, source };
}

/**
 * What kind of bit a feature is. One that no table has is a capability.
 * @example
 * ['avx2', 'ssbd', 'mds-no', 'rsba', 'zero-fcs-fds'].map(kindOf);
 * // → ['capability', 'control', 'immunity', 'duty', 'inverse']
 */
export function kindOf(feature: string): FeatureKind {
  return BY_NAME.get(feature)?.kind ?? 'capability';
}
