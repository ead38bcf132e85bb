/**
 * Whether a version is this one or a later one, number by number: `isSince('10.0.13', '10.1')` is `false`. Numbers alone,
 * because the hook carries these facts and no package.
 */
export function isSince(version: string, first: string): boolean {
  const [have, want] = [numbers(version), numbers(first)];
  const at = want.findIndex((number, i) => number !== (have[i] ?? 0));
  return at < 0 || (have[at] ?? 0) > (want[at] ?? 0);
}

/** The release that a version is of: `10.0` of `10.0.13`. */
export function releaseOf(version: string): string {
  return version.split('.', 2).join('.');
}

/** The number of a machine type in QEMU's numbering: `9.2` of `pc-q35-9.2`; none for a distribution's own. */
export function numberOfMachine(machine = ''): string | undefined {
  return /-(\d+\.\d+)(?:\.\d+)?$/.exec(machine)?.[1];
}

function numbers(version: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}
