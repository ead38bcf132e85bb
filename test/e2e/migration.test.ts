import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './support/command.ts';
import { guestCpu, monitorOf, type GuestCpu } from './support/guest-cpu.ts';
import { startQemu } from './support/qemu.ts';
import { describeUnless, kvmObstacle, obstacle } from './support/requirements.ts';
import {
  ask,
  define,
  EMULATOR,
  forget,
  migrate,
  startRig,
  type Rig,
  type RigHost,
  virsh,
} from './support/rig.ts';

/** What each host's emulator takes away, in QEMU's spelling; of these, each accelerator here has some at least. */
const LACKING = { a: ['bmi2', 'clflushopt', 'smap'], b: ['adx', 'clwb', 'lahf-lm', 'movbe'] } as const;

const GUEST = 'guest';

/** A guest of a few lines that runs its firmware and nothing else. */
function domain(type: string, cpu: string): string {
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

let rig: Rig;

/** Of these features, those that a guest gets here when no wrapper takes them away. */
async function available(
  names: readonly string[],
  accelerator: string,
  cpu: string,
): Promise<readonly string[]> {
  const socket = join(rig.directory, `${accelerator}.sock`);
  const qemu = await startQemu({ accelerator, cpu: `${cpu},arch-capabilities=off`, socket });
  const { on } = await guestCpu(qemu.qmp);
  await qemu.stop();
  return names.filter((name) => on.includes(name));
}

/** What one CPU has and another lacks, in one spelling of each name. */
function without(one: GuestCpu, other: GuestCpu): readonly string[] {
  return one.on.filter((name) => !name.includes('_') && !other.on.includes(name));
}

/** The CPU that the guest sees on a host now. */
async function cpuOn(host: RigHost): Promise<GuestCpu> {
  return guestCpu(monitorOf(host, GUEST));
}

/** Captures both hosts for guests of this type with the command, and gives the options that name its files. */
function capture(type: string): readonly string[] {
  const directory = join(rig.directory, `captured-${type}`);
  const targets = [rig.a, rig.b].map(({ name, uri }) => `${name}=${uri}`);
  const context = ['--virttype', type, '--emulatorbin', EMULATOR, '--machine', 'pc'];
  const { code, out, err } = virtMigratable('capture', ...targets, '-o', directory, ...context);
  if (code !== 0) throw new Error(`capture: ${err}`);
  return out
    .split('\n')
    .filter(Boolean)
    .flatMap((file) => ['--host', file]);
}

/** The domain as a host stores it. */
function stored(host: RigHost): string {
  const path = join(rig.directory, 'stored.xml');
  writeFileSync(path, ask(host, 'dumpxml', '--inactive', GUEST));
  return path;
}

/** Stores the domain on host a, rewrites it there with the command, stores that, and starts it. */
function startRewritten(xml: string, hosts: readonly string[]): void {
  define(rig, rig.a, xml);
  const { code, out, err } = virtMigratable('rewrite', stored(rig.a), ...hosts);
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('disable') as string });
  define(rig, rig.a, out);
  ask(rig.a, 'start', GUEST);
}

/** Moves the guest to b and back, and gives what it saw before, there, and after. */
async function thereAndBack(what: string): Promise<readonly GuestCpu[]> {
  const before = await cpuOn(rig.a);
  migrate(rig, GUEST, rig.a, rig.b, what);
  const there = await cpuOn(rig.b);
  migrate(rig, GUEST, rig.b, rig.a, what);
  return [before, there, await cpuOn(rig.a)];
}

function expectSameCpu([before, there, after]: readonly GuestCpu[]): void {
  expect(before?.on.length).toBeGreaterThan(30);
  expect(there).toEqual(before);
  expect(after).toEqual(before);
  expect(there?.unavailable).toEqual([]);
}

