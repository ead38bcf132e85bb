// Tries lib/diff/pool/facts.ts, lib/diff/pool/ignored.ts, lib/diff/pool/kinds.ts and lib/diff/pool/versions.ts as
// well.
import { createPool } from '../../../lib/pool.ts';
import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { parseHost } from '../../../lib/parser/host/host.ts';
import type { Host } from '../../../types/host.ts';
import { capabilities, host } from '../../support/host.ts';

const KVM = ['arat', 'hypervisor', 'tsc-deadline', 'tsc_adjust', 'x2apic'];
const weak = (name: string, features: readonly string[] = []): Host =>
  parseHost(capabilities(`uuid-of-${name}`, features), { name, libvirtVersion: '9.0.0' });
const GUEST =
  "<domain type='kvm'>\n  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>\n  <cpu mode='host-passthrough'/>\n</domain>\n";

test('what every KVM guest has is no difference to a weak host, and not common either', () => {
  const { losses, common } = diffHosts([weak('a'), host('b', [...KVM, 'pcid'])]);
  expect(losses.map(({ feature }) => feature)).toEqual(['pcid']);
  expect(common).toEqual(['fpu', 'pse', 'vme']);
});

test('where a good host lacks it, the weak one has it', () => {
  const { losses } = diffHosts([weak('a'), host('b', ['hypervisor']), host('c')]);
  expect(losses).toMatchObject([{ feature: 'hypervisor', presentOn: ['a', 'b'], missingOn: ['c'] }]);
});

test('what KVM adds is unknown on a weak host where another has it, and nothing where nobody has', () => {
  const { losses } = diffHosts([weak('a'), host('b', ['umip', 'spec-ctrl', 'pcid'])]);
  expect(losses.map(({ feature, missingOn, unknownOn }) => [feature, missingOn, unknownOn])).toEqual([
    ['pcid', ['a'], []],
    ['spec-ctrl', [], ['a']],
    ['umip', [], ['a']],
  ]);
  expect(diffHosts([weak('a'), weak('b')]).losses).toEqual([]);
});

test.each([
  ['plain', {}],
  ['exhaustive', { cpu: { exhaustive: true } }],
] as const)('no form disables what every KVM guest has: %s', (_, options) => {
  const result = createPool([weak('a'), host('b', KVM)]).rewrite(GUEST, options);
  expect(result.ok).toBe(true);
  const xml = result.ok ? result.xml : '';
  expect(KVM.filter((name) => xml.includes(`name='${name}'`))).toEqual([]);
});

test('a domain may require it', () => {
  const domain = GUEST.replace(
    '/>\n</domain>',
    "><feature policy='require' name='hypervisor'/></cpu>\n</domain>",
  );
  const { issues } = createPool([weak('a'), host('b', KVM)]).rewrite(domain);
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
});
