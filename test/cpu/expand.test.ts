import { namesIn } from '../../lib/cpu/bits.ts';
import { expandCpu } from '../../lib/cpu/expand.ts';
import { indexOf } from '../../lib/cpu/map.ts';
import { cpuMap, feature } from '../support/map.ts';

const index = indexOf(
  cpuMap(
    [feature('fpu', 0), feature('vme', 1), feature('pclmuldq', 2, { aliases: ['pclmulqdq'] })],
    [
      { name: 'small', features: ['fpu'] },
      { name: 'shrunk', features: ['fpu'], removed: ['vme'] },
    ],
  ),
);

/** `require:vme` as a stated feature. */
const stated = (line: string): { policy: string; name: string } => {
  const [policy = '', name = ''] = line.split(':');
  return { policy, name };
};

const namesOf = (model: string, lines: readonly string[]): readonly string[] | undefined => {
  const expansion = expandCpu(index, { model, features: lines.map(stated) });
  return 'features' in expansion ? namesIn(expansion.features, index.names) : undefined;
};

test.each<[string, string, readonly string[], readonly string[]]>([
  ['a model alone', 'small', [], ['fpu']],
  ['require adds', 'small', ['require:vme'], ['fpu', 'vme']],
  ['force adds', 'small', ['force:vme'], ['fpu', 'vme']],
  ['disable takes away', 'small', ['disable:fpu'], []],
  ['forbid takes away', 'small', ['forbid:fpu'], []],
  ['optional adds nothing', 'small', ['optional:vme'], ['fpu']],
  ['optional takes nothing away', 'small', ['optional:fpu'], ['fpu']],
  [
    'of two spellings of a feature the last line decides',
    'small',
    ['disable:pclmulqdq', 'require:pclmuldq'],
    ['fpu', 'pclmuldq'],
  ],
  ['in either direction', 'small', ['require:pclmuldq', 'disable:pclmulqdq'], ['fpu']],
  ['to disable what is not there changes nothing', 'small', ['disable:vme'], ['fpu']],
  ['QEMU’s spelling gives libvirt’s name', 'small', ['require:pclmulqdq'], ['fpu', 'pclmuldq']],
  ['what a model lost can be required', 'shrunk', ['require:vme'], ['fpu', 'vme']],
])('%s', (_, model, lines, expected) => {
  expect(namesOf(model, lines)).toEqual(expected.toSorted());
});

test.each([
  ['an unknown model', 'large', [], { unknown: 'model', name: 'large', index: -1 }],
  ['an unknown feature', 'small', ['require:avx'], { unknown: 'feature', name: 'avx', index: 0 }],
  [
    'an unknown feature that is off',
    'small',
    ['require:vme', 'disable:avx'],
    { unknown: 'feature', name: 'avx', index: 1 },
  ],
  ['a name given twice', 'small', ['require:vme', 'disable:vme'], { twice: 'vme', index: 1 }],
  [
    'the same behind another spelling',
    'small',
    ['require:pclmuldq', 'require:pclmulqdq', 'require:pclmuldq'],
    { twice: 'pclmuldq', index: 2 },
  ],
])('%s is named', (_, model, lines, expected) => {
  expect(expandCpu(index, { model, features: lines.map(stated) })).toEqual(expected);
});

test('the set of the model itself stays as it is', () => {
  expect(namesOf('small', ['require:vme'])).toEqual(['fpu', 'vme']);
  expect(namesOf('small', [])).toEqual(['fpu']);
});
