import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { candidateMaps } from '../../lib/cpu/bundled.ts';
import { enforcedAncestors, parentsOf } from '../../lib/cpu/dependencies.ts';
import { MIGRATION_FACTS, refusedToMigrate } from '../../lib/cpu/facts/migration.ts';
import { COMPAT } from '../../lib/cpu/facts/measured/compat.ts';
import { EXCLUSIVE } from '../../lib/cpu/facts/measured/dependencies.ts';
import { MEASURED_PROPERTIES } from '../../lib/cpu/facts/measured/properties.ts';
import { alwaysShown } from '../../lib/cpu/facts/qemu-compat.ts';
import { isMeasuredQemu, qemuHasName, unnamedProperties } from '../../lib/cpu/facts/qemu-names.ts';
import { derivedByQemu } from '../../lib/cpu/facts/qemu-topology.ts';
import { isSince } from '../../lib/cpu/facts/since.ts';
import { canonicalName } from '../../lib/cpu/known-names.ts';
import { FILTERED, NOT_IN_QEMU } from '../../lib/cpu/names.ts';
import { featuresOfModel, indexOf } from '../../lib/cpu/map.ts';
import { addedByQemu } from '../../lib/cpu/qemu-models.ts';
import { describeUnless, qemuObstacle } from './support/requirements.ts';

/**
 * The tables of facts beside QEMU: the installed one, and the one in each root directory below VIRT_MIGRATABLE_ROOTS (a
 * Debian release with qemu-system-x86, /proc, /dev and /sys mounted). A QEMU of a release that was not measured is held
 * to what cannot change: what stands in no table is compared with the releases that were.
 */
const MAPS = ['9.0.0', '11.3.0', '12.8.0'].flatMap((version) =>
  candidateMaps({ from: version, to: version }),
);

const OLDEST_NAMES = MAPS[0]?.features.map(({ name }) => name);

type Names = readonly string[];
interface Facts {
  readonly qemuVersion: string;
  /** `held` where there is KVM. */
  readonly properties: { readonly names: Names; readonly max: Names; readonly held?: Names };
  readonly dependencies: {
    readonly names: Names;
    readonly enforced: Readonly<Record<string, Names>>;
    readonly excluded: Readonly<Record<string, string>>;
  };
  readonly models: Readonly<Record<string, Readonly<Record<string, Names>>>>;
  /** `rows` only of a QEMU that tells what its machine types set. */
  readonly compat: { readonly rows?: readonly Setting[]; readonly changes: readonly Setting[] };
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

/** A property that machine types set until this one; of all models where `model` is empty. */
interface Setting {
  readonly until: string;
  readonly model: string;
  readonly property: string;
  readonly value: string;
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
    test('has the properties of the table, and turns on by itself what the table says', () => {
      const { qemuVersion, properties } = measured(root, 'properties');
      const { names, max, held } = properties;
      const has = (name: string): string => qemuHasName(qemuVersion, name);
      expect(names.filter((name) => has(name) === 'no')).toEqual([]);
      const rows = MEASURED_PROPERTIES.flatMap((row) => row.names.split(' '));
      expect(rows.filter((name) => has(name) === 'yes' && !names.includes(name))).toEqual([]);
      const inLibvirt = MAPS.flatMap(({ features }) => features.map(({ name }) => name));
      const inQemu = new Set(libvirtNames(names));
      const lacked = inLibvirt.filter(
        (name) => !inQemu.has(name) && has(name) !== 'no' && !FILTERED.has(name),
      );
      const isMeasured = isMeasuredQemu(qemuVersion);
      expect(isMeasured ? lacked : []).toEqual([]);
      expect([...NOT_IN_QEMU].filter((name) => inQemu.has(name))).toEqual([]);
      // What the oldest libvirt names, its documents tell.
      const unnamed = unnamedProperties(qemuVersion, new Set(OLDEST_NAMES));
      const inTable = (list: 'max' | 'held'): Names => {
        const release = (version: string): string => version.split('.', 2).join('.');
        const until = MEASURED_PROPERTIES.filter(({ qemu }) => isSince(qemuVersion, release(qemu)));
        const all = until.flatMap((row) => row[list].split(' '));
        return unnamed.filter((name) => all.includes(name));
      };
      const on = inTable('max');
      expect(isMeasured ? max.filter((name) => unnamed.includes(name)) : on).toEqual(on);
      expect(held === undefined ? [] : inTable('held').filter((name) => !held.includes(name))).toEqual([]);
    });

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
        const ancestors = enforcedAncestors(MAPS, child, qemuVersion);
        for (const parent of has) {
          const table = child !== parent && ancestors.has(parent);
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

    test('sets for CPUs what the table says, until the same machine types', () => {
      const { qemuVersion, compat } = measured(root, 'compat');
      const table = new Set(SETTINGS.map(settingKey));
      const wrong = (compat.rows ?? compat.changes).filter(
        ({ model, property, ...row }) =>
          !DERIVED.test(property) &&
          ['', model].every(
            (of) => !table.has(settingKey({ ...row, model: of, property: property.replaceAll('_', '-') })),
          ),
      );
      expect(wrong).toEqual([]);
      const has = new Set(compat.rows?.map(settingKey));
      const oldest = compat.rows?.map(({ until }) => until).sort(byVersion)[0] ?? '';
      const due = SETTINGS.filter(({ until }) => isSince(until, oldest) && isSince(qemuVersion, until));
      const isOwn = ({ until }: Setting): boolean => qemuVersion.startsWith(`${until}.`);
      const missing = due.filter((row) => !isOwn(row) && !has.has(settingKey(row)));
      expect(compat.rows === undefined ? [] : missing).toEqual([]);
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
          const shown = derivedByQemu(feature, context);
          const [sees, reports] = [row.seen.includes(name), row.reported.includes(name)];
          const asked = row.cpu.includes(`${name}=on`);
          const agrees =
            shown === 'unknown' ||
            (sees === (shown === 'always' || (shown === 'as-defined' && asked)) &&
              (shown !== 'always' || reports === isSince(qemuVersion, '10.0')));
          return agrees ? [] : [`${JSON.stringify(row)}: ${feature} ${shown}`];
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
    expect(releases.every((release) => isSince(release, '7.2'))).toBe(true);
  });
});

/** The table of machine types, a property a row. */
const SETTINGS: readonly Setting[] = COMPAT.flatMap(([until, models, sets]) =>
  models.split(' ').flatMap((model) =>
    sets.split(',').map((set) => {
      const [property = '', value = ''] = set.split('=');
      return { until, model, property, value };
    }),
  ),
);

/** Levels follow from what a model has, unless a machine type turns `full-cpuid-auto-level` off. */
const DERIVED = /^(?:min-)?x?level2?$|^level-func7$/;

/** Numbers are hexadecimal or not. */
function settingKey({ until, model, property, value }: Setting): string {
  return [until, model, property, /^\d/.test(value) ? Number(value) : value].join(' ');
}

function byVersion(a: string, b: string): number {
  return isSince(a, b) ? 1 : -1;
}

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
