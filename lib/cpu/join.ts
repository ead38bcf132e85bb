import type { Host } from '../../types/host.ts';

/**
 * The hosts with every pair of documents of one machine made into one: `virsh capabilities` says who it is,
 * `virsh domcapabilities` or QEMU what it gives a guest. They belong together by UUID or by the caller's name.
 */
export function joinHosts(hosts: readonly Host[]): readonly Host[] {
  if (!hosts.some(isIdentity)) return hosts;
  const joined: Host[] = [];
  for (const host of hosts) {
    const at = joined.findIndex((other) => isSameMachine(host, other));
    const other = joined[at];
    if (other === undefined) joined.push(host);
    else joined[at] = isIdentity(host) ? join(host, other) : join(other, host);
  }
  return joined;
}

function isIdentity({ source }: Host): boolean {
  return source === 'capabilities';
}

function isSameMachine(a: Host, b: Host): boolean {
  const [identity, guest] = isIdentity(a) ? [a, b] : [b, a];
  const isPair = isIdentity(identity) && (guest.source === 'domcapabilities' || guest.source === 'qmp');
  // With a UUID, or a processor that only its identity can have told, it has been joined already.
  const isJoined = guest.uuid !== undefined || (guest.source !== 'qmp' && guest.processor !== undefined);
  if (!isPair || isJoined) return false;
  return a.name === b.name || (a.uuid !== undefined && a.uuid === b.uuid);
}

function join(identity: Host, guest: Host): Host {
  return {
    ...guest,
    name: identity.name,
    uuid: identity.uuid,
    processor: identity.processor ?? guest.processor,
    machines: identity.machines,
  };
}
