// Tries lib/cli/hosts/expand.ts, lib/cli/hosts/one.ts, lib/cli/hosts/per-host.ts, lib/cli/hosts/pool.ts,
// lib/cli/hosts/read.ts, lib/cli/hosts/same.ts, lib/cli/hosts/sources.ts and lib/cli/hosts/told-apart.ts as well.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { globbed } from '../../lib/cli/files/glob.ts';
import { COMMAND, domain, folder, run, shell, text, type Ran } from './run.ts';

/** A host with these features. */
const cpu = (...names: readonly string[]): string =>
  `<cpu><arch>x86_64</arch><model>486</model>${names.map((name) => `<feature name='${name}'/>`).join('')}</cpu>\n`;
const note = (facts: string, ...names: readonly string[]): string =>
  `<?virt-migratable libvirt='9.0.0' ${facts}?>\n${cpu(...names)}`;
const nodes = (...names: readonly string[]): string =>
  JSON.stringify({
    kind: 'List',
    items: names.map((name) => ({
      kind: 'Node',
      metadata: {
        name,
        labels: { 'kubernetes.io/arch': 'amd64', 'cpu-feature.node.kubevirt.io/fpu': 'true' },
      },
    })),
  });

const V9 = ['--libvirt-version', '9.0.0'];

/** Files by their paths, with the folders these need. */
function tree(files: Readonly<Record<string, string | Buffer>>): string {
  const cwd = folder({ 'guest.xml': domain() });
  for (const name of ['kvm-a.xml', 'kvm-b.xml']) rmSync(join(cwd, name));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(cwd, path, '..'), { recursive: true });
    writeFileSync(join(cwd, path), content);
  }
  return cwd;
}

const cwd = tree({
  'hosts/kvm-10.xml': cpu('avx'),
  'hosts/kvm-2.xml': cpu('pcid'),
  'hosts/kvm-3.xml.gz': gzipSync(cpu('pcid')),
  'hosts/kvm-4': cpu('avx'),
  'hosts/README.md': '```xml\n<cpu/>\n```\n',
  'hosts/mine': 'by hand\n',
  'hosts/.hidden.xml': 'x',
  'hosts/old/kvm-5.xml': cpu('avx'),
  'hosts/kvm-2.cpu_map/x.xml': 'x',
  'rack1/kvm-a.xml': cpu('avx'),
  'rack2/kvm-a.xml': cpu('pcid'),
  'nodes.json': nodes('w-1', 'w-2'),
  'more.json': nodes('w-2', 'w-3'),
  'noted.xml': note("name='east'", 'avx'),
  'copy.xml': note("name='east'", 'pcid'),
  'east.xml': cpu('avx'),
  'bad/a.xml': cpu('avx'),
  'bad/package.json': '{"name":"x"}',
  'papers/README': 'hello',
  'deep/one/a.xml': cpu('avx'),
  'odd[1].xml': cpu('avx'),
});
mkdirSync(join(cwd, 'empty'));

/** The names of the hosts that `diff` takes from these words. */
function namesOf(words: readonly string[], input = ''): readonly string[] {
  const { code, out, err } = run(cwd, ['diff', ...words, ...V9, '--json'], { input });
  expect([code, err.includes('error')]).toEqual([0, false]);
  return (JSON.parse(out) as { readonly hosts: readonly { readonly name: string }[] }).hosts.map(
    ({ name }) => name,
  );
}

