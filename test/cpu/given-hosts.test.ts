// Tries lib/cpu/cpu-argument.ts and lib/cpu/facts/measured/dependencies.ts as well.
import { createPool, rewriteDomains } from '../../lib/index.ts';
import { givenHost, givenHosts } from '../../lib/cpu/given-hosts.ts';
import type { Host } from '../../types/host.ts';
import { errorOf } from '../support/findings.ts';
import { host } from '../support/host.ts';

const asHost = (value: unknown): Host => value as Host;

test.each<[string, unknown, string, RegExp]>([
  ['a Buffer', Buffer.from('<cpu/>'), 'hosts[1] is a Buffer, not a host', /buffer\.toString\('utf8'\)/],
  ['bytes', new Uint8Array(3), 'hosts[1] is a list of bytes, not a host', /TextDecoder/],
  ['a text', '<cpu/>', 'hosts[1] is a text, not a host', /^Read it: parseHost\(/],
  ['a promise', Promise.resolve(), 'hosts[1] is a Promise, not a host', /^Await it\./],
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

const frozenBut = (parts: object): Host => Object.freeze({ ...host('a'), ...parts });

/** Hosts of which something can still be changed, how, and what they have all the same. */
const open: readonly [string, (list: string[]) => Host][] = [
  ['in a frozen list', (list) => frozenBut({ machines: Object.freeze([{ name: 'pc', list }]) })],
  ['in a frozen record', (list) => frozenBut({ offers: Object.freeze({ 'disk.bus': list }) })],
  [
    'behind a getter',
    (list) =>
      frozenBut(
        Object.defineProperty({}, 'x', { enumerable: true, get: () => Object.freeze({ list: [...list] }) }),
      ),
  ],
  ['behind a proxy', (list) => new Proxy({ ...host('a'), usableModels: { list } } as never, {})],
];

test.each(open)('a host that can be changed %s is copied', (_, make) => {
  const list = ['avx'];
  const copy = givenHost(make(list), 'the host');
  const before = JSON.stringify(copy);
  list.push('x');
  expect(JSON.stringify(copy)).toBe(before);
});

test('what a getter answers later is not asked for', () => {
  const answers = [['avx'], ['aes']];
  const { features: _, ...rest } = host('a');
  const given = Object.freeze(
    Object.defineProperty(rest, 'features', { enumerable: true, get: () => answers.shift() }),
  ) as Host;
  const copy = givenHost(given, 'the host');
  expect([copy.features, copy.features]).toEqual([['avx'], ['avx']]);
});

test('no function of a host is ever called', () => {
  const toJSON = (): never => {
    throw new RangeError('called');
  };
  expect(Object.keys(givenHost(Object.freeze({ ...host('a'), toJSON }) as Host, 'a'))).toEqual(
    Object.keys(host('a')),
  );
});

const endless: { list?: unknown } = {};
endless.list = [endless];
const nested = Array.from({ length: 100_000 }).reduce<object>((inner) => Object.freeze([inner]), []);

test.each([
  ['holds itself', { processor: endless }],
  ['holds itself, frozen', { processor: Object.freeze({ list: Object.freeze([endless]) }) }],
  ['is nested too deeply', { offers: { nested } }],
])('a host that %s is refused', (_, parts) => {
  expect(() => givenHost({ ...host('a'), ...parts } as never, 'a')).toThrow(
    'what was given holds itself, or is nested more than 64 levels deep',
  );
});

test.each<[string, object]>([
  ['a name that is none', { features: ['avx', 7] }],
  ['no map', { cpuMaps: [null] }],
  ['a text as a list', { silent: 'avx' }],
  ['a list as a record', { offers: [] }],
])('a host with %s is none', (_, parts) => {
  expect(errorOf(() => givenHost({ ...host('a'), ...parts }, 'a'))?.code).toBe('bad-host');
});

test('an instance whose class answers for it is no host: a copy would not have what it says', () => {
  class Mine {
    get name(): string {
      return 'a';
    }
  }
  expect(errorOf(() => givenHost(Object.assign(new Mine(), {}) as never, 'a'))?.code).toBe('bad-host');
});

test('a hole in a list is no host', () => {
  expect(errorOf(() => createPool(new Array<Host>(2)))).toMatchObject({
    reason: 'hosts[0] is undefined, not a host',
  });
});

test('a host given for two domains is one host, though it was copied', () => {
  const own = { ...host('a') };
  const domain = "<domain type='kvm'><cpu mode='host-model'/></domain>";
  const result = rewriteDomains([own, own, host('b')].map((one) => ({ domain, host: one })));
  expect(result.ok && result.parts.map((part) => part.host)).toEqual(['a', 'a', 'b']);
});
