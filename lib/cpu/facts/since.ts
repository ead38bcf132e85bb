/**
 * Whether a version is this one or a later one, number by number: `isSince('10.0.13', '10.1')` is `false`. Numbers alone,
 * because the hook carries these facts and no package.
 */
export function isSince(version: string, first: string): boolean {
  const [have, want] = [numbers(version), numbers(first)];
  const at = want.findIndex((number, i) => number !== (have[i] ?? 0));
  return at < 0 || (have[at] ?? 0) > (want[at] ?? 0);
}

function numbers(version: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}
