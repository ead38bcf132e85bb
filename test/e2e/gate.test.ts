import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './support/command.ts';
import { describeUnless, obstacle, releaseObstacle } from './support/requirements.ts';
import {
  ask,
  define,
  forget,
  startRig,
  tryToMigrate,
  virsh,
  type HostWanted,
  type Rig,
} from './support/rig.ts';
import {
  ACCELERATORS,
  capture,
  cpuOn,
  differences,
  domain,
  expectSameCpu,
  GUEST,
  LACKING,
  startRewritten,
  thereAndBack,
} from './support/scenario.ts';

const KINDS: readonly (HostWanted & { readonly name: string })[] = [
  { name: 'the machine itself' },
  { name: 'debian-13', release: 'debian-13' },
  { name: 'debian-13 with virtqemud', release: 'debian-13', daemon: 'virtqemud' },
  { name: 'forky', release: 'forky' },
];

describe.each(KINDS)('two hosts of $name', ({ name, ...wanted }) => {
  describeUnless(
    wanted.release === undefined ? obstacle() : releaseObstacle(wanted.release, wanted.daemon),
    `the gate of ${name} where each host lacks something`,
    () => {
      let rig: Rig;
      const hooks = (): string => join(rig.b.directory, 'etc/hooks');
      const log = (): string => join(rig.directory, 'gate.log');

      /** Puts the gate on host b, for the hosts as they were captured. */
      function install(hosts: readonly string[], ...options: readonly string[]): void {
        const words = ['--hooks-dir', hooks(), '--self', 'b', '--log', log(), ...options];
        const { code, err } = virtMigratable('hook', 'install', ...hosts, ...words);
        if (code !== 0) throw new Error(`hook install: ${err}`);
      }

      beforeAll(async () => {
        rig = await startRig([
          { ...wanted, lacking: LACKING.a },
          { ...wanted, lacking: LACKING.b },
        ]);
      });
      afterEach(() => {
        virtMigratable('hook', 'uninstall', '--hooks-dir', hooks());
        forget(rig, GUEST);
      });
      afterAll(async () => {
        await rig.stop();
      });

      for (const kind of ACCELERATORS) {
        const { accelerator, type, follower } = kind;
        describeUnless(kind.reason, accelerator, () => {
          const plain = domain(type, `<cpu mode='${follower}'/>`);
          let hosts: readonly string[];
          let lacking: Awaited<ReturnType<typeof differences>>;
          beforeAll(async () => {
            hosts = capture(rig, type);
            lacking = await differences(rig, kind);
          });

          test('a guest that would lose features is refused, and runs on where it was', async () => {
            install(hosts);
            define(rig, rig.a, plain);
            ask(rig.a, 'start', GUEST);
            const before = await cpuOn(rig.a);
            const { code, err } = tryToMigrate(rig, GUEST, rig.a, rig.b);
            expect(code).toBe(1);
            expect(err).toContain(`virt-migratable: domain ${GUEST} may not migrate to b`);
            for (const name of lacking.disabled) expect(err).toContain(name);
            expect(virsh(rig.a, 'domstate', GUEST).out.trim()).toBe('running');
            expect(virsh(rig.b, 'list', '--name').out.trim()).toBe('');
            expect(await cpuOn(rig.a)).toEqual(before);
            expect(readFileSync(log(), 'utf8')).toContain(
              `guest=${GUEST} operation=migrate host=b verdict=closed`,
            );
          });

          test('a guest that is not safe in the pool does not start there', () => {
            install(hosts);
            define(rig, rig.b, plain);
            const { code, err } = virsh(rig.b, 'start', GUEST);
            expect({ code, err }).toEqual({
              code: 1,
              err: expect.stringContaining('may not start on b') as string,
            });
          });

          const perHost = ['--form', 'per-host', '--for', 'a'];

          test('a guest that would gain features is refused', () => {
            install(hosts);
            startRewritten(rig, plain, [...hosts, ...perHost]);
            const { code, err } = tryToMigrate(rig, GUEST, rig.a, rig.b);
            expect(code).toBe(1);
            for (const name of lacking.a) expect(err).toContain(name);
          });

          test('with --rescue it arrives, and gains nothing', async () => {
            install(hosts, '--rescue');
            startRewritten(rig, plain, [...hosts, ...perHost]);
            expectSameCpu(await thereAndBack(rig, `${accelerator}, ${follower}, rescue, ${name}`));
            expect(readFileSync(log(), 'utf8')).toContain('verdict=rescued');
          });
        });
      }
    },
  );
});
