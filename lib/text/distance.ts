/**
 * How many letters to change, add, leave out or swap with their neighbour, to get from one word to the other
 * (Levenshtein's distance, as optimal string alignment).
 *
 * @example
 * editDistance('chekc', 'check'); // → 1
 */
export function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const least = Math.min(at(above, j), at(row, j - 1), at(above, j - 1) - Number(a[i - 1] === b[j - 1]));
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(1 + (isSwapped ? Math.min(least, at(before, j - 2)) : least));
    }
    before = above;
  }
  return at(row, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}

/** What goes behind a complaint about a word, where there is one that may have been meant. */
export function guess(meant: string | undefined): string {
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
}

/**
 * The candidate that somebody may have meant who wrote `word`: the one that begins with it, or the nearest by letters;
 * `undefined` where none is near.
 *
 * @example
 * closest('instal', ['install', 'uninstall']); // → 'install'
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const beginning = wanted === '' ? [] : candidates.filter((one) => one.toLowerCase().startsWith(wanted));
  if (beginning.length === 1) return beginning[0];
  const limit = Math.floor(wanted.length / 3);
  const ranked = candidates
    .filter((one) => Math.abs(one.length - wanted.length) <= limit)
    .map((one) => ({ one, distance: editDistance(wanted, one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= limit ? best.one : undefined;
}
