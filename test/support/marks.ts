const MARKS = /⟦(?:([^⟦⟧→]*)→)?([^⟦⟧]*)⟧/g;

/**
 * A text before and after an edit, from one that shows the edit in its place: `⟦new⟧` for an insertion, `⟦old→new⟧`
 * for a replacement.
 */
export function beforeAndAfter(shown: string): { readonly before: string; readonly after: string } {
  return {
    before: shown.replaceAll(MARKS, (_, old: string | undefined) => old ?? ''),
    after: shown.replaceAll(MARKS, (_, _old, fresh: string) => fresh),
  };
}
