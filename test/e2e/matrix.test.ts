import { join } from 'node:path';
import { virtMigratable } from './support/command.ts';
import { writeFirmware } from './support/cpuid.ts';
import {
  allCells,
  GATED,
  HOSTS,
  PAIRS,
  sample,
  VIRTUALISATIONS,
  type Cell,
  type HostName,
  type Pair,
  type Virtualisation,
} from './support/matrix.ts';
import { outcomeOf, type Meeting } from './support/outcome.ts';
import { recordOutcome } from './support/record.ts';
import { describeUnless, kvmObstacle, obstacle, releaseObstacle } from './support/requirements.ts';
import { startRig, type Rig, type RigHost } from './support/rig.ts';
import { captureHosts } from './support/scenario.ts';

/**
 * Guests of every kind between hosts of every release, there and back: without the tool some change under the guest; with
 * it none does, but in what it warned of. VIRT_MIGRATABLE_MATRIX says how many samples, of some fifty guests each, or
 * `full`; VIRT_MIGRATABLE_MATRIX_ONLY takes the guests whose name matches.
 */
const WANTED = process.env['VIRT_MIGRATABLE_MATRIX'] ?? '1';
const ONLY = process.env['VIRT_MIGRATABLE_MATRIX_ONLY'];
const all = allCells().filter((cell) => ONLY === undefined || new RegExp(ONLY).test(nameOf(cell)));
const cells = WANTED === 'full' || ONLY !== undefined ? all : sample(all, Number(WANTED));

function nameOf({ pair, virtualisation, topology, mode, form }: Cell): string {
  return `${pair.from} → ${pair.to}, ${virtualisation.accelerator}, ${topology.name}, ${mode}, ${form}`;
}

const kvm = kvmObstacle();
const names = Object.keys(HOSTS) as HostName[];

function reasonAgainst({ from, to }: Pair, { type }: Virtualisation): string | undefined {
  const releases = [from, to].flatMap((name) => HOSTS[name].release ?? []);
  const missing = releases.flatMap((release) => releaseObstacle(release) ?? []);
  return missing[0] ?? (type === 'kvm' ? kvm : undefined);
}

function gate(host: RigHost, hosts: readonly string[]): void {
  const words = ['--hooks-dir', join(host.directory, 'etc/hooks'), '--self', host.name, '--rescue'];
  const { code, err } = virtMigratable('hook', 'install', ...hosts, ...words);
  if (code !== 0) throw new Error(`hook install: ${err}`);
}

describeUnless(obstacle(), 'the matrix', () => {
  let rig: Rig;
  let firmware: string;
  const present = names.filter((name) => {
    const { release } = HOSTS[name];
    return release === undefined || releaseObstacle(release) === undefined;
  });
  beforeAll(async () => {
    rig = await startRig(present.map((name) => HOSTS[name]));
    firmware = writeFirmware(rig);
  });
  afterAll(async () => {
    await rig.stop();
  });

  for (const pair of PAIRS)
    for (const virtualisation of VIRTUALISATIONS) {
      const own = cells.filter((cell) => cell.pair === pair && cell.virtualisation === virtualisation);
      if (own.length === 0) continue;
      const name = `${pair.from} → ${pair.to}, ${virtualisation.accelerator}`;
      describeUnless(reasonAgainst(pair, virtualisation), name, () => {
        let meeting: Meeting;
        beforeAll(() => {
          const [from, to] = [pair.from, pair.to].map((one) => rig.hosts[present.indexOf(one)]) as [
            RigHost,
            RigHost,
          ];
          const directory = join(rig.directory, name.replaceAll(/\W+/g, '-'));
          const kind = { type: virtualisation.type, machine: pair.machine };
          const hosts = captureHosts([from, to], directory, kind);
          meeting = { rig, from, to, hosts, firmware, known: new Map() };
        });
        /** What changed under a guest, though the tool had been asked, and had not warned. */
        const changesOf = async (cell: Cell): Promise<readonly string[]> => {
          const outcome = await outcomeOf(cell, meeting);
          recordOutcome({ cell, outcome });
          return cell.form === 'without the tool' || outcome.kind !== 'changed' ? [] : outcome.details;
        };
        const rows = own.map((cell) => ({ cell, name: nameOf(cell) }));
        const open = rows.filter(({ cell }) => !GATED.has(cell.form));
        if (open.length > 0)
          test.each(open)('$name', async ({ cell }) => {
            expect(await changesOf(cell)).toEqual([]);
          });
        const gated = rows.filter(({ cell }) => GATED.has(cell.form));
        if (gated.length > 0)
          describe('with the gate on both', () => {
            beforeAll(() => {
              for (const host of [meeting.from, meeting.to]) gate(host, meeting.hosts);
            });
            afterAll(() => {
              for (const host of [meeting.from, meeting.to])
                virtMigratable('hook', 'uninstall', '--hooks-dir', join(host.directory, 'etc/hooks'));
            });
            test.each(gated)('$name', async ({ cell }) => {
              expect(await changesOf(cell)).toEqual([]);
            });
          });
      });
    }
});
