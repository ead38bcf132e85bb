// Tries lib/diff/rules/argument-devices.ts, lib/diff/rules/command-line.ts, lib/diff/rules/virtio-devices.ts and
// lib/diff/rules/virtio-driver.ts as well.
import type { RewriteDomainOptions } from '../../../lib/rewrite.ts';
import type { Host } from '../../../types/host.ts';
import type { VirtioFeatures } from '../../../types/virtio.ts';
import { beforeAndAfter } from '../../support/marks.ts';
import { told } from '../../support/findings.ts';
import { host } from '../../support/host.ts';
import { rewriteView, type RewriteView } from '../../support/rewrite.ts';

const HOSTS = [host('a'), host('b')];
const COMMON = { also: { virtio: 'common' } } as const;
const PROPERTIES = { also: { virtio: 'properties' } } as const;

/** The hosts with what their devices offer. */
const offering = (a: VirtioFeatures, b?: VirtioFeatures, hosts: readonly Host[] = HOSTS): readonly Host[] =>
  hosts.map((one, i) => ({ ...one, virtio: i === 0 ? a : b }));
const QEMU = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";

const offers = (names: string, properties?: string): VirtioFeatures => ({
  offered: { 'virtio-net': names.split(' ').filter((name) => name !== '') },
  properties:
    properties === undefined ? {} : { 'virtio-net': properties.split(' ').filter((name) => name !== '') },
});

/** A guest with these interfaces; what the rewrite is to do is marked in it. */
const guest = (interfaces: string, end = '', declared = ''): string =>
  `<domain type='kvm'${declared}>\n  <cpu mode='host-passthrough'/>\n  <devices>\n${interfaces}\n  </devices>${end}\n</domain>\n`;
const nic = (inner: string, attributes = "type='network'"): string =>
  `    <interface ${attributes}>\n      <model type='virtio'/>${inner}\n    </interface>`;

const EVERYTHING =
  'csum gso host_tso4 host_tso6 host_ecn host_ufo mrg_rxbuf guest_csum guest_tso4 guest_tso6 guest_ecn guest_ufo event_idx iommu_platform packed rss hash';

