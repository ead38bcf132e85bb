import type { BaselineHost } from '../../../types/baseline.ts';
import type { Host } from '../../../types/host.ts';

/** Hosts by name; where a name comes again it is numbered, so that no host hides another. */
export function uniquelyNamed(hosts: readonly Host[]): readonly BaselineHost[] {
  const groups = byGivenName(hosts);
  const taken = new Set(groups.keys());
  const numbered = [...groups].flatMap(([name, group]) => {
    if (group.length === 1) return group;
    let number = 1;
    return byContent(group).map((host, i): BaselineHost => {
      if (i === 0) return host;
      do number++;
      while (taken.has(`${name}#${number}`));
      taken.add(`${name}#${number}`);
      return { ...host, name: `${name}#${number}`, givenName: name };
    });
  });
  return numbered.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The hosts of several pools, each once, with the names they were given. A host of two pools is one host. */
export function unionOf(pools: readonly (readonly BaselineHost[])[]): readonly Host[] {
  const found = new Map<string, readonly Host[]>();
  for (const pool of pools) {
    for (const [name, group] of byGivenName(pool.map(asGiven))) {
      found.set(name, withUnknown(found.get(name) ?? [], group));
    }
  }
  return [...found.values()].flat();
}

/** Each host of the group answers for one of those known already, or is new. */
function withUnknown(known: readonly Host[], group: readonly Host[]): readonly Host[] {
  const open = [...known];
  const fresh = group.filter((host) => {
    const at = open.findIndex((other) => other === host || contentOf(other) === contentOf(host));
    if (at !== -1) open.splice(at, 1);
    return at === -1;
  });
  return [...known, ...fresh];
}

function byGivenName(hosts: readonly Host[]): ReadonlyMap<string, readonly Host[]> {
  const groups = new Map<string, Host[]>();
  for (const host of hosts) {
    const group = groups.get(host.name);
    if (group === undefined) groups.set(host.name, [host]);
    else group.push(host);
  }
  return groups;
}

/** Hosts of one name are ordered by what they have: the order they were given in must not matter. */
function byContent(hosts: readonly Host[]): readonly Host[] {
  const contents = hosts.map((host) => ({ host, content: contentOf(host) }));
  return contents.sort((a, b) => (a.content < b.content ? -1 : 1)).map(({ host }) => host);
}

function asGiven(host: BaselineHost): Host {
  if (host.givenName === undefined) return host;
  const { givenName, ...rest } = host;
  return { ...rest, name: givenName };
}

/** All that tells a host from others of its name; its CPU maps by their version. */
function contentOf({ cpuMaps, issues, ...host }: Host): string {
  const doubts = issues.map(({ code, severity }) => [code, severity]);
  return JSON.stringify([host, doubts, cpuMaps.map(({ version }) => version)]);
}
