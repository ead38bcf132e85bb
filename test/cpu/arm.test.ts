import { unlikeProperties } from '../../lib/cpu/arm.ts';
import type { Host } from '../../types/host.ts';

const host = (name: string, properties: Host['properties']): Pick<Host, 'name' | 'properties'> => ({
  name,
  properties,
});

test.each<[string, Host['properties'], Host['properties'], readonly string[]]>([
  ['equal properties', { pmu: true, SYSREG_A_B: 1 }, { pmu: true, SYSREG_A_B: 1 }, []],
  [
    'a field, by its register',
    { SYSREG_ID_AA64ISAR0_EL1_DP: 1 },
    { SYSREG_ID_AA64ISAR0_EL1_DP: 0 },
    ['ID_AA64ISAR0_EL1.DP: 1=a 0=b'],
  ],
  ['another property', { pmu: true }, { pmu: false }, ['pmu: true=a false=b']],
  ['one that a QEMU does not have', { 'kvm-steal-time': true }, {}, ['kvm-steal-time: true=a none=b']],
])('%s', (_, a, b, expected) => {
  const found = unlikeProperties([host('a', a), host('b', b)]);
  const lines = found.map(({ property, values }) => {
    const each = values.map(({ value, hosts }) => `${value}=${hosts.join()}`);
    return `${property}: ${each.join(' ')}`;
  });
  expect(lines).toEqual(expected);
});
