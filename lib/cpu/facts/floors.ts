import type { Floor, FloorReading, SystemFact, X86Level } from '../../../types/facts.ts';
import { SYSTEMS } from './floor-systems.ts';
import { featuresOfLevel, isBelow, isLevel } from './levels.ts';

/** An id of libosinfo, as `<libosinfo:os id="http://redhat.com/rhel/10.0"/>` states it. */
const LONG_ID = /^https?:\/\/(?<family>[^/\s]+\/[^/\s]+)(?:\/(?<version>[^/\s]+))?\/?$/;

/** libosinfo's short id, as KubeVirt's `vm.kubevirt.io/os` states it: `rhel10.0`, `centos-stream9`, `win2k25`. */
const SHORT_ID = /^(?<family>[a-z](?:[a-z-]*[a-z])?)-?(?<version>\d.*|eln|tumbleweed|factory)$/;

/** A version that is a number: `10`, `10.0`, `9-unknown`, `15sp4`. */
const NUMBERED = /^(?<major>\d+)(?:\.(?<minor>\d+))?(?:[.-].*|sp\d.*)?$/;

/**
 * What a guest's operating system needs to boot, from its id in the domain's metadata or from a short id; `undefined`
 * for a system or a version of which nothing is known.
 * @example
 * const floor = floorOfSystem('http://redhat.com/rhel/10.0');
 * [floor.of, floor.level, floor.features.includes('avx2')]; // → ['RHEL 10.0', 'x86-64-v3', true]
 */
export function floorOfSystem(id: string): Floor | undefined {
  const parts = partsOf(id.trim());
  const system = parts && SYSTEMS.find((fact) => isOf(fact, parts) && holdsFor(fact, parts.version));
  if (parts === undefined || system === undefined) return undefined;
  const { mayNeed } = system;
  return {
    ...needsOf(system.level, system.features),
    from: 'system',
    of: `${system.name} ${parts.version.replace(/^2k/, '20').replace(/-unknown$/, '')}`,
    ...(mayNeed && { mayNeed: { ...needsOf(mayNeed.level, mayNeed.features), text: mayNeed.text } }),
    source: system.source,
  };
}

/**
 * A floor as a person states it: a level (`x86-64-v3`, or `v3`), features, or both, with commas between. `canonical`
 * gives libvirt's name for any spelling of a feature, `undefined` for what is none.
 * @example
 * readFloor('v2,avx', (name) => name).floor.of; // → 'x86-64-v2,avx'
 * readFloor('x86-64-v9', () => undefined); // → { unknown: ['x86-64-v9'] }
 */
export function readFloor(text: string, canonical: (name: string) => string | undefined): FloorReading {
  const words = text.split(',').map((word) => word.trim());
  const read = words.map((word) => ({ word, level: levelNamed(word), feature: canonical(word) }));
  const unknown = read.filter(({ level, feature }) => level === undefined && feature === undefined);
  if (unknown.length > 0) return { unknown: unknown.map(({ word }) => word) };
  const level = read.reduce<X86Level | undefined>(
    (highest, word) => (isBelow(highest, word.level) ? word.level : highest),
    undefined,
  );
  const features = read.flatMap((word) => (word.level === undefined ? (word.feature ?? []) : []));
  return {
    floor: {
      ...needsOf(level, features),
      of: read.map((word) => word.level ?? word.feature).join(','),
    },
  };
}

/**
 * What these features lack of a floor: what the system needs (`missing`), and what only some of its editions need.
 * @example
 * const floor = { of: 'some system', features: ['avx'], mayNeed: { features: ['avx2'], text: 'some editions need it' } };
 * missingToFloor(floor, ['sse2', 'avx']); // → { missing: [], mayBeMissing: ['avx2'] }
 */
export function missingToFloor(
  { features, mayNeed }: Floor,
  left: Iterable<string>,
): { readonly missing: readonly string[]; readonly mayBeMissing: readonly string[] } {
  const set = new Set(left);
  const missing = features.filter((name) => !set.has(name));
  const also = mayNeed?.features.filter((name) => !set.has(name) && !missing.includes(name));
  return { missing, mayBeMissing: also ?? [] };
}

interface SystemId {
  /** `redhat.com/rhel`, or what a short id begins with. */
  readonly family: string;
  readonly version: string;
}

function partsOf(id: string): SystemId | undefined {
  const lower = id.toLowerCase();
  const groups = (LONG_ID.exec(lower) ?? SHORT_ID.exec(lower))?.groups;
  return groups === undefined
    ? undefined
    : { family: groups['family'] ?? '', version: groups['version'] ?? '' };
}

function isOf({ family, short }: SystemFact, id: SystemId): boolean {
  return family === id.family || short.includes(id.family);
}

function holdsFor({ versions, from, below }: SystemFact, version: string): boolean {
  if (versions !== undefined) return versions.includes(version);
  const number = numberOf(version);
  if (number === undefined) return false;
  return number >= (numberOf(from ?? '0') ?? 0) && number < (numberOf(below ?? '') ?? Infinity);
}

/** A version as one number: six digits for the minor part are more than any has. */
function numberOf(version: string): number | undefined {
  const groups = NUMBERED.exec(version)?.groups;
  return groups === undefined ? undefined : Number(groups['major']) * 1e6 + Number(groups['minor'] ?? 0);
}

function needsOf(
  level: X86Level | undefined,
  features: readonly string[] = [],
): { readonly level?: X86Level; readonly features: readonly string[] } {
  const all = new Set([...(level === undefined ? [] : featuresOfLevel(level)), ...features]);
  return { ...(level && { level }), features: [...all].sort() };
}

/** `v3`, `x86_64-v3` and `X86-64-V3` all mean x86-64-v3. */
function levelNamed(word: string): X86Level | undefined {
  const name = word.toLowerCase().replaceAll('_', '-').replace(/^v/, 'x86-64-v');
  return isLevel(name) ? name : undefined;
}