describe('what not all hosts offer', () => {
  test.each<[string, string, VirtioFeatures, VirtioFeatures, RewriteDomainOptions?]>([
    ['is nothing', guest(nic('')), offers('csum gso'), offers('gso csum')],
    [
      'goes where libvirt has a switch',
      guest(
        nic(
          "⟦\n      <driver>\n        <host tso4='off'/>\n        <guest ufo='off'/>\n      </driver>⟧\n      <address type='pci'/>",
        ),
      ),
      offers('csum host_tso4'),
      offers('csum guest_ufo'),
    ],
    [
      'goes from every <devices>, which libvirt reads alike',
      guest(
        `    <emulator>/usr/bin/qemu</emulator>\n  </devices>\n  <devices>\n${nic("⟦\n      <driver>\n        <host csum='off'/>\n      </driver>⟧")}`,
      ),
      offers('csum'),
      offers(''),
    ],
    [
      'goes with every switch libvirt has',
      guest(
        nic(
          `⟦\n      <driver event_idx='off' rss_hash_report='off' iommu='off' packed='off' rss='off'>
        <host csum='off' gso='off' ecn='off' tso4='off' tso6='off' ufo='off' mrg_rxbuf='off'/>
        <guest csum='off' ecn='off' tso4='off' tso6='off' ufo='off'/>
      </driver>⟧`,
        ),
      ),
      offers(EVERYTHING),
      offers(''),
    ],
    [
      'goes attribute by attribute, and leaves what is there',
      guest(
        nic(
          `\n      <driver name="vhost" queues="4"⟦ packed="off"⟧>\n        <host csum="off" gso="⟦on→off⟧"⟦ tso4="off"⟧/>⟦\n        <guest csum="off"/>⟧\n      </driver>`,
        ),
      ),
      offers('csum gso host_tso4 guest_csum packed'),
      offers(''),
      { ...PROPERTIES, accept: ['conflicts'] },
    ],
    [
      'stays where the device is not virtio, or not QEMU’s',
      guest(
        [
          nic('').replace("'virtio'", "'e1000'"),
          "    <interface type='user'/>",
          nic("⟦\n      <driver>\n        <host csum='off'/>\n      </driver>⟧").replace(
            "'virtio'",
            "'virtio-non-transitional'",
          ),
        ].join('\n'),
      ),
      offers('csum'),
      offers(''),
    ],
    [
      'goes through QEMU where it has a switch and libvirt has none',
      guest(
        nic(''),
        `⟦\n  <qemu:commandline>
    <qemu:arg value='-global'/>
    <qemu:arg value='virtio-net-device.guest_uso4=off'/>
    <qemu:arg value='-global'/>
    <qemu:arg value='virtio-net-device.host_uso=off'/>
  </qemu:commandline>⟧`,
        `⟦ ${QEMU}⟧`,
      ),
      offers('host_uso guest_uso4'),
      offers('', 'host_uso guest_uso4'),
      PROPERTIES,
    ],
    [
      'goes behind what QEMU is handed already, and only once',
      guest(
        nic(''),
        `
  <q:commandline>
    <q:arg value='-global'/>
    <q:arg value='virtio-net-device.guest_uso4=off'/>⟦
    <q:arg value='-global'/>
    <q:arg value='virtio-net-device.host_uso=off'/>⟧
    <q:env name='A' value='b'/>
  </q:commandline>`,
        ` ${QEMU.replace('xmlns:qemu', 'xmlns:q')} xmlns:qemu='urn:x'`,
      ),
      offers('host_uso guest_uso4'),
      offers('', 'host_uso guest_uso4'),
      PROPERTIES,
    ],
    [
      'goes under a prefix of its own where libvirt’s is taken',
      guest(
        nic(''),
        `⟦\n  <qemu2:commandline>
    <qemu2:arg value='-global'/>
    <qemu2:arg value='virtio-net-device.host_uso=off'/>
  </qemu2:commandline>⟧`,
        ` xmlns:qemu='urn:x'⟦ ${QEMU.replace('qemu=', 'qemu2=')}⟧`,
      ),
      offers('host_uso'),
      offers('', 'host_uso'),
      PROPERTIES,
    ],
  ])('%s', (_, shown, a, b, options = COMMON) => {
    const { before, after } = beforeAndAfter(shown);
    const hosts = offering(a, b);
    expect(rewriteView(before, hosts, options).shared).toBe(after);
    expect(rewriteView(after, hosts, options)).toMatchObject({ shared: after, changed: false });
    const recorded = rewriteView(before, hosts, { ...options, record: true });
    expect(rewriteView(recorded.shared, HOSTS, { record: true }).shared).toBe(before);
  });

  test('goes in each form as far as its host offers it', () => {
    const hosts = offering(offers('csum gso'), offers('csum guest_csum'));
    const { perHost } = rewriteView(guest(nic('')), hosts, COMMON);
    const off = (child: string): string =>
      guest(nic(`\n      <driver>\n        <${child}='off'/>\n      </driver>`));
    expect(perHost).toEqual({ a: off('host gso'), b: off('guest csum') });
  });
});

