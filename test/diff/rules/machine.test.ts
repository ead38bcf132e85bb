// Tries lib/diff/rules/default-machine.ts, lib/diff/rules/machine-context.ts, lib/diff/rules/machine-types.ts and
// lib/diff/rules/unlike-machines.ts as well.
import type { Host } from '../../../types/host.ts';
import type { PlanOptions } from '../../../types/options.ts';
import { hostOf, outcomeOf } from '../../support/pool.ts';
import { factOf } from '../../support/findings.ts';

const list = (...names: string[]): string =>
  names
    .map((name) => {
      const [machine = '', canonical] = name.split('=');
      const more = canonical === undefined ? '' : ` canonical='${canonical}'`;
      return machine.endsWith('~')
        ? `<machine deprecated='yes'>${machine.slice(0, -1)}</machine>`
        : `<machine${more}>${machine}</machine>`;
    })
    .join('');
const cpu = "<cpu mode='host-passthrough'/>";
const guest = (machine?: string): string =>
  `<os><type${machine === undefined ? '' : ` machine='${machine}'`}>hvm</type></os>${cpu}`;

/** Two hosts with these lists of machine types, asked about these machines. */
const pool = (
  a: string | undefined,
  b: string | undefined,
  askedA = 'pc-q35-7.2',
  askedB = askedA,
): readonly Host[] => [
  hostOf('a', { machine: askedA, ...(a !== undefined && { machines: list(...a.split(' ')) }) }),
  hostOf('b', { machine: askedB, ...(b !== undefined && { machines: list(...b.split(' ')) }) }),
];
const COMMON: PlanOptions = { also: { machine: 'common' } };

describe('the machine type a host was asked about', () => {
  test.each<[string, string | undefined, readonly string[], ReturnType<typeof pool>]>([
    ['is the guest’s', 'pc-q35-7.2', [], pool(undefined, undefined)],
    ['does not matter to a guest without one', undefined, [], pool(undefined, undefined)],
    ['is what a guest without one gets', undefined, [], pool(undefined, undefined, 'pc-i440fx-7.2')],
    ['does not matter to a guest with an empty one', '', [], pool(undefined, undefined)],
    ['is what libvirt takes without its default', undefined, [], pool('pc-q35-7.2 pc-q35-7.1', 'pc-q35-7.2')],
    ['is another', 'pc-i440fx-7.2', ['context-mismatch!! a b'], pool(undefined, undefined)],
    ['is another version', 'pc-q35-7.1', ['context-mismatch!! a b'], pool(undefined, undefined)],
    ['is what the alias stands for', 'q35', [], pool(undefined, undefined)],
    ['is what an alias of capabilities stands for', 'q35', [], pool('q35=pc-q35-7.2 pc-q35-7.2', undefined)],
    ['is of another family than the alias', 'pc', ['context-mismatch!! a b'], pool(undefined, undefined)],
    [
      'is wrong on one host',
      'pc-q35-7.2',
      ['context-mismatch!! b'],
      pool(undefined, undefined, 'pc-q35-7.2', 'pc-i440fx-7.2'),
    ],
  ])('%s', (_, machine, told, hosts) => {
    expect(outcomeOf(guest(machine), hosts).told).toEqual(told);
    const waved = outcomeOf(guest(machine), hosts, { accept: ['other-machine'] }).told;
    expect(waved).toEqual(told.map((one) => one.replace('!!', '!')));
  });

  test('comes with what to run, and where', () => {
    const hosts = pool(undefined, undefined, 'pc-i440fx-7.2');
    const { issues } = outcomeOf(
      `${guest('pc-q35-7.2')}<devices><emulator>/opt/qemu</emulator></devices>`,
      hosts,
    );
    expect(issues[0]).toHaveProperty(
      'command',
      'virsh domcapabilities --virttype kvm --machine pc-q35-7.2 --emulatorbin /opt/qemu',
    );
    expect(issues[0]?.message).toContain('a, b were asked about pc-i440fx-7.2: run "virsh');
    expect(issues[0]).toMatchObject({ line: 1, column: 24 });
  });
});

