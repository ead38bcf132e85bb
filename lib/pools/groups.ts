import type { Host } from '../../types/host.ts';
import type { Issue, IssueCode } from '../../types/issue.ts';
import { X86 } from '../cpu/arches.ts';
import { modelVendorOf } from '../cpu/map.ts';
import { diffHosts } from '../diff/pool/baseline.ts';
import { HOST_ISSUES } from '../issues/hosts.ts';
import { remembered } from '../text/remembered.ts';
import type { Profile } from './profiles.ts';

/** What no two hosts of a pool may differ in; `undefined` where nobody knows. */
interface Kind {
  readonly arch: string | undefined;
  readonly vendor: string | undefined;
  readonly virtType: string | undefined;
}

/** Profiles that may be in one pool, by their numbers. */
export interface Group extends Kind {
  readonly profiles: readonly number[];
}

/** Findings about hosts that keep no others from being a pool with them. */
const IS_NO_SPLIT: ReadonlySet<IssueCode> = new Set(['duplicate-host']);

/** Does the finding say something of hosts themselves, whatever pool they are in? */
export function isAboutHosts({ code }: Issue): boolean {
  return IS_NO_SPLIT.has(code) || Object.hasOwn(HOST_ISSUES, code);
}

/** What keeps these hosts from being a pool, by code. */
export function reasonsAgainst(hosts: readonly Host[]): readonly IssueCode[] {
  const errors = diffHosts(hosts).issues.filter(({ severity }) => severity === 'error');
  return [...new Set(errors.filter(({ code }) => !IS_NO_SPLIT.has(code)).map(({ code }) => code))];
}

/**
 * Profiles that may be in one pool: of one architecture, vendor and kind of guest, and whatever else `diffHosts` asks
 * for. One that does not state its kind belongs to the only kind it fits, or to none.
 */
export function groupsOf(profiles: readonly Profile[]): readonly Group[] {
  const kinds = profiles.map(({ host }) => kindOf(host));
  const distinct = [...new Map(kinds.map((kind) => [keyOf(kind), kind])).values()];
  const whole = distinct.filter((kind) => !distinct.some((other) => statesMore(other, kind)));
  const byKind = new Map<string, { readonly kind: Kind; readonly members: number[] }>();
  for (const [member, own] of kinds.entries()) {
    const [only, another] = whole.filter((other) => fits(own, other));
    const kind = only !== undefined && another === undefined ? only : own;
    remembered(byKind, keyOf(kind), () => ({ kind, members: [] })).members.push(member);
  }
  const groups = [...byKind.values()].flatMap(({ kind, members }) =>
    compatible(members, profiles).map((some): Group => ({ ...kind, profiles: some })),
  );
  return groups.sort((a, b) => (a.profiles[0] ?? 0) - (b.profiles[0] ?? 0));
}

function keyOf({ arch = '', vendor = '', virtType = '' }: Kind): string {
  return [arch, vendor, virtType].join('\n');
}

/** Does a kind state all that another states, and more? */
function statesMore(a: Kind, b: Kind): boolean {
  return FACTS.every((fact) => b[fact] === undefined || a[fact] === b[fact]) && keyOf(a) !== keyOf(b);
}

const FACTS = ['arch', 'vendor', 'virtType'] as const;

function kindOf(host: Host): Kind {
  const { arch, vendor = modelVendorOf(host), virtType } = host;
  return { arch, vendor, virtType };
}

function fits(a: Kind, b: Kind): boolean {
  return FACTS.every((fact) => a[fact] === undefined || b[fact] === undefined || a[fact] === b[fact]);
}

/** The profiles in groups that can be pools: all in one, or each with the first that it can be with. */
function compatible(
  members: readonly number[],
  profiles: readonly Profile[],
): readonly (readonly number[])[] {
  const hostsOf = (numbers: readonly number[]): readonly Host[] =>
    numbers.flatMap((number) => profiles[number]?.host ?? []);
  const reasons = reasonsAgainst(hostsOf(members));
  if (reasons.length === 0) return [members];
  const listed = (number: number): readonly string[] => profiles[number]?.host.features ?? [];
  const sharesNothing =
    reasons.join() === 'cpus-incompatible' && members.every((one) => listed(one).length > 0);
  if (sharesNothing) return sharing(members, listed);
  const groups: number[][] = [];
  for (const member of members) {
    const own = groups.find((group) => reasonsAgainst(hostsOf([...group, member])).length === 0);
    if (own === undefined) groups.push([member]);
    else own.push(member);
  }
  return groups;
}

/** Each with the first that leave it something in common. */
function sharing(
  members: readonly number[],
  listed: (member: number) => readonly string[],
): readonly (readonly number[])[] {
  const groups: { common: readonly string[]; readonly own: number[] }[] = [];
  for (const member of members) {
    const has = new Set(listed(member));
    const left = groups.map(({ common }) => common.filter((name) => has.has(name)));
    const at = left.findIndex(({ length }) => length > 0);
    const group = groups[at];
    if (group === undefined) groups.push({ common: [...has], own: [member] });
    else {
      group.common = left[at] ?? [];
      group.own.push(member);
    }
  }
  return groups.map(({ own }) => own);
}

/** Is this host a pool of its own at least? Not where nobody knows what a guest gets there. */
export function isPlannable(host: Host): boolean {
  const isSilent = host.features === undefined && X86.has(host.arch ?? '');
  return !isSilent && reasonsAgainst([host]).length === 0;
}
