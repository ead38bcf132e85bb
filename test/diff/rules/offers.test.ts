// Tries lib/diff/rules/hyperv.ts, lib/diff/rules/known-since.ts and lib/diff/rules/migration.ts as well.
import type { Host } from '../../../types/host.ts';
import { hostOf, outcomeOf, type HostParts } from '../../support/pool.ts';

const one = (element: string, name: string, ...values: string[]): string =>
  `<${element} supported='yes'><enum name='${name}'>${values.map((value) => `<value>${value}</value>`).join('')}</enum></${element}>`;
const pair = (a: HostParts, b: HostParts = {}): readonly Host[] => [hostOf('a', a), hostOf('b', b)];
const devices = (inner: string): string => `<devices>${inner}</devices>`;
const timers = (direct: string): string =>
  one('hyperv', 'features', 'stimer', 'tlbflush').replace(
    '</hyperv>',
    `<defaults><stimer_direct>${direct}</stimer_direct><tlbflush_extended>off</tlbflush_extended></defaults></hyperv>`,
  );
const cpu = "<cpu mode='host-passthrough'/>";

const usb = (attributes: string): string => devices(`<disk ${attributes}><target bus='usb'/></disk>`);
const KNOWING: HostParts = { libvirtVersion: '12.8.0' };

type Row = [string, string, HostParts, HostParts, readonly string[]];

/** What only a newer libvirt can give: the first that does, and one that does not. */
const NEWER: readonly (readonly [what: string, inner: string, first: string, older: string])[] = [
  ['is a table of another kind', "<os><acpi><table type='raw'>/t</table></acpi></os>", '11.2.0', '11.1.0'],
  ['is a granularity', devices("<disk><blockio discard_granularity='8192'/></disk>"), '10.0.0', '9.10.0'],
  ['is a way to the medium', devices("<disk><target dpofua='off'/></disk>"), '11.10.0', '11.9.0'],
  ['is another UUID of its computer', '<hwuuid>1</hwuuid>', '11.7.0', '11.6.0'],
  [
    'is an IOMMU for interrupts',
    devices("<iommu><driver dma_translation='off'/></iommu>"),
    '10.7.0',
    '10.6.0',
  ],
  ['is a granule', devices("<iommu><driver><granule size='64'/></driver></iommu>"), '12.1.0', '12.0.0'],
  ['are rings of its memory', devices("<memory><driver packed='on'/></memory>"), '11.9.0', '11.8.0'],
  ['is a hash', devices("<interface><driver rss_hash_report='on'/></interface>"), '8.3.0', '8.2.0'],
  ['is a steering', devices("<interface><driver rss='on'/></interface>"), '8.3.0', '8.2.0'],
  ['is a screen without a name', devices("<video><model edid='off'/></video>"), '11.7.0', '11.6.0'],
  ['are blobs', devices("<video><model blob='on'/></video>"), '9.2.0', '9.1.0'],
];

