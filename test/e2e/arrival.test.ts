import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './support/command.ts';
import { cpuidIn, writeFirmware } from './support/cpuid.ts';
import type { GuestCpu } from './support/guest-cpu.ts';
import { describeUnless, releaseObstacle } from './support/requirements.ts';
import {
  ask,
  define,
  EMULATOR,
  forget,
  migrate,
  startRig,
  tryToMigrate,
  virsh,
  type Rig,
  type RigHost,
} from './support/rig.ts';
import { ACCELERATORS, cpuOn, domain, GUEST } from './support/scenario.ts';

/** Every release here has it. */
const MACHINE = 'pc-q35-7.2';

/** How a guest's processors are laid out, and the mode of its CPU, where that is not the accelerator's usual one. */
interface Layout {
  readonly called: string;
  readonly processors: number;
  readonly topology: string;
  readonly mode?: string;
}

const TOPOLOGIES: readonly [Layout, Layout] = [
  { called: 'one core', processors: 1, topology: '' },
  {
    ...{ called: 'two cores in one socket', processors: 2 },
    topology: "<topology sockets='1' dies='1' cores='2' threads='1'/>",
  },
];

/** Ways of a guest through the hosts; it starts on the first. */
const WAYS = ['a b a c a', 'b a b', 'c a c b c'] as const;

let rig: Rig;

const gateOf = ({ directory }: RigHost): readonly string[] => [
  ...['--hooks-dir', join(directory, 'etc/hooks'), '--state-dir', join(directory, 'etc/gate')],
];
const hostCalled = (name: string): RigHost => rig.hosts.find((host) => host.name === name) ?? rig.a;

/** Runs the command, and gives what it prints. */
function run(...words: readonly string[]): string {
  const { code, out, err } = virtMigratable(...words);
  if (code !== 0) throw new Error(`${words[0]}: ${err}`);
  return out;
}

/** All hosts captured for guests of this type, and the options that name the files. */
function captured(type: string): readonly string[] {
  const targets = rig.hosts.map(({ name, uri }) => `${name}=${uri}`);
  const context = ['--virttype', type, '--emulatorbin', EMULATOR, '--machine', MACHINE];
  const files = run('capture', ...targets, '-o', join(rig.directory, type), ...context);
  return files
    .split('\n')
    .filter(Boolean)
    .flatMap((file) => ['--host', file]);
}

/**
 * Where the state of AVX-512 would stand: QEMU 11 says so to an emulated guest, which has none of it (its size, in EAX, is
 * 0), and others do not. The emulation itself is another one there; no property says which.
 */
const EMULATION: ReadonlySet<string> = new Set(['0xd.5 EBX', '0xd.6 EBX', '0xd.7 EBX']);

/** What a guest sees of its CPU on a host. */
async function seenOn(host: RigHost, processors: number): Promise<object> {
  const cpuid = [...(await cpuidIn(rig, host, GUEST))].filter(([name]) => !EMULATION.has(name));
  return { cpuid: Object.fromEntries(cpuid), cpu: inCommon(await cpuOn(host), processors) };
}

/** Properties of QEMU's CPUs that are about QEMU itself: no guest sees them, and they come and go with its versions. */
const NO_FEATURES = /^(?:x-|full-cpuid-auto-level|legacy-multi-node|pmu|l3-cache|hotplug)/;
/** What QEMU shows guests with several cores in a socket by their topology; whether it notes that as well has changed. */
const OF_TOPOLOGY = [
  { names: ['ht'], leaf: 1, register: 'EDX', bit: 28 },
  { names: ['cmp-legacy', 'cmp_legacy'], leaf: 0x80000001, register: 'ECX', bit: 1 },
];

interface FeatureWord {
  readonly 'cpuid-input-eax': number;
  readonly 'cpuid-input-ecx'?: number;
  readonly 'cpuid-register': string;
  readonly features: number;
}

/** The same words for all versions of QEMU: a CPUID word that there is not has no bits. */
function inCommon({ on, values, unavailable }: GuestCpu, processors: number): object {
  const derived = processors > 1 ? OF_TOPOLOGY : [];
  const names = new Set(derived.flatMap((one) => one.names));
  const words = (values['feature-words'] as readonly FeatureWord[]).map((word) => {
    const { 'cpuid-input-eax': leaf, 'cpuid-input-ecx': subleaf = 0, 'cpuid-register': register } = word;
    const masks = derived.filter((one) => one.leaf === leaf && one.register === register);
    const bits = masks.reduce((all, { bit }) => all & ~(1 << bit), word.features) >>> 0;
    return [`${leaf.toString(16)}.${subleaf} ${register}`, bits] as const;
  });
  return {
    on: on.filter((name) => !NO_FEATURES.test(name) && !names.has(name)),
    words: Object.fromEntries(words.filter(([, bits]) => bits !== 0)),
    values: { ...values, 'feature-words': undefined },
    unavailable,
  };
}

