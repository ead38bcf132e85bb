import type { Host } from '../../types/host.ts';
import { joinDocuments } from './join-documents.ts';

/**
 * The hosts with the documents of one machine made into one: `virsh capabilities` says who it is, `virsh domcapabilities`
 * or QEMU (or both) what it gives a guest. They belong together by the caller's name. Documents that contradict each
 * other in what makes a machine become a host with an error that names both (`host-contradiction`).
 */
export function joinHosts(hosts: readonly Host[]): readonly Host[] {
  // Most hosts have one document.
  return hosts.some(({ source }) => source === 'capabilities' || source === 'qmp')
    ? joinDocuments(hosts)
    : hosts;
}
