import { coerce, compare } from '#semver';

/** Three numbers, as libvirt has them: needs no package to be told from others, and semver takes longer to load than to compare. */
const PLAIN = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;
/** Two, as QEMU's machine types have them. */
const SHORT = /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/;

/** A libvirt or QEMU version in three numbers (`9.0.0`), from what people write (`9.0`, `libvirt 9.0.0-4+deb12`). */
export function normalVersion(version: string): string | undefined {
  if (PLAIN.test(version)) return version;
  return SHORT.test(version) ? `${version}.0` : coerce(version)?.version;
}

/** Below zero, zero or above zero, as `a` is older than, the same as or newer than `b`; NaN where one is no version. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [PLAIN.exec(a), PLAIN.exec(b)];
  if (one === null || other === null) {
    try {
      return compare(a, b);
    } catch {
      // A CPU map may be of any version that its owner calls it.
      return NaN;
    }
  }
  // Nearly all versions are three numbers, and nothing has to be loaded for those.
  for (let i = 1; i < 3; i++) if (one[i] !== other[i]) return Number(one[i]) - Number(other[i]);
  return Number(one[3]) - Number(other[3]);
}

/** A versioned machine type, taken apart. */
export interface MachineVersion {
  /** `pc-q35`, `pc-i440fx`, `virt` … */
  readonly family: string;
  /** Whose numbering it is: `rhel`, `ubuntu` …; empty for QEMU's own. */
  readonly distribution: string;
  /** In three numbers. */
  readonly version: string;
}

/** Ubuntu names its machine types after its releases, two a year since 14.04. */
const UBUNTU: readonly string[] = (
  'trusty utopic vivid wily xenial yakkety zesty artful bionic cosmic disco eoan ' +
  'focal groovy hirsute impish jammy kinetic lunar mantic noble oracular plucky questing'
).split(' ');

const NUMBERED = /^(?<family>.+)-(?<distribution>[a-z]*)(?<number>\d+(?:\.\d+)+)$/;
const RELEASED = /^(?<family>[a-z0-9-]+?)-(?<release>[a-z]+)(?<variant>(?:-[a-z0-9]+)?)$/;

/**
 * The parts of a machine type's name: `pc-q35-7.2`, `pc-i440fx-rhel7.6.0`, `pc-q35-noble`, `pc-q35-jammy-hpb`.
 * `undefined` for a name without a version: an alias (`q35`), or a machine that has none (`isapc`).
 */
export function machineVersion(name: string): MachineVersion | undefined {
  const numbered = partsOf(NUMBERED, name);
  const version = normalVersion(numbered('number'));
  if (version !== undefined)
    return { family: numbered('family'), distribution: numbered('distribution'), version };
  const released = partsOf(RELEASED, name);
  const place = UBUNTU.indexOf(released('release'));
  if (place < 0) return undefined;
  const distribution = `ubuntu${released('variant')}`;
  return {
    family: released('family'),
    distribution,
    version: `${14 + (place >> 1)}.${place % 2 === 0 ? 4 : 10}.0`,
  };
}

/** The version in the name of a machine type of QEMU's own; `undefined` for one of a distribution, or without a version. */
export function qemuNumber(machine: string): string | undefined {
  const parts = machineVersion(machine);
  return parts?.distribution === '' ? parts.version : undefined;
}

function partsOf(pattern: RegExp, name: string): (part: string) => string {
  const groups = pattern.exec(name)?.groups;
  return (part) => groups?.[part] ?? '';
}
