import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './support/command.ts';
import { until } from './support/poll.ts';
import { describeUnless, obstacle } from './support/requirements.ts';
import {
  ask,
  define,
  forget,
  migrate,
  startRig,
  tryToMigrate,
  type Rig,
  type RigHost,
  virsh,
} from './support/rig.ts';
import { ACCELERATORS, capture, cpuOn, domain, GUEST } from './support/scenario.ts';

/** b lacks nothing that a has: what b alone has, a guest from a would gain there. */
const LACKING = { a: ['bmi2', 'clflushopt', 'smap', 'clwb'], b: [] } as const;
let rig: Rig;

/** libvirtd of a host of the rig, found by what is mounted for it. */
function daemonOf({ directory }: RigHost): number {
  const found = readdirSync('/proc').find((pid) => {
    const [comm, mounts] = ['comm', 'mountinfo'].map((name) => `/proc/${pid}/${name}`);
    if (!/^\d+$/.test(pid) || comm === undefined || mounts === undefined || !existsSync(comm)) return false;
    return readFileSync(comm, 'utf8') === 'libvirtd\n' && readFileSync(mounts, 'utf8').includes(directory);
  });
  if (found === undefined) throw new Error(`no libvirtd for ${directory}`);
  return Number(found);
}

const hooksOf = ({ directory }: RigHost): string => join(directory, 'etc/hooks');
const logOf = ({ directory }: RigHost): string => join(directory, 'log/gate.log');

/** Puts the gate on a host, and has its libvirtd look for hooks. */
function install(host: RigHost, hosts: readonly string[], ...options: readonly string[]): void {
  const words = ['--hooks-dir', hooksOf(host), '--self', host.name, '--log', logOf(host), ...options];
  const { code, err } = virtMigratable('hook', 'install', ...hosts, ...words);
  if (code !== 0) throw new Error(`hook install: ${err}`);
  process.kill(daemonOf(host), 'SIGHUP');
}

function verdicts(host: RigHost): readonly string[] {
  if (!existsSync(logOf(host))) return [];
  const lines = readFileSync(logOf(host), 'utf8').trim().split('\n');
  return lines.map((line) => /operation=(\w+) .*verdict=(\w+)/.exec(line)?.slice(1).join(' ') ?? line);
}

describeUnless(obstacle(), 'the gate of two libvirt hosts', () => {
  beforeAll(async () => {
    rig = await startRig([{ lacking: LACKING.a }, { lacking: LACKING.b }]);
  });
  afterEach(() => {
    forget(rig, GUEST);
    for (const host of [rig.a, rig.b]) rmSync(logOf(host), { force: true });
  });
  afterAll(async () => {
    await rig.stop();
  });

  for (const { accelerator: kind, type, follower, reason } of ACCELERATORS) {
    describeUnless(reason, kind, () => {
      let hosts: readonly string[];
      beforeAll(async () => {
        hosts = capture(rig, type);
        install(rig.b, hosts);
        // A reload comes to its hooks in its own time: a start that the gate must refuse shows when it has.
        define(rig, rig.b, domain(type, `<cpu mode='${follower}'/>`));
        await until('the gate on b is asked', () => {
          const refused = virsh(rig.b, 'start', GUEST).code !== 0;
          if (!refused) ask(rig.b, 'destroy', GUEST);
          return refused ? true : undefined;
        });
        forget(rig, GUEST);
        rmSync(logOf(rig.b));
      });
      afterAll(() => {
        for (const host of [rig.a, rig.b]) virtMigratable('hook', 'uninstall', '--hooks-dir', hooksOf(host));
      });

      test('a guest that would gain something is refused, and stays', () => {
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        ask(rig.a, 'start', GUEST);
        const { code, err } = tryToMigrate(rig, GUEST, rig.a, rig.b);
        expect(code).toBe(1);
        expect(err).toContain(`domain ${GUEST} may not migrate to b: host b has `);
        expect(virsh(rig.a, 'domstate', GUEST).out.trim()).toBe('running');
      });

      test('one that was rewritten passes, both ways', async () => {
        install(rig.a, hosts);
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        expect(virtMigratable('apply', GUEST, '-c', rig.a.uri, ...hosts, '--yes').code).toBe(0);
        ask(rig.a, 'start', GUEST);
        const before = await cpuOn(rig.a);
        migrate(rig, GUEST, rig.a, rig.b, `${kind}, gate`);
        expect(await cpuOn(rig.b)).toEqual(before);
        migrate(rig, GUEST, rig.b, rig.a, `${kind}, gate`);
        expect(await cpuOn(rig.a)).toEqual(before);
        for (const host of [rig.a, rig.b]) expect(verdicts(host).join()).not.toContain('closed');
      });

      test('host-model and a named model pass, both ways', async () => {
        for (const cpu of ["<cpu mode='host-model'/>", '<cpu match="exact"><model>Nehalem</model></cpu>']) {
          define(rig, rig.a, domain(type, cpu));
          virtMigratable('apply', GUEST, '-c', rig.a.uri, ...hosts, '--yes');
          ask(rig.a, 'start', GUEST);
          const before = await cpuOn(rig.a);
          migrate(rig, GUEST, rig.a, rig.b, `${kind}, gate`);
          migrate(rig, GUEST, rig.b, rig.a, `${kind}, gate`);
          expect(await cpuOn(rig.a)).toEqual(before);
          forget(rig, GUEST);
        }
        for (const host of [rig.a, rig.b]) expect(verdicts(host).join()).not.toContain('closed');
      });

      test('a rescue keeps the CPU as it was', async () => {
        install(rig.b, hosts, '--rescue');
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        ask(rig.a, 'start', GUEST);
        const before = await cpuOn(rig.a);
        migrate(rig, GUEST, rig.a, rig.b, `${kind}, rescue`);
        const there = await cpuOn(rig.b);
        expect(there).toEqual(before);
        expect(ask(rig.b, 'dominfo', GUEST)).toContain('modified by hook script');
        const driver = type === 'kvm' ? 'host' : 'max';
        expect(ask(rig.b, 'dumpxml', GUEST)).toContain(
          `<qemu:arg value='${driver}-x86_64-cpu.clflushopt=off'/>`,
        );
        migrate(rig, GUEST, rig.b, rig.a, `${kind}, rescued before`);
        expect(await cpuOn(rig.a)).toEqual(before);
        migrate(rig, GUEST, rig.a, rig.b, `${kind}, rescued before`);
        ask(rig.b, 'save', GUEST, '/var/lib/libvirt/saved');
        ask(rig.b, 'restore', '/var/lib/libvirt/saved');
        expect(await cpuOn(rig.b)).toEqual(before);
        expect(verdicts(rig.b)).toEqual([
          ...['migrate rescued', 'prepare open', 'migrate open', 'prepare open'],
          ...['restore open', 'prepare open'],
        ]);
      });
    });
  }
});
