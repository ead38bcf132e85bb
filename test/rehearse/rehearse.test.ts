// Tries lib/rehearse/cures.ts, lib/rehearse/guest-incidents.ts, lib/rehearse/hosts.ts, lib/rehearse/machines.ts,
// lib/rehearse/moves.ts, lib/rehearse/pair.ts, lib/rehearse/reasons.ts, lib/rehearse/sides.ts,
// lib/rehearse/started.ts and lib/rehearse/verdicts.ts as well.
import { rehearse } from '../../lib/rehearse/rehearse.ts';
import { hostFromFeatures } from '../../lib/parser/host/from-features.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import { createPool } from '../../lib/pool.ts';
import type { Host } from '../../types/host.ts';
import type { RehearsedGuest, RehearseOptions } from '../../types/rehearsal.ts';
import { hostOf } from '../support/pool.ts';
import { captured, captureText, guestWith, type Capture, type GuestLook } from './captures.ts';

function guestOf(
  [before, after]: readonly [Host, Host],
  xml: string,
  options: RehearseOptions = {},
): RehearsedGuest {
  const [guest] = rehearse([before], [after], { ...options, guests: [xml] }).guests;
  if (guest === undefined) throw new Error('there is a guest');
  return guest;
}

/** Forward, back, next start. */
function outcomesOf({ moves, starts }: RehearsedGuest): readonly string[] {
  return [...moves, ...starts].map(({ outcome }) => outcome);
}

function curesOf({ cures }: RehearsedGuest): readonly string[] {
  return cures.map(({ kind, options, proved }) =>
    [kind, ...options, ...(proved ? ['proved'] : [])].join(' '),
  );
}

const TO_13: readonly [Capture, Capture] = ['debian-12-kvm', 'debian-13-kvm'];
const TO_NEWEST: readonly [Capture, Capture] = ['debian-13-kvm', 'newest-kvm'];
const EMULATED: readonly [Capture, Capture] = ['debian-12-qemu', 'debian-13-qemu'];
const PINNED = ['rewrite pin proved'];
const ON_ARRIVAL = ['rewrite onArrival per-host proved'];

// What was measured by live migrations between these releases on one processor.
test.each<[string, readonly [Capture, Capture], string, GuestLook, readonly string[], readonly string[]]>([
  ['passes its host on', TO_13, 'host-passthrough', {}, ['changes', 'changes', 'changes'], PINNED],
  ['passes all on', TO_13, 'maximum', {}, ['changes', 'changes', 'changes'], PINNED],
  ['has host-model', TO_13, 'host-model', {}, ['equal', 'refused', 'changes'], PINNED],
  ['has a named model', TO_13, 'kvm64', {}, ['equal', 'equal', 'equal'], []],
  [
    'has a named model and two cores',
    TO_13,
    'kvm64',
    { cores: 2 },
    ['refused', 'refused', 'equal'],
    ['step', 'step proved'],
  ],
  [
    'passes its host on, with two cores',
    TO_13,
    'host-passthrough',
    { cores: 2 },
    ['changes', 'changes', 'changes'],
    ON_ARRIVAL,
  ],
  [
    'has host-model and two cores',
    TO_13,
    'host-model',
    { cores: 2 },
    ['refused', 'refused', 'changes'],
    ON_ARRIVAL,
  ],
  ['passes its host on', TO_NEWEST, 'host-passthrough', {}, ['changes', 'changes', 'changes'], PINNED],
  ['has host-model', TO_NEWEST, 'host-model', {}, ['changes', 'refused', 'changes'], PINNED],
  [
    'has a named model and two cores',
    TO_NEWEST,
    'kvm64',
    { cores: 2 },
    ['equal', 'refused', 'equal'],
    ['step', 'step proved'],
  ],
  ['has a named model', TO_NEWEST, 'kvm64', {}, ['equal', 'equal', 'equal'], []],
  [
    'is emulated and has a named model that QEMU learned more of',
    EMULATED,
    'EPYC',
    { type: 'qemu' },
    ['equal', 'refused', 'changes'],
    ['rewrite proved'],
  ],
])('a guest that %s: %j, %s %j', (_, [before, after], cpu, look, outcomes, cures) => {
  const guest = guestOf([captured(before), captured(after)], guestWith(cpu, look));
  expect([outcomesOf(guest), curesOf(guest)]).toEqual([outcomes, cures]);
  expect(guest.ok).toBe(outcomes.every((one) => one === 'equal'));
});

