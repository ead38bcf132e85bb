import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpacked } from '../../lib/cli/files/unpack.ts';
import { folder, run } from './run.ts';

const cpu = (name: string): string =>
  `<cpu><arch>x86_64</arch><model>486</model><feature name='${name}'/></cpu>\n`;
const node = (name: string, feature: string): string => `- apiVersion: v1
  kind: Node
  metadata:
    name: ${name}
    labels:
      kubernetes.io/arch: amd64
      cpu-feature.node.kubevirt.io/fpu: "true"
      cpu-feature.node.kubevirt.io/${feature}: "true"
`;
const V9 = ['--libvirt-version', '9.0.0'];

const cwd = folder({
  'b.xml': cpu('avx'),
  'nodes.yaml': `apiVersion: v1\nitems:\n${node('n1', 'avx')}${node('n2', 'pcid')}kind: List\n`,
  'merged.yaml': `items:\n${node('n1', 'avx').replace('labels:', 'labels: &all')}- kind: Node\n  metadata:\n    name: n2\n    labels:\n      <<: *all\n      cpu-feature.node.kubevirt.io/pcid: "true"\nkind: List\n`,
  'bad.yaml': 'kind: Node\nmetadata: {\n',
});
writeFileSync(join(cwd, 'a.xml.gz'), gzipSync(cpu('pcid')));
writeFileSync(join(cwd, 'damaged.gz'), gzipSync(cpu('pcid')).subarray(0, 40));
writeFileSync(join(cwd, 'packed.xz'), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]));

test('labels of YAML that stand for others are read with them', () => {
  const { code, out } = run(cwd, ['diff', '--host', 'merged.yaml', '--json', ...V9]);
  const { common, surplus } = JSON.parse(out) as Record<string, unknown>;
  expect([code, common, surplus]).toEqual([
    0,
    expect.arrayContaining(['avx', 'fpu']),
    { n1: [], n2: ['pcid'] },
  ]);
});

test('a host that gzip packed is read, and named without its ending', () => {
  const { code, out } = run(cwd, ['diff', '--host', 'a.xml.gz', '--host', 'b.xml', ...V9]);
  expect([code, out]).toEqual([0, 'feature  a    b\n(grade)  C    C\navx      -    yes\npcid     yes  -\n']);
});

test('nodes in YAML are hosts by their own names', () => {
  const { code, out } = run(cwd, ['diff', '--host', 'nodes.yaml', ...V9]);
  expect([code, out]).toEqual([0, 'feature  n1   n2\n(grade)  B    B\navx      yes  -\npcid     -    yes\n']);
});

test.each([
  ['damaged.gz', 'damaged'],
  ['packed.xz', 'packed with xz'],
  ['bad.yaml', 'bad.yaml:3:1: error: this is no YAML'],
])('%s is refused', (file, words) => {
  const { code, err } = run(cwd, ['diff', '--host', file, '--host', 'b.xml']);
  expect([code, err.includes(words)]).toEqual([2, true]);
});

test('a guest that gzip packed is none that could be written back', () => {
  const { code, err } = run(cwd, ['check', 'a.xml.gz', '--host', 'a.xml.gz', '--host', 'b.xml', ...V9]);
  expect([code, err.includes('it is packed with gzip: unpack it first')]).toEqual([2, true]);
});

test('what is not packed stays as it is, and what unpacks to too much is refused', () => {
  const bytes = Buffer.from('text');
  expect(unpacked(bytes, 10)).toEqual({ bytes });
  expect(unpacked(gzipSync('x'.repeat(100)), 10)).toMatchObject({
    problem: expect.stringContaining('larger') as string,
  });
});
