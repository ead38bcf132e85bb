import type { Domain } from '../../types/domain.ts';
import type { Host } from '../../types/host.ts';
import type {
  Rehearsal,
  RehearsalGuest,
  RehearsedGuest,
  RehearsedHosts,
  RehearsedSide,
  RehearseOptions,
} from '../../types/rehearsal.ts';
import type { ReadOptions } from '../../types/options.ts';
import type { Pool } from '../../types/pool.ts';
import { asList } from '../issues/given.ts';
import { LIST, OBJECT, optionsOf, TEXT, type OptionKinds } from '../issues/options.ts';
import { parseDomain } from '../parser/domain/domain.ts';
import { createPool } from '../pool.ts';
import { frozen } from '../text/frozen.ts';
import { curesFor, type Proof } from './cures.ts';
import { eachOnce } from './guest-incidents.ts';
import { rehearsedHosts } from './hosts.ts';
import { movesOf, startOf, type GuestOn } from './moves.ts';
import { pairOf, type Pair } from './pair.ts';
import { kindsOf, sidesOf, type HostKind, type Sides } from './sides.ts';
import { definedText } from './started.ts';

interface Kernels {
  readonly before?: string;
  readonly after?: string;
}

const GUEST: OptionKinds<RehearsalGuest> = { xml: TEXT, name: TEXT, file: TEXT };
const KERNEL: OptionKinds<Kernels> = { before: TEXT, after: TEXT };
const OPTIONS: OptionKinds<RehearseOptions> = { guests: LIST, kernel: OBJECT, read: OBJECT };

/** All that guests are asked about. */
interface Stage {
  readonly pairs: readonly Pair[];
  /** Pairs of a host with itself as it becomes: what a cold start there is compared with. */
  readonly own: readonly Pair[];
  /** One of each kind of host, of both sides. */
  readonly pool: Pool;
  /** The same, those of each CPU vendor on their own: no guest moves from one to another. */
  readonly pools: readonly Pool[];
}

/**
 * Rehearses an upgrade of libvirt, QEMU, kernel or microcode: from what hosts gave guests before and give them after,
 * which guests get stuck, in which direction, which change at their next start, and what cures it. Hosts are matched by
 * name; one host on each side is the same host. A guest is taken to be started on every kind of host of one side, and
 * moved to every kind of the other that has the same CPU vendor.
 *
 * @throws RangeError where a side has no host; LibvirtXmlError for what cannot be read; TypeError for an option that
 * there is not.
 * @example
 * const host = (feature, libvirtVersion) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name: 'kvm-a', libvirtVersion });
 * const { ok, hosts, guests } = rehearse([host('fpu', '9.0.0')], [host('avx2', '11.3.0')], {
 *   guests: ["<domain type='kvm'><name>web</name><cpu mode='maximum'/></domain>"],
 * });
 * [ok, hosts[0].gained, guests[0].moves.map(({ way, outcome }) => `${way} ${outcome}`)];
 * // → [false, ['avx2'], ['forward changes', 'back changes']]
 */
export function rehearse(
  before: RehearsedSide,
  after: RehearsedSide,
  options: RehearseOptions = {},
): Rehearsal {
  const own = optionsOf(options, OPTIONS);
  const { guests = [], read = {}, kernel = {} } = own;
  for (const [side, hosts] of Object.entries({ before, after }))
    if (asList<RehearsedSide[number]>(hosts, `the hosts ${side}`).length === 0)
      throw new RangeError(`no host is given as it was or will be ${side} the upgrade`);
  const sides = sidesOf(before, after, { ...own, kernel: optionsOf(kernel, KERNEL, 'kernel') });
  const stage = stageOf(sides);
  const hosts = stage.own.map((pair) => rehearsedHosts(pair));
  const judged = guests.map((guest, position) => rehearsedGuest(guest, position, stage, read));
  const names = { before: namesOf(sides.before), after: namesOf(sides.after) };
  return frozen({
    ok: guests.length === 0 ? hosts.length > 0 && hosts.every(isUnchanged) : judged.every(({ ok }) => ok),
    hosts: frozen(hosts),
    onlyBefore: names.before.filter((name) => !names.after.includes(name)),
    onlyAfter: names.after.filter((name) => !names.before.includes(name)),
    guests: frozen(judged),
    issues: stage.pool.issues,
  });
}

function namesOf(hosts: readonly { readonly name: string }[]): readonly string[] {
  return hosts.map(({ name }) => name);
}

