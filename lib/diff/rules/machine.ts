import type { BaselineHost } from '../../../types/baseline.ts';
import { NOTHING, type Case, type Outcome } from '../case.ts';
import { oneOfEach } from '../pool/kinds.ts';
import { archIssues, contextIssues } from './machine-context.ts';
import { knownIn, resolvedBy } from './machine-types.ts';
import { machineOutcome, unstatedOutcome } from './unlike-machines.ts';

/**
 * Does every host have the guest's machine type, is it the same one everywhere, and were the hosts asked about it?
 *
 * @see https://www.qemu.org/docs/master/system/i386/pc.html
 */
export function machineRule(guest: Case): Outcome {
  if (guest.machine !== undefined) return guest.machine;
  const { domain, pool, settings } = guest;
  const { machine, arch, type, osType } = domain;
  if (osType === undefined) return NOTHING;
  if (machine === undefined) return unstatedOutcome(guest);
  const words = `${machine} ${arch} ${type}`;
  const isPlain = pool.memory(machineRule, words, () => isAlike(guest, machine));
  return isPlain && settings.machine === undefined ? NOTHING : machineOutcome(guest, machine);
}

/** One of each kind of hosts that make the same of every machine type. */
function unlikeInMachines(hosts: readonly BaselineHost[]): readonly BaselineHost[] {
  return oneOfEach(hosts, ({ machines, machine, arch }) => [machines, `${machine} ${arch}`]);
}

/** Is it one and the same everywhere, and were all hosts asked about it? */
function isAlike(guest: Case, machine: string): boolean {
  const resolved = resolvedBy(guest.pool.ask(unlikeInMachines), machine, guest);
  const isOne = knownIn(resolved).length < 2 && !resolved.some(({ missing }) => missing);
  return isOne && contextIssues(guest, resolved, machine).length + archIssues(guest).length === 0;
}
