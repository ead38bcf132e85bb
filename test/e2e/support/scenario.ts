import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './command.ts';
import { guestCpu, type GuestCpu } from './guest-cpu.ts';
import { monitorOf } from './monitor.ts';
import { kvmObstacle } from './requirements.ts';
import { ask, define, EMULATOR, forget, migrate, type Rig, type RigHost } from './rig.ts';

/** What each host's emulator takes away, in QEMU's spelling; of these, each accelerator here has some at least. */
export const LACKING = { a: ['bmi2', 'clflushopt', 'smap'], b: ['adx', 'clwb', 'lahf-lm', 'movbe'] } as const;

export const GUEST = 'guest';

/** An accelerator, libvirt's name for it, the CPU mode that follows the host most closely there, and what is amiss. */
export const ACCELERATORS = [
  { accelerator: 'TCG', type: 'qemu', follower: 'maximum', reason: undefined },
  { accelerator: 'KVM', type: 'kvm', follower: 'host-passthrough', reason: kvmObstacle() },
] as const;

/** A guest of a few lines that runs its firmware and nothing else. */
export function domain(type: string, cpu: string): string {
  return `<domain type='${type}'>
  <name>${GUEST}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>2</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <!-- kept -->
  ${cpu}
  <devices>
    <emulator>${EMULATOR}</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>
`;
}

/** The CPU that the guest sees on a host now. */
export async function cpuOn(host: RigHost): Promise<GuestCpu> {
  return guestCpu(monitorOf(host, GUEST));
}

/** Captures both hosts for guests of this type with the command, and gives the options that name its files. */
export function capture(rig: Rig, type: string): readonly string[] {
  return captureHosts([rig.a, rig.b], join(rig.directory, `captured-${type}`), { type, machine: 'pc' });
}

/** The same for any hosts, a directory of one's own and a machine type. */
export function captureHosts(
  hosts: readonly RigHost[],
  directory: string,
  { type, machine }: { readonly type: string; readonly machine: string },
): readonly string[] {
  const targets = hosts.map(({ name, uri }) => `${name}=${uri}`);
  const context = ['--virttype', type, '--emulatorbin', EMULATOR, '--machine', machine];
  const { code, out, err } = virtMigratable('capture', ...targets, '-o', directory, ...context);
  if (code !== 0) throw new Error(`capture: ${err}`);
  return out
    .split('\n')
    .filter(Boolean)
    .flatMap((file) => ['--host', file]);
}

/** What each host really lacks of what its emulator takes away, and what must be off on both in libvirt's spelling. */
export async function differences(
  rig: Rig,
  { type, follower }: (typeof ACCELERATORS)[number],
): Promise<{
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly disabled: readonly string[];
}> {
  const [onA, onB] = [await followed(rig, rig.a), await followed(rig, rig.b)];
  const [a, b] = [
    LACKING.a.filter((name) => onB.includes(name)),
    LACKING.b.filter((name) => onA.includes(name)),
  ];
  if (a.length === 0 || b.length === 0) throw new Error('this CPU has too little to take away');
  return { a, b, disabled: [...a, ...b].map((name) => name.replace('-', '_')).sort() };

  /** What a guest that follows its host gets there. */
  async function followed(of: Rig, host: RigHost): Promise<readonly string[]> {
    define(of, host, domain(type, `<cpu mode='${follower}'/>`));
    ask(host, 'start', GUEST);
    const { on } = await cpuOn(host);
    forget(of, GUEST);
    return on;
  }
}

/** The domain as a host stores it. */
export function stored(rig: Rig, host: RigHost): string {
  const path = join(rig.directory, 'stored.xml');
  writeFileSync(path, ask(host, 'dumpxml', '--inactive', GUEST));
  return path;
}

/** Stores the domain on host a, rewrites it there with the command, stores that, and starts it. */
export function startRewritten(rig: Rig, xml: string, words: readonly string[]): void {
  define(rig, rig.a, xml);
  const { code, out, err } = virtMigratable('rewrite', stored(rig, rig.a), ...words);
  if (code !== 0) throw new Error(`rewrite: ${err}`);
  define(rig, rig.a, out);
  ask(rig.a, 'start', GUEST);
}

/** Moves the guest to b and back, and gives what it saw before, there, and after. */
export async function thereAndBack(rig: Rig, what: string): Promise<readonly GuestCpu[]> {
  const before = await cpuOn(rig.a);
  migrate(rig, GUEST, rig.a, rig.b, what);
  const there = await cpuOn(rig.b);
  migrate(rig, GUEST, rig.b, rig.a, what);
  return [before, there, await cpuOn(rig.a)];
}

/** The guest saw the same CPU all the time, and all that it was promised. */
export function expectSameCpu([before, there, after]: readonly GuestCpu[]): void {
  expect(before?.on.length).toBeGreaterThan(30);
  expect(there).toEqual(before);
  expect(after).toEqual(before);
  expect(there?.unavailable).toEqual([]);
}

/** What one CPU has and another lacks, in one spelling of each name. */
export function without(one: GuestCpu, other: GuestCpu): readonly string[] {
  return one.on.filter((name) => !name.includes('_') && !other.on.includes(name));
}