function stageOf(sides: Sides): Stage {
  const [before, after] = [kindsOf(sides.before), kindsOf(sides.after)];
  const pairs = before.flatMap((old) =>
    after
      .filter((upgraded) => mayMove(old, upgraded, before, after))
      .map((upgraded) => pairOf(old, upgraded)),
  );
  const own = ownPairs(sides, pairs);
  const hosts = [...before, ...after].map(({ first }) => first.host);
  const poolOf = (some: readonly Host[]): Pool => createPool(some, { accept: ['other-machine'] });
  const pool = poolOf(hosts);
  const vendors = [...new Set(hosts.map(({ vendor }) => vendor))];
  const isSplit = vendors.length > 1 && !vendors.includes(undefined);
  const pools = isSplit ? vendors.map((one) => poolOf(hosts.filter(({ vendor }) => vendor === one))) : [pool];
  return { pairs, own, pool, pools };
}

/** Hosts of two CPU vendors are no pair, if both have others to move guests to. */
function mayMove(
  old: HostKind,
  upgraded: HostKind,
  before: readonly HostKind[],
  after: readonly HostKind[],
): boolean {
  const vendorOf = ({ first }: HostKind): string | undefined => first.host.vendor;
  const isOther = (one: HostKind, other: HostKind): boolean => {
    const vendors = [vendorOf(one), vendorOf(other)];
    return !vendors.includes(undefined) && vendors[0] !== vendors[1];
  };
  const isServed =
    after.some((other) => !isOther(old, other)) && before.some((other) => !isOther(other, upgraded));
  return !isOther(old, upgraded) || !isServed;
}

/** The pairs whose hosts are the same on both sides. */
function ownPairs(sides: Sides, pairs: readonly Pair[]): readonly Pair[] {
  const kindAfter = new Map(sides.after.map((one) => [one.name, one.kind]));
  return pairs.flatMap((pair) => {
    const key = pair.after.first.kind;
    const names = pair.before.names.filter((name) => kindAfter.get(name) === key);
    return names.length === 0
      ? []
      : [{ ...pair, before: { ...pair.before, names }, after: { ...pair.after, names } }];
  });
}

/** Does nothing differ that some guest sees, and has nobody had trouble with it? */
function isUnchanged({
  gained,
  lost,
  unknown,
  model,
  machinesGone,
  modelsLost,
  incidents,
}: RehearsedHosts): boolean {
  const differences = [gained, lost, unknown, machinesGone, modelsLost].flat();
  const isHarmless = incidents.every(({ certain, incident }) => !certain || incident.outcome === 'warns');
  return differences.length === 0 && model === undefined && isHarmless;
}

function rehearsedGuest(
  given: string | RehearsalGuest,
  position: number,
  stage: Stage,
  limits: ReadOptions,
): RehearsedGuest {
  const guest = typeof given === 'string' ? { xml: given } : optionsOf(given, GUEST, `guests[${position}]`);
  const read = { ...limits, ...(guest.file !== undefined && { file: guest.file }) };
  const defined = (xml: string): Domain => {
    const given = parseDomain(xml, read);
    const text = definedText(given, stage.pool.baseline.hosts);
    return text === xml ? given : parseDomain(text, read);
  };
  const domain = defined(guest.xml);
  const found = judged(() => domain, stage, read);
  const { incidents } = found;
  const ok = isEqual(found);
  const isProved: Proof['isEqual'] = (formOn) =>
    isEqual(judged((host) => defined(formOn(host)), stage, read));
  return frozen({
    name: guest.name ?? domain.name ?? `guest-${position + 1}`,
    file: guest.file,
    ok,
    ...found,
    cures: ok
      ? frozen([])
      : curesFor(parseDomain(guest.xml, read), incidents, { pools: stage.pools, read, isEqual: isProved }),
  });
}

type Judged = Pick<RehearsedGuest, 'moves' | 'starts' | 'incidents'>;

function judged(guest: GuestOn, { pairs, own }: Stage, read: ReadOptions): Judged {
  const byPair = pairs.map((pair) => ({ pair, moves: movesOf(guest, pair, read) }));
  const starts = own.map((pair) => {
    const found = byPair.find(({ pair: { pool } }) => pool === pair.pool)?.moves ?? [];
    return startOf(guest, pair, { read, moves: found.map(({ one }) => one) });
  });
  const moves = byPair.flatMap((found) => found.moves);
  return {
    moves: frozen(moves.map(({ one }) => one)),
    starts: frozen(starts.map(({ one }) => one)),
    incidents: eachOnce([...starts, ...moves].flatMap(({ incidents }) => incidents)),
  };
}

function isEqual({ moves, starts }: Judged): boolean {
  return [...moves, ...starts].every(({ outcome }) => outcome === 'equal');
}
