import type { Domain } from '../types/domain.ts';
import type { Issue } from '../types/issue.ts';
import type { CheckOptions, ReadOptions } from '../types/options.ts';
import type {
  DomainChange,
  DomainForm,
  DomainPlan,
  Refused,
  Rewritten,
  RewriteResult,
  RewrittenPerHost,
} from '../types/plan.ts';
import type { CheckResult } from '../types/pool.ts';
import type { Edit } from '../types/xml.ts';
import { newCase } from './diff/case.ts';
import { turnedOff } from './diff/cpu/changes.ts';
import { planCase } from './diff/plan.ts';
import type { PoolFacts } from './diff/pool/facts.ts';
import { runningIssues, runningVerdicts } from './diff/running-guest.ts';
import { isPinned, isRunning } from './diff/running.ts';
import type { Settings } from './diff/settings.ts';
import { hasErrors } from './issues/issues.ts';
import { parseDomain } from './parser/domain/domain.ts';
import { withRecord } from './record/note.ts';
import { isSame, placedInOriginal, undoRecorded } from './record/record.ts';
import { applyEdits, editBetween } from './text/edit.ts';
import { frozen } from './text/frozen.ts';
import { wayOut } from './ways-out.ts';
import { editsFor } from './writer/edits.ts';
import type { Lines } from './xml/lines.ts';

/** A domain beside its plan, and how changes of it become a text. */
interface Planned {
  readonly text: string;
  readonly domain: Domain;
  readonly plan: DomainPlan;
  readonly formOf: (changes: readonly DomainChange[]) => DomainForm;
}

/** A pool, and what it remembers of the lines it wrote. */
export interface WritingPool {
  readonly facts: PoolFacts;
  readonly lines: Lines;
}

/** What a pool answers to a domain that is to be rewritten. @throws LibvirtXmlError for input that cannot be read */
export function rewriteIn(
  { facts, lines }: WritingPool,
  domainXml: string,
  settings: Settings,
  read: ReadOptions | undefined,
): RewriteResult {
  const domain = parseDomain(domainXml, read);
  const plan = planCase(newCase(domain, facts, settings));
  if (hasErrors(plan.issues)) return refused(domain, plan, wayOut(facts, domain, settings, plan.issues));
  const formOf = (changes: readonly DomainChange[]): DomainForm => {
    const edits = editsFor(domain, changes, lines);
    return formed(domainXml, applyEdits(domainXml, edits), edits);
  };
  return rewritten({ text: domainXml, domain, plan, formOf });
}

/** The same for each host alone, judged by that host's libvirt: there is no XML for all of them. */
export function rewritePerHostIn(
  pool: WritingPool,
  domainXml: string,
  settings: Settings,
  read: ReadOptions | undefined,
): RewrittenPerHost | Refused {
  const result = rewriteIn(pool, domainXml, { ...settings, form: 'per-host' }, read);
  if (!result.ok) return result;
  const { ok, forHost, plan, issues, domain } = result;
  return Object.freeze({
    ...{ ok, forHost, plan, issues, domain },
    get perHost() {
      return result.perHost;
    },
  });
}

/**
 * The same for a domain whose changes are noted in it: it is planned anew from what it was before the last rewrite. A
 * form that says the same again stays as it is.
 */
export function rewriteRecordedIn(
  { facts, lines }: WritingPool,
  domainXml: string,
  settings: Settings,
  read: ReadOptions = {},
): RewriteResult {
  const undone = undoRecorded(parseDomain(domainXml, read), read);
  const { domain } = undone;
  const found = planCase(newCase(domain, facts, settings));
  const issues = [...undone.issues, ...placedInOriginal(found.issues, undone.edits, domainXml)];
  const plan = Object.freeze({
    disable: found.disable,
    shared: found.shared,
    get perHost() {
      return found.perHost;
    },
    get levels() {
      return found.levels;
    },
    issues: Object.freeze(issues),
  });
  if (hasErrors(issues)) return refused(domain, plan);
  const formOf = (changes: readonly DomainChange[]): DomainForm => {
    const recorded = withRecord(domain, changes);
    if (isSame(undone, recorded.record)) return formed(domainXml, domainXml, []);
    const xml = applyEdits(domain.text, editsFor(domain, recorded.changes, lines));
    return formed(domainXml, xml, editBetween(domainXml, xml));
  };
  const after = withRecord(domain, plan.shared).record;
  return rewritten({ text: domainXml, domain, plan, formOf }, { before: undone.standing, after });
}