describeUnless(obstacle(), 'two libvirt hosts', () => {
  beforeAll(async () => {
    rig = await startRig(LACKING);
  });
  afterEach(() => {
    forget(rig, GUEST);
  });
  afterAll(async () => {
    await rig.stop();
  });

  const kinds = [
    ['tcg', 'qemu', undefined],
    ['kvm', 'kvm', kvmObstacle()],
  ] as const;
  for (const [accelerator, type, reason] of kinds) {
    describeUnless(reason, accelerator.toUpperCase(), () => {
      const follower = type === 'kvm' ? 'host-passthrough' : 'maximum';
      let hosts: readonly string[];
      /** What each host really lacks, and what must be off on both, in libvirt's spelling. */
      let lackingOnA: readonly string[];
      let lackingOnB: readonly string[];
      let disabled: readonly string[];
      beforeAll(async () => {
        hosts = capture(type);
        const cpu = type === 'kvm' ? 'host' : 'max';
        lackingOnA = await available(LACKING.a, accelerator, cpu);
        lackingOnB = await available(LACKING.b, accelerator, cpu);
        disabled = [...lackingOnA, ...lackingOnB].map((name) => name.replace('-', '_')).sort();
        if (lackingOnA.length === 0 || lackingOnB.length === 0)
          throw new Error(`this CPU has too little to take away: ${disabled.join(', ')}`);
      });

      test('the hosts differ in what their emulators take away', () => {
        const { code, out } = virtMigratable('diff', ...hosts, '--json');
        const { losses } = JSON.parse(out) as { readonly losses: readonly { readonly feature: string }[] };
        expect({ code, names: losses.map(({ feature }) => feature) }).toEqual({ code: 0, names: disabled });
      });

      test(`without the tool, ${follower} migrates "successfully" and the CPU changes under the guest`, async () => {
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        expect(virtMigratable('check', stored(rig.a), ...hosts).code).toBe(1);
        ask(rig.a, 'start', GUEST);
        const before = await cpuOn(rig.a);
        migrate(rig, GUEST, rig.a, rig.b, `${accelerator.toUpperCase()}, ${follower}, without the tool`);
        const there = await cpuOn(rig.b);
        expect(without(before, there)).toEqual(lackingOnB);
        expect(without(there, before)).toEqual(lackingOnA);
      });

      const modes = [follower, ...(type === 'kvm' ? ['maximum'] : []), 'host-model'];
      test.each(modes)('in the shared form, %s keeps its CPU there and back', async (mode) => {
        startRewritten(domain(type, `<cpu mode='${mode}'/>`), hosts);
        expectSameCpu(await thereAndBack(`${accelerator.toUpperCase()}, ${mode}, shared form`));
      });

      test('in the shared form, a named model keeps its CPU there and back', async () => {
        const model =
          '<cpu match="exact"><model>Nehalem</model><feature policy="optional" name="clflushopt"/></cpu>';
        startRewritten(domain(type, model), hosts);
        expectSameCpu(await thereAndBack(`${accelerator.toUpperCase()}, custom, shared form`));
      });

      test('hosts that are asked themselves give what their captured files give', () => {
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        const path = stored(rig.a);
        const uris = [rig.a, rig.b].flatMap(({ name, uri }) => ['--host', `${name}=${uri}`]);
        const [asked, read] = [uris, hosts].map((words) => virtMigratable('rewrite', path, ...words));
        expect(asked).toEqual(read);
        expect(asked?.code).toBe(0);
      });

      test('apply changes a running guest for its next start, and only then', async () => {
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        ask(rig.a, 'start', GUEST);
        const before = await cpuOn(rig.a);
        const { code, out, err } = virtMigratable('apply', GUEST, '-c', rig.a.uri, ...hosts, '--yes');
        expect({ code, told: err.includes('It runs with its old CPU') }).toEqual({ code: 0, told: true });
        for (const name of disabled) expect(out).toContain(`+    <feature policy='disable' name='${name}'/>`);
        expect(await cpuOn(rig.a)).toEqual(before);
        ask(rig.a, 'destroy', GUEST);
        ask(rig.a, 'start', GUEST);
        expect(without(before, await cpuOn(rig.a))).toEqual(lackingOnB);
        expect(virtMigratable('apply', GUEST, '-c', rig.a.uri, ...hosts, '--yes')).toEqual({
          code: 0,
          out: '',
          err: `${GUEST}: nothing has to change\n`,
        });
      });

      test('what stands in the domain beside the CPU stays as libvirt printed it', () => {
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        const before = ask(rig.a, 'dumpxml', '--inactive', GUEST);
        const { out } = virtMigratable('rewrite', stored(rig.a), ...hosts);
        const lines = before.split('\n');
        const added = out.split('\n').filter((line) => !lines.includes(line));
        const names = added.flatMap((line) => /policy='disable' name='(\w+)'/.exec(line)?.[1] ?? []);
        expect(names).toEqual(disabled);
        define(rig, rig.a, out);
        expect(ask(rig.a, 'dumpxml', '--inactive', GUEST)).toBe(out);
        expect(virsh(rig.a, 'list', '--name').out.trim()).toBe('');
      });
    });
  }
});
