// Tries lib/cli/guests/domains.ts and lib/cli/hosts/plan.ts as well.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { domcapabilities } from '../support/host.ts';
import { domain, folder, run, text } from './run.ts';

const YOUNG = domcapabilities(['aes', 'ssbd'], { model: 'Haswell-noTSX-IBRS', vendor: 'Intel' });
const OLD = domcapabilities([], { model: 'Nehalem', vendor: 'Intel' });
const AMD = domcapabilities([], { model: 'EPYC', vendor: 'AMD' });
const FLOOR = domain("<feature policy='require' name='avx2'/>");

const nine = Object.fromEntries(
  [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [`kvm-0${n}.xml`, n === 3 || n === 7 ? OLD : YOUNG]),
);
const cwd = folder({
  ...nine,
  'kvm-a.xml': '',
  'kvm-b.xml': '',
  'new.txt': OLD,
  'amd.txt': AMD,
  'guest.xmlx': FLOOR,
  'impossible.xmlx': domain("<feature policy='require' name='avx512f'/>"),
});
const V9 = ['--libvirt-version', '9.0.0'];
const pools = (...words: readonly string[]): ReturnType<typeof run> =>
  run(cwd, ['pools', 'kvm-0*.xml', ...V9, ...words]);

interface Plan {
  readonly knee: number;
  readonly partitions: readonly { readonly pools: readonly { readonly hosts: readonly string[] }[] }[];
  readonly leaveOut: readonly { readonly hosts: readonly string[]; readonly gains: readonly string[] }[];
  readonly joining: readonly { readonly best?: number }[];
}

function planOf(...words: readonly string[]): Plan {
  return JSON.parse(pools('--json', ...words).out) as Plan;
}

test('one run says which hosts cost the others what, and which pools to make', () => {
  const { code, out, err } = pools();
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('9 hosts of 2 kinds: 2 pools save all of what 1 pool costs their guests\n');
  expect(out).toMatch(/^leave out kvm-03, kvm-07: they cost the other 7 hosts 19 features/m);
  expect(out.replaceAll(/\s+/g, ' ')).toContain('; without them x86-64-v2 → v3');
  expect(out).toMatch(/^pool 1: kvm-\[01-02,04-06,08-09\] \(7 hosts\): x86-64-v3, \d+ features/m);
  expect(out).toMatch(/^pool 2: kvm-03, kvm-07 \(2 hosts\): x86-64-v2, \d+ features, model Nehalem/m);
  expect(out).toMatch(/^ {2}nothing is lost$/m);
});

test.each(['60', '80', '120'])('every line fits %s columns', (COLUMNS) => {
  const { out } = run(cwd, ['pools', 'kvm-0*.xml', ...V9, '--max', '1', '--join', 'new.txt'], {
    env: { COLUMNS },
  });
  expect(out.split('\n').filter((line) => line.length > Number(COLUMNS))).toEqual([]);
  expect(out).toMatch(/^ {2}level x86-64-v3 → v2: /m);
  expect(out).toMatch(/^ {2}security: /m);
});

test('the plan is there as JSON, with the advice that the words give', () => {
  const { knee, partitions, leaveOut } = planOf();
  expect(partitions[knee]?.pools.map(({ hosts }) => hosts.length)).toEqual([7, 2]);
  expect(leaveOut[0]).toMatchObject({ hosts: ['kvm-03', 'kvm-07'] });
});

test('leaving out whom the advice names gives back what it says', () => {
  const common = (...hosts: readonly string[]): readonly string[] =>
    (JSON.parse(run(cwd, ['diff', ...hosts, ...V9, '--json']).out) as { common: string[] }).common;
  const [advice] = planOf().leaveOut;
  const rest = Object.keys(nine).filter((file) => advice?.hosts.includes(file.replace('.xml', '')) !== true);
  const before = new Set(common(...Object.keys(nine)));
  expect(common(...rest).filter((name) => !before.has(name))).toEqual(advice?.gains);
});

