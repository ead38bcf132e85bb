import { bytesOf, domain, folder, HOSTS, run } from './run.ts';

const NIC = `  <devices>
    <interface type='network'>
      <model type='virtio'/>
    </interface>
  </devices>
`;
const cwd = folder({
  'guest.xml': domain().replace('</domain>', `${NIC}</domain>`),
  'a.json': '{"virtio-net": ["csum", "guest_uso4"]}',
  'b.txt': 'csum\n',
  'properties.json': '[{"name": "mrg_rxbuf", "type": "bool"}, {"name": "guest_uso4", "type": "bool"}]',
  'level.txt': 'csum\nguest_uso4\n',
});
const VIRTIO = ['--virtio', 'a=a.json', '--virtio', 'b=b.txt'];

test('needs a word for what libvirt has no switch for', () => {
  const { code, out, err } = run(cwd, ['rewrite', 'guest.xml', ...HOSTS, ...VIRTIO]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^error: guest_uso4 .*\bb does.*--qemu-properties/);
});

test('hands QEMU a property when allowed, and asks for what its QEMU has', () => {
  const words = ['rewrite', 'guest.xml', ...HOSTS, ...VIRTIO, '--qemu-properties', '--record'];
  expect(run(cwd, words).err).toMatch(/^warning: .*QEMU on b .*guest_uso4/m);
  const { code, err } = run(cwd, [...words, '--virtio', 'b=properties.json', '-o', 'safe.xml']);
  expect(code).toBe(0);
  expect(err).not.toContain('warning');
  expect(bytesOf(cwd, 'safe.xml')).toContain("<qemu:arg value='virtio-net-device.guest_uso4=off'/>");
  const check = ['check', 'safe.xml', ...HOSTS, ...VIRTIO, '--qemu-properties'];
  expect(run(cwd, check)).toMatchObject({ code: 0, out: 'guest: safe to move among a, b (x86-64-v1)\n' });
});

test('check finds a domain unsafe for its devices alone', () => {
  run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '-o', 'cpu.xml']);
  const words = ['check', 'cpu.xml', ...HOSTS, '--qemu-properties', '--virtio', 'b=properties.json'];
  const { code, out, err } = run(cwd, [...words, ...VIRTIO]);
  expect({ code, out }).toEqual({ code: 1, out: 'guest: not safe to move among a, b (x86-64-v1):\n' });
  expect(err).toMatch(
    /^note: guest_uso4 of virtio-net is disabled: a offers it, b does not \[virtio-feature\]\n$/,
  );
  expect(run(cwd, [...words, '--virtio', 'a=a.json', '--virtio', 'b=level.txt']).code).toBe(0);
});

test.each([
  ['a file of no host', ['--virtio', 'a.json'], 'names no host'],
  ['a host that is not there', ['--virtio', 'c=a.json'], 'there is no host "c" (a, b)'],
  ['a file that says nothing', ['--virtio', 'a=kvm-a.xml'], 'no list of features'],
])('%s is refused', (_, words, reason) => {
  const { code, err } = run(cwd, ['rewrite', 'guest.xml', ...HOSTS, ...words]);
  expect(code).toBe(2);
  expect(err).toContain(reason);
});
