import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtMigratable } from './support/command.ts';
import type { GuestCpu } from './support/guest-cpu.ts';
import { describeUnless, releaseObstacle, type Release } from './support/requirements.ts';
import {
  ask,
  define,
  EMULATOR,
  forget,
  migrate,
  startRig,
  virsh,
  type Rig,
  type RigHost,
} from './support/rig.ts';
import { ACCELERATORS, cpuOn, domain, GUEST } from './support/scenario.ts';

let rig: Rig;

const TOPOLOGIES = [
  { called: 'one core', processors: 1, topology: '' },
  {
    ...{ called: 'two cores in one socket', processors: 2 },
    topology: "<topology sockets='1' dies='1' cores='2' threads='1'/>",
  },
] as const;

/** Every release here has it. */
const MACHINE = 'pc-q35-7.2';

/** Hosts of unlike releases, the machine itself being the older one. */
const NEWER: readonly Release[] = ['debian-13', 'newest'];

for (const release of NEWER)
  describeUnless(releaseObstacle(release), `levelling on arrival, beside ${release}`, () => {
    const hooksOf = (host: RigHost): string => join(host.directory, 'etc/hooks');
    const logOf = (host: RigHost): string => join(host.directory, 'gate.log');

    function install(host: RigHost, hosts: readonly string[]): void {
      const where = ['--hooks-dir', hooksOf(host), '--state-dir', join(host.directory, 'etc/gate')];
      const { code, err } = virtMigratable('hook', 'install', ...hosts, ...where, '--self', host.name);
      if (code !== 0) throw new Error(`hook install on ${host.name}: ${err}`);
    }

    /** All hosts captured for guests of this type, and the options that name the files. */
    function captured(type: string): readonly string[] {
      const targets = rig.hosts.map(({ name, uri }) => `${name}=${uri}`);
      const context = ['--virttype', type, '--emulatorbin', EMULATOR, '--machine', MACHINE];
      const { code, out, err } = virtMigratable(
        'capture',
        ...targets,
        '-o',
        join(rig.directory, type),
        ...context,
      );
      if (code !== 0) throw new Error(`capture: ${err}`);
      return out
        .split('\n')
        .filter(Boolean)
        .flatMap((file) => ['--host', file]);
    }

    beforeAll(async () => {
      rig = await startRig([{}, { release }]);
    });
    afterEach(() => {
      forget(rig, GUEST);
    });
    afterAll(async () => {
      await rig.stop();
    });

    for (const { accelerator, type, follower, reason } of ACCELERATORS)
      describeUnless(reason, accelerator, () => {
        let hosts: readonly string[];
        beforeAll(() => {
          hosts = captured(type);
          for (const host of rig.hosts) install(host, hosts);
        });

        for (const { called, processors, topology } of TOPOLOGIES) {
          const plain = domain(type, `<cpu mode='${follower}'>${topology}</cpu>`)
            .replace('<vcpu>2</vcpu>', `<vcpu>${processors}</vcpu>`)
            .replace("machine='pc'", `machine='${MACHINE}'`);

          /** The form of one host, or that which is sent along. */
          function form(host?: RigHost): string {
            const path = join(rig.directory, 'plain.xml');
            define(rig, rig.a, plain);
            writeFileSync(path, ask(rig.a, 'dumpxml', '--inactive', GUEST));
            virsh(rig.a, 'undefine', GUEST);
            const own = host === undefined ? [] : ['--form', 'per-host', '--for', host.name];
            const { code, out, err } = virtMigratable('rewrite', path, ...hosts, '--on-arrival', ...own);
            if (code !== 0) throw new Error(`rewrite: ${err}`);
            return out;
          }

          test.each(['a', 'b'] as const)(
            `${called}: from %s there and back, the guest sees the same CPU`,
            async (from) => {
              const [source, target] = from === 'a' ? [rig.a, rig.b] : [rig.b, rig.a];
              define(rig, source, form(source));
              ask(source, 'start', GUEST);
              const before = await cpuOn(source);
              migrate(rig, GUEST, source, target, `${accelerator}, ${follower}, ${called}, on arrival`);
              const there = await cpuOn(target);
              migrate(rig, GUEST, target, source, `${accelerator}, ${follower}, ${called}, on arrival`);
              const after = await cpuOn(source);
              expect(seen(there, processors)).toEqual(seen(before, processors));
              expect(seen(after, processors)).toEqual(seen(before, processors));
            },
          );
        }
      });
  });

/** Properties of QEMU's CPUs that are about QEMU itself: no guest sees them, and they come and go with its versions. */
const NO_FEATURES = /^(?:x-|full-cpuid-auto-level|legacy-multi-node|pmu|l3-cache|hotplug)/;
/** What QEMU shows guests with several cores in a socket by their topology; whether it notes that down as well changed. */
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

/** What a guest sees of its CPU, in the same words for all versions of QEMU: a CPUID word that there is not has no bits. */
function seen({ on, values, unavailable }: GuestCpu, processors: number): unknown {
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