describe('hosts come from', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a directory, in natural order', ['--hosts', 'hosts'], ['kvm-2', 'kvm-3', 'kvm-4', 'kvm-10']],
    ['a directory as a word', ['hosts'], ['kvm-2', 'kvm-3', 'kvm-4', 'kvm-10']],
    ['a directory behind --host', ['--host', 'hosts/'], ['kvm-2', 'kvm-3', 'kvm-4', 'kvm-10']],
    ['a pattern', ['--host', 'hosts/*.xml'], ['kvm-2', 'kvm-10']],
    ['a pattern of directories', ['{rack1,hosts}'], ['kvm-2', 'kvm-3', 'kvm-4', 'kvm-10', 'kvm-a']],
    ['a file that is called like a pattern', ['odd[1].xml', 'rack1'], ['kvm-a', 'odd[1]']],
    ['a document with names of its own', ['nodes.json'], ['w-1', 'w-2']],
    ['two of them that share one', ['nodes.json', 'more.json'], ['more/w-2', 'nodes/w-2', 'w-1', 'w-3']],
    ['a capture that names its host', ['noted.xml', 'rack1'], ['east', 'kvm-a']],
    ['files of one name', ['rack1/kvm-a.xml', 'rack2/kvm-a.xml'], ['rack1/kvm-a', 'rack2/kvm-a']],
    ['two captures that say one name', ['noted.xml', 'copy.xml'], ['copy', 'noted']],
    ['a capture and a file of its name', ['noted.xml', 'east.xml', 'rack1'], ['east', 'kvm-a', 'noted']],
    ['one stated and one from a directory', ['a=rack1/kvm-a.xml', 'rack1', 'rack2'], ['a', 'kvm-a']],
  ])('%s', (_, words, names) => {
    expect(namesOf(words)).toEqual(names);
  });

  test('standard input, packed or not', () => {
    expect(namesOf(['-', 'rack1'], cpu('avx'))).toEqual(['kvm-a', 'stdin']);
    expect(namesOf(['b=-', 'rack1'], cpu('avx'))).toEqual(['b', 'kvm-a']);
    expect(namesOf(['--host', '-'], nodes('n1', 'n2'))).toEqual(['n1', 'n2']);
  });
});

describe('it is said', () => {
  test.each<[string, readonly string[], Ran]>([
    [
      'that a path comes twice',
      ['rack1/kvm-a.xml', './rack1//kvm-a.xml', 'rack2'],
      said(0, 'twice and read once'),
    ],
    ['what is not read', ['hosts'], said(0, 'note: ignored hosts/mine: the name')],
    [
      'how hosts of one name are told apart',
      ['rack1', 'rack2'],
      said(0, 'by file or directory: rack1/kvm-a, rack2/kvm-a'),
    ],
    ['that a name is not used', ['x=nodes.json'], said(0, 'the name "x" is not used')],
    ['that a directory is empty', ['empty'], said(2, 'no host found in empty: it is empty')],
    ['that it has other files', ['papers'], said(2, 'no host found in papers: it only has README')],
    ['that it has directories', ['deep'], said(2, "give deep/one, or 'deep/*'")],
    ['that nothing matches', ['zz*.xml'], said(2, 'no file matches zz*.xml')],
    ['that there is no such file', ['none.xml', 'rack1'], said(2, 'cannot read none.xml')],
    [
      'which file in a directory is none',
      ['bad'],
      said(2, /^bad\/package\.json:1:1: error:.*move this one elsewhere/s),
    ],
    ['that one name is for one host', ['a=hosts'], said(2, 'a= names one host, and hosts has 4 files')],
    [
      'that a host is stated to be of two versions',
      ['rack1', '--libvirt-version', 'kvm-a=9.0.0', '--libvirt-version', 'kvm-a=11.3.0'],
      said(2, '--libvirt-version: of kvm-a both 9.0.0 and 11.3.0 are stated'),
    ],
    ['that there are no hosts', [], said(2, 'no hosts given')],
  ])('%s', (_, words, expected) => {
    expect(run(cwd, ['diff', ...words, ...V9])).toEqual(expected);
  });

  test('that standard input is read once', () => {
    const { code, err } = run(cwd, ['check', '-', '--host', '-', '--hosts', 'rack1']);
    expect([code, err]).toEqual([2, text('standard input can be read once')]);
  });
});

function said(code: number, like: string | RegExp): Ran {
  return { code, out: expect.any(String) as string, err: text(like) as string };
}

test.each([
  ['check', ['check', 'guest.xml', '--hosts', 'hosts'], 1],
  ['rewrite', ['rewrite', 'guest.xml', '--hosts', 'hosts'], 0],
  ['explain', ['explain', 'guest.xml', '--hosts', 'hosts'], 0],
  ['baseline', ['baseline', '--hosts', 'hosts'], 0],
  ['compare', ['compare', 'guest.xml', 'hosts', '--for', 'kvm-4'], 0],
  ['expand', ['expand', 'nodes.json', '--for', 'w-2'], 0],
])('%s takes a directory', (_, words, code) => {
  expect(run(cwd, [...words, ...V9]).code).toBe(code);
});

