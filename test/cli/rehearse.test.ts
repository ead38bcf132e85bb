// Tries lib/cli/report/rehearsal.ts as well.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { captureText, guestWith } from '../rehearse/captures.ts';
import { folder, run, shell, SHELL_COMMAND, text } from './run.ts';
import { ROOT } from '../support/sources.ts';

const cwd = folder({
  'follows.xml': guestWith('host-passthrough'),
  'model.xml': guestWith('host-model'),
  'several.xml': guestWith('host-passthrough', { cores: 2 }),
  'named.xml': guestWith('kvm64'),
  'cores.xml': guestWith('kvm64', { cores: 2 }),
  'emulated.xml': guestWith('kvm64', { type: 'qemu' }),
  'newest.xml': captureText('newest-kvm'),
  'broken.xml': '<domain><cpu></domain>',
});
for (const [side, capture] of [
  ['before', 'debian-12-kvm'],
  ['after', 'debian-13-kvm'],
] as const) {
  mkdirSync(join(cwd, side));
  writeFileSync(join(cwd, side, 'kvm-a.xml'), captureText(capture));
}
const SIDES = ['--before', 'before', '--after', 'after'];
const rehearse = (...words: readonly string[]): ReturnType<typeof run> =>
  run(cwd, ['rehearse', ...SIDES, ...words]);

test('hosts alone: versions, features, machine types, and trouble that others had', () => {
  const { code, out, err } = rehearse();
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(/^kvm-a: libvirt 9\.0\.0 → 11\.3\.0, QEMU 7\.2\.22 → 10\.0\.13\n/);
  const flat = out.replaceAll(/\s+/g, ' ');
  for (const part of [
    'guests gain amd-psfd, erms, fsrm, lfence-always-serializing, overflow-recov, stibp-always-on, succor',
    'machine types that are gone: pc-i440fx-2.3',
    'machine types that are deprecated now: pc-i440fx-2.4, pc-q35-5.1',
    'q35 is pc-q35-10.0, before pc-q35-7.2',
    'ht-extra (old → new; guests with a named model or host-model and several processors in one socket):',
    'https://libvirt.org/news.html#v11-10-0-2025-12-01',
    'possible: xsave-pku, virtio-vga, uso-back (docs/incidents.md)',
  ])
    expect(flat).toContain(part);
});

test('a guest: each way, its next start, and a command that cures it', () => {
  const { code, out, err } = rehearse('model.xml', '--kernel-before', '6.1', '--kernel-after', '6.12');
  expect([code, err]).toEqual([1, '']);
  expect(out.split('\n')).toEqual([
    'kvm-a: libvirt 9.0.0 → 11.3.0, QEMU 7.2.22 → 10.0.13, kernel 6.1 → 6.12',
    '',
    'model.xml (guest): stuck new → old',
    '  old → new: equal',
    '  new → old: refused: libvirt there does not know amd-psfd,',
    '    lfence-always-serializing, overflow-recov, stibp-always-on, succor',
    '  next start: changes: gains amd-psfd, erms, fsrm, lfence-always-serializing,',
    '    overflow-recov, stibp-always-on, succor',
    '  others had names-back:',
    text('    https://gitlab.com/libvirt/libvirt/-/commit/5fbfa5ab') as string,
    '  cure: virt-migratable rewrite model.xml --hosts before --hosts after --same-host --any-machine --pin --output model.safe.xml',
    '',
  ]);
});

test.each([
  ['model.xml', 'model.safe.xml'],
  ['follows.xml', 'follows.safe.xml'],
  ['several.xml', 'several.after-kvm-a.xml'], // each host has its own form
])('the command is pasted, and then %s is equal', (file, cured) => {
  const { out } = rehearse(file);
  const [, command = ''] = /^ {2}cure: (virt-migratable .*)$/m.exec(out) ?? [];
  expect(shell(cwd, command.replace('virt-migratable', SHELL_COMMAND)).code).toBe(0);
  const { code, out: again } = rehearse(cured);
  expect([code, again]).toEqual([0, text(`${cured} (guest): equal\n`)]);
});

test('what no form of the domain cures has a step', () => {
  const { code, out } = rehearse('cores.xml');
  expect(code).toBe(1);
  const flat = out.replaceAll(/\s+/g, ' ');
  expect(flat).toContain('old → new: refused: libvirt there takes ht and cmp_legacy for extra features');
  expect(flat).toContain(
    'new → old: refused: QEMU there does not report ht, which the guest was started with',
  );
  expect(flat).toContain(
    'cure: Upgrade libvirt to 11.10 or newer together with QEMU; or give the guest one processor',
  );
  expect(flat).toContain("cure: Give each processor of the guest a socket (<topology sockets='2' dies='1'");
});

test('what an incident alone is the reason for has its name', () => {
  const { out } = run(cwd, ['rehearse', '--before', 'after', '--after', 'newest.xml', 'model.xml']);
  expect(out).toContain('  old → new: changes: cmp-legacy\n');
  const csv = run(cwd, [
    ...['rehearse', '--before', 'after', '--after', 'newest.xml', 'model.xml', '-o', 'csv'],
  ]);
  expect(csv.out).toContain('old → new,kvm-a,kvm-a,changes,cmp-legacy,');
});