test('a guest without a machine type becomes what the one with libvirt’s default becomes', () => {
  const both = [captured('debian-12-kvm'), captured('debian-13-kvm')] as const;
  const xml = guestWith('kvm64', { machine: 'pc' });
  const named = guestOf(both, xml);
  const own = guestOf(both, xml.replace(" machine='pc'", ''));
  expect([own.moves, own.starts, curesOf(own)]).toEqual([named.moves, named.starts, curesOf(named)]);
  expect(own.starts[0]?.machine).toEqual({ before: 'pc-i440fx-7.2', after: 'pc-i440fx-10.0' });
});

test.each<[string, GuestLook]>([
  ['', {}],
  ["<cpu><topology sockets='1' dies='1' cores='2' threads='1'/></cpu>", { cores: 2 }],
  ['<cpu/>', { lines: '' }],
])('a guest without a model (%s) becomes what the one that libvirt writes into it becomes', (cpu, look) => {
  const both = [captured('debian-12-kvm'), captured('debian-13-kvm')] as const;
  const named = guestWith('qemu64', look);
  const own = guestOf(both, named.replace(/<cpu.*<\/cpu>/, cpu));
  expect([outcomesOf(own), curesOf(own)]).toEqual([
    outcomesOf(guestOf(both, named)),
    curesOf(guestOf(both, named)),
  ]);
  expect(outcomesOf(own)).not.toContain('unknown');
});

test('a guest whose default model is not known says that this is why', () => {
  const old = hostOf('a', { arch: 's390x' });
  const newer = hostOf('a', { arch: 's390x', libvirtVersion: '10.0.0' });
  const type = "<type arch='s390x' machine='pc-q35-7.2'>hvm</type>";
  const xml = `<domain type='kvm'><name>guest</name><os>${type}</os></domain>`;
  for (const { outcome, issues } of guestOf([old, newer], xml).moves)
    expect([outcome, issues.map(({ code }) => code)]).toEqual(['unknown', ['no-cpu-model']]);
});

describe('hosts of two CPU vendors', () => {
  const made = (name: string, vendor: string, ...features: string[]): Host =>
    hostFromFeatures({ name, vendor, features: ['fpu', ...features], libvirtVersion: '9.0.0' });
  const before = [made('i', 'Intel', 'avx'), made('m', 'AMD', 'aes')];
  const after = [made('i', 'Intel', 'avx', 'avx2'), made('m', 'AMD', 'aes', 'sha-ni')];
  const guests = ["<domain type='kvm'><name>g</name><cpu mode='host-passthrough'/></domain>"];

  test('have a cure each, and no moves between them', () => {
    const [guest] = rehearse(before, after, { guests }).guests;
    expect(
      guest?.moves.map(({ way, from, to, outcome }) => [way, ...from, ...to, outcome].join(' ')),
    ).toEqual([...['forward i i changes', 'back i i changes', 'forward m m changes', 'back m m changes']]);
    expect(guest?.cures.map(({ kind, proved, xml }) => [kind, proved, xml])).toEqual([
      ['rewrite', true, undefined],
    ]);
    expect(guest?.cures[0]?.text).toContain('each CPU vendor on their own');
  });

  test('have one cure where it is the same', () => {
    const more = after.map((one) => made(one.name, one.vendor ?? '', ...(one.features ?? []), 'pcid'));
    const old = after.map((one) => made(one.name, one.vendor ?? '', ...(one.features ?? [])));
    const [guest] = rehearse(old, more, { guests }).guests;
    expect(guest?.cures[0]?.xml).toContain("<feature policy='disable' name='pcid'/>");
  });

  test('are moved between where one has none to move to', () => {
    const [guest] = rehearse(before, after.slice(0, 1), { guests }).guests;
    expect(guest?.moves.map(({ from, to, outcome }) => [...from, ...to, outcome].join(' '))).toContain(
      'm i unknown',
    );
    expect([guest?.ok, guest?.cures]).toEqual([false, []]);
  });
});

