import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { candidateMaps } from '../../lib/cpu/bundled.ts';
import { isEnforced, parentsOf } from '../../lib/cpu/dependencies.ts';
import { MIGRATION_FACTS, refusedToMigrate } from '../../lib/cpu/facts/migration.ts';
import { EXCLUSIVE } from '../../lib/cpu/facts/qemu-dependencies.ts';
import { alwaysShown, COMPAT_PROPERTIES } from '../../lib/cpu/facts/qemu-compat.ts';
import { qemuHasName } from '../../lib/cpu/facts/qemu-names.ts';
import { derivedByQemu } from '../../lib/cpu/facts/qemu-topology.ts';
import { isSince } from '../../lib/cpu/facts/since.ts';
import { canonicalName } from '../../lib/cpu/names.ts';
import { featuresOfModel, indexOf } from '../../lib/cpu/map.ts';
import { addedByQemu } from '../../lib/cpu/qemu-models.ts';
import { describeUnless, qemuObstacle } from './support/requirements.ts';

/**
 * The tables of facts beside QEMU: the installed one, and the one in each root directory below VIRT_MIGRATABLE_ROOTS (a
 * Debian release with qemu-system-x86, /proc, /dev and /sys mounted). A QEMU of a release that was not measured is held
 * to what cannot change: what stands in no table is compared with the releases that were.
 */
const MEASURED = ['7.2', '10.0', '11.1'];
const MAPS = ['9.0.0', '11.3.0', '12.8.0'].flatMap((version) =>
  candidateMaps({ from: version, to: version }),
);

type Names = readonly string[];
interface Facts {
  readonly qemuVersion: string;
  readonly dependencies: {
    readonly names: Names;
    readonly enforced: Readonly<Record<string, Names>>;
    readonly excluded: Readonly<Record<string, string>>;
  };
  readonly models: Readonly<Record<string, Readonly<Record<string, Names>>>>;
  readonly compat: Readonly<Record<string, { readonly until: string }>>;
  readonly shown: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, boolean>>>>>>;
  readonly topology: readonly {
    readonly accelerator: string;
    readonly cpu: string;
    readonly topology: string;
    readonly reported: Names;
    readonly seen: Names;
  }[];
  readonly blockers: Readonly<Record<string, string | null>>;
}

function roots(): readonly (readonly [name: string, root: string | undefined])[] {
  const directory = process.env['VIRT_MIGRATABLE_ROOTS'];
  const found =
    directory === undefined || directory === ''
      ? []
      : readdirSync(directory).filter((name) =>
          existsSync(join(directory, name, 'usr/bin/qemu-system-x86_64')),
        );
  return [
    ['the installed QEMU', undefined],
    ...found.sort().map((name) => [name, join(directory ?? '', name)] as const),
  ];
}

function measured(root: string | undefined, part: string): Facts {
  const words = ['scripts/measure-qemu.mjs', ...(root === undefined ? [] : ['--root', root]), part];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as Facts;
}

/** libvirt's name, in the newest map that has one. */
function named(qemuName: string): string | undefined {
  return [...MAPS].reverse().flatMap((map) => canonicalName(indexOf(map), qemuName) ?? [])[0];
}

const libvirtNames = (names: Names): Names => names.flatMap((name) => named(name) ?? []).sort();

