// Tries lib/cpu/facts/measured/compat.ts and lib/cpu/facts/measured/models.ts as well.
import fc from 'fast-check';
import {
  featuresAddedBy,
  featuresOfLevel,
  isBelow,
  levelOf,
  LEVELS,
  hostLevel,
  levelsFrom,
} from '../../../lib/cpu/facts/levels.ts';
import { featuresOfModel, indexOf } from '../../../lib/cpu/map.ts';
import { addedByQemu } from '../../../lib/cpu/qemu-models.ts';
import type { HostLevel, X86Level } from '../../../types/facts.ts';
import { mapOf } from '../../support/map.ts';

const NEWEST = indexOf(mapOf('12.8.0'));

test('every feature of a level is in every CPU map', () => {
  const maps = ['9.0.0', '11.3.0', '12.8.0'].map((version) => indexOf(mapOf(version)).features);
  const all = LEVELS.flatMap(featuresAddedBy);
  expect(all.filter((name) => !maps.every((names) => names.has(name)))).toEqual([]);
  expect(new Set(all).size).toBe(all.length);
});

/** As QEMU's own table of its models has it (docs/system/cpu-models-x86-abi.csv). */
test.each<[string, X86Level | undefined]>([
  ['486', undefined],
  ['kvm32', undefined],
  ['core2duo', 'x86-64-v1'],
  ['Conroe', 'x86-64-v1'],
  ['Penryn', 'x86-64-v1'],
  ['Opteron_G3', 'x86-64-v1'],
  ['phenom', 'x86-64-v1'],
  ['Nehalem', 'x86-64-v2'],
  ['Westmere', 'x86-64-v2'],
  ['SandyBridge', 'x86-64-v2'],
  ['IvyBridge', 'x86-64-v2'],
  ['Opteron_G4', 'x86-64-v2'],
  ['Opteron_G5', 'x86-64-v2'],
  ['Denverton', 'x86-64-v2'],
  ['Haswell', 'x86-64-v3'],
  ['Broadwell-noTSX-IBRS', 'x86-64-v3'],
  ['Skylake-Client', 'x86-64-v3'],
  ['EPYC', 'x86-64-v3'],
  ['EPYC-Milan', 'x86-64-v3'],
  ['Skylake-Server', 'x86-64-v4'],
  ['Cascadelake-Server', 'x86-64-v4'],
  ['Icelake-Server', 'x86-64-v4'],
  ['SapphireRapids', 'x86-64-v4'],
  ['EPYC-Genoa', 'x86-64-v4'],
])('%s gives %s', (model, level) => {
  const features = featuresOfModel(NEWEST, model) ?? new Set();
  expect(levelOf([...features, ...addedByQemu(model)]).level).toBe(level);
});

test('a level is what its features reach, and one feature less is the level below', () => {
  for (const [i, level] of LEVELS.entries()) {
    const features = featuresOfLevel(level);
    expect(levelOf(features)).toMatchObject({ level, next: LEVELS[i + 1] });
    for (const name of featuresAddedBy(level)) {
      const less = levelOf(features.filter((other) => other !== name));
      expect(less).toEqual({ level: LEVELS[i - 1], next: level, missing: [name] });
    }
  }
});

test('more features never mean a lower level', () => {
  const anySet = fc.subarray([...featuresOfLevel('x86-64-v4')]);
  fc.assert(
    fc.property(anySet, anySet, (some, more) => {
      expect(isBelow(levelOf([...some, ...more]).level, levelOf(some).level)).toBe(false);
    }),
  );
});

describe('of a pool', () => {
  const host = (name: string, level?: X86Level): HostLevel =>
    hostLevel(name, level === undefined ? undefined : featuresOfLevel(level));
  const common = (level: X86Level): readonly string[] => featuresOfLevel(level);

  test.each<[string, readonly HostLevel[], X86Level, X86Level | undefined, readonly string[]]>([
    ['all alike', [host('a', 'x86-64-v3'), host('b', 'x86-64-v3')], 'x86-64-v3', 'x86-64-v3', []],
    ['one lower', [host('a', 'x86-64-v3'), host('b', 'x86-64-v2')], 'x86-64-v2', 'x86-64-v3', ['b']],
    [
      'two lower, one of them lowest',
      [host('a', 'x86-64-v4'), host('b', 'x86-64-v3'), host('c', 'x86-64-v2')],
      'x86-64-v2',
      'x86-64-v4',
      ['c'],
    ],
    [
      'the guest itself lower than every host',
      [host('a', 'x86-64-v3'), host('b', 'x86-64-v3')],
      'x86-64-v2',
      'x86-64-v3',
      [],
    ],
    ['one not known', [host('a', 'x86-64-v3'), host('b')], 'x86-64-v1', 'x86-64-v3', []],
  ])('%s', (_, hosts, left, best, because) => {
    const levels = levelsFrom(hosts, common(left));
    expect([levels.level, levels.best, levels.because]).toEqual([left, best, because]);
  });

  test('a host whose features are not known is said to be that', () => {
    expect(levelsFrom([host('a')], []).hosts).toEqual([{ host: 'a', level: undefined, known: false }]);
  });
});
