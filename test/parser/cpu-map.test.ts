import { parseCpuMap } from '../../lib/parser/cpu-map.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import { xml } from '../support/dedent.ts';
import { refusalOf } from '../support/findings.ts';

const index = "<cpus><arch name='x86'><include filename='x86.xml'/></arch></cpus>";
const read = (x86: string): ReturnType<typeof parseCpuMap> =>
  parseCpuMap({ 'index.xml': index, 'x86.xml': `<cpus>\n${x86}\n</cpus>` }, '9.0.0');
const fpu = "<feature name='fpu'><cpuid eax_in='0x01' edx='0x00000001'/></feature>";
const vme = "<feature name='vme'><cpuid eax_in='0x01' edx='0x00000002'/></feature>";
const avx = "<feature name='avx'><cpuid eax_in='0x01' ecx='0x10000000'/></feature>";

test.each([
  ['a bit of CPUID', "<cpuid eax_in='0x07' ecx_in='0x01' eax='0x00000010'/>", ['cpuid', 7, 1, 'eax', 4]],
  ['without a subleaf', "<cpuid eax_in='0x80000007' edx='0x00000100'/>", ['cpuid', 0x80000007, 0, 'edx', 8]],
  ['the highest bit', "<cpuid eax_in='0x01' ecx='0x80000000'/>", ['cpuid', 1, 0, 'ecx', 31]],
  ['a bit of an MSR', "<msr index='0x10a' eax='0x00000100' edx='0x00000000'/>", ['msr', 0x10a, 'eax', 8]],
  ['its upper half', "<msr index='0x480' eax='0x00000000' edx='0x00400000'/>", ['msr', 0x480, 'edx', 22]],
  [
    'behind an alias',
    "<alias name='a' source='qemu'/><cpuid eax_in='1' ebx='2'/>",
    ['cpuid', 1, 0, 'ebx', 1],
  ],
])('a feature is %s', (_, inner, bit) => {
  expect(read(`<feature name='f'>${inner}</feature>`).features[0]?.bit).toEqual(bit);
});

test('a feature keeps its aliases, and whether it migrates', () => {
  const inner =
    "<alias name='xd' source='qemu'/><alias name='x-d' source='linux'/><cpuid eax_in='1' edx='1'/>";
  expect(read(`<feature name='nx' migratable='no'>${inner}</feature>`).features).toEqual([
    { name: 'nx', bit: ['cpuid', 1, 0, 'edx', 0], aliases: ['xd', 'x-d'], migratable: false },
  ]);
});

test('a model is what its file states', () => {
  const model = xml`
    <model name='base'><feature name='fpu'/></model>
    <model name='Big'>
      <decode host='on' guest='off'/>
      <check partial='compat'/>
      <signature family='6' model='85' stepping='0-4'/>
      <signature family='6' model='86' stepping='7'/>
      <signature family='6' model='87'/>
      <vendor name='Intel'/>
      <model name='base'/>
      <feature name='avx'/>
      <feature name='fpu' removed='yes'/>
      <feature name='vme' added='yes'/>
    </model>
  `;
  const map = read(`<vendor name='Intel' string='GenuineIntel'/>${fpu}${vme}${avx}${model}`);
  expect(map.vendors).toEqual({ Intel: 'GenuineIntel' });
  expect(map.models).toEqual([
    { name: 'base', features: ['fpu'] },
    {
      ...{ name: 'Big', vendor: 'Intel', parent: 'base', compat: true },
      ...{ decode: { host: true, guest: false } },
      signatures: [
        [6, 85, 0, 4],
        [6, 86, 7, 7],
        [6, 87],
      ],
      ...{ features: ['avx'], removed: ['fpu'], added: ['vme'] },
    },
  ]);
});

