import type { Baseline, BaselineHost, Loss } from '../../types/baseline.ts';
import type { Host } from '../../types/host.ts';
import type { Issue } from '../../types/issue.ts';
import type { DiffOptions } from '../../types/options.ts';
import { joinHosts } from '../cpu/join.ts';
import { indexOf, vendorOfModel } from '../cpu/map.ts';
import { issue } from '../issues.ts';

/**
 * What the hosts of a pool have in common and who lacks what. The common set is the plain intersection, libvirt's own
 * answer: the order of hosts, or naming one twice, changes nothing, and another host never adds a feature.
 *
 * @param hosts one or more; a pool to migrate in has at least two.
 * @returns a baseline whose `issues` hold an error, and whose `common` is empty, when the hosts cannot be a pool:
 * different vendors or architectures, features nobody knows, nothing in common.
 * @throws RangeError if no host is given.
 * @example
 * const host = (name, feature) =>
 *   parseHost(`<cpu><arch>x86_64</arch><model>486</model><feature name='${feature}'/></cpu>`, { name, libvirtVersion: '9.0.0' });
 * const baseline = diffHosts([host('a', 'pcid'), host('b', 'taa-no')]);
 * baseline.common; // → ['fpu', 'pse', 'vme']
 * baseline.surplus; // → { a: ['pcid'], b: ['taa-no'] }
 */
export function diffHosts(hosts: readonly Host[], options: DiffOptions = {}): Baseline {
  const pool = uniquelyNamed(joinHosts(hosts));
  const [first] = pool;
  if (first === undefined) throw new RangeError('diffHosts needs a host');
  const issues = [...hostIssues(pool, options), ...poolIssues(pool)];
  const usable = !issues.some(({ severity, code }) => severity === 'error' && code !== 'weak-source');
  const common = usable ? commonFeatures(pool) : [];
  const [arch, vendor] = [shared(pool.map((host) => host.arch)), shared(pool.map((host) => host.vendor))];
  const nothing = usable && common.length === 0 && first.features?.length !== 0;
  return {
    hosts: pool.map(summaryOf),
    common,
    surplus: surplusOf(pool, common),
    losses: usable ? lossesOf(pool, new Set(common)) : [],
    arch,
    vendor,
    issues: nothing ? [...issues, issue('cpus-incompatible', { hosts: namesOf(pool) })] : issues,
  };
}

