import { joinHosts } from '../../lib/cpu/join.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import type { Host } from '../../types/host.ts';
import { capabilities, host } from '../support/host.ts';

const identity = (name: string, features = ['tsc']): Host =>
  parseHost(capabilities(`uuid-of-${name}`, features), { name, libvirtVersion: '9.0.0' });
const sources = (hosts: readonly Host[]): readonly string[] =>
  joinHosts(hosts).map(({ name, source, features }) => `${name} ${source} ${features?.join(' ')}`);

test.each<[string, readonly Host[], readonly string[]]>([
  ['identity first', [identity('a'), host('a', ['avx'])], ['a domcapabilities avx fpu pse vme']],
  ['identity second', [host('a', ['avx']), identity('a')], ['a domcapabilities avx fpu pse vme']],
  [
    'pairs that stand crosswise',
    [identity('a'), host('b'), host('a'), identity('b')],
    ['a domcapabilities fpu pse vme', 'b domcapabilities fpu pse vme'],
  ],
  [
    'other names stay apart',
    [identity('a'), host('b')],
    ['a capabilities fpu pse tsc vme', 'b domcapabilities fpu pse vme'],
  ],
  [
    'two of one kind stay apart',
    [host('a'), host('a', ['avx'])],
    ['a domcapabilities fpu pse vme', 'a domcapabilities avx fpu pse vme'],
  ],
  [
    'two identities stay apart',
    [identity('a'), identity('a')],
    ['a capabilities fpu pse tsc vme', 'a capabilities fpu pse tsc vme'],
  ],
])('%s', (_, hosts, expected) => {
  expect(sources(hosts)).toEqual(expected);
});

test('a joined host has the identity’s UUID and hardware, and no doubt of its source', () => {
  const [joined] = joinHosts([identity('a'), host('a', ['avx'])]);
  expect(joined).toMatchObject({
    uuid: 'uuid-of-a',
    issues: [],
    processor: { family: undefined },
    virtType: 'kvm',
  });
});

test('hosts without an identity come back as the same list', () => {
  const hosts = [host('a'), host('b')];
  expect(joinHosts(hosts)).toBe(hosts);
});
