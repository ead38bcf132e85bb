import type { Issue } from '../../../types/issue.ts';
import type { DomainPlan, DomainChange, ElementChange } from '../../../types/plan.ts';
import { others } from './guaranteed.ts';
import { changesFor, changesTo, setAttribute } from './changes.ts';
import type { Context } from './findings.ts';
import { NO_CHANGES } from '../pool/visible.ts';
import { covered, required, topology, undecided } from './guard.ts';
import { pinChanges } from './pin.ts';
import type { Unwanted } from './disables.ts';

/** The changes of a plan, for all hosts together and for each alone, and what keeps them from being made. */
type Form = Pick<DomainPlan, 'shared' | 'perHost' | 'issues'>;

const NO_ISSUES: readonly Issue[] = [];

/** The form the caller asks for. */
export function formOf(context: Context, found: Unwanted): Form {
  if (context.options.pin) return pinnedForm(context, found);
  return isPlain(context) ? plainForm(context, found) : fullForm(context, found);
}

/** Does the caller ask for no more than that what hosts lack goes? */
function isPlain({ cpu, options }: Context): boolean {
  const { guard = false, exhaustive = false, setMigratable = false } = options;
  return !guard && !exhaustive && !(setMigratable && cpu.migratable === 'off');
}

/** What not every host has goes, in the shared form everywhere, in a host's own form where the host has it. */
function plainForm({ cpu, noChanges }: Context, { names, namesByHost }: Unwanted): Form {
  if (names.length === 0) return { shared: NO_CHANGES, perHost: noChanges, issues: NO_ISSUES };
  const shared = changesFor(cpu, names);
  const known = new Map([[names, shared]]);
  const perHost = [...namesByHost].map(([host, own]) => {
    const changes = known.get(own) ?? changesFor(cpu, own);
    known.set(own, changes);
    return [host, changes] as const;
  });
  return { shared, perHost: Object.fromEntries(perHost), issues: NO_ISSUES };
}

/** The same, with what guard, exhaustive and `setMigratable` add to every form. */
function fullForm(context: Context, found: Unwanted): Form {
  const { cpu, options } = context;
  const require =
    options.guard === true ? [...required(context, found), ...topology(context, true)].sort() : [];
  const also = [
    ...(options.guard === true ? covered(context, require) : []),
    ...(options.exhaustive === true ? undecided(context, others(context)) : []),
  ];
  const elements = attributeChanges(context);
  const changes = (names: readonly string[]): readonly DomainChange[] => [
    ...elements,
    ...changesTo(cpu, require, [...new Set([...names, ...also])].sort()),
  ];
  const perHost = [...found.namesByHost].map(([host, own]) => [host, changes(own)] as const);
  return { shared: changes(found.names), perHost: Object.fromEntries(perHost), issues: NO_ISSUES };
}

/** A fixed model needs the same lines everywhere. */
function pinnedForm(context: Context, found: Unwanted): Form {
  const { changes, issues } = pinChanges(context, found);
  const perHost = context.baseline.hosts.map(({ name }) => [name, changes] as const);
  return { shared: changes, perHost: Object.fromEntries(perHost), issues };
}

function attributeChanges({ cpu, options }: Context): readonly ElementChange[] {
  const { startTag } = cpu;
  const set = (name: string, value: string): ElementChange => setAttribute(startTag, name, value);
  return [
    ...(options.guard === true && cpu.check !== 'full' ? [set('check', 'full')] : []),
    ...(options.setMigratable === true && cpu.migratable === 'off' ? [set('migratable', 'on')] : []),
  ];
}
