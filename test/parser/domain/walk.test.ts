import { parseDomain } from '../../../lib/parser/domain/domain.ts';

/** Each device: its kind, its start tag, and what it says. */
function devicesIn(inner: string): unknown[] {
  const text = `<domain type='kvm'><devices>${inner}</devices></domain>`;
  return parseDomain(text).devices.map(({ element, span, values }) => [
    element,
    text.slice(span.start, span.end),
    values,
  ]);
}

test.each<[string, string, unknown[]]>([
  [
    'an assigned PCI device',
    "<hostdev mode='subsystem' type='pci' managed='yes'><driver name='vfio'/><teaming type='transient' persistent='ua-0'/><source><address bus='0x1'/></source></hostdev>",
    [
      [
        'hostdev',
        "<hostdev mode='subsystem' type='pci' managed='yes'>",
        { mode: 'subsystem', type: 'pci', 'driver@name': 'vfio', 'teaming@type': 'transient' },
      ],
    ],
  ],
  [
    'a mediated device',
    "<hostdev mode='subsystem' type='mdev' model='vfio-pci'/>",
    [
      [
        'hostdev',
        "<hostdev mode='subsystem' type='mdev' model='vfio-pci'/>",
        { mode: 'subsystem', type: 'mdev', model: 'vfio-pci' },
      ],
    ],
  ],
  [
    'interfaces',
    "<interface type='hostdev'><teaming type='transient'/></interface><interface type='vdpa'/>",
    [
      ['interface', "<interface type='hostdev'>", { type: 'hostdev', 'teaming@type': 'transient' }],
      ['interface', "<interface type='vdpa'/>", { type: 'vdpa' }],
    ],
  ],
  [
    'a shared folder',
    "<filesystem type='mount' accessmode='passthrough'><driver type='virtiofs' queue='8'/></filesystem>",
    [
      [
        'filesystem',
        "<filesystem type='mount' accessmode='passthrough'>",
        { type: 'mount', accessmode: 'passthrough', 'driver@type': 'virtiofs' },
      ],
    ],
  ],
  [
    'shared memory',
    "<shmem name='s' role='peer'><model type='ivshmem-doorbell'/></shmem>",
    [['shmem', "<shmem name='s' role='peer'>", { role: 'peer', 'model@type': 'ivshmem-doorbell' }]],
  ],
  [
    'disks',
    "<disk type='file' device='cdrom'><source file='/a'/><readonly/></disk><disk type='network'><source protocol='rbd'/><shareable/></disk><disk/>",
    [
      [
        'disk',
        "<disk type='file' device='cdrom'>",
        { type: 'file', device: 'cdrom', source: '', readonly: '' },
      ],
      ['disk', "<disk type='network'>", { type: 'network', source: '', shareable: '' }],
      ['disk', '<disk/>', {}],
    ],
  ],
  [
    'images on top of others',
    "<disk><driver type='qcow2'/><backingStore><format type='qcow2'/><source/><backingStore><format type='vmdk'/><backingStore/></backingStore></backingStore></disk>",
    [['disk', '<disk>', { 'driver@type': 'qcow2', 'format@type': 'vmdk' }]],
  ],
  [
    'video devices by their kind and what is behind them',
    "<video><driver name='vhostuser'/><model type='virtio' device='virtio-vga-gl'/></video>",
    [
      [
        'video',
        '<video>',
        { 'driver@name': 'vhostuser', 'model@type': 'virtio', 'model@device': 'virtio-vga-gl' },
      ],
    ],
  ],
  ['a smartcard', "<smartcard mode='host'/>", [['smartcard', "<smartcard mode='host'/>", { mode: 'host' }]]],
  [
    'what QEMU cannot move',
    "<controller type='nvme'/><controller type='pci'/><input type='passthrough'/><input type='mouse'/><sound model='usb'/><serial><target type='usb-serial'/></serial><iommu model='amd'/><video><model type='virtio'><acceleration accel3d='yes'/></model></video>",
    [
      ['controller', "<controller type='nvme'/>", { type: 'nvme' }],
      ['input', "<input type='passthrough'/>", { type: 'passthrough' }],
      ['sound', "<sound model='usb'/>", { model: 'usb' }],
      ['serial', '<serial>', { 'target@type': 'usb-serial' }],
      ['iommu', "<iommu model='amd'/>", { model: 'amd' }],
      ['video', '<video>', { 'model@type': 'virtio', 'acceleration@accel3d': 'yes' }],
    ],
  ],
  ['none of other kinds', "<rng model='virtio'/><panic/><shmems/>", []],
])('%s', (_, inner, expected) => {
  expect(devicesIn(inner)).toEqual(expected);
});
