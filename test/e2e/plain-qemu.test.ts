import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { qemuCpuArgument } from '../../lib/diff/qemu-argument.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import { rewriteView } from '../support/rewrite.ts';
import { guestCpu } from './support/guest-cpu.ts';
import { migrateQemu, startQemu, type PlainQemu } from './support/qemu.ts';
import { recordMigration } from './support/record.ts';
import { describeUnless, qemuObstacle } from './support/requirements.ts';

/**
 * The example of QEMU's documentation with features that QEMU's emulation has: host A has two that B lacks, B has one
 * that A lacks, and each side is started with its own surplus off. Everything else is the same on both.
 */
const ONLY_A = ['clwb', 'lahf_lm'] as const;
const ONLY_B = ['movbe'] as const;
const COMMON = ['avx2', 'popcnt', 'sse4.2'] as const;

const directory = mkdtempSync(join(tmpdir(), 'qemu-'));
const running: PlainQemu[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** A host in its domcapabilities: a model, and these features beside it. */
function host(name: string, own: readonly string[]): ReturnType<typeof parseHost> {
  const features = [...COMMON, ...own].map((feature) => `<feature policy='require' name='${feature}'/>`);
  return parseHost(
    `<domainCapabilities><domain>qemu</domain><arch>x86_64</arch><cpu><mode name='host-model' supported='yes'>
       <model fallback='forbid'>qemu64</model>${features.join('')}
     </mode></cpu></domainCapabilities>`,
    { name, libvirtVersion: '9.0.0' },
  );
}

/** A QEMU that plays a host: what it lacks is off however the guest is started. */
async function qemuOf(
  name: string,
  cpu: string,
  lacks: readonly string[],
  incoming?: string,
): Promise<PlainQemu> {
  const off = lacks.map((feature) => `,${feature.replace('_', '-')}=off`).join('');
  const qemu = await startQemu({
    accelerator: 'tcg',
    cpu: cpu + off,
    socket: join(directory, `${name}.sock`),
    ...(incoming !== undefined && { incoming }),
  });
  running.push(qemu);
  return qemu;
}

describeUnless(qemuObstacle(), 'QEMU alone', () => {
  const domain = "<domain type='qemu'><os><type arch='x86_64'>hvm</type></os><cpu mode='maximum'/></domain>";
  const hosts = [host('A', ONLY_A), host('B', ONLY_B)];
  const { perHost } = rewriteView(domain, hosts);
  const [cpuA, cpuB] = ['A', 'B'].map((name) => qemuCpuArgument(parseDomain(perHost[name] ?? '')) ?? '') as [
    string,
    string,
  ];
  const uri = `unix:${join(directory, 'migrate.sock')}`;

  test('the per-host form is the example of the documentation', () => {
    expect([cpuA, cpuB]).toEqual(['max,clwb=off,lahf-lm=off', 'max,movbe=off']);
  });

  test('a guest started in the per-host form keeps its CPU there and back', async () => {
    const a = await qemuOf('a', cpuA, ONLY_B);
    const b = await qemuOf('b', cpuB, ONLY_A, uri);
    const before = await guestCpu(a.qmp);
    await migrateQemu(a, b, uri);
    recordMigration('TCG, QEMU alone, per-host form');
    expect(await guestCpu(b.qmp)).toEqual(before);
    await a.stop();
    const again = await qemuOf('a-again', cpuA, ONLY_B, uri);
    await migrateQemu(b, again, uri);
    recordMigration('TCG, QEMU alone, per-host form');
    expect(await guestCpu(again.qmp)).toEqual(before);
    expect(before.unavailable).toEqual([]);
  });

  test('without it QEMU moves the guest as well, and the CPU changes under it', async () => {
    const a = await qemuOf('a', 'max', ONLY_B);
    const b = await qemuOf('b', 'max', ONLY_A, uri);
    const before = await guestCpu(a.qmp);
    await migrateQemu(a, b, uri);
    recordMigration('TCG, QEMU alone, without the tool');
    const there = await guestCpu(b.qmp);
    expect(there.on).toContain('movbe');
    expect(before.on.filter((name) => !there.on.includes(name))).toEqual(['clwb', 'lahf-lm', 'lahf_lm']);
  });
});
