import type { BaselineHost } from '../../../types/baseline.ts';
import { preferredMachine } from '../../cpu/preferred-machine.ts';
import type { Case } from '../case.ts';
import { machinesOf, resolve, type Resolved } from './machine-types.ts';

/**
 * The machine type of a guest that names none: the one that libvirt prefers, which it writes into the domain when that is
 * defined. A text without `<os><type>` is none that libvirt would define.
 */
export function defaultMachine({ domain, pool }: Case): string | undefined {
  const { osType, arch = pool.baseline.arch, type } = domain;
  return osType === undefined ? undefined : preferredMachine(arch, type);
}

/** What libvirt prefers; where QEMU lacks that, QEMU's own default, which libvirt lists first. KubeVirt has its own. */
export function resolveDefault(host: BaselineHost, preferred: string, guest: Case): Resolved {
  if (host.source === 'kubevirt') return { host, machine: undefined, missing: false };
  const resolved = resolve(host, preferred, guest);
  const [first] = resolved.missing ? machinesOf(host, guest).values() : [];
  return first === undefined ? resolved : { host, machine: first.canonical ?? first.name, missing: false };
}
