import { parseHost, parseHosts } from '../../../lib/parser/host/host.ts';
import { joinHosts } from '../../../lib/cpu/join.ts';

const MODES = [
  "<mode name='host-passthrough' supported='yes'><enum name='hostPassthroughMigratable'><value>on</value></enum></mode>",
  "<mode name='maximum' supported='no'/>",
  "<mode name='host-model' supported='yes'><model fallback='forbid'>486</model><maxphysaddr mode='passthrough' limit='46'/></mode>",
  "<mode name='custom' supported='yes'><model usable='yes' vendor='unknown'>486</model>",
  "<model usable='no' vendor='AMD'>EPYC</model><model usable='unknown'>Haswell</model><model>Conroe</model></mode>",
].join('');
const DEVICES = [
  "<disk supported='yes'><enum name='bus'><value>virtio</value><value>scsi</value></enum><enum name='model'/></disk>",
  "<tpm supported='no'/>",
  '<rng><enum name="model"><value>vir&#116;io</value></enum></rng>',
].join('');

function domcapabilities(devices = DEVICES, modes = MODES): string {
  return `<domainCapabilities><path>/usr/bin/qemu</path><domain>kvm</domain><machine>pc-q35-7.2</machine>
    <arch>x86_64</arch><vcpu max='288'/><iothreads supported='yes'/>
    <os supported='yes'><enum name='firmware'><value>efi</value></enum>
      <loader supported='yes'><value>/fw/code.fd</value><enum name='type'><value>rom</value></enum></loader></os>
    <cpu>${modes}</cpu>
    <memoryBacking supported='yes'><enum name='sourceType'><value>memfd</value></enum></memoryBacking>
    <devices>${devices}</devices>
    <features><gic supported='no'/><vmcoreinfo supported='yes'/>
      <hyperv supported='yes'><enum name='features'><value>relaxed</value></enum></hyperv></features>
  </domainCapabilities>`;
}

const guest = (xml: string, first = '<domain type="qemu"/>'): string => `<capabilities><host>
  <uuid>11111111-2222-4333-8444-aaaaaaaaaaaa</uuid><cpu><arch>x86_64</arch><model>486</model></cpu></host>
  <guest><os_type>hvm</os_type><arch name='aarch64'><machine>virt-7.2</machine>${first}</arch></guest>
  <guest><os_type>hvm</os_type><arch name='x86_64'>${xml}</arch></guest></capabilities>`;

