import type { Baseline, BaselineHost } from '../../../types/baseline.ts';
import type { Obstacle } from '../../../types/issue-facts/features.ts';
import type { Issue, IssueFactsByCode } from '../../../types/issue.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import { cpuArgumentOf } from '../../cpu/cpu-argument.ts';
import { namedAncestor } from '../../cpu/dependencies.ts';
import { weaknessOf } from '../../cpu/grade.ts';
import { CORE, TOPOLOGY_OWNED } from '../../cpu/names.ts';
import { defaultModel } from '../../cpu/qemu-models.ts';
import { hasErrors, issue } from '../../issues/issues.ts';
import { poolIssuesForGuest } from '../arch.ts';
import { cpuCase, NOTHING, saying, together, type Case, type CpuCase, type Outcome } from '../case.ts';
import { kindsBy, type Kinds } from '../pool/kinds.ts';
import { weighed } from '../settings.ts';
import { arrivalIssues, arrivalRefusals } from '../arrival/form.ts';
import { hiddenIssues } from '../arrival/hidden.ts';
import { arrivalOf } from '../arrival/lists.ts';
import { argumentOutcome, globalIssues } from './argument.ts';
import { cpuWithoutElement, isOff, isWanted, takesFeatures } from './changes.ts';
import { costIssues, floorIssues } from './cost-issues.ts';
import { guestFeatures, withConsequences } from './costs.ts';
import { modelIssues } from './custom-model.ts';
import { disablesFor, type Consequence, type Disables } from './disables.ts';
import { conflict, featureIssues } from './findings.ts';
import { formsOf } from './forms.ts';
import { shownByModel } from './kept.ts';
import { cpuIssues } from './mode.ts';

/**
 * What the guest must not see of its CPU. Host-passthrough, maximum and host-model CPUs show what the host has:
 * everything that not all hosts have is disabled. A custom CPU shows its model and what is required: of these, what
 * some host lacks is disabled.
 */
export function cpuRule(c: Case): Outcome {
  const { domain, pool, settings } = c;
  // Hosts that cannot be a pool say nothing of what this guest's features would be.
  const ofPool = pool.ask(poolIssues);
  if (ofPool.length > 0 && hasErrors(weighed(ofPool, settings))) return NOTHING;
  const argument = cpuArgumentOf(domain.commandLine);
  if (argument !== undefined) return argumentOutcome(c, argument);
  const { cpu } = domain;
  if (cpu === undefined || !(takesFeatures(cpu) || settings.pin !== undefined)) return withoutCpu(c);
  const own = cpuCase(c, cpu);
  const issues = together(
    weakIssues(c),
    cpuIssues(own),
    featureIssues(own),
    pastLibvirt(c),
    settings.onArrival ? arrivalRefusals(own) : NOTHING.issues,
  );
  if (hasErrors(issues)) return saying([...pool.notes, ...issues]);
  const found = disablesFor(own);
  const forms = formsOf(own, found);
  const others = together(
    modelIssues(own, found),
    forms.issues,
    settings.onArrival ? arrivalIssues(own, found) : hiddenIssues(own),
  );
  return new CpuOutcome(own, found, forms, { issues, others, floor: floorIssues(own, found.disable) });
}

/** Issues of a CPU, by where they stand in a report: what its lines cost comes before the floor. */
interface CpuIssues {
  readonly issues: readonly Issue[];
  readonly others: readonly Issue[];
  readonly floor: readonly Issue[];
}

class CpuOutcome implements Outcome {
  readonly issues: readonly Issue[];
  readonly changes: Outcome['changes'];
  readonly isByHost: Outcome['isByHost'];
  readonly #c: CpuCase;
  readonly #found: Disables;
  readonly #forms: Outcome;
  readonly #told: CpuIssues;

  constructor(c: CpuCase, found: Disables, forms: Outcome, told: CpuIssues) {
    const stops = mayStop(c, found) ? disableIssues(c, found) : NOTHING.issues;
    this.issues = together(stops, told.others, told.floor);
    this.changes = forms.changes;
    this.isByHost = forms.isByHost;
    this.#c = c;
    this.#found = found;
    this.#forms = forms;
    this.#told = told;
  }

