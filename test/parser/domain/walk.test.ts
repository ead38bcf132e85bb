import { parseDomain } from '../../../lib/parser/domain/domain.ts';

/** Each device: its kind, its start tag, and what it says. */
function devicesIn(inner: string): unknown[] {
  const text = `<domain type='kvm'><devices>${inner}</devices></domain>`;
  return parseDomain(text).devices.map(({ kind, span, facts }) => [
    kind,
    text.slice(span.start, span.end),
    facts,
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
        { mode: 'subsystem', type: 'pci', driver: 'vfio', teaming: 'transient' },
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
      ['interface', "<interface type='hostdev'>", { type: 'hostdev', teaming: 'transient' }],
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
        { type: 'mount', accessmode: 'passthrough', driver: 'virtiofs' },
      ],
    ],
  ],
  [
    'shared memory',
    "<shmem name='s' role='peer'><model type='ivshmem-doorbell'/></shmem>",
    [['shmem', "<shmem name='s' role='peer'>", { role: 'peer', model: 'ivshmem-doorbell' }]],
  ],
  [
    'disks',
    "<disk type='file' device='cdrom'><source file='/a'/><readonly/></disk><disk type='network'><source protocol='rbd'/><shareable/></disk><disk/>",
    [
      ['disk', "<disk type='file' device='cdrom'>", { type: 'file', device: 'cdrom', readonly: 'yes' }],
      ['disk', "<disk type='network'>", { type: 'network', source: 'rbd', shareable: 'yes' }],
      ['disk', '<disk/>', {}],
    ],
  ],
  ['a smartcard', "<smartcard mode='host'/>", [['smartcard', "<smartcard mode='host'/>", { mode: 'host' }]]],
  ['none of other kinds', "<rng model='virtio'/><panic/><shmems/>", []],
])('%s', (_, inner, expected) => {
  expect(devicesIn(inner)).toEqual(expected);
});
