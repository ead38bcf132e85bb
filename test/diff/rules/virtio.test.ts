import { rewriteDomain } from '../../../lib/rewrite.ts';
import type { RewriteOptions } from '../../../types/options.ts';
import type { VirtioFeatures } from '../../../types/virtio.ts';
import { beforeAndAfter } from '../../support/marks.ts';
import { told } from '../../support/findings.ts';
import { host } from '../../support/host.ts';

const HOSTS = [host('a'), host('b')];
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
  test.each<[string, string, VirtioFeatures, VirtioFeatures, RewriteOptions?]>([
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
      { overrideConflicts: true, qemuProperties: true },
    ],
    [
      'stays where the device is not virtio, or not QEMU’s',
      guest(
        [
          nic('', "type='hostdev'"),
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
      { qemuProperties: true },
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
      { qemuProperties: true },
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
      { qemuProperties: true },
    ],
  ])('%s', (_, shown, a, b, options = {}) => {
    const { before, after } = beforeAndAfter(shown);
    const all = { ...options, virtio: { a, b } };
    expect(rewriteDomain(before, HOSTS, all).shared).toBe(after);
    expect(rewriteDomain(after, HOSTS, all)).toMatchObject({ shared: after, changed: false });
    const recorded = rewriteDomain(before, HOSTS, { ...all, record: true });
    expect(rewriteDomain(recorded.shared, HOSTS, { record: true }).shared).toBe(before);
  });

  test('goes in each form as far as its host offers it', () => {
    const virtio = { a: offers('csum gso'), b: offers('csum guest_csum') };
    const { perHost } = rewriteDomain(guest(nic('')), HOSTS, { virtio });
    const off = (child: string): string =>
      guest(nic(`\n      <driver>\n        <${child}='off'/>\n      </driver>`));
    expect(perHost).toEqual({ a: off('host gso'), b: off('guest csum') });
  });
});

describe('findings', () => {
  const virtio = (a: VirtioFeatures, b?: VirtioFeatures): RewriteOptions => ({
    virtio: { a, ...(b !== undefined && { b }) },
  });

  test.each<[string, RewriteOptions, string[], string?]>([
    ['a host of which nobody knows', virtio(offers('csum')), ['error virtio-unknown [b]']],
    [
      'a host of which nobody knows network devices',
      virtio(offers('csum'), { offered: { 'virtio-blk': [] }, properties: {} }),
      ['error virtio-unknown [b]'],
    ],
    ['what is switched off', virtio(offers('csum'), offers('')), ['note virtio-feature csum [b]']],
    [
      'nothing, where all is off',
      virtio(offers('csum'), offers('')),
      [],
      "<driver><host csum='off'/></driver>",
    ],
    [
      'no switch in libvirt',
      virtio(offers('guest_uso4'), offers('')),
      ['error virtio-not-expressible guest_uso4 [b]'],
    ],
    [
      'no switch at all',
      { ...virtio(offers(''), offers('version_1')), qemuProperties: true },
      ['error virtio-not-expressible version_1 [a]'],
    ],
    [
      'a property of which nobody knows whether QEMU has it',
      { ...virtio(offers('guest_uso4'), offers('')), qemuProperties: true },
      ['note virtio-feature guest_uso4 [b]', 'warning virtio-property-unchecked guest_uso4 [b]'],
    ],
    [
      'a property that QEMU does not have',
      { ...virtio(offers('guest_uso4'), offers('', 'csum')), qemuProperties: true },
      ['note virtio-feature guest_uso4 [b]', 'error virtio-property-unknown guest_uso4 [b]'],
    ],
    [
      'what the domain insists on',
      virtio(offers('csum event_idx'), offers('')),
      [
        'note virtio-feature csum [b]',
        'note virtio-feature event_idx [b]',
        'error virtio-conflict csum [b]',
        'error virtio-conflict event_idx [b]',
      ],
      "<driver event_idx='on'><host csum='on'/></driver>",
    ],
    [
      'what the domain insisted on',
      { ...virtio(offers('csum'), offers('')), overrideConflicts: true },
      ['note virtio-feature csum [b]', 'warning virtio-overridden csum [b]'],
      "<driver><host csum='on'/></driver>",
    ],
  ])('%s', (_, options, expected, inner = '') => {
    const text = guest(nic(inner));
    const { issues, changed } = rewriteDomain(text, HOSTS, options);
    expect(told(issues)).toEqual(expected);
    expect(changed).toBe(expected.length > 0 && !expected.some((line) => line.startsWith('error')));
  });

  test('other devices that differ, about which nothing is done', () => {
    const all = { 'virtio-net': [], 'virtio-scsi': [] };
    const [a, b] = [['mq', 'flush'], ['flush']].map((names): VirtioFeatures => ({
      offered: { ...all, 'virtio-blk': names },
      properties: {},
    }));
    const { issues, changed } = rewriteDomain(guest(''), HOSTS, virtio(a ?? offers(''), b));
    expect(told(issues)).toEqual(['warning virtio-device-differs mq [a,b]']);
    expect(changed).toBe(false);
  });

  test('none for a domain without such a device', () => {
    const text = guest('');
    expect(rewriteDomain(text, HOSTS, virtio(offers('csum')))).toMatchObject({ issues: [], changed: false });
    expect(rewriteDomain("<domain type='kvm'/>", HOSTS, virtio(offers('csum'))).changed).toBe(false);
  });

  test('name the place of what the domain insists on', () => {
    const text = guest(nic("\n      <driver>\n        <host csum='on'/>\n      </driver>"));
    const { issues } = rewriteDomain(text, HOSTS, virtio(offers('csum'), offers('')));
    expect(issues[1]).toMatchObject({ line: 7, column: 9, expected: "<host csum='on'>" });
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
    const { issues } = rewriteDomain(guest(nic('')), hosts, virtio(offers(feature), offers('')));
    const code = isKnown ? 'note virtio-feature' : 'error virtio-not-expressible';
    expect(told(issues)).toEqual([`${code} ${feature} [b]`]);
  });
});