test.each<[PlanOptions, string | undefined, RegExp]>([
  [{}, 'other-machine', /--machine pc-i440fx-7\.2" there, or use accept: \['other-machine'\]$/],
  [{ accept: ['other-machine'] }, undefined, /--machine pc-i440fx-7\.2" there$/],
])('with %j says what to do', (options, option, words) => {
  const [issue] = outcomeOf(guest('pc-i440fx-7.2'), pool(undefined, undefined), options).issues;
  expect([issue?.code, factOf(issue, 'option')]).toEqual(['context-mismatch', option]);
  expect(issue?.message).toMatch(words);
});

test('an i686 guest on hosts that were asked about x86_64 is warned of', () => {
  const inner = `<os><type arch='i686' machine='pc-q35-7.2'>hvm</type></os>${cpu}`;
  const { told, issues } = outcomeOf(inner, pool(undefined, undefined));
  expect(told).toEqual(['context-mismatch! a b']);
  expect(issues[0]).toHaveProperty(
    'command',
    'virsh domcapabilities --virttype kvm --arch i686 --machine pc-q35-7.2',
  );
  expect(issues[0]?.message).toMatch(/" there$/);
});

describe('a machine type', () => {
  const Q = 'q35=pc-q35-7.2 pc-q35-7.2 pc-q35-7.1 pc-i440fx-7.2';
  const NEWER = 'q35=pc-q35-8.2 pc-q35-8.2 pc-q35-7.2 pc-q35-7.1';

  test.each([
    ['every host has', 'pc-q35-7.1', Q, NEWER, 'pc-q35-7.1', [], 'pc-q35-7.1', []],
    [
      'a host lacks',
      'pc-q35-8.2',
      Q,
      NEWER,
      'pc-q35-8.2',
      ['machine-missing!! a'],
      'pc-q35-7.2',
      ['machine-changed'],
    ],
    [
      'no host has',
      'pc-q35-9.9',
      Q,
      NEWER,
      'pc-q35-7.2',
      ['machine-missing!! a b'],
      'pc-q35-7.2',
      ['machine-changed'],
    ],
    [
      'of a family one host lacks',
      'pc-i440fx-7.2',
      Q,
      NEWER,
      'pc-i440fx-7.2',
      ['machine-missing!! b'],
      undefined,
      ['machine-missing!! a b'],
    ],
    ['that is an alias of the same', 'q35', Q, Q, 'pc-q35-7.2', [], 'pc-q35-7.2', ['machine-changed']],
    [
      'that is an alias of others',
      'q35',
      Q,
      NEWER,
      undefined,
      ['machine-alias!! a b'],
      'pc-q35-7.2',
      ['machine-changed'],
    ],
    [
      'that goes out of use',
      'pc-q35-2.4',
      'pc-q35-2.4~ pc-q35-7.2',
      'pc-q35-2.4 pc-q35-7.2',
      'pc-q35-2.4',
      [],
      'pc-q35-7.2',
      ['machine-changed'],
    ],
    [
      'that goes out of use with all others of its family',
      'pc-q35-7.1',
      'pc-q35-7.1 pc-q35-7.2',
      'pc-q35-7.1~ pc-q35-7.2~ pc-q35-8.2',
      'pc-q35-7.1',
      [],
      'pc-q35-7.1',
      [],
    ],
    [
      'whose common types all go out of use',
      'pc-q35-8.2',
      'pc-q35-7.1 pc-q35-7.2',
      'pc-q35-7.1~ pc-q35-7.2~ pc-q35-8.2',
      'pc-q35-8.2',
      ['machine-missing!! a'],
      'pc-q35-7.2',
      ['machine-changed'],
    ],
    [
      'of a distribution',
      'pc-q35-rhel9.6.0',
      'pc-q35-rhel9.4.0 pc-q35-rhel9.2.0 pc-q35-10.0',
      'pc-q35-rhel9.6.0 pc-q35-rhel9.4.0 pc-q35-10.0',
      'pc-q35-rhel9.6.0',
      ['machine-missing!! a'],
      'pc-q35-rhel9.4.0',
      ['machine-changed'],
    ],
    [
      'of a release',
      'pc-q35-noble',
      'pc-q35-jammy pc-q35-focal',
      'pc-q35-noble pc-q35-jammy pc-q35-focal',
      'pc-q35-noble',
      ['machine-missing!! a'],
      'pc-q35-jammy',
      ['machine-changed'],
    ],
    ['without a version', 'isapc', 'isapc', 'isapc', 'isapc', [], 'isapc', []],
    [
      'in three numbers',
      'pc-q35-4.1',
      'pc-q35-4.0.1 pc-q35-4.0',
      'pc-q35-4.1 pc-q35-4.0.1 pc-q35-4.0',
      'pc-q35-4.1',
      ['machine-missing!! a'],
      'pc-q35-4.0.1',
      ['machine-changed'],
    ],
    [
      'of two digits',
      'pc-q35-10.1',
      'pc-q35-9.2 pc-q35-10.0',
      'pc-q35-9.2 pc-q35-10.0 pc-q35-10.1',
      'pc-q35-10.1',
      ['machine-missing!! a'],
      'pc-q35-10.0',
      ['machine-changed'],
    ],
  ] as const)('%s', (_, machine, a, b, asked, told, common, toldCommon) => {
    const resolved = asked ?? 'pc-q35-7.2';
    const hosts = pool(a, b, resolved, asked ?? 'pc-q35-8.2');
    expect(outcomeOf(guest(machine), hosts).told.filter((one) => !one.startsWith('context'))).toEqual(told);
    const mended = outcomeOf(guest(machine), hosts, COMMON);
    expect(
      mended.told.filter((one) => one !== 'context-mismatch! a' && one !== 'context-mismatch! b'),
    ).toEqual(toldCommon);
    expect(mended.text).toBe(guest(common ?? machine));
  });

  test('that is missing comes with those every host has, the newest first', () => {
    const { issues } = outcomeOf(guest('pc-q35-8.2'), pool(Q, NEWER, 'pc-q35-8.2'));
    expect(issues[0]).toMatchObject({ machine: 'pc-q35-8.2', candidates: ['pc-q35-7.2', 'pc-q35-7.1'] });
  });

  test('is not chosen where a host does not list its own', () => {
    const hosts = pool(Q, undefined, 'pc-q35-7.2', 'pc-q35-8.2');
    expect(outcomeOf(guest('q35'), hosts, COMMON).told).toEqual(['machine-unknown!! b']);
  });

  test.each([
    [{}, 'other-machine'],
    [{ accept: ['other-machine'] } as const, undefined],
  ])('that no host was asked about comes with what lets a check pass it (%j)', (options, option) => {
    const { issues } = outcomeOf(guest('q35'), pool(Q, NEWER, 'pc-q35-7.1'), { ...COMMON, ...options });
    const found = issues.filter(({ code }) => code === 'context-mismatch');
    expect(found.map((one) => [one.severity, factOf(one, 'option')])).toEqual([
      ['warning', option],
      ['warning', option],
    ]);
  });

  test('is the same the second time', () => {
    const hosts = pool(Q, NEWER);
    const { text } = outcomeOf(guest('q35'), hosts, COMMON);
    expect(outcomeOf(text, hosts, COMMON).text).toBe(text);
  });
});

describe('a guest that names no machine type', () => {
  const OLD = 'pc-i440fx-7.2 pc=pc-i440fx-7.2 pc-q35-7.2';
  const NEW = 'pc-i440fx-8.2 pc=pc-i440fx-8.2 pc-i440fx-7.2 pc-q35-7.2';

  test.each<[string, string, string, readonly string[], string | undefined]>([
    ['on hosts with one default', OLD, OLD, [], 'pc-i440fx-7.2'],
    ['on hosts with two', OLD, NEW, ['machine-alias! a b'], 'pc-i440fx-7.2'],
    ['on a host without libvirt’s', OLD, 'pc-q35-7.2 pc-q35-7.1', ['machine-alias! a b'], 'pc-q35-7.2'],
    [
      'on hosts without libvirt’s',
      'pc-q35-8.2 pc-q35-7.2',
      'pc-q35-7.2',
      ['machine-alias! a b'],
      'pc-q35-7.2',
    ],
    ['on hosts that share nothing', OLD, 'pc-q35-9.9', ['machine-alias! a b'], undefined],
  ])('%s', (_, a, b, told, common) => {
    const [askedA, askedB] = [a, b].map((list) => list.split(' ')[0]);
    const hosts = pool(a, b, askedA, askedB);
    expect(outcomeOf(guest(), hosts).told).toEqual(told);
    const mended = outcomeOf(guest(), hosts, COMMON);
    const result = common === undefined ? 'machine-missing!! a b' : 'machine-changed';
    expect(mended.told.filter((one) => !one.startsWith('context'))).toEqual([result]);
    expect(mended.text).toBe(guest(common));
  });

  test.each([
    ['of two QEMUs', 'pc-i440fx-7.2', 'pc-i440fx-8.2', ['machine-alias! a b']],
    ['of one', 'pc-i440fx-7.2', 'pc-i440fx-7.2', []],
  ])('on hosts that were asked about the default %s', (_, a, b, told) => {
    expect(outcomeOf(guest(), pool(undefined, undefined, a, b)).told).toEqual(told);
  });

  test('is told of the default', () => {
    const [issue] = outcomeOf(guest(), pool(OLD, NEW, 'pc-i440fx-7.2', 'pc-i440fx-8.2')).issues;
    expect(issue?.message).toMatch(/^"pc" \(libvirt's default\) resolves/);
  });

  test.each([
    ['of another hypervisor', guest(), 'xen'],
    ['that libvirt would not define', cpu, 'kvm'],
  ])('%s is not asked', (_, inner, type) => {
    const { told } = outcomeOf(inner, pool(OLD, NEW), {}, type);
    expect(told.filter((one) => one.startsWith('machine'))).toEqual([]);
  });
});
