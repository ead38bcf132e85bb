import type { Domain, DomainDevice } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import type { Span } from '../../../types/xml.ts';
import { refusedToMigrate, type DomainThing, type MigrationOutcome } from '../../cpu/facts/migration.ts';
import { saying, type Case, type Outcome } from '../case.ts';
import { versionsOf, type Versions } from '../pool/versions.ts';

/** What becomes of a thing on the hosts: who refuses to move it, and whose answer depends on what no document tells. */
type Answers = Readonly<Partial<Record<MigrationOutcome, readonly string[]>>>;

/** From what weighs most. */
const OUTCOMES: readonly MigrationOutcome[] = ['refused', 'depends', 'unshared'];

/** What the guest has that keeps it from moving, by the versions of the hosts. */
export function migrationRule(c: Case): Outcome {
  const { devices, uses } = c.domain;
  const issues: Issue[] = [];
  for (const device of devices) issues.push(...issuesOn(c, thingOf(device), device.span));
  for (const { key, value, span } of uses) {
    const found = THING_OF_USE[key];
    if (found !== undefined)
      issues.push(...issuesOn(c, { element: found[0], values: { [found[1]]: value } }, span));
  }
  return saying(once(issues));
}

/** Uses of a domain that a row of the facts is about. */
const THING_OF_USE: Readonly<Record<string, readonly [element: string, path: string]>> = {
  'crypto.model': ['crypto', 'model'],
  'channel.type': ['channel', 'type'],
  'tpm.backendModel': ['tpm', 'backend@type'],
};

/** That storage has to be shared is said of the first disk only. */
function once(issues: readonly Issue[]): readonly Issue[] {
  const first = issues.find(({ code }) => code === 'disk-not-shared');
  return issues.filter((one) => one === first || one.code !== 'disk-not-shared');
}

function issuesOn({ domain, pool, issueAt }: Case, thing: DomainThing, span: Span): readonly Issue[] {
  const { element, values } = thing;
  const words = [element, domain.machine, ...Object.entries(values).flat()].join(' ');
  const answers = pool.memory(answersFor, words, () => answersFor(thing, domain, pool.ask(versionsOf)));
  const { refused, depends, unshared } = answers;
  const device = wordsFor(thing);
  if (refused !== undefined) return [issueAt('device-not-migratable', span, { device, hosts: refused })];
  if (depends !== undefined) return [issueAt('device-may-not-migrate', span, { device, hosts: depends })];
  return unshared === undefined ? [] : [issueAt('disk-not-shared', span, {})];
}

/** Where a version is not known, the worst of any version counts. */
function answersFor(thing: DomainThing, { machine }: Domain, all: readonly Versions[]): Answers {
  const answers: Partial<Record<MigrationOutcome, readonly string[]>> = {};
  for (const { libvirtVersion, qemuVersion, hosts } of all) {
    const facts = refusedToMigrate(thing, { libvirtVersion, qemuVersion, machine });
    const worst = OUTCOMES.find((outcome) => facts.some((fact) => fact.outcome === outcome));
    if (worst !== undefined) answers[worst] = Object.freeze([...(answers[worst] ?? []), ...hosts].sort());
  }
  return answers;
}

/** `<hostdev> of type pci`, as a person would find it. */
function wordsFor({ element, values }: DomainThing): string {
  const type = values['type'] ?? values['model'] ?? values['driver@type'] ?? values['backend@type'];
  return type === undefined ? `<${element}>` : `<${element}> of type ${type}`;
}

function thingOf({ kind, facts }: DomainDevice): DomainThing {
  const { type, model, role, driver, teaming, readonly: isReadOnly, device = 'disk' } = facts;
  const stated: Readonly<Record<string, string | undefined>> = {
    type,
    role,
    [kind === 'interface' ? 'model@type' : 'model']: model,
    'driver@type': driver,
    'teaming@type': teaming,
    readonly: isReadOnly && '',
    source: kind === 'disk' && type === 'file' && device === 'disk' ? '' : undefined,
  };
  const values = Object.entries(stated).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { element: kind, values: Object.fromEntries(values) };
}