  report(): readonly Issue[] {
    const { issues, others, floor } = this.#told;
    const [c, found] = [this.#c, this.#found];
    const costs = costIssues(c, found.disable);
    return [...c.pool.notes, ...issues, ...disableIssues(c, found), ...others, ...costs, ...floor];
  }

  changesFor(host: string): Outcome['changes'] {
    return this.#forms.changesFor?.(host) ?? this.changes;
  }

  disable(): readonly PlannedDisable[] {
    return withConsequences(this.#c, this.#found.disable);
  }

  kept(): ReadonlySet<string> {
    return guestFeatures(this.#c, this.#found.disable);
  }
}

/** A guest whose CPU may carry no lines has its QEMU's default model. */
function withoutCpu(c: Case): Outcome {
  const note = c.issueAt('no-cpu-model', undefined, { hasCpu: c.domain.cpu !== undefined });
  return saying([note, ...defaultModelIssues(c), ...pastLibvirt(c)]);
}

/** What a domain says to QEMU behind libvirt's back; most say nothing. */
function pastLibvirt(c: Case): readonly Issue[] {
  return c.domain.commandLine.length === 0 ? NOTHING.issues : globalIssues(c);
}

function poolIssues(_hosts: unknown, baseline: Baseline): readonly Issue[] {
  return poolIssuesForGuest(baseline);
}

/** No line requires what is known from a weak source only: a guest need not get it. */
function weakIssues({ pool, settings, issueAt }: Case): readonly Issue[] {
  const { guard, onArrival, pin: model } = settings;
  if (!guard && !onArrival && model === undefined) return NOTHING.issues;
  const option = guard ? 'guard' : onArrival ? 'onArrival' : 'pin';
  return [...pool.ask(weakHosts)].map(([source, hosts]) =>
    issueAt('weak-source-requires', undefined, { hosts, source, option }),
  );
}

function weakHosts(hosts: readonly BaselineHost[]): Kinds<NonNullable<ReturnType<typeof weaknessOf>>> {
  return kindsBy(hosts, weaknessOf);
}

/** What QEMU's default model shows a guest whose domain names no model, and some host cannot give; and its floor. */
function defaultModelIssues(c: Case): readonly Issue[] {
  const { domain, pool, issueAt } = c;
  const model = defaultModel(domain.arch ?? pool.baseline.arch);
  if (model === undefined) return NOTHING.issues;
  const shown = shownByModel(pool, model, { virtType: domain.type, machine: domain.machine });
  const lost = pool.memory(shown, 'lost', () =>
    [...pool.losses.values()].filter(({ feature, presentOn }) => shown.has(feature) && presentOn.length > 0),
  );
  const differ = lost.map(({ feature, missingOn, unknownOn }) =>
    issueAt('default-model-differs', domain.cpu?.span ?? domain.osType, {
      model,
      feature,
      missingOn,
      unknownOn,
    }),
  );
  const cpu = domain.cpu ?? cpuWithoutElement(domain.span);
  // What a floor asks of this list is remembered by it: one for each kind of guest.
  const off = pool.memory(shown, 'off', (): readonly PlannedDisable[] => []);
  return [...differ, ...floorIssues({ ...c, cpu, model, follows: false }, off)];
}

/** Whether a planned disable may be an error: a name or a need stands against it, or the domain insists on what follows. */
function mayStop({ cpu }: CpuCase, { isDoubtful, notes }: Disables): boolean {
  return isDoubtful || (notes.size > 0 && cpu.features.some((one) => isWanted(one) && notes.has(one.name)));
}

/** What keeps a planned disable from being written, and what follows from another one. */
function disableIssues(c: CpuCase, { doubtful, notes }: Disables): readonly Issue[] {
  if (doubtful.length === 0) return [];
  const { cpu, settings } = c;
  const isOpen = (found: PlannedDisable): boolean =>
    isWithheld(found) || !cpu.features.some((one) => one.name === found.feature && isOff(one));
  const open = doubtful.filter(isOpen);
  const core = settings.accept.has('core-features') ? [] : open.filter(({ feature }) => CORE.has(feature));
  const consequences = notes.size === 0 ? [] : open.flatMap(({ feature }) => notes.get(feature) ?? []);
  return [
    ...inexpressible(c, open),
    ...core.map(({ feature, missingOn, unknownOn }) =>
      issue('core-feature', { feature, missingOn, unknownOn }),
    ),
    ...consequences,
    ...orphans(c, consequences),
  ];
}

function inexpressible(c: CpuCase, open: readonly PlannedDisable[]): readonly Issue[] {
  const unnamed = open.filter(({ unnamedOn, feature }) => unnamedOn.length > 0 && isSeen(c, feature));
  const withheld = withheldIssues(c, unnamed.filter(isWithheld));
  // QEMU turns these off, whatever libvirt calls them.
  const others = c.settings.onArrival ? [] : unnamed.filter((one) => !isWithheld(one));
  if (others.length === 0) return withheld;
  const facts = inexpressibleFacts(others);
  // A host's own form has a line only for what that host has, and so its libvirt can name it.
  const found =
    c.settings.form === 'per-host'
      ? issue('feature-not-named', facts)
      : issue('feature-not-expressible', { ...facts, ...wayUp(c, facts.features) });
  return [found, ...withheld];
}

function inexpressibleFacts(
  some: readonly PlannedDisable[],
): Pick<IssueFactsByCode['feature-not-expressible'], 'features' | 'unnamedOn'> {
  const unnamedOn = [...new Set(some.flatMap((one) => one.unnamedOn))].sort();
  return { features: some.map(({ feature }) => feature), unnamedOn };
}

/** No form of `<cpu>` turns these off. Where hosts differ in them, QEMU does on arrival. */
function withheldIssues(c: CpuCase, withheld: readonly PlannedDisable[]): readonly Issue[] {
  if (withheld.length === 0) return [];
  const levelled = c.pool.ask(arrivalOf).features;
  const isOpen = ({ feature }: PlannedDisable): boolean =>
    !(c.settings.onArrival && levelled.includes(feature));
  const facts = inexpressibleFacts(withheld.filter(isOpen));
  if (facts.features.length === 0) return [];
  const isLevelled = facts.features.every((name) => levelled.includes(name));
  return [
    issue('feature-not-expressible', {
      ...facts,
      instead: [],
      withheld: true,
      ...(isLevelled && { option: 'onArrival' }),
    }),
  ];
}

/** Every libvirt has a name for these: where one hands QEMU no line about them, none of any form turns them off. */
function isWithheld({ feature, unnamedOn }: PlannedDisable): boolean {
  return unnamedOn.length > 0 && TOPOLOGY_OWNED.has(feature);
}

/** Where a parent could be disabled in place of each of these, the option that lets it. */
function wayUp(
  { settings, pool }: CpuCase,
  features: readonly string[],
): Pick<IssueFactsByCode['feature-not-expressible'], 'instead' | 'option'> {
  const ancestors = features.map((feature) => namedAncestor(pool.maps, feature));
  if (settings.disableParent || ancestors.includes(undefined)) return { instead: [] };
  const instead = [...new Set(ancestors.filter((name) => name !== undefined))].sort();
  return { instead, option: 'disableParent' };
}

/** A pinned model has nothing that it is not given, but for what comes with a feature it has. */
function isSeen({ settings, pool }: CpuCase, feature: string): boolean {
  const isPinned = settings.pin !== undefined;
  const ancestor = isPinned ? namedAncestor(pool.maps, feature) : feature;
  return ancestor !== undefined && (!isPinned || pool.common.has(ancestor));
}

/** A feature that is disabled because of another, and that the domain insists on. */
function orphans(c: CpuCase, consequences: readonly Consequence[]): readonly Issue[] {
  if (consequences.length === 0) return [];
  const obstacles = new Map(consequences.map((one) => [one.feature, obstacleOf(one)]));
  return c.cpu.features.flatMap((feature) => {
    const obstacle = isWanted(feature) ? obstacles.get(feature.name) : undefined;
    return obstacle === undefined ? [] : [conflict(c, feature, obstacle)];
  });
}

function obstacleOf(one: Consequence): Obstacle {
  return one.code === 'feature-dependency'
    ? { cause: 'parent', parent: one.parent }
    : { cause: 'instead', insteadOf: one.insteadOf };
}
