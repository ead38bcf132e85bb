import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { featuresOfLevel } from '../../lib/cpu/facts/levels.ts';
import { qemuCpuArgument } from '../../lib/diff/qemu-argument.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { createPool } from '../../lib/pool.ts';
import type { Host } from '../../types/host.ts';
import type { PlanOptions } from '../../types/options.ts';
import { told } from '../support/findings.ts';
import { host } from '../support/host.ts';
import { describeUnless, QEMU, qemuObstacle } from './support/requirements.ts';

const LOADED_AT = 0x100000;
const HEADER_SIZE = 0x20;
/** Six zeros for `lidt`: with no table of interrupts, whatever the CPU refuses resets the machine. */
const ZEROS_AT = 0x80;

/**
 * A system that is built for x86-64-v3, as small as one can be: an image for multiboot that runs an instruction of each
 * of the level's features, and then ends QEMU through its debug device.
 */
const INSTRUCTIONS = [
  [0x0f, 0x01, 0x1d, ZEROS_AT, 0x00, 0x10, 0x00], // lidt ZEROS_AT
  [0x0f, 0x20, 0xe0], // mov eax, cr4
  [0x0d, 0x00, 0x06, 0x04, 0x00], // or eax, OSFXSR | OSXMMEXCPT | OSXSAVE
  [0x0f, 0x22, 0xe0], // mov cr4, eax
  [0x31, 0xc9, 0x31, 0xd2], // xor ecx, ecx; xor edx, edx
  [0xb8, 0x07, 0x00, 0x00, 0x00], // mov eax, 7
  [0x0f, 0x01, 0xd1], // xsetbv
  [0xc4, 0xe2, 0x60, 0xf2, 0xc1], // andn eax, ebx, ecx: bmi1
  [0xc4, 0xe2, 0x63, 0xf5, 0xc1], // pdep eax, ebx, ecx: bmi2
  [0x0f, 0x38, 0xf0, 0x05, 0x00, 0x00, 0x10, 0x00], // movbe eax, [LOADED_AT]
  [0xc5, 0xfd, 0xfe, 0xc0], // vpaddd ymm0, ymm0, ymm0: avx2
  [0xc4, 0xe2, 0x7d, 0xb8, 0xc0], // vfmadd231ps ymm0, ymm0, ymm0: fma
  [0xc4, 0xe2, 0x7d, 0x13, 0xc0], // vcvtph2ps ymm0, xmm0: f16c
  [0x66, 0xba, 0xf4, 0x00, 0xb0, 0x10, 0xee], // mov dx, 0xf4; mov al, 0x10; out dx, al
  [0xf4], // hlt
];

/** QEMU's exit code after 0x10 was written to its debug device. */
const BOOTED = (0x10 << 1) | 1;

function image(): Buffer {
  const [magic, flags] = [0x1badb002, 0x10000];
  const header = Uint32Array.of(
    ...[magic, flags, -(magic + flags)],
    ...[LOADED_AT, LOADED_AT, 0, 0, LOADED_AT + HEADER_SIZE],
  );
  const bytes = Buffer.alloc(ZEROS_AT + HEADER_SIZE);
  bytes.set(new Uint8Array(header.buffer));
  bytes.set(INSTRUCTIONS.flat(), HEADER_SIZE);
  return bytes;
}

const directory = mkdtempSync(join(tmpdir(), 'floor-'));
const path = join(directory, 'system.bin');
writeFileSync(path, image());
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Does the system boot under QEMU's emulation with this argument of `-cpu`? */
function boots(cpu: string): boolean {
  const words = ['-accel', 'tcg', '-cpu', cpu, '-kernel', path, '-m', '16', '-no-reboot', '-display', 'none'];
  const device = ['-nodefaults', '-device', 'isa-debug-exit,iobase=0xf4,iosize=1'];
  const { status, error } = spawnSync(QEMU, [...words, ...device], { stdio: 'ignore', timeout: 120_000 });
  if (error !== undefined) throw error;
  return status === BOOTED;
}

const GUEST = `<domain type='qemu'>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://redhat.com/rhel/10.0"/>
    </libosinfo:libosinfo>
  </metadata>
  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
  <cpu mode='maximum'/>
</domain>`;

describeUnless(qemuObstacle(), 'a guest whose system needs x86-64-v3', () => {
  const hostOf = (name: string, ...features: readonly string[]): Host =>
    host(name, features, { virtType: 'qemu', model: 'qemu64' });
  const [v2, v3] = (['x86-64-v2', 'x86-64-v3'] as const).map(featuresOfLevel) as [string[], string[]];
  const OLD = hostOf('old', ...v2);
  const NEW = hostOf('new', ...v3, 'clwb');
  const OTHER = hostOf('other', ...v3, 'adx');
  const cpuFor = (hosts: readonly Host[], options: PlanOptions): string => {
    const result = createPool(hosts).rewrite(GUEST, options);
    if (!result.ok) return told(result.issues).join('; ');
    return qemuCpuArgument(parseDomain(result.xml)) ?? '';
  };

  test('boots where the pool keeps its floor', () => {
    const cpu = cpuFor([NEW, OTHER], {});
    expect(cpu).toBe('max,adx=off,clwb=off');
    expect(boots(cpu)).toBe(true);
  });

  test('is refused where the pool does not, and would not boot', () => {
    expect(cpuFor([NEW, OLD], {})).toMatch(/^error below-floor abm,avx,avx2,bmi1,bmi2,f16c,fma,movbe,xsave /);
    const cpu = cpuFor([NEW, OLD], { accept: ['below-floor'] });
    expect(cpu).toContain('avx2=off');
    expect(boots(cpu)).toBe(false);
  });

  test.each(['avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'movbe', 'xsave'])(
    'does not boot without %s',
    (feature) => {
      expect(boots(`max,${feature}=off`)).toBe(false);
    },
  );
});