test('hosts that were asked about another kind of guest say nothing of what this one sees', () => {
  const both = [captured('debian-12-kvm'), captured('debian-13-kvm')] as const;
  const { moves, starts } = guestOf(both, guestWith('host-passthrough', { type: 'qemu' }));
  const nothing = { outcome: 'unknown', gained: [], issues: [{ code: 'context-mismatch' }] };
  expect(moves).toMatchObject([nothing, nothing].map((one) => ({ ...one, missing: [] })));
  expect(starts).toMatchObject([{ ...nothing, lost: [] }]);
});

test('why: names, features, and which', () => {
  const names = ['amd-psfd', 'lfence-always-serializing', 'overflow-recov', 'stibp-always-on', 'succor'];
  const both = [captured('debian-12-kvm'), captured('debian-13-kvm')] as const;
  expect(guestOf(both, guestWith('host-model')).moves[1]).toMatchObject({ way: 'back', unnamed: names });
  const all = ['amd-psfd', 'erms', 'fsrm', 'kvm-asyncpf-vmexit', ...names.slice(1)];
  const [forward, back] = guestOf(both, guestWith('host-passthrough')).moves;
  expect([forward, back]).toMatchObject([
    { gained: all, missing: [] },
    { gained: [], missing: all },
  ]);
});

test('a cure is the domain itself, and is equal when it is rehearsed', () => {
  const both = [captured('debian-12-kvm'), captured('debian-13-kvm')] as const;
  for (const xml of [guestWith('host-passthrough'), guestWith('host-model')]) {
    const cured = guestOf(both, xml).cures.find(({ proved }) => proved)?.xml ?? '';
    expect(cured).toMatch(/<model fallback='forbid'>kvm64</);
    expect(guestOf(both, cured)).toMatchObject({ ok: true, cures: [] });
  }
});

test('a guest that is levelled on arrival is equal in the form of its host, and changes where a start lacks the list', () => {
  const both = [captured('debian-12-kvm'), captured('debian-13-kvm')] as const;
  const named = both.map((host, i) => ({ ...host, name: i === 0 ? 'old' : 'new' }));
  const result = createPool(named).rewrite(guestWith('host-passthrough', { cores: 2 }), {
    cpu: { onArrival: true },
  });
  const forms = named.map(({ name }) => (result.ok ? result.forHost(name).xml : ''));
  expect(forms.map((xml) => outcomesOf(guestOf(both, xml)))).toEqual([
    ['equal', 'changes', 'changes'],
    ['equal', 'equal', 'equal'],
  ]);
  expect(guestOf(both, forms[0] ?? '').cures).toMatchObject([{ options: ['onArrival', 'per-host'] }]);
});

test('hosts: what guests gain and lose, machine types, and aliases', () => {
  const { ok, hosts } = rehearse([captureText('debian-12-kvm')], [captureText('debian-13-kvm')]);
  expect(ok).toBe(false);
  expect(hosts).toMatchObject([
    {
      before: { libvirt: '9.0.0', qemu: '7.2.22' },
      after: { libvirt: '11.3.0', qemu: '10.0.13' },
      ...{ lost: [], unknown: [], byMicrocode: false, modelsLost: [] },
      machinesGone: ['pc-i440fx-2.3'],
      machinesDeprecated: ['pc-i440fx-2.4', 'pc-q35-5.1'],
      aliases: [
        { alias: 'pc', before: 'pc-i440fx-7.2', after: 'pc-i440fx-10.0' },
        { alias: 'q35', before: 'pc-q35-7.2', after: 'pc-q35-10.0' },
      ],
    },
  ]);
});

