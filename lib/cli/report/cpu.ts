import type { Host } from '../../../types/host.ts';
import { X86 } from '../../cpu/arches.ts';
import { kindsBy } from '../../diff/pool/kinds.ts';
import { hostList } from '../../issues/words.ts';

/**
 * Which CPUs the hosts have, where libvirt tells more of the CPU than of its features: not on x86. `CPU: POWER8 on a;
 * POWER9 on b`
 */
export function cpuWords(hosts: readonly Host[]): string | undefined {
  const others = hosts.filter(
    ({ arch, model }) => arch !== undefined && !X86.has(arch) && model !== undefined,
  );
  if (others.length === 0) return undefined;
  const byCpu = kindsBy(others, ({ vendor, model = '' }) =>
    vendor === undefined ? model : `${vendor} ${model}`,
  );
  return `CPU: ${[...byCpu].map(([cpu, names]) => `${cpu} on ${hostList(names)}`).join('; ')}`;
}