test('hosts that can be in no pool together are divided first', () => {
  const { out } = pools('--host', 'amd=amd.txt');
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    'They can never be one pool: AMD x86_64 kvm (amd); Intel x86_64 kvm',
  );
  expect(out).toContain('alone: its guests have nowhere to move');
});

test('a host that may join costs least where the others lack the same', () => {
  const { out } = pools('--join', 'fresh=new.txt', '--join', 'amd=amd.txt');
  expect(out).toContain('fresh, if it joins, costs least in pool 2:\n');
  expect(out).toMatch(/^ {2}pool 1: takes 19 features/m);
  expect(out).toContain('  pool 2: takes nothing\n');
  expect(out).toContain('amd, if it joins, fits no pool:\n');
  expect(planOf('--join', 'fresh=new.txt').joining[0]?.best).toBe(1);
});

test('guests that cannot run come before all else, and one that fits no pool is a finding', () => {
  const { code, out } = pools('--with-guests', 'guest.xmlx');
  expect([code, out]).toEqual([0, text('  can run guest\n')]);
  expect(out).toContain('  cannot run guest: it needs avx2\n');
  const none = pools('--with-guests', 'impossible.xmlx');
  expect([none.code, none.err]).toEqual([
    1,
    text('can run on none of these hosts: the nearest lacks avx512f'),
  ]);
  mkdirSync(join(cwd, 'vms'));
  writeFileSync(join(cwd, 'vms/one.xml'), FLOOR + FLOOR);
  writeFileSync(join(cwd, 'vms/net.xml'), '<network/>');
  expect(pools('--with-guests', 'vms/').out).toContain('  can run guest, guest\n');
  writeFileSync(join(cwd, 'vms/values.yaml'), '{{ helm }}: [');
  writeFileSync(join(cwd, 'vms/other.xml'), 'no XML at all');
  expect(pools('--with-guests', 'vms/').out).toContain('  can run guest, guest\n');
  const one = pools('--with-guests', 'guest.xmlx', '--max', '1');
  expect([one.code, one.err]).toEqual([1, text('allow more pools')]);
});

test('weights, size and number of pools are taken', () => {
  expect(planOf('--max', '1').partitions).toHaveLength(1);
  expect(planOf('--min-size', '3').partitions).toHaveLength(1);
  expect(pools('--min-size', '3').out).toContain('9 hosts of 2 kinds: 1 pool is best\n');
  expect(pools('--weight', 'kvm-01=0', '--weight', 'kvm-03=20').code).toBe(0);
});

test.each([
  ['a weight that is none', ['--weight', 'kvm-01=x'], '--weight takes NAME=N'],
  ['a weight of nobody', ['--weight', 'kvm-10=2'], 'there is no host "kvm-10"'],
  ['weights beyond what can be summed', ['--weight', 'kvm-01=9999999'], 'the weights add up to more than'],
  ['no pools', ['--max', '0'], '--max takes a whole number from 1'],
  ['a guest that is not there', ['--with-guests', 'nowhere.xmlx'], 'cannot read nowhere.xmlx'],
  [
    'a pattern of no guests',
    ['--with-guests', 'kvm-0*.xml'],
    'no guest found in kvm-01.xml or 8 other files',
  ],
  ['a guest that is none', ['--with-guests', 'kvm-01.xml'], 'kvm-01.xml:1:1: error: '],
])('%s is wrong usage', (_, words, message) => {
  const { code, err } = pools(...words);
  expect([code, err]).toEqual([2, text(message)]);
});

test('one host, equal hosts and silent hosts have words of their own', () => {
  expect(run(cwd, ['pools', 'kvm-01.xml', ...V9]).out).toContain(
    '1 host of 1 kind: 1 pool costs their guests nothing\n',
  );
  expect(run(cwd, ['pools', 'kvm-01.xml', 'kvm-02.xml', ...V9]).out).toContain('nothing is lost');
});
