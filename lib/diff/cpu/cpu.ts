import type { Baseline, BaselineHost } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import { cpuArgumentOf } from '../../cpu/cpu-argument.ts';
import { weaknessOf } from '../../cpu/grade.ts';
import { defaultModel } from '../../cpu/qemu-models.ts';
import { hasErrors } from '../../issues/issues.ts';
import { poolIssuesForGuest } from '../arch.ts';
import { cpuCase, NOTHING, saying, together, type Case, type CpuCase, type Outcome } from '../case.ts';
import { kindsBy, type Kinds } from '../pool/kinds.ts';
import { weighed } from '../settings.ts';
import { arrivalIssues, arrivalRefusals } from '../arrival/form.ts';
import { hiddenIssues } from '../arrival/hidden.ts';
import { argumentOutcome, globalIssues } from './argument.ts';
import { cpuWithoutElement, isWanted, takesFeatures } from './changes.ts';
import { costIssues, floorIssues } from './cost-issues.ts';
import { guestFeatures, withConsequences } from './costs.ts';
import { modelIssues } from './custom-model.ts';
import { disablesFor, type Disables } from './disables.ts';
import { doubtfulIssues } from './doubtful.ts';
import { featureIssues } from './findings.ts';
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
    const stops = mayStop(c, found) ? doubtfulIssues(c, found) : NOTHING.issues;
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
    const doubts = found.doubtful.length === 0 ? NOTHING.issues : doubtfulIssues(c, found);
    const costs = costIssues(c, found.disable);
    return [...c.pool.notes, ...issues, ...doubts, ...others, ...costs, ...floor];
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
