import { parseVirtioFeatures } from '../../../lib/parser/host/virtio.ts';
import { refusalOf } from '../../support/findings.ts';

/** An answer to x-query-virtio-status, in the shape QEMU 7.2 gives it. */
const status = (name: string, features: readonly string[], unknown?: string): string =>
  JSON.stringify({
    return: {
      name,
      'device-id': 1,
      'guest-features': { 'dev-features': ['VIRTIO_NET_F_MQ: in use'], transports: [] },
      'host-features': {
        ...(unknown !== undefined && { 'unknown-dev-features': 'BITS' }),
        'dev-features': features.filter((feature) => feature.includes('NET_F')),
        transports: features.filter((feature) => !feature.includes('NET_F')),
      },
      'use-started': true,
    },
  }).replace('"BITS"', unknown ?? '');
const net = (...names: readonly string[]): object => ({ offered: { 'virtio-net': names }, properties: {} });

test.each<[string, string, object]>([
  ['an answer of QEMU', status('virtio-net', ['VIRTIO_NET_F_CSUM: x: y']), net('csum')],
  [
    'names of the device, of the ring and of all devices',
    status('virtio-net', [
      'VIRTIO_NET_F_GUEST_TSO4: x',
      'VIRTIO_RING_F_EVENT_IDX: x',
      'VIRTIO_F_VERSION_1: x',
    ]),
    net('event_idx', 'guest_tso4', 'version_1'),
  ],
  [
    'names that QEMU’s property differs from',
    status('virtio-net', [
      ...['VIRTIO_NET_F_HASH_REPORT', 'VIRTIO_NET_F_MTU', 'VIRTIO_NET_F_RSC_EXT', 'VIRTIO_F_RING_PACKED'],
      ...['VIRTIO_F_IOMMU_PLATFORM', 'VIRTIO_F_RING_RESET'],
    ]),
    net('guest_rsc_ext', 'hash', 'host_mtu', 'iommu_platform', 'packed', 'queue_reset'),
  ],
  [
    'bits without a name, to the last of 64',
    status('virtio-net', [], String(2n ** 63n + 2n ** 56n + 2n ** 40n + 2n ** 49n)),
    net('bit-49', 'host_uso', 'queue_reset', 'speed_duplex'),
  ],
  [
    'bits of another device',
    status('virtio-blk', [], String(2n ** 56n + 2n ** 34n)),
    { offered: { 'virtio-blk': ['bit-56', 'packed'] }, properties: {} },
  ],
  [
    'nothing of the connection to vhost-user',
    status('virtio-net', ['VHOST_USER_F_PROTOCOL_FEATURES: x']),
    net(),
  ],
  [
    'a whole conversation, a line each',
    [
      '{"QMP": {"version": {}, "capabilities": []}}',
      '{"return": {}}',
      '{"return": [{"name": "virtio-net", "path": "/machine/peripheral/net0/virtio-backend"}]}',
      status('virtio-net', ['VIRTIO_NET_F_CSUM: x']),
      '',
      status('virtio-net', ['VIRTIO_NET_F_GSO: x']),
      '{"return": [{"name": "csum", "type": "bool"}, {"name": "mrg_rxbuf", "type": "bool"}]}',
      '{"return": [{"name": "drive", "type": "str"}]}',
      '"end"',
    ].join('\r\n'),
    { offered: { 'virtio-net': ['csum', 'gso'] }, properties: { 'virtio-net': ['csum', 'mrg_rxbuf'] } },
  ],
  [
    'a text within the JSON that looks like JSON',
    '{"note": "\\"unknown-dev-features\\": 12", "virtio-net": ["csum"]}',
    net('csum'),
  ],
  ['several answers in a list', `[${status('virtio-net', ['VIRTIO_NET_F_GSO: x'])}]`, net('gso')],
  [
    'a plain list for each device',
    '{"virtio-net": ["guest_uso4", "VIRTIO_NET_F_CSUM"], "virtio-blk": []}',
    { offered: { 'virtio-net': ['csum', 'guest_uso4'], 'virtio-blk': [] }, properties: {} },
  ],
  [
    'a plain list',
    '# of kvm-a\nguest_uso4\n\n  csum  # here\nVIRTIO_NET_F_GSO: x\n',
    net('csum', 'gso', 'guest_uso4'),
  ],
])('%s', (_, text, expected) => {
  expect(parseVirtioFeatures(text)).toEqual(expected);
});

test.each([
  ['JSON that breaks off', '{"virtio-net": ["csum"', 'bad-json 1:23'],
  ['lines of which one is no JSON', '{"return": {}}\n{', 'bad-json 2:2'],
  [
    'answers that tell of no feature',
    '{"return": [{"name": "virtio-net", "path": "/machine"}]}',
    'bad-virtio 1:1',
  ],
  ['nothing', '', 'bad-virtio 1:1'],
  ['another kind of document', 'csum\n<domain/>\n', 'bad-virtio 2:1'],
])('%s is refused', (_, text, expected) => {
  expect(refusalOf(() => parseVirtioFeatures(text))).toBe(expected);
});
