import type { Baseline, BaselineHost, Loss } from '../../../types/baseline.ts';
import type { Domain } from '../../../types/domain.ts';
import { X86 } from '../../cpu/arches.ts';
import { alwaysShown } from '../../cpu/facts/qemu-compat.ts';
import { DERIVED, derivedByQemu, isWithheld } from '../../cpu/facts/qemu-topology.ts';
import { compareVersions } from '../../cpu/versions.ts';
import { followsHost, namesOff, processorsPerSocket } from '../cpu/changes.ts';
import { adjusted, withWithheld, type Particulars } from './adjusted.ts';
import type { PoolFacts } from './facts.ts';
import { leastQemuVersion } from './versions.ts';

/** The pool as this guest finds it: by its machine type and by how its processors are laid out. */
export function poolForGuest(domain: Domain, pool: PoolFacts): PoolFacts {
  const { baseline } = pool;
  if (!X86.has(baseline.arch ?? '') || baseline.common.length === 0) return pool;
  const untold = followsIn(domain) ? pool.askAbout(untoldOn, domain.machine ?? '') : NOTHING;
  const perSocket = processorsPerSocket(domain);
  const shown = pool.askAbout(featuresOfHosts, perSocket > 1 ? 'several' : 'one');
  const ofHost = shown.filter((name) => pool.allLosses.has(name));
  const follows = domain.cpu !== undefined && followsHost(domain.cpu);
  const mixed = perSocket > 1 ? [] : pool.ask(mixedOn).filter((name) => hasLine(domain, name, follows));
  if (untold === NOTHING && ofHost.length === 0 && mixed.length === 0) return pool;
  const key = JSON.stringify([untold, ofHost, follows, mixed]);
  return pool.memory(poolForGuest, key, () => adjusted(pool, { untold, ofHost, follows, mixed }));
}

const NOTHING: Particulars['untold'] = Object.freeze({});

function followsIn({ cpu, commandLine }: Domain): boolean {
  return commandLine.length > 0 || (cpu !== undefined && followsHost(cpu));
}

function untoldOn(hosts: readonly BaselineHost[], machine: string): Particulars['untold'] {
  const found = hosts.flatMap((host) => {
    const names = untoldFeatures(host, machine);
    return names.length === 0 ? [] : [[host.name, names] as const];
  });
  return found.length === 0 ? NOTHING : Object.fromEntries(found);
}

/**
 * What a host shows guests of this machine type, whatever its document says; of any that may be an old one where the
 * type is not stated. Only where QEMU is new enough, or its version is unknown and libvirt is not older than such a QEMU.
 */
export function untoldFeatures(host: BaselineHost, machine: string | undefined): readonly string[] {
  const { vendor, virtType, source, features = [], cpuMaps } = host;
  const isFromQemu = source === 'domcapabilities' || source === 'qmp';
  if (!isFromQemu || virtType === 'qemu' || vendor !== 'AMD') return [];
  const qemuVersion = leastQemuVersion(host) ?? (cpuMaps.every(isRecent) ? UNKNOWN_QEMU : undefined);
  if (qemuVersion === undefined) return [];
  return alwaysShown({ qemuVersion, machine, vendor, virtType }).filter((name) => !features.includes(name));
}

const UNKNOWN_QEMU = '99';

/** libvirt 9.0 is two years older than the first QEMU with such machine types. An unknown version may be any. */
function isRecent({ version }: { readonly version: string }): boolean {
  return !(compareVersions(version, '11.0.0') < 0);
}

/** What QEMU shows as the host has it, on some host of the pool: its topology does not decide. */
export function featuresOfHosts(hosts: readonly BaselineHost[], processors: string): readonly string[] {
  const processorsPerSocket = processors === 'several' ? 2 : 1;
  const isOfHost = (feature: string): boolean =>
    hosts.some((host) => {
      const { vendor, virtType } = host;
      const versions = [leastQemuVersion(host) ?? EVERY_QEMU].flat();
      return versions.some(
        (qemuVersion) =>
          derivedByQemu(feature, { qemuVersion, processorsPerSocket, vendor, virtType }) === 'as-defined',
      );
    });
  return Object.freeze(DERIVED.filter(isOfHost));
}

const EVERY_QEMU: readonly string[] = ['7.2', '10.0'];

/** What hosts differ in, and only guests of one processor in a socket notice: as such a one finds it that follows its host. */
export function lossesOfOneProcessor({ hosts, losses }: Pick<Baseline, 'hosts' | 'losses'>): readonly Loss[] {
  const ofHosts = featuresOfHosts(hosts, 'one');
  return losses.flatMap((loss) => (ofHosts.includes(loss.feature) ? withWithheld(loss, hosts) : []));
}

/** What every host has, some libvirt hands QEMU lines about, and another one does not. */
function mixedOn(hosts: readonly BaselineHost[], { common }: Baseline): readonly string[] {
  return featuresOfHosts(hosts, 'one').filter(
    (name) => common.includes(name) && new Set(hosts.map((host) => isWithheld(name, host))).size > 1,
  );
}

/** Is there a line about it where that makes a difference? libvirt itself writes those of host-model and named models. */
function hasLine({ cpu }: Domain, feature: string, follows: boolean): boolean {
  return !follows || namesOff(cpu?.features).includes(feature);
}
