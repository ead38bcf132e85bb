/**
 * Bits that say "you must defend": over a pool they hold as soon as one host has them. Names only, for who needs no
 * more of the tables (a gate starts with every migration); `rrsba` is no name of libvirt's yet.
 */
export const DUTY_BITS: ReadonlySet<string> = new Set([
  'fb-clear',
  'rfds-clear',
  'rrsba',
  'rsba',
  'verw-clear',
]);

/** Bits that say "an old behaviour has ended": disabling one levels nothing. */
export const INVERSE_BITS: ReadonlySet<string> = new Set([
  'fdp-excptn-only',
  'fs-gs-base-ns',
  'no-lmsl',
  'zero-fcs-fds',
]);
