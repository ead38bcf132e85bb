import type { Domain, DomainCpu } from '../../types/domain.ts';
import { FILTERED, qemuName } from '../cpu/names.ts';
import { isWanted } from './cpu/changes.ts';
import { givenDomain } from './given.ts';

/**
 * The argument of QEMU's `-cpu` that says what a domain's `<cpu>` says, for comparison: `host,pcid=off,stibp=off`.
 * Features come in the domain's order and in QEMU's spelling; what libvirt adds by itself (`migratable=on`, Hyper-V)
 * is left out, and so is an optional feature, which the host decides.
 *
 * @returns `undefined` for a domain without a CPU or CPU model, and for host-model and `match='minimum'`, which only
 * the host it starts on resolves.
 * @throws TypeError for what is no domain.
 * @see https://www.qemu.org/docs/master/system/qemu-cpu-models.html
 * @example
 * const domain = parseDomain("<domain><cpu mode='host-passthrough'><feature policy='disable' name='lahf_lm'/></cpu></domain>");
 * qemuCpuArgument(domain); // → 'host,lahf-lm=off'
 */
export function qemuCpuArgument(domain: Domain): string | undefined {
  const { cpu } = givenDomain(domain);
  const model = cpu === undefined ? undefined : qemuModel(cpu);
  if (cpu === undefined || model === undefined) return undefined;
  const vendor = cpu.mode === 'custom' && cpu.vendorId !== undefined ? [`vendor=${cpu.vendorId}`] : [];
  const migratable = cpu.migratable === undefined ? [] : [`migratable=${cpu.migratable}`];
  const features = cpu.features
    .filter(({ name, policy }) => policy !== 'optional' && !FILTERED.has(name))
    .map((feature) => `${qemuName(feature.name)}=${isWanted(feature) ? 'on' : 'off'}`);
  return [model, ...migratable, ...vendor, ...features].join(',');
}

function qemuModel({ mode, match, model }: DomainCpu): string | undefined {
  switch (mode) {
    case 'host-passthrough':
      return 'host';
    case 'maximum':
      return 'max';
    case 'custom':
      return match === 'minimum' ? undefined : model;
    case 'host-model':
      return undefined;
  }
}