describeUnless(qemuObstacle(), 'the facts of QEMU', () => {
  describe.each(roots())('%s', (_, root) => {
    test('turns off with a feature what the table of dependencies says', () => {
      const { qemuVersion, dependencies } = measured(root, 'dependencies');
      const has = new Set(libvirtNames(dependencies.names));
      const wrong: string[] = [];
      const gone = new Map(
        Object.entries(dependencies.enforced).map(([parent, children]) => [
          named(parent),
          new Set(libvirtNames(children)),
        ]),
      );
      for (const child of has) {
        for (const parent of has) {
          const table = isEnforced(MAPS, child, parent, { qemuVersion });
          const isGone = gone.get(parent)?.has(child) === true;
          if (table !== isGone) wrong.push(`${parent} → ${child}: ${isGone ? 'missing' : 'not so'}`);
        }
      }
      expect(wrong).toEqual([]);
      const exclusive = EXCLUSIVE.filter(({ since }) => isSince(qemuVersion, since));
      const pairs = exclusive.flatMap(({ pair: [a, b] }) => [
        [a, b],
        [b, a],
      ]);
      expect(dependencies.excluded).toEqual(Object.fromEntries(pairs));
      const unknown = dependencies.names.filter(
        (name) => qemuHasName(qemuVersion, named(name) ?? name) === 'no',
      );
      expect(unknown).toEqual([]);
      expect([...has].filter((name) => parentsOf(MAPS, name).includes(name))).toEqual([]);
    });

    test('gives its named models what the table adds to libvirt’s', () => {
      const { models } = measured(root, 'models');
      const wrong: string[] = [];
      for (const [accelerator, perModel] of Object.entries(models)) {
        const virtType = accelerator === 'kvm' ? 'kvm' : 'qemu';
        for (const [model, features] of Object.entries(perModel)) {
          const sets = MAPS.flatMap((map) => featuresOfModel(indexOf(map), model) ?? []);
          if (sets.length === 0) continue;
          const extra = libvirtNames(features).filter((name) => !sets.every((set) => set.has(name)));
          const table = addedByQemu(model, { virtType });
          const missing = extra.filter((name) => !table.has(name) && !name.startsWith('vmx-'));
          if (missing.length > 0) wrong.push(`${virtType} ${model}: ${missing.join(' ')}`);
          const given = new Set(features.map((name) => named(name)));
          const invented = [...table].filter((name) => !given.has(name));
          if (invented.length > 0) wrong.push(`${virtType} ${model}: not ${invented.join(' ')}`);
        }
      }
      expect(wrong).toEqual([]);
    });

    test('sets compat properties until the machine types of the table', () => {
      const { qemuVersion, compat } = measured(root, 'compat');
      const table = COMPAT_PROPERTIES.filter(
        // guest-phys-bits has the same value in both where the host has none.
        ({ since, property }) => isSince(qemuVersion, since) && property !== 'guest-phys-bits',
      );
      const found = table.map(({ property }) => [property, compat[property]?.until.replace('pc-q35-', '')]);
      expect(found).toEqual(table.map(({ property, until }) => [property, until]));
      const fromHereOn = Object.entries(compat).filter(
        ([name, { until }]) =>
          isSince(until.replace('pc-q35-', ''), '6.0') &&
          !/^hv-version|^(?:family|model|stepping)$/.test(name),
      );
      expect(fromHereOn.map(([name]) => name).sort()).toEqual(table.map(({ property }) => property).sort());
    });

    test('shows with an old machine type what it omits without one', () => {
      const { qemuVersion, shown } = measured(root, 'shown');
      const wrong: string[] = [];
      for (const [accelerator, machines] of Object.entries(shown)) {
        const virtType = accelerator === 'kvm' ? 'kvm' : 'qemu';
        const without = machines['none']?.['arch-capabilities'];
        for (const [machine, features] of Object.entries(machines)) {
          const omitted = features['arch-capabilities'] === true && without === false;
          const table = alwaysShown({ qemuVersion, machine, virtType });
          if (omitted && !table.includes('arch-capabilities')) wrong.push(`${machine} ${virtType}`);
        }
      }
      expect(wrong).toEqual([]);
    });

    test('derives from the topology what the table says', () => {
      const { qemuVersion, topology } = measured(root, 'topology');
      const wrong = topology.flatMap((row) => {
        const [, cores = 1, threads = 1] = row.topology.split(',').map(Number);
        const virtType = row.accelerator === 'kvm' ? 'kvm' : 'qemu';
        // Under KVM a named model gets the vendor of this host, which is not asked here.
        const vendor = virtType === 'kvm' ? undefined : row.cpu.startsWith('EPYC') ? 'AMD' : 'Intel';
        const context = { qemuVersion, virtType, vendor, processorsPerSocket: cores * threads };
        return (['ht', 'cmp_legacy'] as const).flatMap((feature) => {
          const name = feature.replace('_', '-');
          const { shown, reported } = derivedByQemu(feature, context);
          const [sees, reports] = [row.seen.includes(name), row.reported.includes(name)];
          const asked = row.cpu.includes(`${name}=on`);
          const agrees =
            shown === 'unknown' ||
            (sees === (shown === 'always' || (shown === 'as-defined' && asked)) &&
              (shown !== 'always' || reports === reported));
          return agrees ? [] : [`${JSON.stringify(row)}: ${feature} ${shown} ${String(reported)}`];
        });
      });
      expect(wrong).toEqual([]);
    });

    test('blocks the migration of what the table refuses', () => {
      const { qemuVersion, blockers } = measured(root, 'blockers');
      const context = { qemuVersion };
      const wrong = Object.entries(KINDS).flatMap(([kind, [element, values]]) => {
        const answer = blockers[kind];
        if (answer === undefined) return [];
        const refused = refusedToMigrate({ element, values }, context).some(
          ({ outcome }) => outcome === 'refused',
        );
        return refused === (answer !== null) ? [] : [`${kind}: ${answer ?? 'moves'}`];
      });
      expect(wrong).toEqual([]);
      expect(blockers['nothing']).toBeNull();
    });
  });

  test('every row of a measured kind has a release that was measured', () => {
    const releases = MIGRATION_FACTS.flatMap((fact) => ('qemuBefore' in fact ? fact.qemuBefore : []));
    expect(releases.every((release) => isSince(release, MEASURED[0] ?? ''))).toBe(true);
  });
});

/** What `scripts/measure-qemu.mjs blockers` tries → the element of a domain that makes libvirt ask QEMU for it. */
const KINDS: Readonly<Record<string, readonly [element: string, values: Readonly<Record<string, string>>]>> =
  {
    'usb-audio': ['sound', { model: 'usb' }],
    'virtio-sound': ['sound', { model: 'virtio' }],
    'ich9-intel-hda': ['sound', { model: 'ich9' }],
    'usb-serial': ['serial', { 'target@type': 'usb-serial' }],
    'usb-net': ['interface', { type: 'user', 'model@type': 'usb-net' }],
    'virtio-crypto': ['crypto', { model: 'virtio' }],
    'intel-iommu': ['iommu', { model: 'intel' }],
    'virtio-iommu': ['iommu', { model: 'virtio' }],
    'ivshmem-peer': ['shmem', { 'model@type': 'ivshmem-plain' }],
    'ivshmem-master': ['shmem', { 'model@type': 'ivshmem-plain', role: 'master' }],
    'virtio-mem': ['memory', { model: 'virtio-mem' }],
    'image qcow': ['disk', { 'driver@type': 'qcow' }],
    'image qcow2': ['disk', { 'driver@type': 'qcow2' }],
    'image qed': ['disk', { 'driver@type': 'qed' }],
    'image vdi': ['disk', { 'driver@type': 'vdi' }],
    'image vhdx': ['disk', { 'driver@type': 'vhdx' }],
    'image vmdk': ['disk', { 'driver@type': 'vmdk' }],
    'image vpc': ['disk', { 'driver@type': 'vpc' }],
  };
