import type { BaselineHost } from '../../../types/baseline.ts';
import type { Host } from '../../../types/host.ts';
import { naturalOrder } from '../../text/natural.ts';
import { groupedBy } from '../../text/remembered.ts';
import { tallied } from '../../text/tallied.ts';
import { madeHost } from '../../cpu/made-host.ts';

/** Hosts by name; where a name comes again it is numbered, so that no host hides another. */
export function uniquelyNamed(hosts: readonly Host[]): readonly BaselineHost[] {
  const names = new Set(hosts.map(({ name }) => name));
  const named = names.size === hosts.length ? [...hosts] : numbered(hosts, names);
  return Object.freeze(named.sort((a, b) => naturalOrder(a.name, b.name)));
}

function numbered(hosts: readonly Host[], taken: Set<string>): BaselineHost[] {
  return [...groupedBy(hosts, ({ name }) => name)].flatMap(([name, group]) => {
    let number = 1;
    return byContent(group).map((host, i): BaselineHost => {
      if (i === 0) return host;
      do number++;
      while (taken.has(`${name}#${number}`));
      taken.add(`${name}#${number}`);
      return madeHost({ ...host, name: `${name}#${number}`, givenName: name });
    });
  });
}

/** The hosts of several pools, each once, with the names they were given. A host of two pools is one host. */
export function unionOf(pools: readonly (readonly BaselineHost[])[]): readonly Host[] {
  const found = new Map<string, readonly Host[]>();
  for (const pool of pools) {
    for (const [name, group] of groupedBy(pool.map(asGiven), (host) => host.name)) {
      found.set(name, withUnknown(found.get(name) ?? [], group));
    }
  }
  return [...found.values()].flat();
}

/** Each host of the group answers for one of those known already, or is new. */
function withUnknown(known: readonly Host[], group: readonly Host[]): readonly Host[] {
  if (known.length === 0) return group;
  if (known.length === 1 && group.length === 1 && known[0] === group[0]) return known;
  const open = tallied(known.map(contentOf));
  const unknown = group.filter((host) => {
    const content = contentOf(host);
    const count = open.get(content) ?? 0;
    open.set(content, count - 1);
    return count <= 0;
  });
  return [...known, ...unknown];
}

/** Hosts of one name are ordered by what they have: the order they were given in must not matter. */
function byContent(hosts: readonly Host[]): readonly Host[] {
  const contents = hosts.map((host) => ({ host, content: contentOf(host) }));
  return contents.sort((a, b) => (a.content < b.content ? -1 : 1)).map(({ host }) => host);
}

function asGiven(host: BaselineHost): Host {
  if (host.givenName === undefined) return host;
  const { givenName, ...rest } = host;
  return madeHost({ ...rest, name: givenName });
}

/** All that tells a host from others of its name; its CPU maps by their version. */
function contentOf({ cpuMaps, issues, ...host }: Host): string {
  const doubts = issues.map(({ code, severity }) => [code, severity]);
  return JSON.stringify([host, doubts, cpuMaps.map(({ version }) => version)]);
}
