import fc from 'fast-check';
import { SYSTEMS } from '../../../lib/cpu/facts/floor-systems.ts';
import { floorOfSystem, missingToFloor, readFloor } from '../../../lib/cpu/facts/floors.ts';
import { featuresOfLevel } from '../../../lib/cpu/facts/levels.ts';
import { indexOf } from '../../../lib/cpu/map.ts';
import { canonicalName } from '../../../lib/cpu/known-names.ts';
import type { X86Level } from '../../../types/facts.ts';
import { mapOf } from '../../support/map.ts';

const NEWEST = indexOf(mapOf('12.8.0'));
const canonical = (name: string): string | undefined => canonicalName(NEWEST, name);

test.each<[string, string | undefined, X86Level | undefined]>([
  ['http://redhat.com/rhel/10.0', 'RHEL 10.0', 'x86-64-v3'],
  ['http://redhat.com/rhel/10.2', 'RHEL 10.2', 'x86-64-v3'],
  ['http://redhat.com/rhel/10-unknown', 'RHEL 10', 'x86-64-v3'],
  ['http://redhat.com/rhel/11.0', 'RHEL 11.0', 'x86-64-v3'],
  ['http://redhat.com/rhel/9.7', 'RHEL 9.7', 'x86-64-v2'],
  ['http://redhat.com/rhel/9.10', 'RHEL 9.10', 'x86-64-v2'],
  ['http://redhat.com/rhel/9-unknown', 'RHEL 9', 'x86-64-v2'],
  ['http://redhat.com/rhel/8.10', 'RHEL 8.10', 'x86-64-v1'],
  ['https://redhat.com/rhel/9.4/', 'RHEL 9.4', 'x86-64-v2'],
  [' HTTP://RedHat.com/RHEL/9.4 ', 'RHEL 9.4', 'x86-64-v2'],
  ['http://redhat.com/rhel/unknown', undefined, undefined],
  ['http://centos.org/centos-stream/9', 'CentOS Stream 9', 'x86-64-v2'],
  ['http://centos.org/centos-stream/10', 'CentOS Stream 10', 'x86-64-v3'],
  ['http://rockylinux.org/rocky/9.0', 'Rocky Linux 9.0', 'x86-64-v2'],
  ['http://rockylinux.org/rocky/10-unknown', 'Rocky Linux 10', 'x86-64-v3'],
  ['http://oracle.com/ol/9.4', 'Oracle Linux 9.4', 'x86-64-v2'],
  ['http://oracle.com/ol/10.0', 'Oracle Linux 10.0', 'x86-64-v3'],
  ['http://almalinux.org/almalinux/9', 'AlmaLinux 9', 'x86-64-v2'],
  ['http://almalinux.org/almalinux/10', 'AlmaLinux 10', 'x86-64-v2'],
  ['http://almalinux.org/almalinux-kitten/10', 'AlmaLinux Kitten 10', 'x86-64-v2'],
  ['http://fedoraproject.org/fedora/eln', 'Fedora eln', 'x86-64-v3'],
  ['http://fedoraproject.org/fedora/44', undefined, undefined],
  ['http://suse.com/sle/16.0', 'SUSE Linux Enterprise 16.0', 'x86-64-v2'],
  ['http://suse.com/sle/16', 'SUSE Linux Enterprise 16', 'x86-64-v2'],
  ['http://suse.com/sles/16-unknown', 'SUSE Linux Enterprise Server 16', 'x86-64-v2'],
  ['http://suse.com/sle/15.7', 'SUSE Linux Enterprise 15.7', 'x86-64-v1'],
  ['http://opensuse.org/opensuse/16.0', 'openSUSE 16.0', 'x86-64-v2'],
  ['http://opensuse.org/opensuse/15.6', 'openSUSE 15.6', 'x86-64-v1'],
  ['http://opensuse.org/opensuse/42.3', 'openSUSE 42.3', 'x86-64-v1'],
  ['http://opensuse.org/opensuse/tumbleweed', 'openSUSE tumbleweed', 'x86-64-v1'],
  ['http://ubuntu.com/ubuntu/24.04', 'Ubuntu 24.04', 'x86-64-v1'],
  ['http://ubuntu.com/ubuntu/26.04', 'Ubuntu 26.04', 'x86-64-v1'],
  ['http://debian.org/debian/13', 'Debian 13', 'x86-64-v1'],
  ['http://microsoft.com/win/2k25', 'Windows Server 2025', 'x86-64-v1'],
  ['http://microsoft.com/win/11', 'Windows 11', 'x86-64-v1'],
  ['http://microsoft.com/win/xp', undefined, undefined],
  ['http://archlinux.org/archlinux/rolling', undefined, undefined],
  ['http://example.org/rhel/10.0', undefined, undefined],
  ['rhel10', 'RHEL 10', 'x86-64-v3'],
  ['rhel9.4', 'RHEL 9.4', 'x86-64-v2'],
  ['centos-stream9', 'CentOS Stream 9', 'x86-64-v2'],
  ['sle15sp4', 'SUSE Linux Enterprise 15sp4', 'x86-64-v1'],
  ['win2k25', 'Windows Server 2025', 'x86-64-v1'],
  ['windows11', 'Windows 11', 'x86-64-v1'],
  ['fedora-eln', 'Fedora eln', 'x86-64-v3'],
  ['fedora', undefined, undefined],
  ['', undefined, undefined],
])('%s is %s, floor %s', (id, name, level) => {
  const floor = floorOfSystem(id);
  expect([floor?.of, floor?.level]).toEqual([name, level]);
  expect(floor === undefined || floor.source !== '').toBe(true);
});

