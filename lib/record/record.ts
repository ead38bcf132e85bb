import type { Domain } from '../../types/domain.ts';
import type { Issue } from '../../types/issue.ts';
import type { ReadOptions } from '../../types/options.ts';
import type { DomainRecord, RecordedChange } from '../../types/record.ts';
import type { Edit } from '../../types/xml.ts';
import { isLibvirtXmlError, issue, placed } from '../issues/issues.ts';
import { parseDomain } from '../parser/domain/domain.ts';
import { parseRecord } from './read.ts';
import { applyEdits } from '../text/edit.ts';
import { positionAt } from '../text/position.ts';
import { undo } from './undo.ts';

/** A domain as it was before an earlier rewrite, as far as its record tells. */
export interface Undone {
  readonly domain: Domain;
  readonly edits: readonly Edit[];
  /** What the record says, and what of it was still so. */
  readonly recorded: readonly RecordedChange[];
  readonly standing: readonly RecordedChange[];
  /** That the record speaks of what no rewrite writes, if so. */
  readonly issues: readonly Issue[];
}

/**
 * The domain without what an earlier rewrite with `record` added to it, and without the record. What somebody changed
 * since then is theirs and stays. The same text where there is no record.
 *
 * @throws LibvirtXmlError for input that cannot be read.
 * @example
 * const record = "<m:added xmlns:m='urn:libvirt-migratable:1'><m:feature name='clwb' policy='disable'/></m:added>";
 * const cpu = "<cpu mode='maximum'><feature policy='disable' name='clwb'/><feature policy='disable' name='aes'/></cpu>";
 * undoRewrite(`<domain><metadata><a xmlns='urn:a'/>${record}</metadata>${cpu}</domain>`);
 * // → "<domain><metadata><a xmlns='urn:a'/></metadata><cpu mode='maximum'><feature policy='disable' name='aes'/></cpu></domain>"
 */
export function undoRewrite(domainXml: string, options: ReadOptions = {}): string {
  return undoRecorded(parseDomain(domainXml, options), options).domain.text;
}

/** The domain an earlier rewrite started from. */
export function undoRecorded(domain: Domain, options: ReadOptions): Undone {
  const record = parseRecord(domain);
  if (record === undefined) return { domain, edits: [], recorded: [], standing: [], issues: [] };
  try {
    return taken(domain, record, options);
  } catch (error) {
    if (!isLibvirtXmlError(error)) throw error;
    // Somebody altered the record so that it leads to no domain any more: all it spoke of is theirs.
    return taken(domain, { ...record, changes: [] }, options);
  }
}

function taken(domain: Domain, record: DomainRecord, options: ReadOptions): Undone {
  const { edits, standing } = undo(domain, record);
  const text = applyEdits(domain.text, edits);
  const { changes: recorded, foreign: places, span } = record;
  const { line, column } = positionAt(domain.text, span.start);
  const issues =
    places.length === 0 ? [] : [placed(issue('record-foreign', { places }), span, { line, column })];
  return { domain: parseDomain(text, options), edits, recorded, standing, issues };
}

/** Does a record say the same as another, and did all of that still stand? */
export function isSame({ recorded, standing }: Undone, record: readonly RecordedChange[]): boolean {
  if (recorded.length !== standing.length || standing.length !== record.length) return false;
  const said = (changes: readonly RecordedChange[]): string => changes.map(saying).sort().join('\n');
  return said(standing) === said(record);
}

function saying(change: RecordedChange): string {
  return JSON.stringify(Object.entries(change).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Findings in an undone domain, with the places they have in the text somebody gave. */
export function placedInOriginal(
  issues: readonly Issue[],
  edits: readonly Edit[],
  text: string,
): readonly Issue[] {
  if (edits.length === 0) return issues;
  return issues.map((found) => {
    if (found.span === undefined) return found;
    const span = { start: before(edits, found.span.start), end: before(edits, found.span.end) };
    return { ...found, span, ...positionAt(text, span.start) };
  });
}

/** Where an offset was before some edits were made. */
function before(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (offset < start + shift + text.length) break;
    shift += text.length - (end - start);
  }
  return offset - shift;
}
