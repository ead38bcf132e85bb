import { candidateMaps } from '../../lib/cpu/bundled.ts';
import { unshownNames, type Silence } from '../../lib/cpu/silence.ts';

const maps = candidateMaps({ from: '12.8.0', to: '12.8.0' });

test.each<[Silence, readonly string[], readonly string[]]>([
  ['none', [], ['umip', 'rdctl-no', 'vmx-ept', 'avx']],
  [
    'added-by-kvm',
    ['umip', 'rdctl-no', 'vmx-ept', 'npt', 'ibpb'],
    ['avx', 'zero-fcs-fds', 'x2apic', 'hypervisor'],
  ],
  [
    'hidden-by-kernel',
    ['umip', 'rdctl-no', 'zero-fcs-fds', 'invtsc'],
    ['avx', 'sse4.1', 'hypervisor', 'arat'],
  ],
  ['vmx-controls', ['vmx-ept', 'vmx-vpid'], ['vmx', 'umip', 'rdctl-no']],
  ['unlisted', ['avx', 'vmx-ept', 'umip'], ['hypervisor', 'tsc_adjust']],
])('%s', (silence, silent, told) => {
  const names = unshownNames(maps, silence);
  expect(silent.filter((name) => !names.includes(name))).toEqual([]);
  expect(told.filter((name) => names.includes(name))).toEqual([]);
  expect(names).toEqual([...names].sort());
});
