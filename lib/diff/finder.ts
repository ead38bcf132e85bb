import type { Issue, IssueCode, IssueFacts, Severity } from '../../types/issue.ts';
import type { Span } from '../../types/xml.ts';
import { issue } from '../issues/issues.ts';
import { positionsIn } from '../text/position.ts';

/** Makes findings, at a place in a domain where they have one. */
export type Finder = (
  code: IssueCode,
  span: Span | undefined,
  facts: IssueFacts,
  severity?: Severity,
) => Issue;

/** For findings in this text, cheapest when made in the order of their places. */
export function finderIn(text: string): Finder {
  const positionOf = positionsIn(text);
  return (code, span, facts, severity) =>
    issue(code, span === undefined ? facts : { ...facts, span, ...positionOf(span.start) }, severity);
}