test('one host of several is chosen by name', () => {
  expect(run(cwd, ['expand', 'hosts', '--for', 'kvm-10', ...V9]).out).toBe('avx\nfpu\npse\nvme\n');
  expect(run(cwd, ['expand', 'hosts', '--for', 'kvm-1', ...V9])).toEqual(said(2, 'did you mean "kvm-10"?'));
  expect(run(cwd, ['expand', 'hosts', ...V9])).toEqual(said(2, 'choose one with --for NAME (kvm-2, kvm-3'));
});

test('what is stated of a host counts for the name that it has in the end', () => {
  const all = ['diff', 'rack1', 'rack2', 'nodes.json', '--json'];
  const { out } = run(cwd, [
    ...all,
    '--libvirt-version',
    'rack2/kvm-a=9.0.0',
    '--libvirt-version',
    'w-2=11.3.0',
  ]);
  const { hosts } = JSON.parse(out) as { readonly hosts: readonly Readonly<Record<string, unknown>>[] };
  expect(hosts.map(({ name, libvirtVersion }) => [name, libvirtVersion])).toEqual([
    ['rack1/kvm-a', undefined],
    ['rack2/kvm-a', '9.0.0'],
    ['w-1', undefined],
    ['w-2', '11.3.0'],
  ]);
  const other = run(cwd, [...all, '--libvirt-version', 'kvm-a=9.0.0']);
  expect([other.code, other.out]).toEqual([2, text('there is no host \\"kvm-a\\" (rack1/kvm-a')]);
});

test('a name with a directory in it makes a file, and is kept by the gate', () => {
  const words = ['guest.xml', '--hosts', 'rack1', '--hosts', 'rack2', ...V9];
  expect(run(cwd, ['rewrite', ...words, '--form', 'per-host', '-o', 'for-{host}.xml']).code).toBe(0);
  expect(shell(cwd, 'ls for-*').out).toBe('for-rack1-kvm-a.xml\nfor-rack2-kvm-a.xml\n');
  const install = ['hook', 'install', '--hooks-dir', 'hooks', '--json'];
  const all = ['--hosts', 'rack1', '--hosts', 'rack2', '--host', 'nodes.json'];
  expect(run(cwd, [...install, ...all, '--self', 'rack2/kvm-a', ...V9])).toMatchObject({ code: 0 });
  expect(run(cwd, install)).toMatchObject({ code: 0, out: text('"self": "rack2/kvm-a"') });
  const status = run(cwd, ['hook', 'status', '--hooks-dir', 'hooks', '--json']).out;
  expect(JSON.parse(status)).toMatchObject({ hosts: ['rack1/kvm-a', 'rack2/kvm-a', 'w-1', 'w-2'] });
});

test.each([
  ['rack?/*.xml', ['rack1/kvm-a.xml', 'rack2/kvm-a.xml']],
  ['rack[!1]/kvm-[a-c].xml', ['rack2/kvm-a.xml']],
  ['hosts/kvm-{2,10}.xml', ['hosts/kvm-2.xml', 'hosts/kvm-10.xml']],
  ['hosts/.h*', ['hosts/.hidden.xml']],
  ['*/*/a.xml', ['deep/one/a.xml']],
  ['nowhere/*', []],
  ['guest.xml/*', []],
])('%s matches %j', (pattern, paths) => {
  expect(globbed(join(cwd, pattern))).toEqual(paths.map((path) => join(cwd, path)));
});

test('where a shell has put files in place of a pattern, the hosts among the guests say what to do', () => {
  for (const name of ['a', 'b', 'c']) writeFileSync(join(cwd, `fleet-${name}.xml`), cpu('avx'));
  const line = `check guest.xml --host fleet-*.xml`;
  const { code, err } = shell(cwd, `'${process.execPath}' '${COMMAND}' ${line}`);
  expect([code, err]).toEqual([2, text(/fleet-b\.xml:1:1: error: [\s\S]*A pattern needs quotes/)]);
});
