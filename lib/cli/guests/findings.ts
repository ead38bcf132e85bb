import type { Domain } from '../../../types/domain.ts';
import type { Issue } from '../../../types/issue.ts';
import type { PlannedDisable } from '../../../types/plan.ts';
import type { ReportedGuest, ReportFinding, ReportRegion } from '../../../types/guests-report.ts';
import type { Span } from '../../../types/xml.ts';
import { isLibvirtXmlError } from '../../issues/issues.ts';
import { every } from '../../issues/words.ts';
import { positionsIn } from '../../text/position.ts';
import { groupedBy } from '../../text/remembered.ts';
import { CommandError } from '../errors.ts';
import { costWords } from '../../report/costs.ts';
import { whyOff } from '../../report/reasons.ts';
import { inCommandWords } from '../../report/wording.ts';
import type { Guest } from './guest.ts';

export interface Judged {
  readonly domain: Domain;
  readonly isFine: boolean;
  /** With places in the whole file. */
  readonly issues: readonly Issue[];
  /** What the guest sees and must not. */
  readonly disable: readonly PlannedDisable[];
}

/** The same for a report. What stands for all guests is left out: it is reported once. */
export function reportedGuest(guest: Guest, judged: Judged, about: readonly Issue[]): ReportedGuest {
  const { domain, isFine, issues, disable } = judged;
  const regionOf = regionsIn(guest.file.text);
  const known = new Set(about.map(keyOf));
  const own = issues.filter((found) => !known.has(keyOf(found)));
  const { manifest, line, column } = guest;
  const named = { startLine: line, startColumn: column, endLine: line, endColumn: column };
  return {
    file: guest.file.path,
    name: domain.name,
    verdict: isFine ? 'fine' : 'finding',
    region: manifest === undefined ? regionOf(placeOf(domain, guest)) : named,
    findings: [...seenFeatures(disable), ...own.map((found) => findingOf(found, regionOf))],
  };
}

/** What a guest's findings without a place are about: its CPU, or that it has none. */
function placeOf({ cpu, span }: Domain, guest: Guest): Span {
  const { start, end } = cpu?.startTag ?? { start: span.start, end: span.start + '<domain'.length };
  return { start: start + guest.start, end: end + guest.start };
}

function keyOf({ code, message }: Issue): string {
  return `${code} ${message}`;
}

export function findingOf(found: Issue, regionOf?: (span: Span) => ReportRegion): ReportFinding {
  const { code, severity, message, span } = inCommandWords(found);
  const region = span === undefined || regionOf === undefined ? {} : { region: regionOf(span) };
  return { code, severity, message, ...region };
}

/** A finding for all features that have one reason, and cost the guest one thing. */
function seenFeatures(disable: readonly PlannedDisable[]): readonly ReportFinding[] {
  const groups = groupedBy(disable, (one) => `${one.reason} ${whyOff(one, 'it')} ${costOf(one)}`);
  return [...groups.values()].flatMap((all): readonly ReportFinding[] => {
    const [first, another] = all;
    if (first === undefined) return [];
    const why = whyOff(first, another === undefined ? 'it' : 'them');
    const message = `the guest sees ${every(all.map(({ feature }) => feature))}: ${why}${costOf(first)}`;
    return [{ code: first.reason, severity: 'error', message }];
  });
}

function costOf({ consequence }: PlannedDisable): string {
  return consequence?.cost === undefined ? '' : `. ${costWords(consequence)}`;
}

function regionsIn(text: string): (span: Span) => ReportRegion {
  const positionOf = positionsIn(text);
  return ({ start, end }) => {
    const [from, to] = [positionOf(start), positionOf(end)];
    return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
  };
}

/** A guest that cannot be read, for a report. */
export function reportedFailure(file: string, error: unknown): ReportedGuest {
  const isInput = isLibvirtXmlError(error);
  const code = isInput || error instanceof CommandError ? error.code : 'system';
  const message = isInput ? error.reason : error instanceof Error ? error.message : String(error);
  const place = isInput ? { startLine: error.line, startColumn: error.column } : undefined;
  const region = place && { ...place, endLine: place.startLine, endColumn: place.startColumn };
  const finding: ReportFinding = { code, severity: 'error', message, ...(region && { region }) };
  return { file, name: undefined, verdict: 'unreadable', region: undefined, findings: [finding] };
}
