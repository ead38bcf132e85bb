import { isSince } from './since.ts';

/**
 * First measured QEMU that has a feature name, in libvirt's spelling; what is not listed here QEMU 7.2 has. Measured in
 * 7.2.22, 10.0.13 and 11.1.3 by `scripts/measure-qemu.mjs dependencies`: a name listed under 10.0 may be some releases older.
 * No name has gone since.
 */
const FIRST_IN = [
  {
    qemu: '10.0',
    names:
      'amd-psfd amx-complex amx-fp16 auto-ibrs avx-ifma avx-ne-convert avx-vnni-int16 avx-vnni-int8 avx10 avx10-128 ' +
      'avx10-256 avx10-512 bhi-ctrl bhi-no cmpccxadd ddpd-u eraps fb-clear fbsdp-no fdp-excptn-only flush-l1d fred fsrc ' +
      'fsrs fzrm gds-no ibpb-brtype intel-psfd ipred-ctrl kvm-asyncpf-vmexit lam lfence-always-serializing lkgs mcdt-no ' +
      'no-nested-data-bp null-sel-clr-base overflow-recov pbrsb-no perfmon-v2 prefetchiti psdp-no rfds-clear rfds-no ' +
      'rrsba-ctrl sbdr-ssdp-no sbpb sgx-aex-notify sgx-edeccssa sha512 sm3 sm4 srso-no srso-user-kernel-no ' +
      'stibp-always-on succor vmx-any-errcode vmx-enable-user-wait-pause vmx-entry-load-fred vmx-exit-secondary-ctls ' +
      'vmx-nested-exception vnmi wrmsrns zero-fcs-fds',
  },
  {
    qemu: '11.1',
    names:
      'amx-avx512 amx-bf16-alias amx-complex-alias amx-fp16-alias amx-fp8 amx-int8-alias amx-movrs amx-tf32 ' +
      'apx-nci-ndd-nf apxf avx10-vnni-int cet-ibt cet-ss fs-gs-base-ns gmet its-no movrs msr-imm prefetchi tsa-l1-no ' +
      'tsa-sq-no verw-clear vmx-entry-load-cet vmx-exit-save-cet vmx-mbec',
  },
] as const;

/** Features that QEMU shows a guest and no libvirt up to 12.8 has a name for, but for what follows the host's kernel (`kvm-…`). */
const NEVER_NAMED = 'full-width-write';

/**
 * Features that a QEMU of this version can show and these libvirt names do not cover, sorted: nothing in an XML of that
 * libvirt turns them off, and nothing in its domcapabilities tells of them. `kvm-…` is left out, QEMU 7.2's own names too.
 *
 * @param named every name that the host's libvirt has.
 */
export function unnamedFeatures(qemuVersion: string, named: ReadonlySet<string>): readonly string[] {
  const all = [...newNames(qemuVersion), NEVER_NAMED];
  return all.filter((name) => !name.startsWith('kvm-') && !named.has(name)).sort();
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
  return newNames(qemuVersion).filter((name) => isGiven(name) && !named.has(name));
}

/** What this QEMU has and the oldest that was measured has not. */
function newNames(qemuVersion: string): readonly string[] {
  return FIRST_IN.flatMap(({ qemu, names }) => (isSince(qemuVersion, qemu) ? names.split(' ') : []));
}

/** Is this QEMU at least as new as the oldest that was measured? Of an older one, nobody knows which names it has. */
export function isMeasuredSince(qemuVersion: string): boolean {
  return isSince(qemuVersion, '7.2');
}

/** Does a newer libvirt have a name for what this one has none for? */
export function isNamedLater(feature: string): boolean {
  return feature !== NEVER_NAMED;
}

/**
 * Whether QEMU of this version has a property for a feature: `no` for certain, `yes`, or `maybe` for a release between
 * two that were measured.
 */
export function qemuHasName(qemuVersion: string, feature: string): 'yes' | 'no' | 'maybe' {
  const row = FIRST_IN.findIndex(({ names }) => names.split(' ').includes(feature));
  const first = FIRST_IN[row]?.qemu;
  if (first === undefined || isSince(qemuVersion, first)) return 'yes';
  const measuredBefore = FIRST_IN[row - 1]?.qemu ?? '7.2';
  return isSince(qemuVersion, measuredBefore) && !isMeasured(qemuVersion, measuredBefore) ? 'maybe' : 'no';
}

/** Whether a version is of the release that was measured: `10.0.13` of `10.0`. */
function isMeasured(version: string, release: string): boolean {
  return version === release || version.startsWith(`${release}.`);
}
