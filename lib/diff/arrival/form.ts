import type { BaselineHost } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import type { DomainChange } from '../../../types/plan.ts';
import { namedAncestor } from '../../cpu/dependencies.ts';
import { qemuName } from '../../cpu/names.ts';
import { issue } from '../../issues/issues.ts';
import type { CpuCase } from '../case.ts';
import { followsHost, namesOff } from '../cpu/changes.ts';
import type { Disables } from '../cpu/disables.ts';
import { byFeatures } from '../pool/kinds.ts';
import { isUnnoticed } from '../pool/visible.ts';
import { argumentChanges } from '../rules/command-line.ts';
import { followerChanges } from './follower.ts';
import { driverOf, globalElements } from './arguments.ts';
import { identityArguments } from './identity.ts';
import { arrivalOf, type Arrival } from './lists.ts';
import { arrivalMark, markChanges } from './mark.ts';

/** What a guest that is levelled on arrival gets beside the lines of its `<cpu>`. */
export interface ArrivalChanges {
  readonly shared: readonly DomainChange[];
  readonly forHost: (host: string) => readonly DomainChange[];
}

/**
 * What the guest needs to be levelled in: what QEMU turns off with a feature that `<cpu>` disables, in whosever line, and
 * every libvirt can name, needs no list; nor does what this guest's topology decides.
 */
function listsFor({ pool, cpu }: CpuCase, { names }: Pick<Disables, 'names'>): Arrival {
  const arrival = pool.ask(arrivalOf);
  const off = new Set([...names, ...namesOff(cpu.features)]);
  const isMoot = (name: string): boolean =>
    isUnnoticed(pool, name) || off.has(namedAncestor(pool.maps, name) ?? '');
  if (!arrival.features.some(isMoot)) return arrival;
  const rest = (list: readonly string[]): readonly string[] => list.filter((name) => !isMoot(name));
  const hosts = Object.entries(arrival.hosts).map(
    ([host, { off: own, absent, open }]) =>
      [host, { off: rest(own), absent: rest(absent), open: rest(open) }] as const,
  );
  return { features: rest(arrival.features), hosts: Object.fromEntries(hosts) };
}

/** The mark, and what is handed to QEMU: the same for all hosts, and each host's own list in that host's form. */
export function arrivalChanges(c: CpuCase, found: Disables): ArrivalChanges {
  const { domain } = c;
  const { features, hosts } = listsFor(c, found);
  const driver = driverOf(c.cpu.mode);
  const identity = identityArguments(c);
  const mark = [...followerChanges(domain, c.cpu), ...markChanges(domain, features)];
  const listed = new Set(features);
  // What was to be off for hosts that are not of the pool any more, or that libvirt can name by now.
  const stale = arrivalMark(domain)?.off.filter((name) => !listed.has(name)) ?? [];
  const without = (names: readonly string[]): readonly DomainChange[] =>
    globalElements(domain, driver, new Set(names.map(qemuName))).map((span) => ({
      kind: 'remove-element',
      span,
    }));
  const forHost = (host: string): readonly DomainChange[] => {
    const { off = [], absent = [] } = hosts[host] ?? {};
    const own = off.map((name) => `${driver}.${qemuName(name)}=off`);
    return [...mark, ...without([...absent, ...stale]), ...argumentChanges(domain, [...identity, ...own])];
  };
  return { shared: [...mark, ...without(stale), ...argumentChanges(domain, identity)], forHost };
}

/** What keeps a guest from being levelled on arrival, and what has to be known of one that is. */
export function arrivalIssues(c: CpuCase, found: Disables): readonly Issue[] {
  const { pool, issueAt } = c;
  const arrival = listsFor(c, found);
  const open = openIssues(pool.hosts, arrival);
  if (open.length > 0) return open;
  const { features, hosts } = arrival;
  const kinds = byFeatures(pool.hosts, ({ name }) => hosts[name]?.off ?? []);
  const lists = kinds.map(({ hosts: some, features: off }) => ({ hosts: some, off }));
  return features.length === 0 ? [] : [issueAt('levelled-on-arrival', undefined, { features, lists })];
}

/** That a CPU cannot be levelled on arrival. */
export function arrivalRefusals({ cpu, domain, pool, issueAt }: CpuCase): readonly Issue[] {
  const arch = domain.arch ?? pool.baseline.arch ?? 'x86_64';
  if (!followsHost(cpu) || arch !== 'x86_64')
    return [issueAt('arrival-refused', cpu.span, { mode: cpu.mode, arch })];
  return [];
}

/** Where nobody knows whether QEMU has a property, it can neither be turned off nor left alone. */
function openIssues(pool: readonly BaselineHost[], { hosts }: Arrival): readonly Issue[] {
  const groups = byFeatures(pool, ({ name }) => hosts[name]?.open ?? []);
  return groups.map((facts) => issue('arrival-unknown', facts));
}
