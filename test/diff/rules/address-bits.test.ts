import { hostOf, outcomeOf, type HostParts } from '../../support/pool.ts';

const limit = "<cpu mode='host-passthrough'><maxphysaddr mode='passthrough' limit='39'/></cpu>";
const emulated = "<cpu mode='host-passthrough'><maxphysaddr mode='emulate' bits='39'/></cpu>";
const bits = "<maxphysaddr mode='emulate' bits='46'/>";

test.each<[string, string, string, string, readonly string[]]>([
  ['a limit that one host does not heed', limit, '9.0.0', '9.3.0', ['physical-address-bits! a b']],
  ['a limit that no host heeds', limit, '9.0.0', '9.2.0', []],
  ['a limit that every host heeds', limit, '9.3.0', '11.3.0', []],
  ['a number that one host leaves out', emulated, '8.6.0', '9.0.0', ['not-offered!! a']],
  ['a number that every host knows', emulated, '8.7.0', '9.0.0', []],
])('of equal hosts: %s', (_, guest, a, b, told) => {
  const parts = (libvirtVersion: string): HostParts => ({ processor: bits, libvirtVersion });
  const hosts = [hostOf('a', parts(a)), hostOf('b', parts(b))];
  expect(outcomeOf(guest, hosts).told).toEqual(told);
});

test('what a libvirt leaves out is not written for it', () => {
  const processor = bits.replace('46', '39');
  const hosts = [hostOf('a', { processor: bits, libvirtVersion: '8.6.0' }), hostOf('b', { processor })];
  const guest = "<cpu mode='host-passthrough'/>";
  const { told, text } = outcomeOf(guest, hosts, { also: { maxphysaddr: 'common' } });
  expect([told, text]).toEqual([['not-offered!! a'], guest]);
});
