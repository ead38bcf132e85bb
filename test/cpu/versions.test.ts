import { compareVersions, machineVersion, normalVersion } from '../../lib/cpu/versions.ts';

test.each([
  ['9.0.0', '9.0.0'],
  ['9.0', '9.0.0'],
  ['9', '9.0.0'],
  ['libvirt 9.0.0-4+deb12u2', '9.0.0'],
  ['libvirtd (libvirt) 10.10.0', '10.10.0'],
  ['v11.3', '11.3.0'],
  [' 12.8.0\n', '12.8.0'],
  ['latest', undefined],
  ['', undefined],
])('%j is version %s', (written, expected) => {
  expect(normalVersion(written)).toBe(expected);
});

test.each([
  ['9.0.0', '9.0.0', 0],
  ['9.0.0', '9.0.1', -1],
  ['9.0.0', '9.0.0-rc1', 1],
  ['9.10.0', '9.9.0', 1],
  ['9.9.0', '10.0.0', -1],
  ['10.10.0', '10.10.1', -1],
  ['unknown', '9.0.0', NaN],
])('%s against %s is %i', (a, b, expected) => {
  expect(compareVersions(a, b)).toBe(expected);
});

test.each([
  ['pc-q35-7.2', 'pc-q35', '', '7.2.0'],
  ['pc-q35-4.0.1', 'pc-q35', '', '4.0.1'],
  ['pc-i440fx-2.12', 'pc-i440fx', '', '2.12.0'],
  ['pc-0.12', 'pc', '', '0.12.0'],
  ['virt-10.0', 'virt', '', '10.0.0'],
  ['s390-ccw-virtio-9.2', 's390-ccw-virtio', '', '9.2.0'],
  ['pc-q35-rhel9.4.0', 'pc-q35', 'rhel', '9.4.0'],
  ['pc-i440fx-rhel7.6.0', 'pc-i440fx', 'rhel', '7.6.0'],
  ['pseries-rhel8.6.0', 'pseries', 'rhel', '8.6.0'],
  ['pc-q35-noble', 'pc-q35', 'ubuntu', '24.4.0'],
  ['pc-i440fx-jammy-hpb', 'pc-i440fx', 'ubuntu-hpb', '22.4.0'],
])('%s is of %s', (name, family, distribution, version) => {
  expect(machineVersion(name)).toEqual({ family, distribution, version });
});

test.each(['q35', 'pc', 'virt', 'isapc', 'microvm', 'x-remote', 's390-ccw-virtio', 'constructor', ''])(
  '%s has no version',
  (name) => {
    expect(machineVersion(name)).toBeUndefined();
  },
);
