import type { Baseline, BaselineHost, Loss } from '../../../types/baseline.ts';
import type { DisableReason, PlannedDisable } from '../../../types/plan.ts';
import { NO_MEMORY, type Memory } from '../memory.ts';
import { visibleDifferences, type VisibleDifferences } from './visible.ts';

type Hosts = readonly BaselineHost[];

/** What every rule may ask of the pool that a domain is planned for. */
export interface PoolFacts extends VisibleDifferences {
  readonly baseline: Baseline;
  readonly hosts: Hosts;
  /** Sorted names of the hosts. */
  readonly names: readonly string[];
  /** An answer about the hosts, worked out when it is first asked for. */
  readonly ask: <T>(question: (hosts: Hosts, baseline: Baseline) => T) => T;
  /** The same for a question with a word in it. */
  readonly askAbout: <T>(question: (hosts: Hosts, word: string) => T, word: string) => T;
  /** For answers that depend on more. */
  readonly memory: Memory;
}

/** The facts of a compared pool. What is worked out about its hosts is kept in them; what domains ask, in the memory. */
export function factsOf(baseline: Baseline, memory: Memory = NO_MEMORY): PoolFacts {
  const { hosts } = baseline;
  const answers = new Map<unknown, unknown>();
  return {
    baseline,
    hosts,
    names: Object.freeze(hosts.map(({ name }) => name)),
    ...visibleDifferences(baseline),
    ask: (question) => {
      const known = answers.get(question);
      if (known !== undefined || answers.has(question)) return known as ReturnType<typeof question>;
      const answer = question(hosts, baseline);
      answers.set(question, answer);
      return answer;
    },
    askAbout: (question, word) => memory(question, word, () => question(hosts, word)),
    memory,
  };
}

/** The hosts that lack a feature, and those that may: all lack one that no loss tells of. */
export function lackersOf(
  { allLosses, names }: PoolFacts,
  feature: string,
): Pick<Loss, 'missingOn' | 'unknownOn'> {
  const { missingOn, unknownOn } = allLosses.get(feature) ?? { missingOn: names, unknownOn: [] };
  return { missingOn, unknownOn };
}

/** The loss of a feature that every host has. */
export function everywhere({ names }: PoolFacts, feature: string): Loss {
  return { feature, presentOn: names, missingOn: [], unknownOn: [], unnamedOn: [] };
}

/** That a feature has to be off, why, and because of which other one, if so. */
export function disableOf(loss: Loss, reason: DisableReason, cause?: string): PlannedDisable {
  return { ...loss, reason, cause };
}
