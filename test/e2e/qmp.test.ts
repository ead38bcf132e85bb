import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHost } from '../../lib/parser/host/host.ts';

/** QEMU's own answer beside what the installed libvirt makes of it, for each kind of guest there is here. */
const KINDS = existsSync('/dev/kvm') ? ['kvm', 'qemu'] : ['qemu'];

const root = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

function domcapabilities(kind: string): string {
  const options = ['-c', `qemu:///embed?root=${root}`, 'domcapabilities', '--virttype', kind];
  return spawnSync('virsh', options, { encoding: 'utf8' }).stdout;
}

/** One session: greeting, replies and events. */
function session(kind: string, type: string, props: object): string {
  const [accelerator, name] = kind === 'kvm' ? ['kvm', 'host'] : ['tcg', 'max'];
  const commands = [
    { execute: 'qmp_capabilities' },
    { execute: 'query-cpu-model-expansion', arguments: { type, model: { name, props } } },
    { execute: 'quit' },
  ];
  const machine = ['-S', '-display', 'none', '-machine', `none,accel=${accelerator}`, '-qmp', 'stdio'];
  const input = commands.map((command) => `${JSON.stringify(command)}\n`).join('');
  return spawnSync('qemu-system-x86_64', machine, { input, encoding: 'utf8' }).stdout;
}

const version = spawnSync('virsh', ['--version'], { encoding: 'utf8' }).stdout.trim();

test.each(KINDS)('a %s guest gets what QEMU says, and libvirt says the same', (kind) => {
  const libvirt = parseHost(domcapabilities(kind), { libvirtVersion: version });
  const migratable = libvirt.features?.filter((name) => name !== 'invtsc');
  for (const type of ['static', 'full']) {
    const answer = session(kind, type, {});
    const { vendor, virtType } = libvirt;
    expect(parseHost(answer, { libvirtVersion: version })).toMatchObject({
      vendor,
      virtType,
      features: migratable,
    });
  }
  const everything = session(kind, 'static', { migratable: false });
  expect(parseHost(everything, { libvirtVersion: version }).features).toEqual(libvirt.features);
});