test('includes come in their order, those of nested groups too; other architectures apart', () => {
  const files = {
    'index.xml': xml`
      <cpus>
        <arch name='x86'>
          <vendor name='AMD' string='AuthenticAMD'/>
          <include filename='features.xml'/>
          <group name='all'>
            <include filename='one.xml'/>
            <group name='newer'><include filename='two.xml'/></group>
          </group>
        </arch>
        <arch name='ppc64'><include filename='ppc64.xml'/></arch>
        <arch name='arm'><include filename='arm.xml'/></arch>
      </cpus>
    `,
    'features.xml': `<cpus>${fpu}</cpus>`,
    'one.xml': "<cpus><model name='z'><feature name='fpu'/></model></cpus>",
    'two.xml': "<cpus><model name='a'><model name='z'/></model></cpus>",
    'ppc64.xml':
      "<cpus><vendor name='IBM'/><model name='POWER9'><vendor name='IBM'/><pvr value='0x004e0000' mask='0xffff0000'/></model></cpus>",
    'arm.xml': "<cpus><feature name='sve'/><model name='a64fx'><vendor name='Fujitsu'/></model></cpus>",
  };
  const { vendors, models, arm, ppc64 } = parseCpuMap(files, '11.3.0');
  expect(vendors).toEqual({ AMD: 'AuthenticAMD' });
  expect(models.map(({ name }) => name)).toEqual(['z', 'a']);
  expect(arm).toEqual({ features: ['sve'], models: ['a64fx'] });
  expect(ppc64).toEqual({
    vendors: ['IBM'],
    models: [{ name: 'POWER9', vendor: 'IBM', pvr: [[0x4e0000, 0xffff0000]] }],
  });
});

test('a map made of files reads a host', () => {
  const cpuMap = read(`${fpu}${avx}<model name='tiny'><feature name='fpu'/></model>`);
  const host = parseHost("<cpu><arch>x86_64</arch><model>tiny</model><feature name='avx'/></cpu>", {
    cpuMap,
  });
  expect(host.features).toEqual(['avx', 'fpu']);
});

test.each<[string, Record<string, string>, string]>([
  ['no index', { 'x86.xml': '<cpus/>' }, 'bad-map 1:1'],
  ['a file that is not there', { 'index.xml': index }, 'bad-map 1:1'],
  ['an index of something else', { 'index.xml': '\n<network/>' }, 'bad-map 2:1'],
  ['an include of something else', { 'index.xml': index, 'x86.xml': '<domain/>' }, 'bad-map 1:1'],
  [
    'an include without a file',
    { 'index.xml': "<cpus><arch name='x86'><include/></arch></cpus>" },
    'bad-map 1:1',
  ],
  [
    'a file named like a property of objects',
    { 'index.xml': index.replace('x86.xml', 'toString') },
    'bad-map 1:1',
  ],
  [
    'a file that is not well-formed',
    { 'index.xml': index, 'x86.xml': '<cpus>\n<a></b></cpus>' },
    'bad-xml 2:4',
  ],
])('%s is refused', (_, files, expected) => {
  expect(refusalOf(() => parseCpuMap(files, '9.0.0'))).toBe(expected);
});

test.each([
  ['two features on one bit', fpu + fpu.replace('fpu', 'x87'), 'bad-map 1:1'],
  ['a model with an unknown feature', "<model name='m'><feature name='warp'/></model>", 'bad-map 1:1'],
  ['a model with an unknown parent', "<model name='m'><model name='gone'/></model>", 'bad-map 1:1'],
  ['a feature without a bit', "<feature name='f'/>", 'bad-map 2:1'],
  ['a feature of two bits', "<feature name='f'><cpuid eax_in='1' edx='3'/></feature>", 'bad-map 2:19'],
  [
    'a feature in two registers',
    "<feature name='f'><cpuid eax_in='1' ecx='1' edx='1'/></feature>",
    'bad-map 2:19',
  ],
  ['a feature of no bit', "<feature name='f'><cpuid eax_in='1' edx='0'/></feature>", 'bad-map 2:19'],
  ['a feature without a name', "<feature><cpuid eax_in='1' edx='1'/></feature>", 'bad-map 2:1'],
  ['a model without a name', "\n <model name=''/>", 'bad-map 3:2'],
])('a map with %s is refused', (_, x86, expected) => {
  expect(refusalOf(() => read(x86))).toBe(expected);
});
