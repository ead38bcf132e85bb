import { hostName, publicUri } from '../../lib/cli/hosts/names.ts';

test.each([
  ['qemu:///system', 'qemu:///system', 'localhost'],
  ['qemu+ssh://kvm-01/system', 'qemu+ssh://kvm-01/system', 'kvm-01'],
  ['qemu+ssh://root@kvm-01/system', 'qemu+ssh://kvm-01/system', 'kvm-01'],
  ['qemu+ssh://root:secret@kvm-01:22/system', 'qemu+ssh://kvm-01:22/system', 'kvm-01'],
  ['qemu+ssh://root:se/cr@et@kvm-01/system', 'qemu+ssh://kvm-01/system', 'kvm-01'],
  ['qemu+tcp://root@[::1]/system?keyfile=/a@b', 'qemu+tcp://[::1]/system?keyfile=/a@b', '::1'],
])('%s is kept without user and password', (uri, kept, name) => {
  expect([publicUri(uri), hostName({ name: undefined, value: uri })]).toEqual([kept, name]);
});
