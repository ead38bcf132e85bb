import type { Comparison, WantedCpu } from '../../../types/cpu-definition.ts';
import type { Host } from '../../../types/host.ts';
import { mapFor } from '../../cpu/bundled.ts';
import { indexOf, featuresOfModel, type CpuIndex } from '../../cpu/map.ts';
import { canonicalName } from '../../cpu/known-names.ts';

/**
 * Whether a host can run a CPU as it is asked for, by libvirt's own rule: nothing forbidden is there, and everything
 * required is; more than that makes the host a superset, which a strict match does not accept.
 */
export function compareWanted(host: Host, cpu: WantedCpu, libvirtVersion?: string): Comparison {
  const incompatible = (reason: Comparison['reason']): Comparison => ({
    result: 'incompatible',
    missing: [],
    forbidden: [],
    reason,
  });
  if (host.cpuMaps.length === 0 || host.features === undefined)
    throw new RangeError(`the CPU features of ${host.name} are unknown`);
  const wanted = byPolicy(indexOf(mapFor(host, libvirtVersion)), cpu);
  if (cpu.arch !== undefined && host.arch !== undefined && !runs(host.arch, cpu.arch))
    return incompatible('arch');
  if (cpu.vendor !== undefined && cpu.vendor !== host.vendor) return incompatible('vendor');
  const has = new Set(host.features);
  const missing = [...wanted.require].filter((name) => !has.has(name)).sort();
  const forbidden = [...wanted.forbid].filter((name) => has.has(name)).sort();
  if (missing.length + forbidden.length > 0)
    return { result: 'incompatible', missing, forbidden, reason: undefined };
  const extra = host.features.filter((name) => !wanted.require.has(name) && !wanted.settled.has(name));
  if (extra.length === 0 && cpu.model !== undefined)
    return { result: 'identical', missing, forbidden, reason: undefined };
  return cpu.match === 'strict'
    ? incompatible('extra-features')
    : { result: 'superset', missing, forbidden, reason: undefined };
}

/** An i686 CPU runs on an x86_64 host. */
function runs(host: string, guest: string): boolean {
  return host === guest || (host === 'x86_64' && guest === 'i686');
}

interface ByPolicy {
  readonly require: ReadonlySet<string>;
  readonly forbid: ReadonlySet<string>;
  /** Named with any policy that does not require it: neither missing nor extra. */
  readonly settled: ReadonlySet<string>;
}

/** @throws RangeError for a model or feature this libvirt does not know */
function byPolicy(index: CpuIndex, cpu: WantedCpu): ByPolicy {
  const base = cpu.model === undefined ? new Set<string>() : featuresOfModel(index, cpu.model);
  if (base === undefined)
    throw new RangeError(`libvirt ${index.map.version} knows no CPU model "${cpu.model ?? ''}"`);
  const named = cpu.features.map(({ name, policy }) => {
    const own = canonicalName(index, name);
    if (own === undefined)
      throw new RangeError(`libvirt ${index.map.version} knows no CPU feature "${name}"`);
    return { name: own, policy };
  });
  const names = (...policies: readonly string[]): string[] =>
    named.filter(({ policy }) => policies.includes(policy)).map(({ name }) => name);
  const settled = new Set(names('force', 'optional', 'disable', 'forbid'));
  const require = new Set([...base, ...names('require')].filter((name) => !settled.has(name)));
  return { require, forbid: new Set(names('forbid')), settled };
}
