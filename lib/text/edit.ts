import type { Edit } from '../../types/xml.ts';

/**
 * The text with every edit made; the same string when there is none. This is the only place that splices.
 *
 * @throws RangeError if the edits overlap, are out of order or lie outside the text; TypeError for what is none.
 * @example
 * applyEdits("<a b='x'/>", [{ start: 6, end: 7, text: 'y' }]); // → "<a b='y'/>"
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  if (typeof text !== 'string' || !Array.isArray(edits))
    throw new TypeError('applyEdits takes a text, and a list of { start, end, text }');
  if (edits.length === 0) return text;
  let result = '';
  let done = 0;
  for (const edit of edits as readonly (Partial<Edit> | undefined)[]) {
    const { start = -1, end = -1, text: replacement } = edit ?? {};
    if (!(start >= done && end >= start && end <= text.length && typeof replacement === 'string')) {
      throw new RangeError(`edit ${start}–${end} overlaps another, is out of order or lies outside the text`);
    }
    result += text.slice(done, start) + replacement;
    done = end;
  }
  return result + text.slice(done);
}

/**
 * The one edit that makes one text of another; none where they are the same.
 *
 * @param within edits that make it, if somebody knows them: there is no other difference.
 */
export function editBetween(before: string, after: string, within: readonly Edit[] = []): readonly Edit[] {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = within[0]?.start ?? 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let kept = Math.min(before.length - (within.at(-1)?.end ?? before.length), most - start);
  const isKept = (i: number): boolean =>
    before.charCodeAt(before.length - 1 - i) === after.charCodeAt(after.length - 1 - i);
  while (kept < most - start && isKept(kept)) kept++;
  return [{ start, end: before.length - kept, text: after.slice(start, after.length - kept) }];
}
