import type { Domain } from '../../types/domain.ts';
import type { CheckResult } from '../../types/pool.ts';
import { parentsOf } from '../cpu/dependencies.ts';
import { isSince } from '../cpu/facts/since.ts';
import { isNamed } from '../cpu/map.ts';
import { arrivalMark } from '../diff/arrival/mark.ts';
import { isListed, namesOff } from '../diff/cpu/changes.ts';
import { reasonToIgnore } from '../diff/pool/ignored.ts';
import { NOBODY_KNOWS, type Verdict } from '../diff/running-guest.ts';
import type { Pair } from './pair.ts';
import type { SidedHost } from './sides.ts';

/** What the destination says, and what follows from the versions on both sides. */
export function verdictBetween(
  checked: CheckResult,
  pair: Pair,
  source: SidedHost,
  target: SidedHost,
): Verdict {
  const { domain, running = [] } = checked;
  const verdict = running.find(({ host }) => host === target.host.name) ?? NOBODY_KNOWS;
  const found = isListed(domain.cpu)
    ? listed(domain, verdict, target)
    : followed(domain, settled(withHidden(verdict, checked, target), source, target), pair, source, target);
  // What nobody knows of hosts that nothing tells apart is the same on both.
  return source.kind === target.kind
    ? decided({ ...found, now: 'yes', uncertain: [] })
    : levelled(domain, found);
}

/** What a guest that is levelled on arrival states as off, the gate of a host turns off there. */
function levelled(domain: Domain, verdict: Verdict): Verdict {
  const off = new Set(arrivalMark(domain)?.off);
  if (off.size === 0) return verdict;
  const isOpen = (name: string): boolean => !off.has(name);
  return decided({
    ...verdict,
    gained: verdict.gained.filter(isOpen),
    uncertain: verdict.uncertain.filter(isOpen),
  });
}

/** All names that are not known there, where the pool gives the first; without what QEMU gives all the same. */
function listed({ cpu }: Domain, verdict: Verdict, target: SidedHost): Verdict {
  const { cpuMaps } = target.host;
  const names = cpu?.features.map(({ name }) => name).filter((name) => !isNamed(cpuMaps, name)) ?? [];
  const unnamed = verdict.unnamed.length === 0 ? [] : [...new Set([...verdict.unnamed, ...names])].sort();
  const missing = verdict.missing.filter((name) => !isGivenOnDemand(target, name));
  const isFree = missing.length < verdict.missing.length && missing.length + verdict.uncertain.length === 0;
  return { ...verdict, now: isFree ? 'yes' : verdict.now, missing, unnamed };
}

/**
 * QEMU 10.1 gives a guest on AMD arch-capabilities if the domain asks for it, as that of a running host-model guest does,
 * though domcapabilities omit it.
 *
 * @see https://libvirt.org/news.html#v12-5-0-2026-07-01
 */
function isGivenOnDemand({ host: { vendor, virtType, cpuMaps }, release }: SidedHost, name: string): boolean {
  if (vendor !== 'AMD' || virtType === 'qemu' || release.qemu === undefined) return false;
  const isMeant = name === ON_DEMAND || parentsOf(cpuMaps, name).includes(ON_DEMAND);
  return isMeant && isSince(release.qemu, '10.1');
}

const ON_DEMAND = 'arch-capabilities';

/** What QEMU shows on one side alone, and no libvirt can name, comes or goes as well. */
function withHidden(verdict: Verdict, { issues }: CheckResult, { host }: SidedHost): Verdict {
  const hidden = issues.flatMap((found) => (found.code === 'qemu-feature-differs' ? [found] : []));
  const where = (list: 'presentOn' | 'missingOn'): readonly string[] =>
    hidden.flatMap((found) => (found[list].includes(host.name) ? found.features : []));
  return {
    ...verdict,
    gained: joined(verdict.gained, where('presentOn')),
    missing: joined(verdict.missing, where('missingOn')),
  };
}

function joined(names: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set([...names, ...others])].sort();
}

/** What QEMU on one host has no property for, no guest has there: then that is known. */
function settled(verdict: Verdict, source: SidedHost, target: SidedHost): Verdict {
  const gives = ({ host }: SidedHost, name: string): boolean => host.features?.includes(name) === true;
  const { uncertain } = verdict;
  const gained = uncertain.filter((name) => source.cannotGive(name) && gives(target, name));
  const missing = uncertain.filter((name) => target.cannotGive(name) && gives(source, name));
  const isNowhere = (name: string): boolean => source.cannotGive(name) && target.cannotGive(name);
  const open = uncertain.filter(
    (name) => !gained.includes(name) && !missing.includes(name) && !isNowhere(name),
  );
  return decided({
    ...verdict,
    missing: [...verdict.missing, ...missing].sort(),
    gained: [...verdict.gained, ...gained].sort(),
    uncertain: open,
  });
}

function decided(verdict: Verdict): Verdict {
  const { missing, gained, uncertain, unnamed, now } = verdict;
  if (missing.length + gained.length > 0) return { ...verdict, now: 'no' };
  if (uncertain.length > 0 || unnamed.length > 0) return { ...verdict, now: 'unknown' };
  return { ...verdict, now: now === 'no' ? 'yes' : now };
}

/** What the destination has, and of which the source could not tell, appears in a guest that shows what its host has. */
function followed(
  { cpu }: Domain,
  verdict: Verdict,
  pair: Pair,
  source: SidedHost,
  target: SidedHost,
): Verdict {
  if (cpu === undefined) return verdict;
  const off = new Set(namesOff(cpu.features));
  const appearing = pair.pool.baseline.losses.filter(
    ({ feature, presentOn, unknownOn }) =>
      presentOn.includes(target.host.name) &&
      unknownOn.includes(source.host.name) &&
      !off.has(feature) &&
      reasonToIgnore(feature) === undefined,
  );
  const names = appearing.map(({ feature }) => feature).filter((name) => !verdict.gained.includes(name));
  const gained = names.filter((name) => source.cannotGive(name));
  const open = names.filter((name) => !gained.includes(name) && !verdict.uncertain.includes(name));
  if (names.length === 0) return verdict;
  return decided({
    ...verdict,
    gained: [...verdict.gained, ...gained].sort(),
    uncertain: [...verdict.uncertain, ...open].sort(),
  });
}
