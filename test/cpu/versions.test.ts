import { compareVersions, normalVersion } from '../../lib/cpu/versions.ts';

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
  ['9.10.0', '9.9.0', 1],
  ['9.9.0', '10.0.0', -1],
  ['10.10.0', '10.10.1', -1],
])('%s against %s is %i', (a, b, expected) => {
  expect(compareVersions(a, b)).toBe(expected);
});
