import type { Domain } from '../../types/domain.ts';

/** Is this the XML of a running guest? libvirt gives it an id, and keeps it in a `<domstatus>`. */
export function isRunning({ id, root }: Pick<Domain, 'id' | 'root'>): boolean {
  return id !== undefined || root === 'domstatus';
}

/** Has libvirt written out the running guest's CPU? Its lines are then no demands of a person. */
export function isPinned(domain: Domain): boolean {
  return isRunning(domain) && domain.cpu?.mode === 'custom' && domain.cpu.check === 'full';
}
