// Tries lib/diff/arrival/running.ts, lib/diff/case.ts, lib/diff/cpu/mode.ts, lib/diff/new-case.ts and
// lib/diff/running.ts as well.
import { createPool } from '../../lib/pool.ts';
import { parseDomain } from '../../lib/parser/domain/domain.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import type { Host } from '../../types/host.ts';
import { told } from '../support/findings.ts';
import { host } from '../support/host.ts';

const A = host('a', ['clwb', 'pcid']);
const B = host('b', ['pcid']);
const NEWER = { libvirtVersion: '11.3.0' };

const live = (cpu: string): string => `<domain type='kvm' id='7'>${cpu}</domain>`;
const follower = (...off: readonly string[]): string =>
  live(
    `<cpu mode='host-passthrough'>${off.map((name) => `<feature policy='disable' name='${name}'/>`).join('')}</cpu>`,
  );
const pinned = (lines: string, model = '486'): string =>
  live(
    `<cpu mode='custom' match='exact' check='full'><model fallback='forbid'>${model}</model>${lines}</cpu>`,
  );
const required = (name: string): string => `<feature policy='require' name='${name}'/>`;

/** Each host as one line: `b no clwb`, `after` behind it where a stop and start would help. */
function judged(text: string, hosts: readonly Host[], from?: string): readonly string[] {
  const { running = [] } = createPool(hosts).check(text, from === undefined ? {} : { runningOn: from });
  return running.map(({ host: name, now, missing, gained, uncertain, unnamed, afterPowerCycle }) =>
    [
      name,
      now,
      ...missing,
      ...gained.map((one) => `+${one}`),
      ...uncertain.map((one) => `${one}?`),
      ...unnamed.map((one) => `"${one}"`),
    ]
      .concat(now !== 'yes' && afterPowerCycle ? ['after'] : [])
      .join(' '),
  );
}

describe('a guest that follows its host', () => {
  test.each<[string, string, readonly Host[], string | undefined, readonly string[]]>([
    [
      'may have what any other host has',
      follower(),
      [A, B],
      undefined,
      ['a no +clwb after', 'b no clwb after'],
    ],
    ['has what its host has', follower(), [A, B], 'a', ['a yes', 'b no clwb after']],
    ['would gain what its host lacks', follower(), [A, B], 'b', ['a no +clwb after', 'b yes']],
    ['has nothing that is off', follower('clwb'), [A, B], 'a', ['a yes', 'b yes']],
    [
      'may have what nobody knows of a host',
      follower(),
      [A, { ...B, uncertain: ['clwb'] }],
      undefined,
      ['a yes', 'b unknown clwb? after'],
    ],
    [
      'may have what nobody knows of its host',
      follower(),
      [{ ...A, features: ['fpu', 'pcid', 'pse', 'vme'], uncertain: ['clwb'] }, B],
      'a',
      ['a yes', 'b unknown clwb? after'],
    ],
    [
      'shows no guest what QEMU filters',
      follower(),
      [host('a', ['osxsave', 'ht']), host('b')],
      'a',
      ['a yes', 'b yes'],
    ],
    [
      'may differ in what nothing levels',
      follower(),
      [host('a', ['zero-fcs-fds'], NEWER), host('b', [], NEWER)],
      'a',
      ['a yes', 'b yes'],
    ],
    [
      'is not judged among unlike vendors',
      follower(),
      [host('a', [], { vendor: 'AMD' }), host('b', [], { vendor: 'Intel' })],
      undefined,
      ['a unknown', 'b unknown'],
    ],
    ['has a default model where it names none', live(''), [A, B], undefined, ['a unknown', 'b unknown']],
  ])('%s', (_, text, hosts, from, expected) => {
    expect(judged(text, hosts, from)).toEqual(expected);
  });
});

