import type { Host } from '../../types/host.ts';

/** Names of hosts → the places of those that wait for the other document of their machine, the first in front. */
type Waiting = Map<string, number[]>;

/**
 * The hosts with every pair of documents of one machine made into one: `virsh capabilities` says who it is,
 * `virsh domcapabilities` or QEMU what it gives a guest. They belong together by the caller's name.
 */
export function joinHosts(hosts: readonly Host[]): readonly Host[] {
  if (!hosts.some(isIdentity)) return hosts;
  const joined: Host[] = [];
  const [identities, guests]: [Waiting, Waiting] = [new Map(), new Map()];
  for (const host of hosts) {
    const others = isIdentity(host) ? guests : identities;
    const at = isWaiting(host) ? (others.get(host.name)?.shift() ?? -1) : -1;
    const other = joined[at];
    const place = other === undefined ? joined.length : at;
    const one = other === undefined ? host : isIdentity(host) ? join(host, other) : join(other, host);
    joined[place] = one;
    if (isWaiting(one)) wait(isIdentity(one) ? identities : guests, one.name, place);
  }
  return joined;
}

function wait(waiting: Waiting, name: string, place: number): void {
  const places = waiting.get(name);
  if (places === undefined) waiting.set(name, [place]);
  else places.push(place);
}

function isIdentity({ source }: Host): boolean {
  return source === 'capabilities';
}

/** Can the host have another document? With a UUID, or a processor that only its identity tells, a guest's has been joined. */
function isWaiting(host: Host): boolean {
  const { source, uuid, processor } = host;
  if (isIdentity(host) || source === 'qmp') return isIdentity(host) || uuid === undefined;
  return source === 'domcapabilities' && uuid === undefined && processor === undefined;
}

function join(identity: Host, guest: Host): Host {
  return Object.freeze({
    ...guest,
    name: identity.name,
    uuid: identity.uuid,
    processor: identity.processor ?? guest.processor,
    machines: identity.machines,
  });
}
