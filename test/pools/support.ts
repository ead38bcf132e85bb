import fc from 'fast-check';
import { hostFromFeatures } from '../../lib/parser/host/from-features.ts';
import type { Host } from '../../types/host.ts';

/** Names that facts, levels and combinations speak of, and some that none does. */
export const NAMES: readonly string[] = [
  ...[
    'arch-capabilities',
    'rdctl-no',
    'mds-no',
    'taa-no',
    'tsx-ctrl',
    'rtm',
    'md-clear',
    'pcid',
    'fb-clear',
    'psdp-no',
  ],
  ...[
    'fbsdp-no',
    'sbdr-ssdp-no',
    'spec-ctrl',
    'stibp',
    'ssbd',
    'amd-ssbd',
    'ibpb',
    'rsba',
    'ibrs-all',
    'rfds-no',
  ],
  ...[
    'aes',
    'erms',
    'hypervisor',
    'vmx',
    'flush-l1d',
    'pschange-mc-no',
    'clwb',
    'smep',
    'umip',
    'zero-fcs-fds',
    'avx',
    'fma',
  ],
];

const V1 = ['cmov', 'cx8', 'fpu', 'fxsr', 'lm', 'mmx', 'sse', 'sse2', 'syscall'];
const V2 = [...V1, 'cx16', 'lahf_lm', 'pni', 'popcnt', 'sse4.1', 'sse4.2', 'ssse3'];
const V3 = [...V2, 'abm', 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'movbe', 'xsave'];

/** A host by what it gives: a level and further features. */
export function hostWith(name: string, features: readonly string[], facts: Partial<Host> = {}): Host {
  const { vendor = 'Intel', virtType, arch } = facts;
  return hostFromFeatures({
    ...{ name, features, vendor, libvirtVersion: '12.8.0' },
    ...(virtType !== undefined && { virtType }),
    ...(arch !== undefined && { arch }),
  });
}

/** The features of each level. */
export const LEVEL_FEATURES = { v1: V1, v2: V2, v3: V3 } as const;

/** Feature sets of hosts, of which each has a level and some of the names. */
export const featureSets: fc.Arbitrary<readonly string[]> = fc
  .tuple(fc.constantFrom(V1, V2, V3), fc.subarray([...NAMES]))
  .map(([level, more]) => [...new Set([...level, ...more])]);

/** Hosts of one vendor with such sets. */
export function hostsOf(sets: readonly (readonly string[])[]): readonly Host[] {
  return sets.map((features, i) => hostWith(`kvm-${String(i + 1).padStart(2, '0')}`, features));
}
