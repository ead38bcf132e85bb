import type { DomainDevice } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import {
  factsAbout,
  holdsFor,
  mayBeRefused,
  MIGRATION_FACTS,
  type MigrationFact,
  type MigrationOutcome,
} from '../../cpu/facts/migration.ts';
import { argumentDevices, unjudgedArguments } from './argument-devices.ts';
import { NOTHING, saying, sayingLater, type Case, type Outcome } from '../case.ts';
import { hostsByVersions, type Versions } from '../pool/versions.ts';

/** The worst that becomes of a device, and the hosts where it does. */
interface Answer {
  readonly outcome: MigrationOutcome;
  readonly hosts: readonly string[];
}

/** From what weighs most. */
const OUTCOMES: readonly MigrationOutcome[] = ['refused', 'depends', 'unshared'];

/** What the guest has that keeps it from moving, by the versions of the hosts. Only what is refused stops a plan. */
export function migrationRule(c: Case): Outcome {
  const { devices, commandLine, inactive } = c.domain;
  const mayStop = inactive !== undefined || commandLine.length > 0 || devices.some(mayBeRefused);
  if (mayStop) return saying(migrationIssues(c));
  return devices.length === 0 ? NOTHING : LATER;
}

const LATER: Outcome = sayingLater(migrationIssues);

function migrationIssues(c: Case): readonly Issue[] {
  const { domain, issueAt } = c;
  const issues: Issue[] = [];
  // That storage has to be shared is said of the first disk only.
  let isStorageNamed = false;
  const { devices, commandLine, inactive } = domain;
  // Of the two definitions of a snapshot, the one it goes on with is judged.
  if (inactive !== undefined) issues.push(issueAt('inactive-not-judged', inactive, {}));
  const isPlain = commandLine.length === 0;
  const things = isPlain ? devices : [...devices, ...argumentDevices(commandLine)];
  for (const { value, span } of isPlain ? [] : unjudgedArguments(commandLine))
    issues.push(issueAt('argument-not-judged', span, { argument: value }));
  for (const thing of things) {
    const facts = factsAbout(thing);
    const answer = facts.length === 0 ? undefined : answerOf(c, facts);
    if (answer === undefined) continue;
    const { outcome, hosts } = answer;
    const code = outcome === 'refused' ? 'device-not-migratable' : 'device-may-not-migrate';
    if (outcome !== 'unshared') issues.push(issueAt(code, thing.span, { device: wordsFor(thing), hosts }));
    else if (!isStorageNamed) issues.push(issueAt('disk-not-shared', thing.span, {}));
    isStorageNamed ||= outcome === 'unshared';
  }
  return issues;
}

function answerOf({ domain, pool }: Case, facts: readonly MigrationFact[]): Answer | undefined {
  const { machine } = domain;
  const words = `${facts.map((fact) => MIGRATION_FACTS.indexOf(fact)).join()} ${machine ?? ''}`;
  return pool.memory(answerFor, words, () => answerFor(facts, machine, pool.ask(hostsByVersions)));
}

/** Where a version is not known, the worst of any version counts. */
function answerFor(
  facts: readonly MigrationFact[],
  machine: string | undefined,
  all: readonly Versions[],
): Answer | undefined {
  const answers = OUTCOMES.map((outcome): Answer => {
    const isSo = (versions: Versions): boolean =>
      facts.some((fact) => fact.outcome === outcome && holdsFor(fact, { ...versions, machine }));
    return { outcome, hosts: Object.freeze(all.flatMap((one) => (isSo(one) ? one.hosts : [])).sort()) };
  });
  return answers.find(({ hosts }) => hosts.length > 0);
}

/** `<hostdev> of type pci`, as a person would find it. */
function wordsFor({ element, values }: DomainDevice): string {
  if (element.startsWith('-')) return `${element} ${values['driver'] ?? ''}`.trimEnd();
  const type = values['type'] ?? values['model'] ?? values['driver@type'] ?? values['backend@type'];
  return type === undefined ? `<${element}>` : `<${element}> of type ${type}`;
}
