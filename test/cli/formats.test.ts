// Tries lib/cli/report/disables.ts as well.
import { readYaml } from '../../lib/cli/hosts/yaml.cjs';
import { wantsFacts } from '../../lib/cli/options/settings.ts';
import { domain, folder, HOSTS, run, SHARED, text } from './run.ts';

const cwd = folder({ 'guest.xml': domain(), 'safe.xml': SHARED });
const ONE = ['kvm-a.xml', '--libvirt-version', '9.0.0'];
const COMMANDS: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['diff', ['diff', ...HOSTS]],
  ['baseline', ['baseline', ...HOSTS]],
  ['expand', ['expand', ...ONE]],
  ['compare', ['compare', 'guest.xml', ...ONE]],
  ['check', ['check', 'guest.xml', ...HOSTS]],
  ['explain', ['explain', 'guest.xml', ...HOSTS]],
  ['pools', ['pools', ...HOSTS]],
];

/** The cells of a CSV text. */
function cells(csv: string): readonly (readonly string[])[] {
  return csv
    .trimEnd()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(([, quoted, plain = '']) =>
        quoted === undefined ? plain : quoted.replaceAll('""', '"'),
      ),
    );
}

describe.each(COMMANDS)('%s', (_, words) => {
  const json = run(cwd, [...words, '--json']);

  test('as YAML is what it is as JSON', () => {
    const { code, out } = run(cwd, [...words, '--output', 'yaml']);
    expect(code).toBe(json.code);
    const [value] = readYaml(out) as readonly (ReadonlyMap<string, unknown> | object)[];
    expect(value).toEqual(JSON.parse(json.out));
    expect(run(cwd, [...words, '-o', 'json'])).toEqual(json);
  });

  test('as CSV and as Markdown has a cell in every column', () => {
    const { code, out } = run(cwd, [...words, '--output=csv']);
    expect(code).toBe(json.code);
    const rows = cells(out);
    expect(rows.length).toBeGreaterThan(1);
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
    const markdown = run(cwd, [...words, '--output=markdown'])
      .out.trimEnd()
      .split('\n');
    const bars = markdown.map((line) => line.replaceAll('\\|', '').split('|').length - 2);
    expect(new Set(bars)).toEqual(new Set([rows[0]?.length]));
    expect(markdown).toHaveLength(rows.length + 1);
  });
});

describe('many guests', () => {
  const words = ['check', 'guest.xml', 'safe.xml', ...HOSTS];

  test('are a document each as YAML', () => {
    const { code, out } = run(cwd, [...words, '--output', 'yaml']);
    const lines = run(cwd, [...words, '--json'])
      .out.trimEnd()
      .split('\n');
    expect([code, readYaml(out)]).toEqual([1, lines.map((line) => JSON.parse(line) as unknown)]);
  });

  test('are a row each in a table', () => {
    const csv =
      'guest,verdict,exit,features\nguest.xml,not safe,1,clflushopt clwb lahf_lm\nsafe.xml (guest),safe,0,\n';
    expect(run(cwd, [...words, '--output', 'csv'])).toMatchObject({ code: 1, out: csv });
    expect(run(cwd, [...words, '--output', 'markdown']).out).toContain(
      '| guest.xml | not safe | 1 | clflushopt, clwb, lahf\\_lm |',
    );
  });
});

test('a name with signs of a format is one cell', () => {
  const hosts = ['--host', 'a,"b"|c=kvm-a.xml', '--host', 'd=kvm-b.xml', '--libvirt-version', '9.0.0'];
  const { out } = run(cwd, ['diff', ...hosts, '--output', 'csv']);
  expect(cells(out)[0]).toEqual(['feature', 'a,"b"|c', 'd']);
  const markdown = run(cwd, ['diff', ...hosts, '--output', 'markdown']).out;
  expect(markdown).toMatch(
    /^\| feature \| a,"b"\\\|c \| d \|\n\| --- \| --- \| --- \|\n\| \(grade\) \| A \| A \|\n/,
  );
});

test('the wide table has a column for every host', () => {
  const many = Array.from({ length: 12 }, (_, i) => [
    '--host',
    `kvm-${i + 1}=kvm-${i % 2 === 0 ? 'a' : 'b'}.xml`,
  ]);
  const words = ['diff', ...many.flat(), '--same-host', '--libvirt-version', '9.0.0'];
  const heads = (...more: readonly string[]): string | undefined =>
    run(cwd, [...words, ...more])
      .out.split('\n')
      .find((line) => line.startsWith('feature'));
  expect(heads()).toBe('feature     kvm-[1,3,5,7,9,11]  kvm-[2,4,6,8,10,12]');
  expect(heads('--wide')?.split(/ +/)).toHaveLength(13);
  expect(heads('--output', 'wide')).toBe(heads('--wide'));
});

test.each([
  ['two formats', ['--json', '--output', 'csv'], 'contradictory-options', '--output json and --output csv'],
  ['no format', ['--output', 'jsn'], 'bad-value', 'did you mean "json"?'],
])('%s', (_, more, code, words) => {
  const ran = run(cwd, ['diff', ...HOSTS, ...more]);
  expect(ran).toEqual({
    code: 2,
    out: more.includes('--json') ? text(`"code": "${code}"`) : '',
    err: text(words),
  });
});

test('one format said twice is one', () => {
  expect(run(cwd, ['diff', ...HOSTS, '--json', '-o', 'json']).code).toBe(0);
});

test.each([
  [['diff', '--json'], true],
  [['diff', '--output', 'json'], true],
  [['diff', '--output=yaml'], true],
  [['diff', '-o', 'yaml'], true],
  [['diff', '-ojson'], true],
  [['diff', '--output', 'csv'], false],
  [['diff', '--', '--json'], false],
  [['rewrite', '-o', 'json.xml'], false],
])('%j wants errors for programs: %s', (words, expected) => {
  expect(wantsFacts(words)).toBe(expected);
});