describe('a guest whose CPU libvirt wrote out', () => {
  const older = host('c', ['pcid']);
  const newer = host('d', ['vmx', 'vmx-ept'], { libvirtVersion: '11.3.0' });

  test.each<[string, string, readonly Host[], string | undefined, readonly string[]]>([
    ['goes where all it has is', pinned(required('pcid')), [A, B], undefined, ['a yes', 'b yes']],
    ['goes nowhere else', pinned(required('clwb')), [A, B], undefined, ['a yes', 'b no clwb after']],
    [
      'asks for nothing that is off',
      pinned("<feature policy='disable' name='clwb'/>"),
      [A, B],
      undefined,
      ['a yes', 'b yes'],
    ],
    [
      'has the model’s features too',
      pinned('', 'Nehalem'),
      [A, host('e', ['clwb'])],
      'a',
      ['a yes', expect.stringMatching(/^e no apic clflush /)],
    ],
    [
      'is refused where its names are unknown',
      pinned(required('vmx-ept')),
      [newer, older],
      undefined,
      ['c no "vmx-ept"', 'd yes'],
    ],
    [
      'is refused where its model is unknown',
      pinned('', 'EPYC-v3'),
      [older, B],
      'b',
      ['b yes', 'c no "EPYC-v3"'],
    ],
  ])('%s', (_, text, hosts, from, expected) => {
    expect(judged(text, hosts, from)).toEqual(expected);
  });

  test('is unknown where the libvirt version is, and the name depends on it', () => {
    const unstated = parseHost("<cpu><arch>x86_64</arch><model>486</model><feature name='pcid'/></cpu>", {
      name: 'u',
    });
    expect(judged(pinned(required('vmx-ept')), [A, unstated], 'a')).toEqual(['a yes', 'u unknown "vmx-ept"']);
  });
});

describe('findings', () => {
  const issuesOf = (text: string, hosts: readonly Host[]): readonly string[] =>
    told(
      createPool(hosts)
        .check(text)
        .issues.filter(({ code }) => /^live-(?!needs)/.test(code)),
    );

  test('name the host and what it lacks', () => {
    expect(issuesOf(follower(), [A, B])).toEqual([
      'error live-gains clwb [a]',
      'error live-incompatible clwb [b]',
    ]);
    expect(issuesOf(pinned(required('clwb')), [A, B])).toEqual(['error live-incompatible clwb [b]']);
    expect(issuesOf(pinned(required('vmx-ept')), [A, B])).toEqual([
      'error live-name-unknown vmx-ept [a]',
      'error live-name-unknown vmx-ept [b]',
    ]);
    const { running = [] } = createPool([A, B]).check(
      pinned(required('vmx-ept') + required('avx') + required('sbpb')),
    );
    expect(running.map(({ unnamed }) => unnamed)).toEqual([
      ['sbpb', 'vmx-ept'],
      ['sbpb', 'vmx-ept'],
    ]);
    expect(issuesOf(live(''), [A, B])).toEqual(['error live-unknown [a]', 'error live-unknown [b]']);
  });

  test('say in words whether the guest has it for sure', () => {
    const words = (text: string): string =>
      createPool([A, B])
        .check(text)
        .issues.map(({ message }) => message)
        .join('; ');
    expect(words(follower())).toMatch(/clwb, which the guest may have(?:;|$)/);
    expect(words(pinned(required('clwb')))).toMatch(/clwb, which the guest has(?:;|$)/);
  });

  test('none for a domain that does not run', () => {
    const stored = "<domain type='kvm'><cpu mode='host-passthrough'/></domain>";
    expect(createPool([A, B]).check(stored)).toMatchObject({ running: undefined, issues: [] });
  });

  test('a host that is not there is wrong usage', () => {
    expect(() => createPool([A, B]).check(follower(), { runningOn: 'z' })).toThrow(RangeError);
  });
});

describe('a plan for a running guest', () => {
  const planned = (text: string): readonly string[] =>
    told(createPool([A, B]).plan(parseDomain(text)).issues);

  test.each([
    ['says that a stop and start is needed', follower(), ['warning live-needs-power-cycle']],
    [
      'says so for what libvirt keeps of it',
      `<domstatus state='running'>${follower()}</domstatus>`,
      ['warning live-needs-power-cycle'],
    ],
    [
      'says so where something stops it',
      follower().replace("id='7'", "id='7' type='qemu'").replace("type='kvm' ", ''),
      ['error context-mismatch [a,b]', 'warning live-needs-power-cycle'],
    ],
    ['says nothing where nothing changes', follower('clwb'), []],
    ['says nothing of a stored domain', follower().replace(" id='7'", ''), []],
  ])('%s', (_, text, expected) => {
    expect(planned(text)).toEqual(expected);
  });
});
