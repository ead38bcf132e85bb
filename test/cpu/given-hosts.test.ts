import { givenHost, givenHosts } from '../../lib/cpu/given-hosts.ts';
import type { Host } from '../../types/host.ts';
import { errorOf } from '../support/findings.ts';
import { host } from '../support/host.ts';

const asHost = (value: unknown): Host => value as Host;

test.each<[string, unknown, string, RegExp]>([
  ['a Buffer', Buffer.from('<cpu/>'), 'hosts[1] is a Buffer, not a host', /buffer\.toString\('utf8'\)/],
  ['bytes', new Uint8Array(3), 'hosts[1] is a list of bytes, not a host', /TextDecoder/],
  ['a text', '<cpu/>', 'hosts[1] is a text, not a host', /^Read it: parseHost\(/],
  ['a promise', Promise.resolve(), 'hosts[1] is a promise, not a host', /^Await it\./],
  ['hosts in a list of their own', [host('a')], 'hosts[1] is a list, not a host', /\.\.\.hosts/],
  ['nothing', undefined, 'hosts[1] is undefined, not a host', /parseHost/],
  ['null', null, 'hosts[1] is null, not a host', /parseHost/],
  ['a number', 7, 'hosts[1] is a number, not a host', /parseHost/],
  [
    'sets alone',
    { name: 'b', features: ['avx'] },
    'hosts[1] is a plain object, not a host',
    /hostFromFeatures/,
  ],
  ['a frozen object', Object.freeze({ name: 'b' }), 'hosts[1] is a plain object, not a host', /parseHost/],
])('%s in place of a host is refused with its place and a way out', (_, value, reason, hint) => {
  const error = errorOf(() => givenHosts([host('a'), asHost(value)]));
  expect(error).toMatchObject({ code: 'bad-host', reason, hint: expect.stringMatching(hint) as string });
  expect(error?.message).toBe(`${reason}\n${error?.hint ?? ''}`);
});

test.each([undefined, host('a'), 'text', new Set([host('a')])])(
  'hosts that are no list are refused',
  (value) => {
    expect(errorOf(() => givenHosts(value as never))).toMatchObject({
      code: 'bad-host',
      hint: 'Give a list: [host, …].',
    });
  },
);

test('hosts that never change come back as they are', () => {
  const hosts = [host('a'), host('b')];
  expect(givenHosts(hosts)).toEqual(hosts);
  expect(givenHosts(hosts)[0]).toBe(hosts[0]);
});

test('what somebody else could change is copied, once where it is shared', () => {
  const features = ['avx', 'fpu'];
  const given = ['a', 'b'].map((name) => ({ ...host(name), features }));
  const [a, b] = givenHosts(given);
  features.push('x');
  expect([a?.features, a?.features === b?.features]).toEqual([['avx', 'fpu'], true]);
  expect([a, a?.features, a?.issues].every(Object.isFrozen)).toBe(true);
});

test('a host that is frozen on the outside only is copied too', () => {
  const features = ['avx'];
  const given = Object.freeze({ ...host('a'), features });
  const copy = givenHost(given, 'the host');
  features.push('x');
  expect(copy.features).toEqual(['avx']);
});
