import { gradeOf, impliedOn, impliedOnAll, weaknessOf, presenceOn, worstGrade } from '../../lib/cpu/grade.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import type { Host } from '../../types/host.ts';
import type { HostGrade, HostSource } from '../../types/host-source.ts';
import { capabilities, host } from '../support/host.ts';

test.each<[HostSource, { fallback?: string; arch?: string }, HostGrade]>([
  ['domcapabilities', { fallback: 'forbid' }, 'A'],
  ['domcapabilities', { fallback: 'allow' }, 'C'],
  ['domcapabilities', { fallback: 'allow', arch: 'ppc64le' }, 'A'],
  ['guest-cpu', {}, 'A'],
  ['qmp', {}, 'A'],
  ['kubevirt', {}, 'B'],
  ['proxmox', {}, 'B'],
  ['capabilities', {}, 'C'],
  ['cpuinfo', {}, 'C'],
  ['nfd', {}, 'C'],
])('%s %j is worth %s', (source, facts, grade) => {
  expect(gradeOf(source, facts)).toBe(grade);
});

test('the grade of several is the worst', () => {
  const grades = (...all: readonly HostGrade[]): HostGrade => worstGrade(all.map((grade) => ({ grade })));
  expect([grades(), grades('A', 'A'), grades('A', 'C', 'B'), grades('B', 'A')]).toEqual(['A', 'A', 'C', 'B']);
});

test.each<[HostSource, HostGrade, string | undefined]>([
  ['domcapabilities', 'A', undefined],
  ['domcapabilities', 'C', 'fallback-model'],
  ['kubevirt', 'B', 'kubevirt'],
  ['cpuinfo', 'C', 'cpuinfo'],
])('%s of grade %s is weak as %s', (source, grade, expected) => {
  expect(weaknessOf({ source, grade })).toBe(expected);
});

const weak = (features: readonly string[] = []): Host =>
  parseHost(capabilities('u', features), { libvirtVersion: '9.0.0' });

test.each<[string, Pick<Host, 'grade' | 'arch' | 'virtType'>, boolean]>([
  ['a list of the hardware', weak(), true],
  ['a good source', host('a'), false],
  ['emulation', { ...weak(), virtType: 'qemu' }, false],
  ['another architecture', { ...weak(), arch: 'aarch64' }, false],
])('what every KVM guest has is implied by %s: %p', (_, facts, expected) => {
  expect(impliedOn(facts).has('hypervisor')).toBe(expected);
});

test('what every KVM guest has is common where each host lists or implies it', () => {
  expect(impliedOnAll([weak(), host('b', ['hypervisor', 'x2apic'])])).toEqual(['hypervisor', 'x2apic']);
  expect(impliedOnAll([host('a', ['hypervisor']), host('b')])).toEqual([]);
  expect(impliedOnAll([weak(), host('b')])).toEqual([]);
});

test('a name is there, or may be there, or is not', () => {
  const { has, maybe } = presenceOn(weak(['avx']));
  expect(['avx', 'hypervisor', 'umip', 'avx2'].map((name) => [has.has(name), maybe.has(name)])).toEqual([
    [true, false],
    [true, false],
    [false, true],
    [false, false],
  ]);
});
