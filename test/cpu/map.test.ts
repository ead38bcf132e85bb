import { candidateMaps } from '../../lib/cpu/bundled.ts';
import { featuresOfModel, indexOf, vendorOfModel } from '../../lib/cpu/map.ts';
import { mapProblem } from '../../lib/cpu/map-problem.ts';
import type { CpuMap, CpuMapModel } from '../../types/cpu-map.ts';
import { cpuMap, feature } from '../support/map.ts';

const features = ['fpu', 'vme', 'de', 'pse'].map((name, bit) => feature(name, bit));
const family: readonly CpuMapModel[] = [
  { name: 'base', vendor: 'Intel', features: ['fpu', 'vme'] },
  { name: 'child', parent: 'base', features: ['de'] },
  { name: 'grandchild', parent: 'child', vendor: 'AMD', features: ['pse'] },
  { name: 'shrunk', features: ['fpu'], removed: ['vme'] },
  { name: 'grown', features: ['fpu'], added: ['de'] },
  { name: 'overlapping', parent: 'base', features: ['fpu', 'de'] },
  { name: 'empty', features: [] },
];
const small = indexOf(cpuMap(features, family));

test.each([
  ['a model has what it states', 'base', ['fpu', 'vme']],
  ['a child has its parent’s features too', 'child', ['de', 'fpu', 'vme']],
  ['and those of its parent’s parent', 'grandchild', ['de', 'fpu', 'pse', 'vme']],
  ['what was removed is not part of it', 'shrunk', ['fpu']],
  ['what was added later is not part of it', 'grown', ['fpu']],
  ['what both state is there once', 'overlapping', ['de', 'fpu', 'vme']],
  ['a model may have nothing', 'empty', []],
])('%s', (_, model, expected) => {
  expect([...(featuresOfModel(small, model) ?? [])].sort()).toEqual(expected);
});

test('a model the map does not have has no set, not an empty one', () => {
  expect(featuresOfModel(small, 'EPYC-v9')).toBeUndefined();
});

test('asking twice gives the same set', () => {
  expect(featuresOfModel(small, 'child')).toBe(featuresOfModel(small, 'child'));
});

test('the index of a map is made once', () => {
  const map = cpuMap(features);
  expect(indexOf(map)).toBe(indexOf(map));
});

test.each([
  ['its own', 'base', 'Intel'],
  ['its parent’s', 'child', 'Intel'],
  ['its own before its parent’s', 'grandchild', 'AMD'],
  ['none', 'shrunk', undefined],
  ['none for an unknown model', 'nobody', undefined],
])('the vendor of a model is %s', (_, model, expected) => {
  expect(vendorOfModel(small, model)).toBe(expected);
});

test.each<[string, CpuMap, string | undefined]>([
  ['nothing', cpuMap(features, family), undefined],
  [
    'two features on one CPUID bit',
    cpuMap([feature('fpu', 0), feature('vme', 1), feature('x87', 0)]),
    'the features "fpu" and "x87" share the bit cpuid 1 0 edx 0',
  ],
  [
    'two features on one MSR bit',
    cpuMap([
      { name: 'a', bit: ['msr', 0x10a, 'eax', 3] },
      { name: 'b', bit: ['msr', 0x10a, 'eax', 3] },
    ]),
    'the features "a" and "b" share the bit msr 0x10a eax 3',
  ],
  [
    'a model with a feature nobody stated',
    cpuMap(features, [{ name: 'odd', features: ['fpu', 'turbo'] }]),
    'the model "odd" has the unknown feature "turbo"',
  ],
  [
    'a model with a parent nobody stated',
    cpuMap(features, [{ name: 'orphan', parent: 'gone', features: [] }]),
    'the model "orphan" has the unknown parent "gone"',
  ],
])('what is wrong with a map: %s', (_, map, expected) => {
  expect(mapProblem(map)).toBe(expected);
});

test.each([
  ['another subleaf', ['cpuid', 7, 0, 'ebx', 1], ['cpuid', 7, 1, 'ebx', 1]],
  ['another register', ['cpuid', 1, 0, 'ecx', 1], ['cpuid', 1, 0, 'edx', 1]],
  ['another leaf', ['cpuid', 1, 0, 'edx', 1], ['cpuid', 0x80000001, 0, 'edx', 1]],
  ['a register and an MSR', ['cpuid', 0x10a, 0, 'eax', 1], ['msr', 0x10a, 'eax', 1]],
] as const)('%s is another bit', (_, one, other) => {
  const map = cpuMap([
    { name: 'one', bit: one },
    { name: 'other', bit: other },
  ]);
  expect(mapProblem(map)).toBeUndefined();
});

test.each([
  ['9.0.0', 'has mpx', true],
  ['11.3.0', 'lost mpx', false],
])('in libvirt %s, Skylake-Client %s', (version, _, expected) => {
  const [map] = candidateMaps({ from: version, to: version });
  const index = indexOf(map ?? cpuMap([]));
  expect(featuresOfModel(index, 'Skylake-Client')?.has('mpx')).toBe(expected);
});

test('a versioned name has the set of its alias', () => {
  const [map] = candidateMaps({ from: '11.3.0', to: '11.3.0' });
  const index = indexOf(map ?? cpuMap([]));
  expect(featuresOfModel(index, 'pentium-v1')).toEqual(featuresOfModel(index, 'pentium'));
});