describe('what a guest uses', () => {
  test.each<Row>([
    [
      'is offered',
      devices("<disk><target bus='sata'/></disk>"),
      { devices: one('disk', 'bus', 'sata') },
      { devices: one('disk', 'bus', 'sata') },
      [],
    ],
    ['is not reported', devices("<disk><target bus='sata'/></disk>"), {}, {}, []],
    [
      'is not reported by one',
      devices("<disk><target bus='sata'/></disk>"),
      { devices: one('disk', 'bus', 'sata') },
      {},
      [],
    ],
    [
      'is not offered by one',
      devices("<disk><target bus='sata'/></disk>"),
      { devices: one('disk', 'bus', 'scsi') },
      {},
      ['not-offered!! a'],
    ],
    [
      'is offered by none',
      devices("<video><model type='qxl'/></video>"),
      { devices: one('video', 'modelType', 'vga') },
      { devices: one('video', 'modelType', 'vga') },
      ['not-offered!! a b'],
    ],
    [
      'is not supported at all',
      devices("<tpm model='tpm-crb'><backend type='emulator'/></tpm>"),
      { devices: "<tpm supported='no'/>" },
      {},
      ['not-offered!! a', 'not-offered!! a', 'device-may-not-migrate! a b'],
    ],
    [
      'is a kind never listed',
      devices("<channel type='tcp'/>"),
      { devices: one('channel', 'type', 'pty') },
      { devices: one('channel', 'type', 'unix') },
      [],
    ],
    [
      'is a card, which is never listed',
      devices("<disk><target bus='sd'/></disk>"),
      { devices: one('disk', 'bus', 'virtio') },
      { devices: one('disk', 'bus', 'virtio', 'scsi') },
      [],
    ],
    [
      'is a mediated device',
      devices("<hostdev mode='subsystem' type='mdev'/>"),
      { devices: one('hostdev', 'subsysType', 'pci') },
      {},
      [],
    ],
    [
      'is a channel some have',
      devices("<channel type='spicevmc'/>"),
      { devices: one('channel', 'type', 'pty') },
      { devices: one('channel', 'type', 'spicevmc') },
      ['not-offered!! a'],
    ],
    [
      'is firmware',
      "<os firmware='efi'/>",
      { os: "<enum name='firmware'/>" },
      { os: "<enum name='firmware'><value>efi</value></enum>" },
      ['not-offered!! a'],
    ],
    [
      'is secure boot',
      "<os><loader secure='yes'/></os>",
      { os: one('loader', 'secure', 'no') },
      {},
      ['not-offered!! a'],
    ],
    [
      'is a firmware path some list',
      '<os><loader>/a.fd</loader></os>',
      { os: "<loader supported='yes'><value>/a.fd</value></loader>" },
      { os: "<loader supported='yes'><value>/b.fd</value></loader>" },
      ['not-offered!! b'],
    ],
    [
      'is a firmware path none lists',
      '<os><loader>/c.fd</loader></os>',
      { os: "<loader supported='yes'><value>/a.fd</value></loader>" },
      {},
      ['not-offered! a'],
    ],
    [
      'is whatever firmware its host has, and the hosts have none in common',
      "<os firmware='efi'><loader secure='no'/></os>",
      { os: "<loader supported='yes'><value>/a.fd</value></loader>" },
      { os: "<loader supported='yes'><value>/b.fd</value></loader>" },
      ['not-offered!! b'],
    ],
    [
      'is whatever firmware its host has, and the hosts have one in common',
      "<os firmware='efi'/>",
      { os: "<loader supported='yes'><value>/a.fd</value><value>/c.fd</value></loader>" },
      { os: "<loader supported='yes'><value>/b.fd</value><value>/c.fd</value></loader>" },
      [],
    ],
    [
      'is a store of variables',
      '<os><varstore/></os>',
      { os: "<varstore supported='no'/>" },
      { os: "<varstore supported='yes'/>" },
      ['not-offered!! a'],
    ],
    [
      'is a model that an older libvirt does not know',
      devices("<panic model='pvpanic'/>"),
      { devices: one('panic', 'model', 'isa', 'pvpanic'), libvirtVersion: '11.3.0' },
      {},
      ['not-offered!! b'],
    ],
    [
      'is a device that an older libvirt does not know',
      devices("<pstore backend='acpi-erst'/>"),
      { libvirtVersion: '10.6.0' },
      { libvirtVersion: '10.5.0' },
      ['not-offered!! b'],
    ],
    [
      'is what an older libvirt leaves out of the guest',
      "<features><hyperv><tlbflush state='on'><extended state='on'/></tlbflush></hyperv></features>",
      { libvirtVersion: '11.0.0' },
      {},
      ['not-offered!! b'],
    ],
    [
      'is what an older libvirt leaves out, and is off',
      "<features><hyperv><tlbflush state='on'><direct state='off'/></tlbflush></hyperv></features>",
      {},
      {},
      [],
    ],
    [
      'is what a libvirt of another version was given',
      "<features><async-teardown enabled='yes'/></features>",
      { guestFeatures: "<async-teardown supported='yes'/>" },
      { guestFeatures: "<async-teardown supported='yes'/>" },
      [],
    ],
    ...NEWER.flatMap(([what, inner, first, older]): readonly Row[] => [
      [what, inner, { libvirtVersion: first }, { libvirtVersion: older }, ['not-offered!! b']],
      [`${what}, which is known`, inner, { libvirtVersion: first }, KNOWING, []],
    ]),
    [
      'is the model that libvirt gave to a USB drive, which no host lists',
      usb("device='cdrom' model='usb-bot'"),
      { ...KNOWING, devices: one('disk', 'model', 'virtio') },
      { ...KNOWING, devices: one('disk', 'model', 'virtio') },
      [],
    ],
    [
      'is such a model, and libvirt is too old for it',
      usb("device='cdrom' model='usb-bot'"),
      { ...KNOWING, devices: one('disk', 'model', 'virtio') },
      { libvirtVersion: '11.3.0', devices: one('disk', 'model', 'virtio') },
      ['not-offered!! b'],
    ],
    [
      'is the other model, which an older libvirt takes in a migration',
      usb("device='cdrom' model='usb-storage'"),
      { ...KNOWING, devices: one('disk', 'model', 'virtio') },
      { libvirtVersion: '11.3.0', devices: one('disk', 'model', 'virtio') },
      [],
    ],
    [
      'is a USB drive that one libvirt makes another thing of',
      usb("device='cdrom'"),
      KNOWING,
      {},
      ['not-offered!! b'],
    ],
    ['is a USB drive that no libvirt makes another thing of', usb("device='cdrom'"), {}, {}, []],
    ['is a USB drive that every libvirt makes the same of', usb("device='cdrom'"), KNOWING, KNOWING, []],
    ['is a USB disk', usb("device='disk'"), KNOWING, {}, []],
    ['is known to all', devices("<audio id='1' type='spice'/>"), {}, {}, []],
    [
      'are enlightenments of the host, which are set otherwise on another one',
      "<features><hyperv mode='host-model'/></features>",
      { guestFeatures: timers('on') },
      { guestFeatures: timers('off') },
      ['hyperv-host-model!!'],
    ],
    [
      'are enlightenments of the host, which are set alike',
      "<features><hyperv mode='host-model'/></features>",
      { guestFeatures: timers('off') },
      { guestFeatures: one('hyperv', 'features', 'stimer', 'tlbflush') },
      [],
    ],
    [
      'is an enlightenment',
      "<features><hyperv><relaxed state='on'/><vapic state='off'/></hyperv></features>",
      { guestFeatures: one('hyperv', 'features', 'spinlocks') },
      {},
      ['not-offered!! a'],
    ],
    [
      'is all enlightenments',
      "<features><hyperv mode='passthrough'/></features>",
      {},
      {},
      ['hyperv-passthrough!!'],
    ],
    [
      'are enlightenments of libvirt’s choice',
      "<features><hyperv mode='host-model'/></features>",
      {},
      {},
      ['hyperv-host-model!! a b'],
    ],
    ['is a secret of a kind yet to come', "<launchSecurity type='cca'/>", {}, {}, ['not-migratable!!']],
    ['is encrypted memory', "<launchSecurity type='sev'/>", {}, {}, ['not-migratable!!']],
    ['is an enclave', devices("<memory model='sgx-epc'/>"), {}, {}, ['not-migratable!!']],
    ['is ordinary memory', devices("<memory model='dimm'/>"), {}, {}, []],
    [
      'is genid',
      '<genid/>',
      { guestFeatures: "<genid supported='no'/>" },
      { guestFeatures: "<genid supported='yes'/>" },
      ['not-offered!! a'],
    ],
    ['is as many CPUs as there may be', '<vcpu>8</vcpu>', { vcpus: 8 }, {}, []],
    ['is more CPUs', '<vcpu>9</vcpu>', { vcpus: 8 }, {}, ['vcpu-maximum!! a']],
    [
      'is more CPUs than the machine takes',
      "<vcpu>2</vcpu><os><type machine='pc-q35-7.2'/></os>",
      { machines: "<machine maxCpus='1'>pc-q35-7.2</machine>" },
      {},
      ['vcpu-maximum!! a'],
    ],
    [
      'is another emulator',
      devices('<emulator>/opt/qemu</emulator>'),
      {},
      { emulator: '/opt/qemu' },
      ['emulator-differs a'],
    ],
  ])('%s', (_, inner, a, b, told) => {
    expect(outcomeOf(inner + cpu, pair(a, b)).told).toEqual(told);
  });

  test('is named with its place, and what it is', () => {
    const { issues } = outcomeOf(
      `\n${devices("<disk>\n<target bus='ide'/></disk>")}${cpu}`,
      pair({ devices: one('disk', 'bus', 'scsi') }),
    );
    expect(issues[0]).toMatchObject({ use: 'disk.bus', value: 'ide', missingOn: ['a'], line: 3, column: 1 });
    expect(issues[0]?.message).toBe(
      'the domain uses disk.bus "ide", which a does not offer: change it, or leave a out',
    );
  });

  test('keeps a domain without a CPU as it is, with a word', () => {
    const { told, text } = outcomeOf('<vcpu>9</vcpu>', pair({ vcpus: 8 }));
    expect([told, text]).toEqual([['no-cpu-model!', 'vcpu-maximum!! a'], '<vcpu>9</vcpu>']);
  });
});
