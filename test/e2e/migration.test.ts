import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './support/command.ts';
import { describeUnless, obstacle } from './support/requirements.ts';
import { ask, define, forget, migrate, startRig, tryToMigrate, virsh, type Rig } from './support/rig.ts';
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
  stored,
  thereAndBack,
  without,
} from './support/scenario.ts';

let rig: Rig;

describeUnless(obstacle(), 'two libvirt hosts', () => {
  beforeAll(async () => {
    rig = await startRig([{ lacking: LACKING.a }, { lacking: LACKING.b }]);
  });
  afterEach(() => {
    forget(rig, GUEST);
  });
  afterAll(async () => {
    await rig.stop();
  });

  for (const kind of ACCELERATORS) {
    const { accelerator, type, follower } = kind;
    describeUnless(kind.reason, accelerator, () => {
      let hosts: readonly string[];
      let lacking: Awaited<ReturnType<typeof differences>>;
      beforeAll(async () => {
        hosts = capture(rig, type);
        lacking = await differences(rig, kind);
      });

      test('the hosts differ in what their emulators take away', () => {
        const { code, out } = virtMigratable('diff', ...hosts, '--json');
        const { losses } = JSON.parse(out) as { readonly losses: readonly { readonly feature: string }[] };
        const names = losses.map(({ feature }) => feature);
        expect({ code, names }).toEqual({ code: 0, names: lacking.disabled });
      });

      test(`without the tool, ${follower} migrates "successfully" and the CPU changes under the guest`, async () => {
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        expect(virtMigratable('check', stored(rig, rig.a), ...hosts).code).toBe(1);
        ask(rig.a, 'start', GUEST);
        const before = await cpuOn(rig.a);
        migrate(rig, GUEST, rig.a, rig.b, `${accelerator}, ${follower}, without the tool`);
        const there = await cpuOn(rig.b);
        expect(without(before, there)).toEqual(lacking.b);
        expect(without(there, before)).toEqual(lacking.a);
      });

      const modes = [follower, ...(type === 'kvm' ? ['maximum'] : []), 'host-model'];
      test.each(modes)('in the shared form, %s keeps its CPU there and back', async (mode) => {
        startRewritten(rig, domain(type, `<cpu mode='${mode}'/>`), hosts);
        expectSameCpu(await thereAndBack(rig, `${accelerator}, ${mode}, shared form`));
      });

      test('in the shared form, a named model keeps its CPU there and back', async () => {
        const optional = "<feature policy='optional' name='clflushopt'/>";
        startRewritten(
          rig,
          domain(type, `<cpu match='exact'><model>Nehalem</model>${optional}</cpu>`),
          hosts,
        );
        expectSameCpu(await thereAndBack(rig, `${accelerator}, custom, shared form`));
      });

      describe(`a ${follower} guest`, () => {
        test.each(['guard', 'exhaustive', 'pin'])(
          'with --%s it keeps its CPU there and back',
          async (option) => {
            startRewritten(rig, domain(type, `<cpu mode='${follower}'/>`), [...hosts, `--${option}`]);
            expectSameCpu(await thereAndBack(rig, `${accelerator}, ${follower}, ${option}`));
          },
        );

        test('with --guard for other hosts, libvirt itself refuses one that lacks something', () => {
          const [, own = ''] = hosts;
          const clone = join(rig.directory, 'clone.xml');
          copyFileSync(own, clone);
          const others = ['--host', `one=${own}`, '--host', `two=${clone}`, '--same-host', '--guard'];
          startRewritten(rig, domain(type, `<cpu mode='${follower}'/>`), others);
          const { code, err } = tryToMigrate(rig, GUEST, rig.a, rig.b);
          expect(code).toBe(1);
          for (const name of lacking.b) expect(err).toContain(name.replace('-', '_'));
          expect(virsh(rig.a, 'domstate', GUEST).out.trim()).toBe('running');
        });
      });

      test('hosts that are asked themselves give what their captured files give', () => {
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        const path = stored(rig, rig.a);
        const uris = [rig.a, rig.b].flatMap(({ name, uri }) => ['--host', `${name}=${uri}`]);
        const [asked, read] = [uris, hosts].map((words) => virtMigratable('rewrite', path, ...words));
        expect(asked).toEqual(read);
        expect(asked?.code).toBe(0);
      });

      test('apply changes a running guest for its next start, and only then', async () => {
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        ask(rig.a, 'start', GUEST);
        const before = await cpuOn(rig.a);
        const words = ['apply', GUEST, '-c', rig.a.uri, ...hosts, '--yes'];
        const { code, out, err } = virtMigratable(...words);
        expect({ code, told: err.includes('It runs with its old CPU') }).toEqual({ code: 0, told: true });
        for (const name of lacking.disabled)
          expect(out).toContain(`+    <feature policy='disable' name='${name}'/>`);
        expect(await cpuOn(rig.a)).toEqual(before);
        ask(rig.a, 'destroy', GUEST);
        ask(rig.a, 'start', GUEST);
        expect(without(before, await cpuOn(rig.a))).toEqual(lacking.b);
        const again = virtMigratable(...words);
        const last = again.err.split('\n').at(-2);
        expect({ ...again, err: last }).toEqual({ code: 0, out: '', err: `${GUEST}: nothing has to change` });
      });

      test('what stands in the domain beside the CPU stays as libvirt printed it', () => {
        define(rig, rig.a, domain(type, `<cpu mode='${follower}'/>`));
        const before = ask(rig.a, 'dumpxml', '--inactive', GUEST);
        const { out } = virtMigratable('rewrite', stored(rig, rig.a), ...hosts);
        const lines = before.split('\n');
        const added = out.split('\n').filter((line) => !lines.includes(line));
        const names = added.flatMap((line) => /policy='disable' name='(\w+)'/.exec(line)?.[1] ?? []);
        expect(names).toEqual(lacking.disabled);
        define(rig, rig.a, out);
        expect(ask(rig.a, 'dumpxml', '--inactive', GUEST)).toBe(out);
        expect(virsh(rig.a, 'list', '--name').out.trim()).toBe('');
      });
    });
  }
});
