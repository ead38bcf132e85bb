import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './support/command.ts';
import { writeFirmware } from './support/cpuid.ts';
import { describeUnless, releaseObstacle } from './support/requirements.ts';
import { ask, define, forget, startRig, virsh, type Rig } from './support/rig.ts';
import { captureHosts, domain, expectSameCpu, GUEST, stored, thereAndBack } from './support/scenario.ts';

/** Machine types between a release with QEMU 7.2 and one that drops all of its types: each row is a guest that starts. */
let rig: Rig;

const codes = (err: string): readonly string[] =>
  [...err.matchAll(/(?:error|note|warning): .*\[(machine-[a-z-]+|context-mismatch)\]$/gm)].map(
    ([, code]) => code ?? '',
  );

describeUnless(releaseObstacle('forky'), 'machine types of two releases, this machine’s and forky’s', () => {
  let hosts: readonly string[];

  /** A guest that nobody has defined yet, so that an alias is still one. */
  function written(machine: string): string {
    const path = join(rig.directory, 'machine.xml');
    const xml = domain('qemu', "<cpu mode='custom' match='exact'><model>qemu64</model></cpu>")
      .replace("machine='pc'", `machine='${machine}'`)
      .replace('</type>', `</type><loader type='rom'>${writeFirmware(rig)}</loader>`);
    writeFileSync(path, xml);
    return path;
  }

  function capture(machine: string): readonly string[] {
    const directory = join(rig.directory, `captured-${machine}`);
    return captureHosts([rig.a, rig.b], directory, { type: 'qemu', machine });
  }

  beforeAll(async () => {
    rig = await startRig([{}, { release: 'forky' }]);
    hosts = capture('pc-q35-7.2');
  });
  afterEach(() => {
    forget(rig, GUEST);
  });
  afterAll(async () => {
    await rig.stop();
  });

  test.each([
    ['an alias', 'q35', 'machine-alias', 'pc-q35-7.2'],
    ['a type that one side lacks', 'pc-q35-10.0', 'machine-missing', 'pc-q35-7.2'],
    ['a type that the other side has removed', 'pc-q35-2.12', 'machine-missing', 'pc-q35-7.2'],
    ['an alias of the older family', 'pc', 'machine-alias', 'pc-i440fx-7.2'],
  ])('%s is refused; the common one moves there and back', async (_, machine, code, common) => {
    const own = common === 'pc-q35-7.2' ? hosts : capture(common);
    const path = written(machine);
    const refused = virtMigratable('rewrite', path, ...own);
    expect({ code: refused.code, codes: codes(refused.err) }).toEqual({
      code: 2,
      codes: expect.arrayContaining([code]) as string[],
    });
    const { code: ended, out } = virtMigratable('rewrite', path, ...own, '--machine', 'common');
    expect({ ended, machine: / machine='([^']+)'/.exec(out)?.[1] }).toEqual({ ended: 0, machine: common });
    define(rig, rig.a, out);
    ask(rig.a, 'start', GUEST);
    expectSame(await thereAndBack(rig, `TCG, ${machine} as ${common}`));
  });

  test('a type that the newer side is about to drop, as all others of the older one, is left, and moves', async () => {
    define(rig, rig.a, ask(rig.a, 'dumpxml', '--inactive', defined('pc-q35-7.1')));
    const { code, out } = virtMigratable(
      'rewrite',
      stored(rig, rig.a),
      ...capture('pc-q35-7.1'),
      '--machine',
      'common',
    );
    expect({ code, machine: / machine='([^']+)'/.exec(out)?.[1] }).toEqual({
      code: 0,
      machine: 'pc-q35-7.1',
    });
    define(rig, rig.a, out);
    ask(rig.a, 'start', GUEST);
    expectSame(await thereAndBack(rig, 'TCG, pc-q35-7.1, which is about to be dropped'));
  });

  test.each([
    ['a', 'pc-q35-10.0'],
    ['b', 'pc-q35-2.12'],
  ] as const)('libvirt of host %s knows no %s either', (host, machine) => {
    const { code, err } = virsh(rig[host], 'define', written(machine));
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(machine) as string });
  });

  function defined(machine: string): string {
    ask(rig.a, 'define', written(machine));
    return GUEST;
  }

  /** The same CPU; whether QEMU notes what it does not give differs between releases. */
  function expectSame(seen: Awaited<ReturnType<typeof thereAndBack>>): void {
    const comparable = seen.map((cpu) => ({
      ...cpu,
      off: [],
      on: cpu.on.filter((name) => !/^(?:x-|legacy-|full-)/.test(name)),
      values: { ...cpu.values, 'feature-words': undefined },
    }));
    expectSameCpu(comparable);
  }
});