test('of several kinds of hosts, each way has its own reason', () => {
  const newest = ['--before', 'new=newest.xml', '--after', 'new=newest.xml'];
  const { out } = rehearse(...newest, 'model.xml');
  const flat = out.replaceAll(/\s+/g, ' ');
  expect(flat).toContain('model.xml (guest): stuck old → new and new → old ');
  expect(flat).toContain('old → new (kvm-a → new): changes: cmp-legacy new → old');
  expect(flat).toContain('new → old (kvm-a → new): changes: cmp-legacy old → new');
});

test('hosts that are on one side only are not compared, and that is no success', () => {
  const words = ['--before', 'a=before/kvm-a.xml', '--before', 'b=newest.xml'];
  const { code, out } = run(cwd, ['rehearse', ...words, '--after', 'c=after/kvm-a.xml']);
  expect([code, out.replaceAll(/\s+/g, ' ')]).toEqual([
    1,
    'only before the upgrade: a, b only after the upgrade: c no host is on both sides: state one name for both captures of a host (NAME=FILE) ',
  ]);
});

test('many guests are counted', () => {
  const { code, out } = rehearse('named.xml', 'model.xml', 'cores.xml', 'follows.xml');
  expect(code).toBe(1);
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    '4 guests: 1 equal, 1 stuck new → old, 1 stuck old → new and new → old, 1 changed while running',
  );
});

test('a guest that stays equal exits with 0', () => {
  expect(rehearse('named.xml')).toMatchObject({ code: 0, err: '' });
});

test('one side twice is no upgrade', () => {
  const { code, out } = run(cwd, [
    ...['rehearse', '--before', 'before', '--after', 'before', 'follows.xml'],
    ...['--kernel-before', '6.1', '--kernel-after', '6.1'],
  ]);
  expect([code, out]).toEqual([0, text(/^kvm-a: the same versions\n\nfollows\.xml \(guest\): equal\n/)]);
});

test('wide says all of an incident', () => {
  const { out } = rehearse('cores.xml', '--wide');
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    'ht-missing (new → old; guests with a named model or host-model',
  );
});

test('JSON, CSV and Markdown', () => {
  const json = JSON.parse(rehearse('cores.xml', '--json').out) as {
    readonly command: string;
    readonly ok: boolean;
    readonly guests: readonly {
      readonly moves: readonly { readonly issues: readonly { readonly message: string }[] }[];
    }[];
  };
  expect([json.command, json.ok]).toEqual(['rehearse', false]);
  expect(json.guests[0]?.moves[0]?.issues[0]?.message).toContain('update libvirt to 11.10');
  expect(rehearse('named.xml', '--output', 'csv').out).toBe(
    'guest,way,from,to,outcome,why,cure\n' +
      'named.xml (guest),old → new,kvm-a,kvm-a,equal,,\n' +
      'named.xml (guest),new → old,kvm-a,kvm-a,equal,,\n' +
      'named.xml (guest),next start,,kvm-a,equal,,\n',
  );
  expect(rehearse('--output', 'markdown').out).toMatch(/^\| hosts \| versions \| change \|\n/);
});

test.each<[string, readonly string[], string]>([
  ['no side', ['rehearse'], 'no hosts before the upgrade given: use --before DIR'],
  ['one side', ['rehearse', '--before', 'before'], 'no hosts after the upgrade given: use --after DIR'],
  ['no directory', ['rehearse', ...SIDES.slice(0, 3), 'nowhere'], 'nowhere'],
  [
    'no version',
    ['rehearse', ...SIDES, '--kernel-after', 'new'],
    '--kernel-after takes a version such as 6.12',
  ],
  ['a guest that cannot be read', ['rehearse', ...SIDES, 'broken.xml'], 'broken.xml:1:'],
  ['a directory of no guests', ['rehearse', ...SIDES, 'after'], 'no guest found in after/kvm-a.xml'],
  ['no such guest', ['rehearse', ...SIDES, 'absent.xml'], 'absent.xml'],
  ['a guest of another kind', ['rehearse', ...SIDES, 'emulated.xml'], ''],
])('%s: exit code 2', (_, words, message) => {
  const { code, err } = run(cwd, words);
  expect([code, err]).toEqual([2, text(message)]);
});

test('what is found in a directory and is no guest is passed over', () => {
  mkdirSync(join(cwd, 'guests'));
  writeFileSync(join(cwd, 'guests/named.xml'), guestWith('kvm64'));
  for (const name of ['net.xml', 'other.xml', 'values.yaml'])
    writeFileSync(join(cwd, 'guests', name), name === 'net.xml' ? '<network/>' : '{{ helm }}: [');
  expect(rehearse('guests')).toMatchObject({
    code: 0,
    out: text('guests/named.xml (guest): equal'),
    err: '',
  });
});

test('one guest that cannot be read stops no other', () => {
  const { code, out } = rehearse('broken.xml', 'named.xml');
  expect([code, out]).toEqual([2, text('named.xml (guest): equal')]);
});

test('docs/incidents.md is that of the tables', () => {
  const script = join(ROOT, 'scripts/generate-incidents.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the captures of the example are those of its guest', () => {
  const guest = readFileSync(join(ROOT, 'examples/upgrade/guest.xml'), 'utf8');
  writeFileSync(join(cwd, 'web-02.xml'), guest);
  expect(rehearse('web-02.xml')).toMatchObject({ code: 1, out: text('web-02.xml: stuck new → old\n') });
});
