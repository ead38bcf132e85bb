import type { Domain } from '../types/domain.ts';
import type { Issue } from '../types/issue.ts';
import type { ReadOptions } from '../types/options.ts';
import type {
  DomainChange,
  DomainForm,
  DomainPlan,
  Refused,
  Rewritten,
  RewriteResult,
  RewrittenPerHost,
} from '../types/plan.ts';
import type { Edit } from '../types/xml.ts';
import { Answer } from './checked-guest.ts';
import type { PoolFacts } from './diff/pool/facts.ts';
import type { Settings } from './diff/settings.ts';
import { plannedFor, wayOut } from './diff/ways.ts';
import { hasErrors } from './issues/issues.ts';
import { parseDomain } from './parser/domain/domain.ts';
import { withRecord } from './record/note.ts';
import { isSame, placedInOriginal, undoRecorded } from './record/record.ts';
import { applyEdits, editBetween } from './text/edit.ts';
import { frozen } from './text/frozen.ts';
import { remembered } from './text/remembered.ts';
import { nameOrKind } from './text/value-kind.ts';
import { editsFor } from './writer/edits.ts';
import type { Lines } from './xml/lines.ts';

type Recorded = NonNullable<Rewritten['recorded']>;

/** How changes of a domain become a text. */
type FormOf = (changes: readonly DomainChange[]) => DomainForm;

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
  const { plan, stops } = plannedFor(domain, facts, settings);
  if (stops) return new RefusedGuest(domain, plan, () => wayOut(domain, facts, settings, plan.issues));
  return new RewrittenGuest(domain, plan, (changes) => {
    const edits = editsFor(domain, changes, lines);
    return formed(domainXml, applyEdits(domainXml, edits), edits);
  });
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
  const { ok, forHost, perHost, plan, issues, domain } = result;
  return Object.freeze({ ok, forHost, perHost, plan, issues, domain });
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
  const { plan, stops } = plannedFor(domain, facts, settings, (issues) => [
    ...undone.issues,
    ...placedInOriginal(issues, undone.edits, domainXml),
  ]);
  if (stops || hasErrors(undone.issues))
    return new RefusedGuest(domain, plan, () => wayOut(domain, facts, settings, plan.issues));
  const shared = withRecord(domain, plan.shared);
  const formOf: FormOf = (changes) => {
    const recorded = changes === plan.shared ? shared : withRecord(domain, changes);
    if (isSame(undone, recorded.record)) return formed(domainXml, domainXml, []);
    const edits = editsFor(domain, recorded.changes, lines);
    const xml = applyEdits(domain.text, edits);
    return formed(domainXml, xml, editBetween(domainXml, xml, domain.text === domainXml ? edits : []));
  };
  return new RewrittenGuest(domain, plan, formOf, frozen({ before: undone.standing, after: shared.record }));
}

function formed(text: string, xml: string, edits: readonly Edit[]): DomainForm {
  return Object.freeze({ xml, edits: frozen(edits), changed: xml !== text });
}

class RefusedGuest extends Answer implements Refused {
  readonly ok = false;
  readonly plan: DomainPlan;
  readonly #wayOut: () => readonly Issue[];
  #issues: readonly Issue[] | undefined;

  constructor(domain: Domain, plan: DomainPlan, wayOut: () => readonly Issue[]) {
    super(domain);
    this.plan = plan;
    this.#wayOut = wayOut;
    Object.freeze(this);
  }

  get issues(): readonly Issue[] {
    return (this.#issues ??= frozen([...this.plan.issues, ...this.#wayOut()]));
  }

  toJSON(): object {
    return { ok: false, levels: this.plan.levels, issues: this.issues };
  }
}

class RewrittenGuest extends Answer implements Rewritten {
  readonly ok = true;
  readonly xml: string;
  readonly edits: readonly Edit[];
  readonly changed: boolean;
  readonly plan: DomainPlan;
  declare readonly recorded?: Recorded;
  readonly #formOf: FormOf;
  /** Hosts of one kind have the same changes: a fleet of thousands has only a few forms. */
  #forms: Map<readonly DomainChange[], DomainForm> | undefined;

  constructor(domain: Domain, plan: DomainPlan, formOf: FormOf, recorded?: Recorded) {
    super(domain);
    const { xml, edits, changed } = formOf(plan.shared);
    this.xml = xml;
    this.edits = edits;
    this.changed = changed;
    this.plan = plan;
    this.#formOf = formOf;
    if (recorded !== undefined) this.recorded = recorded;
    Object.freeze(this);
  }

  get forHost(): Rewritten['forHost'] {
    return (host) => this.#formFor(changesOn(this.plan, host));
  }

  #formFor(changes: readonly DomainChange[]): DomainForm {
    this.#forms ??= new Map();
    return remembered(this.#forms, changes, () => this.#formOf(changes));
  }

  get issues(): readonly Issue[] {
    return this.plan.issues;
  }

  get shared(): string {
    return this.xml;
  }

  get perHost(): Rewritten['perHost'] {
    const forms = Object.entries(this.plan.perHost).map(
      ([host, changes]) => [host, this.#formFor(changes).xml] as const,
    );
    return Object.freeze(Object.fromEntries(forms));
  }

  toJSON(): object {
    const { domain, plan, changed, edits, issues, recorded, xml } = this;
    const { name, uuid, type } = domain;
    const { disable, levels } = plan;
    return { ok: true, domain: { name, uuid, type }, changed, edits, disable, levels, issues, recorded, xml };
  }
}

function changesOn({ perHost }: DomainPlan, host: string): readonly DomainChange[] {
  const changes = typeof host === 'string' && Object.hasOwn(perHost, host) ? perHost[host] : undefined;
  if (changes === undefined) throw new RangeError(`the pool has no host ${nameOrKind(host)}`);
  return changes;
}
