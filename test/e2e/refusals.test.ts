import { spawnSync } from 'node:child_process';
import { refusedToMigrate, type DomainThing, type MigrationOutcome } from '../../lib/cpu/facts/migration.ts';
import { refusesDerivedFeatures } from '../../lib/cpu/facts/qemu-topology.ts';
import { describeUnless, obstacle, releaseObstacle } from './support/requirements.ts';
import { ask, startRig, type Rig, type RigHost } from './support/rig.ts';

/**
 * The table of what keeps a guest from moving beside libvirt itself: a host of every release is asked to move one guest of
 * each kind to the next one.
 */
const RELEASES = [undefined, 'debian-13', 'forky'] as const;
const missing = RELEASES.flatMap((release) =>
  release === undefined ? [] : (releaseObstacle(release) ?? []),
);

function versionsOf(host: RigHost): { readonly libvirtVersion: string; readonly qemuVersion: string } {
  const text = ask(host, 'version', '--daemon');
  const version = (words: string): string => new RegExp(`${words} ([\\d.]+)`).exec(text)?.[1] ?? '';
  return { libvirtVersion: version('daemon:'), qemuVersion: version('hypervisor: QEMU') };
}

/** What `scripts/measure-migration.mjs` tries → what a document has of it. */
const KINDS: Readonly<Record<string, DomainThing>> = {
  'shmem peer': { element: 'shmem', values: { model: 'ivshmem-plain' } },
  'shmem master': { element: 'shmem', values: { role: 'master' } },
  'disk transient': { element: 'disk', values: { type: 'file', source: '', transient: '' } },
  'disk on one host': { element: 'disk', values: { type: 'file', source: '' } },
  'disk on one host, cache none': { element: 'disk', values: { type: 'file', source: '' } },
  'disk read-only': { element: 'disk', values: { type: 'file', source: '', readonly: '' } },
  ...Object.fromEntries(
    ['vmdk', 'vdi', 'vpc', 'qcow', 'qed'].map((format) => [
      `disk ${format}`,
      { element: 'disk', values: { type: 'file', 'driver@type': format } },
    ]),
  ),
  'filesystem 9p': { element: 'filesystem', values: {} },
  'filesystem virtiofs': { element: 'filesystem', values: { 'driver@type': 'virtiofs' } },
  'sound usb': { element: 'sound', values: { model: 'usb' } },
  'sound virtio': { element: 'sound', values: { model: 'virtio' } },
  'sound ich9': { element: 'sound', values: { model: 'ich9' } },
  'serial usb': { element: 'serial', values: { 'target@type': 'usb-serial' } },
  'iommu intel': { element: 'iommu', values: { model: 'intel' } },
};

/** What the source says before anything is sent. */
const REFUSAL = /cannot migrate domain|is not supported$|Unsafe migration|active block job/;

function outcomeOf(text: string): MigrationOutcome | undefined {
  if (!REFUSAL.test(text)) return undefined;
  return text.startsWith('Unsafe') ? 'unshared' : 'refused';
}

describeUnless(obstacle() ?? missing[0], 'what libvirt refuses to move', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig(RELEASES.map((release) => (release === undefined ? {} : { release })));
  });
  afterAll(async () => {
    await rig.stop();
  });

  test.each(RELEASES.map((release, i) => ({ name: release ?? 'the machine itself', i })))(
    'from $name',
    ({ i }) => {
      const [from, to] = [rig.hosts[i], rig.hosts[(i + 1) % RELEASES.length]] as [RigHost, RigHost];
      const [source, destination] = [versionsOf(from), versionsOf(to)];
      const words = ['scripts/measure-migration.mjs', from.uri, to.uri, rig.directory];
      const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      const answers = JSON.parse(stdout) as Readonly<Record<string, string | null>>;
      expect(answers['nothing']).toBe('moves');
      const wrong = Object.entries(KINDS).flatMap(([kind, thing]) => {
        const answer = answers[kind];
        if (typeof answer !== 'string') return [];
        const facts = refusedToMigrate(thing, source).map(({ outcome }) => outcome);
        const table =
          facts.find((outcome) => outcome === 'refused') ?? facts.find((outcome) => outcome === 'unshared');
        return table === outcomeOf(answer) ? [] : [`${kind}: ${answer}`];
      });
      expect(wrong).toEqual([]);
      const { libvirtVersion, qemuVersion } = destination;
      expect(/extra features: ht/.test(answers['several cores'] ?? '')).toBe(
        refusesDerivedFeatures(libvirtVersion, qemuVersion),
      );
      for (const kind of ['snapshot', 'block job']) expect(answers[kind]).toMatch(REFUSAL);
    },
  );
});
