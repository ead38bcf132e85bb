import type { GatePool } from '../../../types/gate.ts';
import { qemuName } from '../../cpu/names.ts';

/** What has to happen to the list of a guest that says it is levelled on arrival, on the gate's host. */
export interface Levelling {
  /** Must be off here, and is not yet. */
  readonly put: readonly string[];
  /** No guest gets it here, so that QEMU need not know it. */
  readonly take: readonly string[];
  /** Must be off, and whether QEMU here knows it nobody can tell. */
  readonly strange: readonly string[];
  /** Must be off here, and the guest does not say that it has been. */
  readonly missing: readonly string[];
}

/**
 * @param mark what the guest says is off in it, wherever it runs.
 * @param isOff is the feature off by the guest's `<cpu>`, or by what it hands to QEMU?
 */
export function levellingOn(
  mark: readonly string[],
  pool: GatePool,
  isOff: (feature: string) => boolean,
): Levelling {
  const own = pool.hosts.find(({ name }) => name === pool.self);
  const others = pool.hosts.filter(({ name }) => name !== pool.self);
  const given = new Set([...pool.common, ...(own?.surplus ?? []), ...(own?.off ?? [])]);
  const absent = new Set(own?.absent);
  const differing = new Set(others.flatMap(({ surplus, off }) => [...surplus, ...off]));
  const isAbsent = (name: string): boolean =>
    !given.has(name) && (absent.has(name) || (differing.has(name) && own?.unknown.includes(name) === false));
  const marked = new Set(mark);
  // What no other host can have shown it, a guest from there has not seen.
  const mayHave = (name: string): boolean => others.some((host) => !host.absent.includes(name));
  const unmarked = (own?.off ?? []).filter((name) => !marked.has(name) && !isOff(name));
  const open = (name: string): boolean => given.has(name) && !isOff(name);
  return {
    put: [...mark.filter(open), ...unmarked.filter((name) => !mayHave(name))].sort(),
    take: mark.filter(isAbsent),
    strange: mark.filter((name) => !given.has(name) && !isAbsent(name)),
    missing: unmarked.filter(mayHave),
  };
}

/** The same names as QEMU's properties. */
export function propertiesOf(features: readonly string[]): ReadonlySet<string> {
  return new Set(features.map(qemuName));
}