test.each<Capture>(['debian-12-kvm', 'debian-13-kvm', 'newest-kvm'])(
  '%s twice: nothing happens',
  (capture) => {
    const host = captured(capture);
    const rehearsal = rehearse([host], [host], {
      guests: [guestWith('host-passthrough'), guestWith('host-model')],
    });
    expect(rehearsal.guests.map((guest) => [guest.ok, ...outcomesOf(guest)])).toEqual([
      [true, 'equal', 'equal', 'equal'],
      [true, 'equal', 'equal', 'equal'],
    ]);
    const { ok, hosts } = rehearse([host], [host], { kernel: { before: '6.1', after: '6.1' } });
    expect({ ok, hosts }).toMatchObject({ ok: true, hosts: [{ gained: [], lost: [], incidents: [] }] });
  },
);

test('a microcode that takes a feature away is told as such', () => {
  const text = captureText('debian-12-kvm');
  const updated = text
    .replace("<microcode version='16777317'/>", "<microcode version='16777400'/>")
    .replace("<feature policy='require' name='clwb'/>", '');
  const { hosts, guests } = rehearse([text], [updated], { guests: [guestWith('host-passthrough')] });
  expect(hosts).toMatchObject([{ lost: ['clwb'], gained: [], byMicrocode: true }]);
  expect(guests.map(outcomesOf)).toEqual([['changes', 'changes', 'changes']]);
  expect(guests.map(curesOf)).toEqual([['rewrite proved']]);
  // Another kernel may be the reason as well.
  const kernel = { before: '6.1', after: '6.12' };
  expect(rehearse([text], [updated], { kernel }).hosts).toMatchObject([{ byMicrocode: false }]);
});

test('a machine type that is gone, one that is deprecated, and an alias', () => {
  const both = [captured('debian-12-kvm'), captured('debian-13-kvm')] as const;
  const gone = guestOf(both, guestWith('kvm64', { machine: 'pc-i440fx-2.3' }));
  expect(outcomesOf(gone)).toEqual(['refused', 'unknown', 'fails']);
  expect(gone.incidents.map(({ incident, way }) => `${incident.id} ${way}`)).toContain(
    'machine-gone forward',
  );
  const deprecated = guestOf(both, guestWith('kvm64', { machine: 'pc-q35-5.1' }));
  expect(deprecated.starts).toMatchObject([{ deprecated: true }]);
  const alias = guestOf(both, guestWith('kvm64', { machine: 'q35' }));
  expect(alias.starts).toMatchObject([
    { outcome: 'changes', machine: { before: 'pc-q35-7.2', after: 'pc-q35-10.0' } },
  ]);
  // What runs has the versioned type: that of the host where it was defined, which an older QEMU does not have.
  expect(alias.moves.map(({ outcome }) => outcome)).toEqual(['equal', 'refused']);
});

test('a pool: hosts that are alike stand together, those of one side are named', () => {
  const before = ['kvm-1', 'kvm-2', 'kvm-3'].map((name) => captured('debian-12-kvm', name));
  const after = ['kvm-1', 'kvm-2', 'kvm-4'].map((name) => captured('debian-13-kvm', name));
  const { hosts, onlyBefore, onlyAfter, guests } = rehearse(before, after, {
    guests: [guestWith('host-model')],
  });
  expect(hosts).toMatchObject([{ hosts: ['kvm-1', 'kvm-2'] }]);
  expect([onlyBefore, onlyAfter]).toEqual([['kvm-3'], ['kvm-4']]);
  expect(guests[0]?.moves).toMatchObject([
    { from: ['kvm-1', 'kvm-2', 'kvm-3'], to: ['kvm-1', 'kvm-2', 'kvm-4'] },
    { from: ['kvm-1', 'kvm-2', 'kvm-4'], to: ['kvm-1', 'kvm-2', 'kvm-3'] },
  ]);
});

