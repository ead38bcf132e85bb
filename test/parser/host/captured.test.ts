import { parseHost, parseHosts } from '../../../lib/parser/host/host.ts';
import { capabilities, domcapabilities } from '../../support/host.ts';
import type { Host } from '../../../types/host.ts';

/** Skylake-Client lost mpx after 9.0.0: what the model means tells which version it was read with. */
const XML = `<domainCapabilities><arch>x86_64</arch><cpu><mode name='host-model' supported='yes'>
  <model fallback='forbid'>Skylake-Client</model></mode></cpu></domainCapabilities>`;
const mark = (facts: string): string => `<?virt-migratable ${facts}?>\n`;

const isOld = ({ features }: Host): boolean => features?.includes('mpx') === true;
const isInferred = ({ issues }: Host): boolean =>
  issues.some(({ code }) => code === 'inferred-libvirt-version');

test.each([
  ['the version', "libvirt='9.0.0' uri='qemu:///system'", true, false],
  ['a later version', "hypervisor='QEMU 10.0' libvirt='11.3.0'", false, false],
  ['no version', "uri='qemu:///system'", false, true],
  ['what is no version', "libvirt='new'", false, true],
])('the first line of a captured host may state %s', (_, facts, old, inferred) => {
  const host = parseHost(mark(facts) + XML);
  expect([isOld(host), isInferred(host)]).toEqual([old, inferred]);
});

test('what the caller states goes first', () => {
  expect(isOld(parseHost(mark("libvirt='11.3.0'") + XML, { libvirtVersion: '9.0.0' }))).toBe(true);
});

test('it counts for the documents behind it, up to the next one', () => {
  const [first, second] = [mark("libvirt='9.0.0'") + XML, mark("libvirt='11.3.0'") + XML];
  const hosts = parseHosts(`${XML}\n<!-- ${first} -->${first}${XML}${second}`);
  expect(hosts.map(isInferred)).toEqual([true, false, false, false]);
  expect(hosts.map(({ libvirtVersion }) => libvirtVersion)).toEqual([undefined, '9.0.0', '9.0.0', '11.3.0']);
});

test.each([
  ['a comment', `<!--${mark("libvirt='9.0.0'")}-->${XML}`],
  ['a comment that ends in a dash and a mark', `<!-- ?> ${mark("libvirt='9.0.0'")} -->${XML}`],
  ['the document itself', XML.replace('<cpu>', `<cpu>${mark("libvirt='9.0.0'")}`)],
  ['another instruction', `<?other ${mark("libvirt='9.0.0'").slice(2)}${XML}`],
  ['a place behind it', XML + mark("libvirt='9.0.0'")],
])('what looks like it in %s says nothing', (_, text) => {
  expect(isInferred(parseHost(text))).toBe(true);
});

test('a value may hold what a fact looks like', () => {
  const host = parseHost(mark("hypervisor='libvirt=11.3.0' libvirt='9.0.0'") + XML);
  expect(host.libvirtVersion).toBe('9.0.0');
});

test('captured hosts in one text are joined and named each by its own note', () => {
  const capture = (facts: string, uuid: string): string =>
    `${mark(facts)}\n${capabilities(uuid)}\n${domcapabilities(['avx'])}\n`;
  const text = capture("uri='qemu+ssh://root@kvm-a/system'", 'u-1') + capture("name='b' uri='x://y/'", 'u-2');
  const hosts = parseHosts(text + capture("libvirt='9.0.0'", 'u-3'), { name: 'all' });
  expect(hosts.map(({ name, uuid, source }) => [name, uuid, source])).toEqual([
    ['kvm-a', 'u-1', 'domcapabilities'],
    ['b', 'u-2', 'domcapabilities'],
    ['all#5', 'u-3', 'domcapabilities'],
  ]);
});

test.each([
  ["qemu='10.0.13' hypervisor='QEMU 7.2.22'", '10.0.13'],
  ["hypervisor='QEMU 7.2.22'", '7.2.22'],
  ["hypervisor='Xen 4.17'", undefined],
  ["libvirt='9.0.0'", undefined],
])('the QEMU version in %s is %p', (facts, expected) => {
  expect(parseHost(mark(facts) + XML).qemuVersion).toBe(expected);
  expect(parseHost(mark(facts) + XML, { qemuVersion: '8.1' }).qemuVersion).toBe('8.1.0');
});

test('a version beyond the bundled maps is told', () => {
  const { issues } = parseHost(mark("libvirt='99.1.0'") + XML, { name: 'a' });
  expect(issues.at(-1)).toMatchObject({ code: 'libvirt-newer-than-maps', libvirtVersion: '99.1.0' });
});