function formed(text: string, xml: string, edits: readonly Edit[]): DomainForm {
  return Object.freeze({ xml, edits: frozen(edits), changed: xml !== text });
}

function refused(domain: Domain, plan: DomainPlan, ways: readonly Issue[] = []): Refused {
  const issues = Object.freeze([...plan.issues, ...ways]);
  return Object.freeze({
    ...({ ok: false, issues, plan } as const),
    get domain() {
      return frozen(domain);
    },
    toJSON: () => ({ ok: false, levels: plan.levels, issues }),
  });
}

function rewritten({ domain, plan, formOf }: Planned, recorded?: Rewritten['recorded']): Rewritten {
  const { xml, edits, changed } = formOf(plan.shared);
  const forms = new Map<readonly DomainChange[], DomainForm>();
  // Hosts of one kind have the same changes: a fleet of thousands has only a few forms.
  const formFor = (changes: readonly DomainChange[]): DomainForm => {
    const form = forms.get(changes) ?? formOf(changes);
    forms.set(changes, form);
    return form;
  };
  const { issues } = plan;
  return Object.freeze({
    ok: true,
    ...{ xml, edits, changed, plan, issues },
    // Frozen when somebody asks for it: few do, and every list and span in it takes its time.
    get domain() {
      return frozen(domain);
    },
    shared: xml,
    forHost: (host: string) => formFor(changesOn(plan, host)),
    get perHost() {
      const all = Object.entries(plan.perHost).map(
        ([host, changes]) => [host, formFor(changes).xml] as const,
      );
      return Object.freeze(Object.fromEntries(all));
    },
    ...(recorded !== undefined && { recorded }),
    toJSON: () => ({
      ok: true,
      domain: { name: domain.name, uuid: domain.uuid, type: domain.type },
      ...{ changed, edits, disable: plan.disable, levels: plan.levels, issues, recorded, xml },
    }),
  } satisfies Rewritten & { readonly toJSON: () => object });
}

function changesOn({ perHost }: DomainPlan, host: string): readonly DomainChange[] {
  const changes = Object.hasOwn(perHost, host) ? perHost[host] : undefined;
  if (changes === undefined) throw new RangeError(`the pool has no host "${host}"`);
  return changes;
}

/** What a pool answers to whether a domain is safe to move as it is. */
export function checkIn(
  pool: PoolFacts,
  domainXml: string,
  settings: Settings,
  { read, runningOn }: CheckOptions,
): CheckResult {
  if (runningOn !== undefined && !pool.names.includes(runningOn))
    throw new RangeError(`the pool has no host "${runningOn}"`);
  const domain = parseDomain(domainXml, read);
  // What libvirt wrote into the XML of a running guest is nobody's demand.
  const isWritten = isPinned(domain);
  const accept = isWritten ? new Set([...settings.accept, 'conflicts' as const]) : settings.accept;
  const plan = planCase(newCase(domain, pool, { ...settings, accept }));
  const running = isRunning(domain) ? runningVerdicts(domain, pool, plan, runningOn) : undefined;
  const issues: readonly Issue[] = Object.freeze([
    ...plan.issues.filter(({ code }) => !isWritten || code !== 'policy-overridden'),
    ...(running ?? []).flatMap((verdict) => runningIssues(verdict, domain)),
  ]);
  const open = turnedOff(plan.shared);
  const disable = Object.freeze(plan.disable.filter(({ feature }) => open.has(feature)));
  const safe = !hasErrors(issues) && plan.shared.length === 0;
  return Object.freeze({
    ...{ safe, disable, plan, running, issues },
    get domain() {
      return frozen(domain);
    },
  });
}
