import type { DisableReason } from '../../types/plan.ts';
import issueRules from './rules.json' with { type: 'json' };

/** What there is to say about a code. */
export interface Rule {
  readonly meaning: string;
  readonly whatToDo: string;
}

/** Codes of issues and of input errors, from the tables that docs/issues.md is written from. */
const ISSUES: Readonly<Record<string, Rule>> = issueRules;

const REWRITE = 'Rewrite the guest for these hosts (`virt-migratable rewrite`), then stop and start it.';

/** Why a feature must be off that the guest sees. */
const REASONS: Readonly<Record<DisableReason, Rule>> = {
  'hosts-differ': {
    meaning:
      'The guest sees a CPU feature that not every host has. On a host without it, the guest may crash.',
    whatToDo: REWRITE,
  },
  'model-exceeds-hosts': {
    meaning: "The guest's CPU model has a feature that some host lacks.",
    whatToDo: `${REWRITE} Or take a model that every host has.`,
  },
  'parent-disabled': {
    meaning: 'The guest sees a CPU feature that depends on one that not every host has.',
    whatToDo: REWRITE,
  },
  'name-unknown': {
    meaning: 'The guest sees a CPU feature that stands for one whose name some libvirt here does not know.',
    whatToDo: REWRITE,
  },
  'nested-dropped': {
    meaning: 'The guest could run guests of its own, and is not meant to.',
    whatToDo: REWRITE,
  },
};

/** What no table has: the system refused something. */
const OTHER: Rule = {
  meaning: 'A file or a guest cannot be read.',
  whatToDo: 'Correct what the message names, and run the command again.',
};

const RULES: ReadonlyMap<string, Rule> = new Map([...Object.entries(ISSUES), ...Object.entries(REASONS)]);

/** What a code means, and what to do; `undefined` for one that no finding and no document has. */
export function meaningOf(code: string): Rule | undefined {
  return RULES.get(code);
}

/** What SARIF calls a reporting descriptor: what a code means, and what to do. */
export function ruleFor(code: string): object {
  const { meaning, whatToDo } = meaningOf(code) ?? OTHER;
  const [first = meaning] = /^.*?[.!?](?= |$)/s.exec(meaning) ?? [];
  return {
    id: code,
    shortDescription: { text: first },
    fullDescription: { text: meaning },
    help: { text: `${meaning}\n\n${whatToDo}`, markdown: `${meaning}\n\n**What to do:** ${whatToDo}` },
  };
}