/** Hosts by name; where a name comes again it is numbered, so that no host hides another. */
function uniquelyNamed(hosts: readonly Host[]): readonly Host[] {
  const seen = new Map<string, number>();
  const named = hosts.map((host) => {
    const count = (seen.get(host.name) ?? 0) + 1;
    seen.set(host.name, count);
    return count === 1 ? host : { ...host, name: `${host.name}#${count}` };
  });
  return named.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function commonFeatures(pool: readonly Host[]): readonly string[] {
  const counts = countFeatures(pool.map(({ features }) => features ?? []));
  return [...counts]
    .filter(([, count]) => count === pool.length)
    .map(([name]) => name)
    .sort();
}

/** In how many of the lists each name stands. */
function countFeatures(lists: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const list of lists) {
    for (const name of list) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function surplusOf(
  pool: readonly Host[],
  common: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const shared = new Set(common);
  return Object.fromEntries(
    pool.map((host) => [host.name, (host.features ?? []).filter((name) => !shared.has(name))]),
  );
}

function lossesOf(pool: readonly Host[], common: ReadonlySet<string>): readonly Loss[] {
  const present = hostsByFeature(pool, ({ features }) => features ?? []);
  const unknown = hostsByFeature(pool, ({ uncertain }) => uncertain);
  const names = new Set([...present.keys(), ...unknown.keys()]);
  return [...names]
    .filter((name) => !common.has(name))
    .sort()
    .map((feature) => lossOf(feature, pool, present.get(feature), unknown.get(feature)));
}

function hostsByFeature(
  pool: readonly Host[],
  listOf: (host: Host) => readonly string[],
): ReadonlyMap<string, ReadonlySet<Host>> {
  const found = new Map<string, Set<Host>>();
  for (const host of pool) {
    for (const name of listOf(host)) {
      const hosts = found.get(name);
      if (hosts === undefined) found.set(name, new Set([host]));
      else hosts.add(host);
    }
  }
  return found;
}

function lossOf(
  feature: string,
  pool: readonly Host[],
  present: ReadonlySet<Host> = new Set(),
  unknown: ReadonlySet<Host> = new Set(),
): Loss {
  const unnamed = new Set(
    pool.filter(({ cpuMaps }) => cpuMaps.some((map) => !indexOf(map).features.has(feature))),
  );
  const isUnknown = (host: Host): boolean => !present.has(host) && (unknown.has(host) || unnamed.has(host));
  return {
    feature,
    presentOn: namesOf(pool.filter((host) => present.has(host))),
    missingOn: namesOf(pool.filter((host) => !present.has(host) && !isUnknown(host))),
    unknownOn: namesOf(pool.filter(isUnknown)),
    unnamedOn: namesOf([...unnamed]),
  };
}

/** What is doubtful about single hosts, told once for all hosts it holds for. */
function hostIssues(pool: readonly Host[], { strict = false }: DiffOptions): readonly Issue[] {
  const groups = new Map<string, Issue[]>();
  for (const host of pool) {
    for (const found of host.issues) {
      const key = JSON.stringify([found.code, found.severity, found.received, found.features]);
      groups.set(key, [...(groups.get(key) ?? []), { ...found, hosts: [host.name] }]);
    }
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { code, severity, message, hosts = [], ...facts } = first;
    const all = [...hosts, ...others.flatMap((other) => other.hosts ?? [])];
    return [issue(code, { ...facts, hosts: all }, strict && code === 'weak-source' ? 'error' : severity)];
  });
}

/** What keeps these hosts from being a pool, and who is there twice. */
function poolIssues(pool: readonly Host[]): readonly Issue[] {
  const issues: Issue[] = [];
  const arches = distinct(pool.map((host) => host.arch));
  if (arches.length > 1)
    issues.push(
      issue('arch-mismatch', {
        hosts: namesOf(pool),
        received: arches.slice(1).join(', '),
        expected: arches[0] ?? '',
      }),
    );
  issues.push(...vendorIssues(pool));
  const unsupported = pool.filter(
    (host) => host.features === undefined && !host.issues.some(({ code }) => code === 'unknown-presence'),
  );
  if (unsupported.length > 0)
    issues.push(
      issue('arch-unsupported', {
        hosts: namesOf(unsupported),
        received: unsupported[0]?.arch ?? 'this architecture',
      }),
    );
  const models = distinct(pool.filter((host) => host.features?.length === 0).map((host) => host.model));
  if (models.length > 1) issues.push(issue('cpus-incompatible', { hosts: namesOf(pool) }));
  return [...issues, ...duplicates(pool)];
}

function duplicates(pool: readonly Host[]): readonly Issue[] {
  const machines = new Map<string, Host[]>();
  for (const host of pool) {
    if (host.uuid !== undefined) machines.set(host.uuid, [...(machines.get(host.uuid) ?? []), host]);
  }
  return [...machines.values()]
    .filter(({ length }) => length > 1)
    .map((group) => issue('duplicate-host', { hosts: namesOf(group) }));
}

/**
 * Different vendors are no pool. libvirt holds a stated vendor against the models' own vendors too; where no host
 * states one it computes all the same, and so does this, with a warning.
 */
function vendorIssues(pool: readonly Host[]): readonly Issue[] {
  const stated = pool.some(({ vendor }) => vendor !== undefined);
  const vendors = distinct(pool.flatMap((host) => [host.vendor, modelVendorOf(host)]));
  if (vendors.length < 2) return [];
  return [
    issue(
      'vendor-mismatch',
      { hosts: namesOf(pool), received: vendors.join(', ') },
      stated ? 'error' : 'warning',
    ),
  ];
}

function modelVendorOf({ model, cpuMaps: [map] }: Host): string | undefined {
  return model === undefined || map === undefined ? undefined : vendorOfModel(indexOf(map), model);
}

function summaryOf(host: Host): BaselineHost {
  const { name, arch, vendor, model, virtType, emulator, machine, cpuMaps } = host;
  return { name, arch, vendor, model, virtType, emulator, machine, cpuMaps };
}

function namesOf(hosts: readonly Host[]): readonly string[] {
  return hosts.map(({ name }) => name);
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}

function shared(values: readonly (string | undefined)[]): string | undefined {
  const known = distinct(values);
  return known.length === 1 ? known[0] : undefined;
}
