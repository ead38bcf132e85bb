// Tries lib/cli/commands/profile.ts and lib/cli/files/lines.ts as well.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { domcapabilities } from '../support/host.ts';
import { folder, run, shell, SHELL_COMMAND, text } from './run.ts';

const YOUNG = domcapabilities(['aes'], { model: 'Haswell-noTSX-IBRS', vendor: 'Intel' });
const OLD = domcapabilities([], { model: 'Nehalem', vendor: 'Intel' });
const cwd = folder({
  'n01.xml': YOUNG,
  'n02.xml': YOUNG,
  'n03.xml': OLD,
  'n04.xml': YOUNG,
  'bad.txt': '{"foldVersion":1}\n',
  'empty.ndjson': '',
});
const V9 = ['--libvirt-version', '9.0.0'];
const profile = run(cwd, ['profile', 'n0*.xml', ...V9]);
writeFileSync(join(cwd, 'hosts.ndjson'), profile.out);
const fold = run(cwd, ['fold', 'hosts.ndjson']);
writeFileSync(join(cwd, 'fleet.ndjson'), fold.out);

test('profile prints a line for each host, and fold one for each kind', () => {
  expect([profile.code, profile.err, profile.out.trimEnd().split('\n').length]).toEqual([0, '', 4]);
  expect([fold.code, fold.err]).toEqual([0, '4 lines: 4 hosts of 2 kinds\n']);
  const hosts = fold.out
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { hosts: unknown }).hosts);
  expect(hosts.sort()).toEqual([['n03'], ['n[01-02,04]']]);
});

test('folds come from pipes and files, in parts, again and again', () => {
  const parts = shell(
    cwd,
    `head -n 2 hosts.ndjson | ${SHELL_COMMAND} fold > a; tail -n 3 hosts.ndjson | ${SHELL_COMMAND} fold - > b; ${SHELL_COMMAND} fold b a fleet.ndjson`,
  );
  expect(parts.out).toBe(fold.out);
  expect(run(cwd, ['fold'], { input: profile.out.trimEnd() }).out).toBe(fold.out);
  expect(run(cwd, ['fold'], { input: '' })).toEqual({
    code: 0,
    out: '',
    err: '0 lines: 0 hosts of 0 kinds\n',
  });
});

test('a fold and its lines are hosts to every command that takes hosts', () => {
  const common = (...words: readonly string[]): unknown =>
    (JSON.parse(run(cwd, ['diff', ...words, '--json']).out) as { common: unknown }).common;
  const files = common('n0*.xml', ...V9);
  expect(common('fleet.ndjson')).toEqual(files);
  expect(common('hosts.ndjson')).toEqual(files);
  const text = (...words: readonly string[]): string => run(cwd, words).out;
  expect(text('baseline', 'fleet.ndjson')).toBe(text('baseline', 'n0*.xml', ...V9));
  expect(text('pools', 'fleet.ndjson')).toBe(text('pools', 'n0*.xml', ...V9));
  const sorted = (printed: string): readonly string[] => printed.split('\n').sort();
  expect(sorted(text('profile', 'fleet.ndjson'))).toEqual(sorted(profile.out));
});

test('a weak source stays weak, and says so once', () => {
  writeFileSync(
    join(cwd, 'weak.txt'),
    '<cpu><arch>x86_64</arch><model>Nehalem</model><vendor>Intel</vendor></cpu>\n'.repeat(3),
  );
  const weak = run(cwd, ['profile', 'weak.txt', ...V9]);
  expect(weak.err.match(/weak-source/g)).toHaveLength(1);
  const { err } = run(cwd, ['pools', '-'], { input: weak.out });
  expect(err).toContain('weak-source');
});

test.each([
  ['fold', ['fold', 'hosts.ndjson', 'bad.txt'], 'bad.txt:1:1: error: "hosts" are not names'],
  ['pools', ['pools', 'bad.txt'], 'bad.txt:1:1: error: "hosts" are not names'],
  ['an empty part', ['fold', 'hosts.ndjson', 'empty.ndjson'], 'cannot read empty.ndjson: it is empty'],
  ['no file', ['fold', 'nowhere'], 'cannot read nowhere'],
])('%s: what is no line is refused with its place', (_, words, message) => {
  const { code, out, err } = run(cwd, words);
  expect([code, out, err]).toEqual([2, '', text(message)]);
});

test('bytes that are not UTF-8 are refused, with their line', () => {
  const input = Buffer.concat([Buffer.from(profile.out), Buffer.from([0xff, 0x0a])]);
  const { code, err } = run(cwd, ['fold'], { input });
  expect([code, err]).toEqual([2, text('not valid UTF-8')]);
});
