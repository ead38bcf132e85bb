import { isSince } from '../../../lib/cpu/facts/since.ts';

test.each<[version: string, first: string, since: boolean]>([
  ['10.0.13', '10.0', true],
  ['10.0.13', '10.1', false],
  ['9.10.0', '9.9', true],
  ['10.0', '10.0.0', true],
  ['11', '10.1', true],
  ['7.2.22', '10.0', false],
  ['QEMU emulator version 11.1.3 (Debian)', '11.1', true],
  ['unknown', '7.2', false],
])('%s is %s or later: %s', (version, first, since) => {
  expect(isSince(version, first)).toBe(since);
});