test('hosts whose clocks differ by a little are of one kind', () => {
  const clocked = (name: string, frequency: number): Host =>
    parseHost(captureText('debian-12-kvm').replace(/frequency='\d+'/, `frequency='${frequency}'`), { name });
  const hosts = [clocked('a', 2_596_096_000), clocked('b', 2_596_100_000)];
  expect(rehearse(hosts, hosts).hosts.map((one) => one.hosts)).toEqual([['a', 'b']]);
});

test('hosts that are not all upgraded: every way between them is told', () => {
  const before = [captured('debian-12-kvm', 'a'), captured('debian-12-kvm', 'b')];
  const after = [captured('debian-13-kvm', 'a'), captured('debian-12-kvm', 'b')];
  const [guest] = rehearse(before, after, { guests: [guestWith('host-passthrough')] }).guests;
  expect(guest?.moves.map(({ way, to, outcome }) => `${way} ${to.join('+')} ${outcome}`)).toEqual([
    ...['forward a changes', 'back a+b changes', 'forward b equal', 'back a+b equal'],
  ]);
  expect(guest?.starts.map(({ hosts, outcome }) => `${hosts.join('+')} ${outcome}`)).toEqual([
    ...['a changes', 'b equal'],
  ]);
});

test('a guest of another kind than the captures is known of nobody', () => {
  const both = [captured('debian-12-kvm'), captured('debian-13-kvm')] as const;
  const guest = guestOf(both, guestWith('host-passthrough', { type: 'qemu' }));
  expect(guest.ok).toBe(false);
  expect(guest.moves.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
});

test('captures about another machine type hold where QEMU sets the same for both', () => {
  const both = [captured('debian-12-kvm'), captured('debian-13-kvm')] as const;
  expect(outcomesOf(guestOf(both, guestWith('kvm64', { machine: 'pc-i440fx-7.2' })))).toEqual([
    ...['equal', 'equal', 'equal'],
  ]);
  // 5.1 is older than some compat properties of QEMU 10.
  expect(outcomesOf(guestOf(both, guestWith('kvm64', { machine: 'pc-q35-5.1' })))).toEqual([
    ...['unknown', 'unknown', 'unknown'],
  ]);
});

test('a guest that has no name is called by its position', () => {
  const host = parseHost(captureText('debian-12-kvm'), { name: 'a' });
  const { guests } = rehearse([host], [host], {
    guests: ["<domain type='kvm'/>", { xml: "<domain type='kvm'/>", name: 'x' }],
  });
  expect(guests.map(({ name }) => name)).toEqual(['guest-1', 'x']);
});

test('what cannot be rehearsed throws', () => {
  const host = captured('debian-12-kvm');
  expect(() => rehearse([], [host])).toThrow(RangeError);
  expect(() => rehearse([host], [])).toThrow(RangeError);
  expect(() => rehearse([host], [host], { guests: ['<domain>'] })).toThrow(/does not end|never closed|end/);
  expect(() => rehearse([host], [host], { kernels: {} } as RehearseOptions)).toThrow(TypeError);
});

test('what it gives is frozen, and plain data', () => {
  const host = captured('debian-12-kvm');
  const rehearsal = rehearse([host], [captured('debian-13-kvm')], { guests: [guestWith('host-model')] });
  expect(Object.isFrozen(rehearsal.guests[0]?.moves[0])).toBe(true);
  expect(structuredClone(rehearsal).guests[0]?.name).toBe('guest');
});
