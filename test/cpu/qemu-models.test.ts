import { addedByQemu, inQemusModel } from '../../lib/cpu/qemu-models.ts';

const sorted = (names: Iterable<string>): string => [...names].sort().join(' ');

test.each<[model: string, virtType: string | undefined, added: string]>([
  ['486', 'kvm', 'hypervisor x2apic'],
  ['486', 'qemu', 'hypervisor'],
  ['486', undefined, 'hypervisor x2apic'],
  ['kvm64', 'kvm', 'hypervisor vme x2apic'],
  ['kvm64', 'qemu', 'hypervisor'],
  ['EPYC', 'kvm', 'hypervisor topoext x2apic'],
  ['EPYC', 'qemu', 'hypervisor monitor npt nrip-save topoext'],
  ['EPYC-Rome-v2', 'qemu', 'hypervisor monitor topoext'],
  ['Snowridge', 'qemu', 'hypervisor monitor mpx'],
  ['Snowridge-v2', 'qemu', 'hypervisor monitor'],
  ['Denverton-v2', 'qemu', 'hypervisor'],
  ['YongFeng-v3', 'kvm', 'hypervisor x2apic'],
  ['DiamondRapids', 'kvm', 'avx10-128 avx10-256 avx10-512 hypervisor x2apic'],
  // A kind of guest that was not measured: what any kind gets.
  ['EPYC', 'hvf', 'hypervisor monitor npt nrip-save topoext x2apic'],
])('%s in a guest of type %s may have %s', (model, virtType, added) => {
  expect(sorted(addedByQemu(model, { virtType }))).toBe(added);
});

test.each<[model: string, machine: string, added: string]>([
  ['Skylake-Server', 'pc-q35-2.11', 'hypervisor mpx'],
  ['Skylake-Server', 'pc-q35-3.1', 'clflushopt hypervisor mpx pku'],
  ['Skylake-Server', 'pc-q35-4.0', 'clflushopt hypervisor pku'],
  ['EPYC', 'pc-i440fx-2.12', 'hypervisor monitor'],
])('%s of the machine type %s may have %s', (model, machine, added) => {
  expect(sorted(addedByQemu(model, { virtType: 'qemu', machine }))).toBe(added);
});

test('the definition alone has nothing that every model is given', () => {
  expect(inQemusModel('486')).toEqual([]);
  expect(inQemusModel('Conroe')).toEqual(['vme']);
  expect(inQemusModel('Conroe', { virtType: 'qemu' })).toEqual([]);
});
