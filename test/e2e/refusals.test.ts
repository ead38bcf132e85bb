import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { refusedToMigrate, type DomainThing, type MigrationOutcome } from '../../lib/cpu/facts/migration.ts';
import { refusesDerivedFeatures } from '../../lib/cpu/facts/qemu-topology.ts';
import { describeUnless } from './support/requirements.ts';

/**
 * The table of what keeps a guest from moving beside libvirt itself: each libvirtd that answers in a root directory below
 * VIRT_MIGRATABLE_ROOTS is asked to move one guest of each kind to the next one. All see one directory as /shared.
 */
const DIRECTORY = process.env['VIRT_MIGRATABLE_ROOTS'];

interface Running {
  readonly root: string;
  readonly libvirtVersion: string;
  readonly qemuVersion: string;
}

function running(root: string): readonly Running[] {
  const uri = `qemu+unix:///system?socket=${root}/run/libvirt/libvirt-sock`;
  const { status, stdout } = spawnSync('virsh', ['-c', uri, 'version', '--daemon'], { encoding: 'utf8' });
  const version = (words: string): string => new RegExp(`${words} ([\\d.]+)`).exec(stdout)?.[1] ?? '';
  if (status !== 0) return [];
  return [
    {
      root,
      libvirtVersion: version('daemon: libvirt') || version('daemon:'),
      qemuVersion: version('hypervisor: QEMU'),
    },
  ];
}

function allRunning(): readonly Running[] {
  if (DIRECTORY === undefined || !existsSync(DIRECTORY)) return [];
  const found = readdirSync(DIRECTORY).sort();
  return found.flatMap((name) => running(join(DIRECTORY, name)));
}

const hosts = allRunning();
const obstacle = hosts.length < 2 ? 'no two libvirtds answer below VIRT_MIGRATABLE_ROOTS' : undefined;

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

describeUnless(obstacle, 'what libvirt refuses to move', () => {
  test.each(hosts.map((source, i) => ({ source, destination: hosts[(i + 1) % hosts.length] ?? source })))(
    'libvirt $source.libvirtVersion with QEMU $source.qemuVersion',
    ({ source, destination }) => {
      const words = ['scripts/measure-migration.mjs', source.root, destination.root];
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
