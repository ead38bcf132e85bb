/**
 * Bits that say "you must defend", and against what: over a pool they hold as soon as one host has them. Apart from the
 * tables for who needs no more of them, because a gate starts with every migration. `rrsba` is no name of libvirt's yet.
 */
export const DUTY_FLAWS: ReadonlyMap<string, string> = new Map([
  ['fb-clear', 'MMIO stale data'],
  ['rfds-clear', 'register file data sampling'],
  ['rrsba', 'return stack buffer underflow'],
  ['rsba', 'Retbleed'],
  ['verw-clear', 'transient scheduler attacks'],
]);

/** Bits that say "an old behaviour has ended": disabling one levels nothing. */
export const INVERSE_BITS: ReadonlySet<string> = new Set([
  'fdp-excptn-only',
  'fs-gs-base-ns',
  'no-lmsl',
  'zero-fcs-fds',
]);
