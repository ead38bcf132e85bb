import type { BaselineHost } from '../../../types/baseline.ts';
import type { Issue } from '../../../types/issue.ts';
import { isX86 } from '../../cpu/arches.ts';
import { enforcedAncestors } from '../../cpu/dependencies.ts';
import { isNamedLater, qemuHasName, unnamedFeatures } from '../../cpu/facts/qemu-names.ts';
import { refusesDerivedFeatures } from '../../cpu/facts/qemu-topology.ts';
import { indexOf, isNamed } from '../../cpu/map.ts';
import { issue } from '../../issues/issues.ts';
import { frozen } from '../../text/frozen.ts';
import { NOTHING, saying, type Case, type Outcome } from '../case.ts';
import { isListed, processorsPerSocket, takesFeatures } from '../cpu/changes.ts';
import { reasonToIgnore } from '../pool/ignored.ts';
import { byFeatures } from '../pool/kinds.ts';
import { leastQemuVersion } from '../pool/versions.ts';

/** What hosts of several releases cannot say of each other. */
export function skewRule(c: Case): Outcome {
  const { domain, pool, settings } = c;
  const { cpu } = domain;
  if (!isX86(pool.baseline)) return NOTHING;
  // libvirt writes QEMU's default model into a domain that names none.
  if (!takesFeatures(cpu)) return saying(derivedIssues(c));
  const isNamedModel = settings.pin !== undefined || isListed(cpu);
  if (isNamedModel || cpu.mode === 'host-model') {
    const derived = derivedIssues(c);
    if (isNamedModel || derived.length > 0) return saying(derived);
  }
  // What QEMU may show beyond its libvirt's names, it is told to turn off.
  return saying(pool.ask(settings.onArrival ? olderIssues : skewIssues));
}

function skewIssues(hosts: readonly BaselineHost[]): readonly Issue[] {
  return [...newerIssues(hosts), ...olderIssues(hosts)];
}

/**
 * A QEMU that can show guests what its libvirt has no name for: nobody knows whether hosts agree in that, be they of one
 * release. What no libvirt has a name for at all counts where releases differ.
 */
function newerIssues(hosts: readonly BaselineHost[]): readonly Issue[] {
  const open = new Map(
    hosts.flatMap((host) => {
      const { qemuVersion, cpuMaps, virtType } = host;
      if (qemuVersion === undefined || virtType === 'qemu') return [];
      const named = new Set(cpuMaps.flatMap((map) => [...indexOf(map).features.keys()]));
      return [[host.name, unnamedFeatures(qemuVersion, named)] as const];
    }),
  );
  const lists = [...open.values()];
  const isDoubtful = (name: string): boolean =>
    isNamedLater(name) || !lists.every((list) => list.includes(name));
  const groups = byFeatures(hosts, ({ name }) => open.get(name)?.filter(isDoubtful) ?? []);
  return groups.map((facts) => frozen(issue('qemu-newer-than-libvirt', facts)));
}

/** Names that a newer libvirt says its host lacks, and of which an older one cannot tell. */
function olderIssues(hosts: readonly BaselineHost[]): readonly Issue[] {
  const maps = [...new Set(hosts.flatMap(({ cpuMaps }) => cpuMaps))];
  if (maps.length < 2) return [];
  const names = [...new Set(maps.flatMap((map) => [...indexOf(map).features.keys()]))].filter(
    (name) => reasonToIgnore(name) === undefined,
  );
  const isLacked = (name: string): boolean =>
    hosts.some((host) => isNamed(host.cpuMaps, name) && host.features?.includes(name) === false);
  const lacked = new Map(names.filter(isLacked).map((name) => [name, [...enforcedAncestors(maps, name)]]));
  // Hosts of one release cannot tell of the same names: that is said once.
  const groups = byFeatures(hosts, (host) => openNames(host, lacked));
  return groups.map((facts) => frozen(issue('names-not-comparable', facts)));
}

/** No host has what QEMU turns off with a feature that the host is known to lack: no control of VMX without `vmx`. */
function openNames(host: BaselineHost, lacked: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const { cpuMaps, features } = host;
  const version = leastQemuVersion(host);
  const isLacked = (name: string): boolean => isNamed(cpuMaps, name) && features?.includes(name) === false;
  const isOpen = (name: string): boolean =>
    !isNamed(cpuMaps, name) && (version === undefined || qemuHasName(version, name) !== 'no');
  return [...lacked]
    .flatMap(([name, ancestors]) => (isOpen(name) && !ancestors.some(isLacked) ? name : []))
    .sort();
}

/** libvirt takes what QEMU derives from the topology for features nobody asked for. */
function derivedIssues({ domain, pool, settings, issueAt }: Case): readonly Issue[] {
  const { topology } = domain.cpu ?? {};
  const hosts = processorsPerSocket(domain) > 1 ? pool.ask(refusing) : [];
  if (hosts.length === 0) return [];
  const isHeld = settings.guard || settings.pin !== undefined || domain.cpu?.check === 'full';
  return [issueAt('derived-features-refused', topology?.span, { hosts }, isHeld ? 'error' : 'warning')];
}

function refusing(hosts: readonly BaselineHost[]): readonly string[] {
  const found = hosts.filter(
    ({ libvirtVersion, qemuVersion }) =>
      libvirtVersion !== undefined &&
      qemuVersion !== undefined &&
      refusesDerivedFeatures(libvirtVersion, qemuVersion),
  );
  return Object.freeze(found.map(({ name }) => name));
}
