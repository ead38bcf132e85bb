// Tries lib/cpu/preferred-machine.ts as well.
import fc from 'fast-check';
import { kubevirtAdvice } from '../lib/kubevirt.ts';
import { kubevirtDomain, kubevirtGuests } from '../lib/parser/domain/kubevirt.ts';
import { hostFromFeatures } from '../lib/parser/host/from-features.ts';
import { createPool } from '../lib/pool.ts';
import type { Host } from '../types/host.ts';
import type { KubeVirtFeature, KubeVirtGuest } from '../types/kubevirt.ts';

const BASE = [
  'fpu',
  'sse',
  'sse2',
  'lm',
  'cx8',
  'msr',
  'tsc',
  'mmx',
  'fxsr',
  'cmov',
  'pae',
  'apic',
  'de',
  'pse',
  'mce',
];
const node = (name: string, ...features: readonly string[]): Host =>
  hostFromFeatures({ name, features: [...BASE, ...features], libvirtVersion: '9.0.0', virtType: 'kvm' });

function guestOf(cpu: object): KubeVirtGuest {
  const [guest] = kubevirtGuests({
    kind: 'VirtualMachineInstance',
    metadata: { name: 'web' },
    spec: { domain: { cpu } },
  });
  if (guest === undefined) throw new Error('no guest');
  return guest;
}

test('what hosts differ in is disabled beside the lines that are there', () => {
  const guest = guestOf({
    model: 'host-passthrough',
    features: [
      { name: 'stibp', policy: 'optional' },
      { name: 'vmx', policy: 'disable' },
    ],
  });
  const advice = kubevirtAdvice(guest, [
    node('a', 'pcid', 'stibp'),
    node('b', 'pcid'),
    node('c', 'aes', 'stibp'),
  ]);
  expect(advice).toEqual({
    nodes: ['a', 'b', 'c'],
    features: [
      { name: 'stibp', policy: 'disable' },
      { name: 'vmx', policy: 'disable' },
      { name: 'aes', policy: 'disable' },
      { name: 'pcid', policy: 'disable' },
    ],
    changed: true,
    groups: [['a'], ['b'], ['c']],
  });
});

test('a node that lacks what is required is none', () => {
  const guest = guestOf({ model: 'host-passthrough', features: [{ name: 'aes' }] });
  const advice = kubevirtAdvice(guest, [node('a', 'aes'), node('b'), node('c', 'aes')]);
  expect(advice).toMatchObject({ nodes: ['a', 'c'], changed: false, groups: [['a', 'c']] });
});

test('where no two nodes can run it, no lines help', () => {
  const guest = guestOf({ model: 'host-passthrough', features: [{ name: 'aes' }] });
  expect(kubevirtAdvice(guest, [node('a', 'aes'), node('b')])).toMatchObject({
    nodes: ['a'],
    features: undefined,
  });
  expect(kubevirtAdvice(guest, [node('b')])).toEqual({
    nodes: [],
    features: undefined,
    changed: false,
    groups: [],
  });
  expect(() => kubevirtAdvice(guest, [])).toThrow(RangeError);
});

test('with the lines, the guest is safe on all nodes; as it is, in each group', () => {
  const some = fc.subarray(['aes', 'pcid', 'stibp', 'avx', 'xsave', 'rdrand', 'smep']);
  const policy = fc.constantFrom('require', 'optional', 'disable');
  const lines = some.chain((names) =>
    fc.tuple(...names.slice(0, 2).map((name) => policy.map((one) => ({ name, policy: one })))),
  );
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 5 }), lines, (sets, own) => {
      const nodes = sets.map((set, i) => node(`n${i}`, ...set));
      const guest = guestOf({ model: 'host-passthrough', features: own });
      const { nodes: able, features, groups } = kubevirtAdvice(guest, nodes);
      const safeOn = (names: readonly string[], with_: readonly KubeVirtFeature[]): boolean => {
        const pool = createPool(nodes.filter(({ name }) => names.includes(name)));
        return pool.check(kubevirtDomain({ ...guest, features: with_ })).safe;
      };
      expect(groups.flat().toSorted()).toEqual(able.toSorted());
      expect(features === undefined || safeOn(able, features)).toBe(true);
      for (const group of groups) expect(group.length < 2 || safeOn(group, guest.features)).toBe(true);
    }),
    { numRuns: 40 },
  );
});