const reason = releaseObstacle('debian-13') ?? releaseObstacle('newest');

describeUnless(reason, 'levelling on arrival, on the machine (a), Debian 13 (b) and the newest (c)', () => {
  beforeAll(async () => {
    rig = await startRig([{}, { release: 'debian-13' }, { release: 'newest' }]);
  });
  afterEach(() => {
    forget(rig, GUEST);
  });
  afterAll(async () => {
    await rig.stop();
  });

  for (const { accelerator, type, follower, reason: obstacle } of ACCELERATORS)
    describeUnless(obstacle, accelerator, () => {
      let hosts: readonly string[];
      beforeAll(() => {
        hosts = captured(type);
        for (const host of rig.hosts) run('hook', 'install', ...hosts, ...gateOf(host), '--self', host.name);
      });

      /** The domain as a host stores it, rewritten. */
      function form({ mode = follower, processors, topology }: Layout, ...words: readonly string[]): string {
        const path = join(rig.directory, 'plain.xml');
        const plain = domain(type, `<cpu mode='${mode}'>${topology}</cpu>`)
          .replace('<vcpu>2</vcpu>', `<vcpu>${processors}</vcpu>`)
          .replace("machine='pc'", `machine='${MACHINE}'`)
          .replace('</type>', `</type><loader type='rom'>${writeFirmware(rig)}</loader>`);
        define(rig, rig.a, plain);
        writeFileSync(path, ask(rig.a, 'dumpxml', '--inactive', GUEST));
        virsh(rig.a, 'undefine', GUEST);
        return run('rewrite', path, ...hosts, '--on-arrival', ...words);
      }
      const formOf = (topology: Layout, host: RigHost): string =>
        form(topology, '--form', 'per-host', '--for', host.name);

      /** What a guest sees on each host of its way. */
      async function seenOnTheWay(way: string, layout: Layout): Promise<readonly object[]> {
        const [first = rig.a, ...others] = way.split(' ').map(hostCalled);
        define(rig, first, formOf(layout, first));
        ask(first, 'start', GUEST);
        const seen = [await seenOn(first, layout.processors)];
        let here = first;
        for (const there of others) {
          migrate(rig, GUEST, here, there, `${accelerator}, ${layout.called}, levelled on arrival`);
          seen.push(await seenOn(there, layout.processors));
          here = there;
        }
        return seen;
      }

      for (const layout of TOPOLOGIES)
        for (const way of WAYS)
          test(`a guest sees one CPU on its way: ${layout.called}, ${way}`, async () => {
            const [before, ...after] = await seenOnTheWay(way, layout);
            for (const look of after) expect(look).toEqual(before);
          });

      test('so does one that had a host-model CPU and two cores in one socket', async () => {
        const seen = await seenOnTheWay('a b a', { ...TOPOLOGIES[1], mode: 'host-model' });
        for (const look of seen) expect(look).toEqual(seen[0]);
      });

      test('a guest does not start with the form of another host, nor with the shared one where it does not do', () => {
        const [one] = TOPOLOGIES;
        for (const [host, xml] of [
          [rig.b, form(one)],
          [hostCalled('c'), formOf(one, rig.a)],
          [rig.a, formOf(one, rig.b)],
        ] as const) {
          define(rig, host, xml);
          const { code, err } = virsh(host, 'start', GUEST);
          expect({ code, err }).toEqual({
            code: 1,
            err: expect.stringContaining(`the domain does not have the form of host ${host.name}`) as string,
          });
          expect(err).toContain('--on-arrival --form per-host');
          virsh(host, 'undefine', GUEST);
        }
      });

      test('a saved guest comes back as it was', async () => {
        const [one] = TOPOLOGIES;
        define(rig, rig.b, formOf(one, rig.b));
        ask(rig.b, 'start', GUEST);
        const before = await seenOn(rig.b, 1);
        const image = join(rig.directory, 'saved');
        ask(rig.b, 'save', GUEST, image);
        ask(rig.b, 'restore', image);
        expect(await seenOn(rig.b, 1)).toEqual(before);
        ask(rig.b, 'save', GUEST, image);
        ask(rig.a, 'restore', image);
        expect(await seenOn(rig.a, 1)).toEqual(before);
      });

      test('without the mark, a guest that another host could have shown more is refused, and runs on', () => {
        const [one] = TOPOLOGIES;
        define(rig, rig.a, form(one).replace(/ *<arrival:levelled[^>]*>\n/, ''));
        ask(rig.a, 'start', GUEST);
        expect(tryToMigrate(rig, GUEST, rig.a, rig.b).err).toContain('may not migrate to b');
        expect(virsh(rig.a, 'domstate', GUEST).out.trim()).toBe('running');
      });
    });
});
