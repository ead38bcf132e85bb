import coerce from 'semver/functions/coerce.js';
import compare from 'semver/functions/compare.js';

/** A libvirt or QEMU version in three numbers (`9.0.0`), from what people write (`9.0`, `libvirt 9.0.0-4+deb12`). */
export function normalVersion(version: string): string | undefined {
  return coerce(version)?.version;
}

/** Below zero, zero or above zero, as `a` is older than, the same as or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  return compare(a, b);
}
