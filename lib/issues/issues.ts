import type {
  HostIssueCode,
  InputErrorCode,
  Issue,
  IssueCode,
  IssueFactsByCode,
  IssueHead,
  IssuePlace,
  Severity,
} from '../../types/issue.ts';
import type { Position, Span } from '../../types/xml.ts';
import { excerptAt, positionAt, positionsIn } from '../text/position.ts';
import { libraryOption, sentence } from './format.ts';
import { entryOf } from './table.ts';

/** A finding with its weight and words. `severity` replaces the usual weight where an option asks for it. */
export function issue<Code extends IssueCode>(
  code: Code,
  facts: IssueFactsByCode[Code],
  severity: Severity = entryOf(code).severity,
): Issue<Code> {
  return { code, severity, message: sentence(code, facts, libraryOption), ...facts };
}

/** Makes findings, at a place in a text where they have one. */
export type IssueAt = <Code extends IssueCode>(
  code: Code,
  span: Span | undefined,
  facts: IssueFactsByCode[Code],
  severity?: Severity,
) => Issue<Code>;

/** The one way to make a finding at a place in this text; cheapest in the order of the places. */
export function issuesIn(text: string): IssueAt {
  const positionOf = positionsIn(text);
  return (...finding) => issueWith(positionOf, ...finding);
}

function issueWith<Code extends IssueCode>(
  positionOf: (offset: number) => Position,
  code: Code,
  span: Span | undefined,
  facts: IssueFactsByCode[Code],
  severity: Severity = entryOf(code).severity,
): Issue<Code> {
  if (span === undefined) return issue(code, facts, severity);
  const { line, column } = positionOf(span.start);
  // In one step: a document may have a hundred thousand lines that are wrong.
  return { code, severity, message: sentence(code, facts, libraryOption), ...facts, span, line, column };
}

/**
 * The same for findings of which most are never read: their words and lines are worked out when somebody reads them.
 * What is given out is made of them by `plainIssue`.
 */
export function laterIssuesIn(text: string): IssueAt {
  const positionOf = positionsIn(text);
  return (code, span, facts, severity) => laterIssue({ code, span, facts, severity, positionOf });
}

/** What a finding is made of. */
interface Parts<Code extends IssueCode> {
  readonly code: Code;
  readonly span: Span | undefined;
  readonly facts: IssueFactsByCode[Code];
  readonly severity: Severity | undefined;
  readonly positionOf: (offset: number) => Position;
}

function laterIssue<Code extends IssueCode>(parts: Parts<Code>): Issue<Code> {
  return Object.assign<Finding<Code>, IssueFactsByCode[Code]>(new Finding(parts), parts.facts);
}

/** A class, because V8 gives each object with getters of its own a shape of its own. */
class Finding<Code extends IssueCode> implements IssueHead<Code> {
  readonly code: Code;
  readonly severity: Severity;
  readonly #parts: Parts<Code>;

  constructor(parts: Parts<Code>) {
    this.code = parts.code;
    this.severity = parts.severity ?? entryOf(parts.code).severity;
    this.#parts = parts;
  }

  get message(): string {
    return this.plain().message;
  }

  plain(): Issue<Code> {
    const { code, span, facts, positionOf } = this.#parts;
    return issueWith(positionOf, code, span, facts, this.severity);
  }
}

/** A finding as plain data. */
export function plainIssue(found: Issue): Issue {
  return found instanceof Finding ? (found.plain() as Issue) : found;
}

/** The same finding at another place, whatever its code. */
export function placed<One extends IssuePlace>(found: One, span: Span, { line, column }: Position): One {
  return { ...found, span, line, column };
}

/** The same finding about other hosts. */
export function aboutHosts(
  { code, severity, message, ...facts }: Issue<HostIssueCode>,
  hosts: readonly string[],
  weight: Severity = severity,
): Issue<HostIssueCode> {
  return issue(code, { ...facts, hosts }, weight);
}

/**
 * Does any issue stop the write?
 *
 * @throws TypeError for what is no list of issues.
 * @example
 * hasErrors(disableFeatures('<domain/>', ['avx2']).issues); // → false
 */
export function hasErrors(issues: readonly Issue[]): boolean {
  if (!Array.isArray(issues)) throw notIssues();
  return (issues as readonly (Partial<Issue> | null | undefined)[]).some((found) => {
    if (found?.severity === undefined) throw notIssues();
    return found.severity === 'error';
  });
}

function notIssues(): TypeError {
  return new TypeError('hasErrors takes a list of issues: result.issues');
}

/**
 * Input that cannot be read. `message` has the file, line and column, the reason, the line with a caret under the
 * culprit, and what to do. Two copies of the library may be loaded (ESM and CommonJS): test with `isLibvirtXmlError`.
 */
export class LibvirtXmlError extends Error {
  override readonly name = 'LibvirtXmlError';
  readonly code: InputErrorCode;
  /** Why, in one sentence, without the place. */
  readonly reason: string;
  readonly file: string | undefined;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** In UTF-16 units from 0. */
  readonly offset: number;
  /** The line and a caret below it; empty where there is no text. */
  readonly excerpt: string;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(code: InputErrorCode, reason: string, place: ErrorPlace) {
    const { line, column }: Position = positionAt(place.text, place.offset);
    const excerpt = place.text === '' ? '' : excerptAt(place.text, place.offset);
    const hint = place.hint === undefined ? '' : `\n${place.hint}`;
    const where = `${place.file ?? '<input>'}:${line}:${column}: `;
    const shown = excerpt === '' ? '' : `\n${excerpt}`;
    super(`${place.text === '' && place.file === undefined ? '' : where}${reason}${shown}${hint}`);
    this.code = code;
    this.reason = reason;
    this.file = place.file;
    this.line = line;
    this.column = column;
    this.offset = place.offset;
    this.excerpt = excerpt;
    this.hint = place.hint;
  }
}

/** Where an input error stands, and what to do about it. */
export interface ErrorPlace {
  readonly text: string;
  readonly offset: number;
  readonly file?: string | undefined;
  readonly hint?: string | undefined;
}

/**
 * Is this an input error of this library, whichever copy of it threw?
 *
 * @example
 * try { parseDomain('<domain>'); } catch (error) { isLibvirtXmlError(error) && error.code; } // → 'bad-xml'
 */
export function isLibvirtXmlError(error: unknown): error is LibvirtXmlError {
  return error instanceof Error && error.name === 'LibvirtXmlError';
}