test.each<[string, string, readonly string[], readonly string[]]>([
  [
    'http://redhat.com/rhel/10.0',
    'x86-64-v2',
    ['abm', 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'movbe', 'xsave'],
    [],
  ],
  ['http://redhat.com/rhel/10.0', 'x86-64-v3', [], []],
  [
    'http://almalinux.org/almalinux/10',
    'x86-64-v2',
    [],
    ['abm', 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'movbe', 'xsave'],
  ],
  ['http://almalinux.org/almalinux/10', 'x86-64-v3', [], []],
  ['http://microsoft.com/win/2k25', 'x86-64-v1', ['cx16', 'lahf_lm', 'nx', 'popcnt', 'sse4.2'], []],
  ['http://microsoft.com/win/2k22', 'x86-64-v1', ['cx16', 'lahf_lm', 'nx'], []],
  ['http://microsoft.com/win/11', 'x86-64-v1', ['cx16', 'lahf_lm', 'nx'], ['popcnt', 'sse4.2']],
  ['http://microsoft.com/win/10', 'x86-64-v1', [], ['cx16', 'lahf_lm', 'nx']],
  ['http://debian.org/debian/12', 'x86-64-v1', [], []],
])('%s on a CPU of %s', (id, level, missing, mayBeMissing) => {
  const floor = floorOfSystem(id) ?? { of: '', features: ['no such system'] };
  expect(missingToFloor(floor, featuresOfLevel(level as X86Level))).toEqual({ missing, mayBeMissing });
});

test.each<[string, string, readonly string[]]>([
  ['x86-64-v3', 'x86-64-v3', featuresOfLevel('x86-64-v3')],
  ['v2', 'x86-64-v2', featuresOfLevel('x86-64-v2')],
  ['X86_64-V4', 'x86-64-v4', featuresOfLevel('x86-64-v4')],
  ['avx2', 'avx2', ['avx2']],
  ['sse4_2, lahf-lm', 'sse4.2,lahf_lm', ['lahf_lm', 'sse4.2']],
  ['v2,avx', 'x86-64-v2,avx', [...featuresOfLevel('x86-64-v2'), 'avx'].sort()],
  ['v3,v2', 'x86-64-v3,x86-64-v2', featuresOfLevel('x86-64-v3')],
])('the floor %s', (text, of, features) => {
  expect(readFloor(text, canonical)).toMatchObject({ floor: { of, features } });
});

test.each<[string, readonly string[]]>([
  ['x86-64-v5', ['x86-64-v5']],
  ['v0', ['v0']],
  ['avx2,avx3,sse9', ['avx3', 'sse9']],
  ['', ['']],
  ['v3,', ['']],
  ['toString', ['toString']],
])('%s is no floor: %j', (text, unknown) => {
  expect(readFloor(text, canonical)).toEqual({ unknown });
});

test('no text is too odd for an id or a floor', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => [
        floorOfSystem(text),
        floorOfSystem(`http://${text}`),
        readFloor(text, canonical),
      ]).not.toThrow();
    }),
  );
});

test('every row of the systems names features of the maps, and has a source', () => {
  const named = SYSTEMS.flatMap(({ features = [], mayNeed }) => [...features, ...(mayNeed?.features ?? [])]);
  expect(named.filter((name) => !NEWEST.features.has(name))).toEqual([]);
  expect(SYSTEMS.filter(({ source }) => source === '')).toEqual([]);
});

test('the ranges of a system leave no version out and none twice', () => {
  const ranged = SYSTEMS.filter(({ versions: exact }) => exact === undefined);
  for (const family of new Set(ranged.map((row) => row.family))) {
    const rows = ranged.filter((row) => row.family === family);
    const starts = rows.flatMap(({ from }) => from ?? []);
    const ends = rows.flatMap(({ below }) => below ?? []);
    expect(ends.filter((end) => !starts.includes(end))).toEqual([]);
  }
});
