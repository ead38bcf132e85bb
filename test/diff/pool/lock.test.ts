import { diffHosts } from '../../../lib/diff/pool/baseline.ts';
import { compareLock, lockBaseline } from '../../../lib/diff/pool/lock.ts';
import { parseLock } from '../../../lib/parser/lock.ts';
import type { Host, HostProcessor } from '../../../types/host.ts';
import { refusalOf, told } from '../../support/findings.ts';
import { host } from '../../support/host.ts';

const processor: HostProcessor = {
  ...{ family: 6, model: 85, stepping: 7, microcode: '0x5003604' },
  ...{ physicalAddressBits: 46, tsc: undefined },
};
const A: Host = { ...host('a', ['hle', 'pcid'], { vendor: 'Intel' }), processor };
const B = host('b', ['hle'], { vendor: 'Intel' });
const lock = lockBaseline(diffHosts([B, A]));

test('a lock has what all share, and each host’s own, in order', () => {
  expect(lock).toMatchObject({
    lockVersion: 1,
    common: ['fpu', 'hle', 'pse', 'vme'],
    hosts: [
      {
        name: 'a',
        identity: {
          arch: 'x86_64',
          vendor: 'Intel',
          microcode: '0x5003604',
          processor: '6-85-7',
          libvirt: '9.0.0',
        },
        surplus: ['pcid'],
        uncertain: [],
      },
      { name: 'b', surplus: [], uncertain: [] },
    ],
  });
  expect(lock.hosts[0]?.identity['known names']).toMatch(/^212, [\da-f]{8}$/);
  expect(Object.keys(lock.hosts[1]?.identity ?? {})).not.toContain('microcode');
});

test('a lock is read back as it was, whichever way the hosts were given', () => {
  expect(parseLock(JSON.stringify(lock))).toEqual(lock);
  expect(lockBaseline(diffHosts([A, B]))).toEqual(lock);
});

test('nobody can lock what nobody knows', () => {
  expect(() => lockBaseline(diffHosts([A, { ...B, features: undefined }]))).toThrow(RangeError);
});

const without = (one: Host, name: string): Host => ({
  ...one,
  features: one.features?.filter((feature) => feature !== name),
});
const newer: Host = { ...A, processor: { ...processor, microcode: '0x5003901' } };

test.each<[string, readonly Host[], readonly string[]]>([
  ['nothing', [A, B], []],
  [
    'a microcode that took a feature away',
    [without(newer, 'hle'), B],
    ['error lock-feature-lost hle [a]', 'error lock-identity [a]'],
  ],
  ['a host that lost what only it had', [without(A, 'pcid'), B], ['error lock-feature-lost pcid [a]']],
  [
    'a name that an upgrade brought',
    [A, { ...B, features: [...(B.features ?? []), 'umip'].sort() }],
    ['error lock-feature-gained umip [b]'],
  ],
  [
    'a name that became doubtful',
    [{ ...without(A, 'pcid'), uncertain: ['pcid', 'umip'] }, B],
    ['error lock-feature-lost pcid [a]', 'error lock-feature-unsure umip [a]'],
  ],
  ['a host that is gone', [A], ['error lock-host-missing']],
  ['a host that is new', [A, B, { ...B, name: 'c' }], ['error lock-host-new [c]']],
  [
    'another libvirt, which knows other names',
    [A, host('b', ['hle'], { vendor: 'Intel', libvirtVersion: '11.3.0' })],
    Array.from({ length: 3 }, () => 'error lock-identity [b]'),
  ],
  [
    'a fact that is stated no more',
    [{ ...A, processor: undefined }, B],
    Array.from({ length: 2 }, () => 'error lock-identity [a]'),
  ],
])('drift: %s', (_, hosts, expected) => {
  expect(told(compareLock(lock, diffHosts(hosts)))).toEqual(expected);
});

test('drift is told with what was and what is', () => {
  const [found] = compareLock(lock, diffHosts([newer, B]));
  expect(found).toMatchObject({ property: 'microcode', then: '0x5003604', now: '0x5003901' });
});

test.each([
  ['no JSON', '{"lockVersion": 1,', 'bad-lock 1:1'],
  ['no lock', '[]', 'bad-lock 1:1'],
  ['another kind of JSON', '{"common": []}', 'bad-lock 1:1'],
  ['a later version', '{"lockVersion": 2}', 'bad-lock 1:1'],
  ['names that are none', '{"lockVersion": 1, "common": [1], "hosts": []}', 'bad-lock 1:1'],
  ['a host that is none', '{"lockVersion": 1, "common": [], "hosts": [null]}', 'bad-lock 1:1'],
  [
    'a host without identity',
    '{"lockVersion": 1, "common": [], "hosts": [{"name": "a", "surplus": [], "uncertain": []}]}',
    'bad-lock 1:1',
  ],
])('%s is refused', (_, text, expected) => {
  expect(refusalOf(() => parseLock(text))).toBe(expected);
});
