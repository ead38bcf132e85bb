import { libvirtName, NOT_IN_QEMU, qemuName } from '../names.ts';
import { MEASURED_PROPERTIES, type MeasuredProperties } from './measured/properties.ts';
import { isSince, releaseOf } from './since.ts';

/** Property → the first measured release that has it. */
const FIRST: ReadonlyMap<string, number> = new Map(
  MEASURED_PROPERTIES.flatMap(({ names }, row) => names.split(' ').map((name) => [name, row] as const)),
);

/** Feature properties that no libvirt up to 12.8 has a name for, except those that follow the host's kernel (`kvm-…`). */
const NEVER_NAMED = 'full-width-write';

/**
 * Whether this release of QEMU was measured: of one between two that were, only the names of the older one are certain; a
 * newer one may have names that are not in the table.
 */
export function isMeasuredQemu(qemuVersion: string): boolean {
  return MEASURED_PROPERTIES.some(({ qemu }) => releaseOf(qemuVersion) === releaseOf(qemu));
}

/**
 * Feature properties that a CPU of this QEMU has and these libvirt names do not cover, in QEMU's spelling, sorted: `<cpu>`
 * cannot turn them off, `-global TYPE-x86_64-cpu.NAME=off` can, and is fatal to a QEMU that does not have the property.
 * Those that follow the host's kernel (`kvm-…`) are listed too.
 *
 * @param named every feature name of the host's libvirt, which is no older than 9.0.0.
 * @example
 * unnamedProperties('10.0.13', new Set(['avx2'])).includes('succor'); // → true
 */
export function unnamedProperties(qemuVersion: string, named: ReadonlySet<string>): readonly string[] {
  // Of a QEMU older than all that were measured, the names of the oldest one are the best guess.
  const rows = Math.max(1, rowsUntil(qemuVersion).length);
  const isOpen = ([name, row]: readonly [string, number]): boolean =>
    row < rows && !named.has(libvirtName(name));
  return [...FIRST].flatMap((entry) => (isOpen(entry) ? entry[0] : [])).sort();
}

/**
 * Features that a QEMU of this version can show and these libvirt names do not cover, sorted: nothing in an XML of that
 * libvirt turns them off, and nothing in its domcapabilities tells of them. `kvm-…` is left out, QEMU 7.2's own names too.
 *
 * @param named every name that the host's libvirt has.
 */
export function unnamedFeatures(qemuVersion: string, named: ReadonlySet<string>): readonly string[] {
  return unnamedProperties(qemuVersion, named).filter(
    (name) => name === NEVER_NAMED || (isNew(name) && !name.startsWith('kvm-')),
  );
}

/**
 * The same with what follows the host's kernel (`kvm-…`) and without what every measured QEMU has: what a newer QEMU may
 * show its guests, and an older one has no property for. Emulation has no `kvm-…`.
 */
export function hiddenFeatures(
  qemuVersion: string,
  named: ReadonlySet<string>,
  virtType: string | undefined,
): readonly string[] {
  const isGiven = (name: string): boolean => virtType !== 'qemu' || !name.startsWith('kvm-');
  return unnamedProperties(qemuVersion, named).filter((name) => isNew(name) && isGiven(name));
}

/** Has the oldest QEMU that was measured no such property? */
function isNew(name: string): boolean {
  return (FIRST.get(name) ?? 0) > 0;
}

/** Is this QEMU at least as new as the oldest that was measured? Of an older one, nobody knows which names it has. */
export function isMeasuredSince(qemuVersion: string): boolean {
  return rowsUntil(qemuVersion).length > 0;
}

/** Does a newer libvirt have a name for what this one has none for? */
export function isNamedLater(feature: string): boolean {
  return feature !== NEVER_NAMED;
}

/**
 * Whether QEMU of this version has a property for a feature, which may be in libvirt's spelling: `no` for certain, `yes`, or
 * `maybe` for a release between two that were measured, and one that is older.
 */
export function qemuHasName(qemuVersion: string, feature: string): 'yes' | 'no' | 'maybe' {
  const row = FIRST.get(qemuName(feature));
  const rows = rowsUntil(qemuVersion);
  // What the oldest map of libvirt names has no row.
  if (row === undefined) return NOT_IN_QEMU.has(feature) && rows.length > 0 ? 'no' : 'yes';
  if (row < rows.length) return 'yes';
  // The release that was measured before the first one that has the name.
  const isOpen = row === 0 || (row === rows.length && rows.length > 0 && !isMeasuredQemu(qemuVersion));
  return isOpen ? 'maybe' : 'no';
}

/** Rows of the measured releases that are not newer than this one. */
function rowsUntil(qemuVersion: string): readonly MeasuredProperties[] {
  return MEASURED_PROPERTIES.filter(({ qemu }) => isSince(qemuVersion, releaseOf(qemu)));
}
