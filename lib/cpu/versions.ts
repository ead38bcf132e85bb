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

/** Ubuntu names its machine types after its releases. */
const UBUNTU: Readonly<Record<string, string>> = {
  ...{ trusty: '14.4.0', utopic: '14.10.0', vivid: '15.4.0', wily: '15.10.0', xenial: '16.4.0' },
  ...{ yakkety: '16.10.0', zesty: '17.4.0', artful: '17.10.0', bionic: '18.4.0', cosmic: '18.10.0' },
  ...{ disco: '19.4.0', eoan: '19.10.0', focal: '20.4.0', groovy: '20.10.0', hirsute: '21.4.0' },
  ...{ impish: '21.10.0', jammy: '22.4.0', kinetic: '22.10.0', lunar: '23.4.0', mantic: '23.10.0' },
  ...{ noble: '24.4.0', oracular: '24.10.0', plucky: '25.4.0', questing: '25.10.0' },
};

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
  const release = released('release');
  if (!Object.hasOwn(UBUNTU, release)) return undefined;
  const distribution = `ubuntu${released('variant')}`;
  return { family: released('family'), distribution, version: UBUNTU[release] ?? '' };
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