describe('findings', () => {
  const rewritten = (text: string, hosts: readonly Host[]): RewriteView => rewriteView(text, hosts, COMMON);

  test.each<[string, readonly Host[], string[], string?, RewriteDomainOptions?]>([
    ['a host of which nobody knows', offering(offers('csum')), ['error virtio-unknown [b]']],
    [
      'a host of which nobody knows network devices',
      offering(offers('csum'), { offered: { 'virtio-blk': [] }, properties: {} }),
      ['error virtio-unknown [b]'],
    ],
    ['what is switched off', offering(offers('csum'), offers('')), ['note virtio-feature csum [a,b]']],
    [
      'nothing, where all is off',
      offering(offers('csum'), offers('')),
      [],
      "<driver><host csum='off'/></driver>",
    ],
    [
      'no switch in libvirt',
      offering(offers('guest_uso4'), offers('')),
      ['error virtio-not-expressible guest_uso4 [b]'],
    ],
    [
      'no switch at all',
      offering(offers(''), offers('version_1')),
      ['error virtio-not-expressible version_1 [a]'],
      '',
      PROPERTIES,
    ],
    [
      'a property of which nobody knows whether QEMU has it',
      offering(offers('guest_uso4'), offers('')),
      ['note virtio-feature guest_uso4 [a,b]', 'warning virtio-property-unchecked guest_uso4 [b]'],
      '',
      PROPERTIES,
    ],
    [
      'a property that QEMU does not have',
      offering(offers('guest_uso4'), offers('', 'csum')),
      ['note virtio-feature guest_uso4 [a,b]', 'error virtio-property-unknown guest_uso4 [b]'],
      '',
      PROPERTIES,
    ],
    [
      'what the domain insists on',
      offering(offers('csum event_idx'), offers('')),
      [
        'note virtio-feature csum [a,b]',
        'note virtio-feature event_idx [a,b]',
        'error virtio-conflict csum [b]',
        'error virtio-conflict event_idx [b]',
      ],
      "<driver event_idx='on'><host csum='on'/></driver>",
    ],
    [
      'what the domain insisted on',
      offering(offers('csum'), offers('')),
      ['note virtio-feature csum [a,b]', 'warning virtio-overridden csum [b]'],
      "<driver><host csum='on'/></driver>",
      { ...COMMON, accept: ['conflicts'] },
    ],
  ])('%s', (_, hosts, expected, inner = '', options = COMMON) => {
    const text = guest(nic(inner));
    const { issues, changed } = rewriteView(text, hosts, options);
    expect(told(issues)).toEqual(expected);
    expect(changed).toBe(expected.length > 0 && !expected.some((line) => line.startsWith('error')));
  });

  test('other devices that differ, about which nothing is done', () => {
    const all = { 'virtio-net': [], 'virtio-scsi': [] };
    const [a, b] = [['mq', 'flush'], ['flush']].map((names): VirtioFeatures => ({
      offered: { ...all, 'virtio-blk': names },
      properties: {},
    }));
    const { issues, changed } = rewritten(guest(''), offering(a ?? offers(''), b));
    expect(told(issues)).toEqual(['warning virtio-device-differs mq [a,b]']);
    expect(changed).toBe(false);
  });

  test('none for a domain without such a device', () => {
    const text = guest('');
    expect(rewritten(text, offering(offers('csum')))).toMatchObject({ issues: [], changed: false });
    expect(rewritten("<domain type='kvm'/>", offering(offers('csum'))).changed).toBe(false);
  });

  test('name the place of what the domain insists on', () => {
    const text = guest(nic("\n      <driver>\n        <host csum='on'/>\n      </driver>"));
    const { issues } = rewritten(text, offering(offers('csum'), offers('')));
    expect(issues[1]).toMatchObject({ line: 7, column: 9, element: 'host', attribute: 'csum' });
  });

  test.each<[string, string | undefined, string, string, boolean]>([
    ['too old', '6.2.0', '9.0.0', 'packed', false],
    ['new enough', '6.3.0', '9.0.0', 'packed', true],
    ['new enough for another switch', '8.2.9', '9.0.0', 'rss', false],
    ['new enough, whatever CPU map it is read with', '8.3.0', '6.0.0', 'rss', true],
    ['not stated, and read with an old CPU map', undefined, '6.0.0', 'packed', false],
    ['not stated, and read with a CPU map that is new enough', undefined, '9.0.0', 'hash', true],
  ])('of a host whose libvirt is %s', (_, libvirtVersion, version, feature, isKnown) => {
    const [a, b] = HOSTS.map((one) => ({
      ...one,
      libvirtVersion,
      cpuMaps: one.cpuMaps.map((map) => ({ ...map, version })),
    }));
    const hosts = [a ?? host('a'), { ...(b ?? host('b')), libvirtVersion: '9.0.0' }];
    const { issues } = rewritten(guest(nic('')), offering(offers(feature), offers(''), hosts));
    const expected = isKnown
      ? `note virtio-feature ${feature} [a,b]`
      : `error virtio-not-expressible ${feature} [b]`;
    expect(told(issues)).toEqual([expected]);
  });
});