describe('domcapabilities', () => {
  const read = parseHost(domcapabilities(), { name: 'a', libvirtVersion: '9.5' });

  test('list what a guest may use', () => {
    expect(read.offers).toEqual({
      iothreads: ['yes'],
      os: ['yes'],
      'os.firmware': ['efi'],
      loader: ['yes'],
      'loader.type': ['rom'],
      'loader.path': ['/fw/code.fd'],
      'cpu.host-passthrough': ['yes'],
      'cpu.maximum': [],
      'cpu.host-model': ['yes'],
      'cpu.custom': ['yes'],
      memoryBacking: ['yes'],
      'memoryBacking.sourceType': ['memfd'],
      disk: ['yes'],
      'disk.bus': ['virtio', 'scsi'],
      'disk.model': [],
      tpm: [],
      'rng.model': ['virtio'],
      gic: [],
      vmcoreinfo: ['yes'],
      hyperv: ['yes'],
      'hyperv.features': ['relaxed'],
    });
  });

  test('say which models may be used as they are, and their limits', () => {
    const { usableModels, vcpuMaximum, physicalAddressLimit, libvirtVersion } = read;
    expect(usableModels).toEqual({ 486: 'yes', EPYC: 'no', Haswell: 'unknown', Conroe: 'unknown' });
    expect([vcpuMaximum, physicalAddressLimit, libvirtVersion]).toEqual([288, 46, '9.5.0']);
  });

  test('say what blocks a model', () => {
    const blockers = "<blockers model='EPYC'><feature name='clwb'/><feature name='hle'/></blockers>";
    const xml = domcapabilities(DEVICES, MODES.replace('EPYC</model>', `EPYC</model>${blockers}`));
    const { usableModels, modelBlockers } = parseHost(xml, { libvirtVersion: '9.0.0' });
    expect(modelBlockers).toEqual({ EPYC: ['clwb', 'hle'] });
    expect(usableModels).toEqual(read.usableModels);
    expect(read.modelBlockers).toEqual({});
  });

  test('of one text share their models, the worst said of each', () => {
    const models = (inner: string): string =>
      domcapabilities(DEVICES, MODES.replace(/<model usable='yes'.*$/, `${inner}</mode>`));
    const blocked = "<model usable='no'>486</model><blockers model='486'><feature name='vme'/></blockers>";
    const other = `${blocked}<model usable='yes'>EPYC</model><model usable='yes'>Haswell</model>`;
    const both = parseHost(models(other) + domcapabilities(), { name: 'a', libvirtVersion: '9.0.0' });
    expect(both.usableModels).toEqual({ 486: 'no', EPYC: 'no', Haswell: 'unknown' });
    expect(both.modelBlockers).toEqual({ 486: ['vme'] });
    expect(both.offers['disk.bus']).toEqual(['virtio', 'scsi']);
    const silent = domcapabilities(DEVICES, MODES.replace(/<mode name='custom'.*$/, ''));
    const half = parseHost(silent + domcapabilities(), { name: 'a', libvirtVersion: '9.0.0' });
    expect(half.usableModels).toEqual(read.usableModels);
  });

  test('that say nothing leave everything unknown', () => {
    const bare = parseHost(
      "<domainCapabilities><cpu><mode name='host-model' supported='yes'><model fallback='forbid'>486</model></mode></cpu></domainCapabilities>",
    );
    expect(bare).toMatchObject({ offers: { 'cpu.host-model': ['yes'] }, usableModels: {}, machines: [] });
    expect([bare.vcpuMaximum, bare.physicalAddressLimit, bare.libvirtVersion]).toEqual(
      Array.from({ length: 3 }),
    );
  });

  test('of one text share what they offer', () => {
    const other = domcapabilities("<disk supported='yes'><enum name='bus'><value>scsi</value></enum></disk>");
    const both = parseHost(domcapabilities() + other, { name: 'a', libvirtVersion: '9.0.0' });
    expect(both.offers).toMatchObject({ 'disk.bus': ['scsi'], 'rng.model': ['virtio'], tpm: [] });
  });

  test('that differ in a limit alone are not taken for each other', () => {
    const limits = ['46', '39'].map((limit) => domcapabilities(DEVICES, MODES.replace('46', limit)));
    const hosts = limits.map((xml) => parseHost(xml, { libvirtVersion: '9.0.0' }));
    expect(hosts.map((host) => host.physicalAddressLimit)).toEqual([46, 39]);
    expect(hosts[0]?.offers).toEqual(hosts[1]?.offers);
  });
});

describe('capabilities', () => {
  const machine = (name: string, more = {}): object => ({
    ...{
      name,
      canonical: undefined,
      maxCpus: undefined,
      deprecated: false,
      arch: 'x86_64',
      virtType: undefined,
    },
    ...more,
  });

  test.each([
    ['none', '', []],
    ['a machine', '<machine>isapc</machine>', [machine('isapc')]],
    [
      'an alias',
      "<machine canonical='pc-q35-7.2' maxCpus='288'>q35</machine>",
      [machine('q35', { canonical: 'pc-q35-7.2', maxCpus: 288 })],
    ],
    [
      'one that goes out of use',
      "<machine deprecated='yes'>pc-i440fx-1.4</machine>",
      [machine('pc-i440fx-1.4', { deprecated: true })],
    ],
    [
      'a list of its own for kvm',
      "<machine>pc-0.11</machine><domain type='kvm'><machine>pc-0.12</machine></domain>",
      [machine('pc-0.11'), machine('pc-0.12', { virtType: 'kvm' })],
    ],
  ])('list %s', (_, xml, expected) => {
    expect(parseHost(guest(xml), { libvirtVersion: '9.0.0' }).machines).toEqual(expected);
  });

  test('give their machines to the domcapabilities of the same host', () => {
    const options = { name: 'a', libvirtVersion: '9.0.0' };
    const parts = [guest('<machine>isapc</machine>'), domcapabilities()].map((xml) =>
      parseHost(xml, options),
    );
    const joined = [
      joinHosts(parts),
      joinHosts(parts.toReversed()),
      parseHosts(guest('<machine>isapc</machine>') + domcapabilities(), options),
    ];
    for (const [host, another] of joined) {
      expect(another).toBeUndefined();
      expect(host).toMatchObject({
        source: 'domcapabilities',
        machines: [{ name: 'isapc' }],
        vcpuMaximum: 288,
      });
    }
  });
});
