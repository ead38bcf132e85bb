// Tries lib/cpu/facts/qemu-max.ts, lib/diff/arrival/arguments.ts, lib/diff/arrival/follower.ts,
// lib/diff/arrival/form.ts, lib/diff/arrival/hidden.ts, lib/diff/arrival/identity.ts, lib/diff/arrival/lists.ts,
// lib/diff/arrival/mark.ts, lib/diff/gate/levelling.ts and lib/xml/path.ts as well.
import { gateVerdict } from '../lib/gate.ts';
import { createPool } from '../lib/pool.ts';
import { undoRewrite } from '../lib/record/record.ts';
import type { GateOperation } from '../types/gate.ts';
import type { Host } from '../types/host.ts';
import { told } from './support/findings.ts';
import { poolOf, said } from './support/gate.ts';
import { host, type HostFacts } from './support/host.ts';
import { rewriteView, type RewriteView } from './support/rewrite.ts';

/** A host with the libvirt and QEMU of a release. */
function released(libvirt: string, qemu: string | undefined) {
  return (name: string, features: readonly string[], facts: HostFacts = {}): Host => ({
    ...host(name, features, { libvirtVersion: libvirt, ...facts }),
    qemuVersion: qemu,
  });
}

const older = released('9.0.0', '7.2.22');
const newer = released('11.3.0', '10.0.13');
const A = older('A', ['aes']);
const B = newer('B', ['aes', 'erms', 'amd-psfd', 'succor']);
const C = newer('C', ['aes', 'erms', 'amd-psfd', 'succor']);
const POOL = [A, B];
const OPTIONS = { cpu: { onArrival: true } } as const;
/** What B's QEMU may show, and A's libvirt has no name for. */
const LIST = ['amd-psfd', 'bhi-no', 'kvm-asyncpf-vmexit', 'succor'];

const PLAIN = `<domain type='kvm'>
  <name>web</name>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
  </os>
  <cpu mode='host-passthrough'/>
</domain>
`;
const levelled = (hosts: readonly Host[] = POOL, xml = PLAIN): RewriteView =>
  rewriteView(xml, hosts, OPTIONS);
const formOf = (name: string, hosts: readonly Host[] = POOL): string => levelled(hosts).perHost[name] ?? '';
const lines = (driver: string, ...names: readonly string[]): string =>
  names
    .map(
      (name) => `    <qemu:arg value='-global'/>\n    <qemu:arg value='${driver}-x86_64-cpu.${name}=off'/>\n`,
    )
    .join('');
const mark = `  <metadata>
    <arrival:levelled xmlns:arrival='urn:libvirt-migratable:arrival:1' off='${LIST.join(' ')}'/>
  </metadata>
`;

/** The same form for all hosts, in which QEMU is told these. */
function formWith(names: readonly string[]): string {
  const list =
    names.length === 0 ? '' : `  <qemu:commandline>\n${lines('host', ...names)}  </qemu:commandline>\n`;
  return PLAIN.replace('</name>\n', `</name>\n${mark}`)
    .replace(
      "host-passthrough'/>",
      `host-passthrough'>\n    <feature policy='disable' name='erms'/>\n  </cpu>`,
    )
    .replace('</domain>', `${list}</domain>`)
    .replace(
      "type='kvm'",
      names.length === 0
        ? "type='kvm'"
        : "type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'",
    );
}

describe('the form that is levelled on arrival', () => {
  test('disables what every libvirt can name, and has the rest in the form of the host that needs it', () => {
    const { shared, perHost } = levelled();
    expect(shared).toBe(formWith([]));
    expect(perHost['A']).toBe(formWith([]));
    expect(perHost['B']).toBe(formWith(LIST));
  });

  test.each(['A', 'B'])('is the same again: that of %s', (name) => {
    const again = levelled(POOL, formOf(name));
    expect(again.shared).toBe(formOf(name));
    expect(again.perHost[name]).toBe(formOf(name));
    expect(createPool(POOL).check(formOf(name)).safe).toBe(true);
  });

  test('becomes that of another host, whichever list it has', () => {
    expect(levelled(POOL, formOf('A')).perHost['B']).toBe(
      formWith(LIST).replace("'>\n  <name", "'>\n  <name"),
    );
    const { perHost } = levelled(POOL, formOf('B'));
    expect(perHost['A']).not.toContain('-global');
    expect(createPool(POOL).check(perHost['A'] ?? '').safe).toBe(true);
  });

  test('has no list of what goes with a line of the guest, and is the same again', () => {
    const hosts = [released('9.0.0', '10.0.13')('A', ['aes']), newer('B', ['aes'])];
    const off = PLAIN.replace('/>\n</', "><feature policy='disable' name='svm'/></cpu>\n</");
    const { shared } = levelled(hosts, off.replace('disable', 'forbid'));
    expect([levelled(hosts).shared, shared].map((xml) => xml.includes('vnmi'))).toEqual([true, false]);
    const differing = [released('9.0.0', '10.0.13')('A', ['aes', 'svm']), newer('B', ['aes'])];
    for (const [text, some] of [[off, hosts] as const, [PLAIN, differing] as const])
      for (const self of ['A', 'B']) {
        const form = levelled(some, text).perHost[self] ?? '';
        expect(said(gateVerdict(form, poolOf(some, self), 'prepare'))).toBe('open');
      }
    const demanding = { ...OPTIONS, accept: ['conflicts'] } as const;
    const once = rewriteView(off.replace('disable', 'require'), hosts, demanding).shared;
    expect(rewriteView(once, hosts, demanding).shared).toBe(once);
  });

  test('is undone with its mark', () => {
    for (const xml of [
      PLAIN,
      PLAIN.replace('</name>', "</name>\n  <metadata>\n    <x xmlns='urn:x'/>\n  </metadata>"),
    ]) {
      const { perHost } = rewriteView(xml, POOL, { ...OPTIONS, record: true });
      expect(perHost['B']).toContain('arrival:levelled');
      expect(undoRewrite(perHost['B'] ?? '')).toBe(xml);
    }
  });

  test('loses its mark and its lists where nothing needs them any more', () => {
    const { perHost } = levelled(
      [B, C].map((one) => ({ ...one, qemuVersion: '10.0.13' })),
      formOf('B'),
    );
    expect(perHost['B']).toContain("off='bhi-no'");
    expect(perHost['B']).not.toContain('amd-psfd');
  });

  test.each<[string, readonly Host[], string, string]>([
    [
      'a named model',
      POOL,
      PLAIN.replace("<cpu mode='host-passthrough'/>", '<cpu><model>qemu64</model></cpu>'),
      'error arrival-refused',
    ],
    ['another architecture', POOL, PLAIN.replace("'x86_64'", "'i686'"), 'error arrival-refused'],
    [
      'a QEMU of which nobody knows the version',
      [A, released('11.3.0', undefined)('B', ['aes', 'amd-psfd'])],
      PLAIN,
      'open',
    ],
    [
      'a QEMU between two that were measured',
      [released('9.0.0', '8.2.0')('A', ['aes']), B],
      PLAIN,
      'error arrival-unknown',
    ],
    [
      'a QEMU older than all that were measured',
      [released('9.0.0', '6.2.0')('A', ['aes']), B],
      PLAIN,
      'open',
    ],
    ['a weak source', [A, newer('B', ['aes'], { fallback: 'allow' })], PLAIN, 'error weak-source-requires'],
  ])('%s', (_, hosts, xml, expected) => {
    const { ok, issues } = levelled(hosts, xml);
    const errors = told(issues.filter(({ severity }) => severity === 'error'));
    expect(ok ? 'open' : errors.join('; ')).toContain(expected);
  });

  test("makes a host-model CPU the host's own, and back", () => {
    const model = PLAIN.replace(
      "'host-passthrough'/>",
      "'host-model' check='partial'>\n    <model fallback='allow'/>\n  </cpu>",
    );
    const { perHost } = levelled(POOL, model);
    expect(perHost['B']).toBe(formWith(LIST).replace("passthrough'", "passthrough' check='none'"));
    const recorded = rewriteView(model, POOL, { ...OPTIONS, record: true });
    expect(undoRewrite(recorded.perHost['B'] ?? '')).toBe(model);
  });

  test('leaves the controls of VMX to the hosts where it is off, and asks about them where it is not', () => {
    const nested = [older('A', ['aes', 'vmx']), newer('B', ['aes', 'vmx', 'vmx-ept'])];
    const { issues } = levelled(nested);
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(told(errors)).toEqual(['error arrival-unknown vmx-ept [A]']);
    const { perHost } = rewriteView(PLAIN, nested, { ...OPTIONS, also: { nested: 'off' } });
    expect(perHost['B']).toContain("<feature policy='disable' name='vmx'/>");
    expect(perHost['B']).not.toContain('vmx-');
    expect(gateVerdict(perHost['B'] ?? '', poolOf(nested, 'B'), 'prepare').decision).toBe('open');
    expect(gateVerdict(perHost['A'] ?? '', poolOf(nested, 'B'), 'migrate').decision).toBe('levelled');
    // Without VMX there are none, whatever QEMU could.
    const [one, other] = [released('11.3.0', '11.1.3')('A', ['aes']), newer('B', ['aes'])];
    expect(levelled([one, other]).perHost['A']).not.toContain('vmx-');
  });

  test('is the way out where no other keeps the guest equal', () => {
    const { issues } = rewriteView(PLAIN, POOL);
    expect(issues.flatMap((one) => (one.code === 'way-out' ? one.options : []))).toEqual(['pin']);
    const several = PLAIN.replace(
      "passthrough'/>",
      "passthrough'><topology sockets='1' cores='2' threads='1'/></cpu>",
    );
    const { issues: others } = rewriteView(several, POOL);
    expect(others.flatMap((one) => (one.code === 'way-out' ? one.options : []))).toEqual(['onArrival']);
  });

  test('states what an emulated CPU is, where QEMU of its hosts does not agree', () => {
    const emulated = [older('A', ['aes'], { virtType: 'qemu' }), newer('B', ['aes'], { virtType: 'qemu' })];
    const xml = PLAIN.replace("'kvm'", "'qemu'").replace('host-passthrough', 'maximum');
    expect(told(rewriteView(xml, emulated).issues)).toContainEqual(
      expect.stringContaining('emulated-cpu-differs'),
    );
    const { shared } = levelled(emulated, xml);
    for (const word of ['family=15', 'model=107', 'stepping=1'])
      expect(shared).toContain(`<qemu:arg value='max-x86_64-cpu.${word}'/>`);
  });

  test.each([{ guard: true }, { pin: true }])('is no form beside %j', (other) => {
    expect(() => createPool(POOL).rewrite(PLAIN, { cpu: { ...OPTIONS.cpu, ...other } })).toThrow(TypeError);
  });
});

describe('the gate, of a guest that is levelled on arrival', () => {
  test('puts the list of its host in, and takes it out, byte by byte', () => {
    const there = gateVerdict(formOf('A'), poolOf(POOL, 'B'), 'migrate');
    expect(said(there)).toBe('levelled; warning guest-levelled [B]');
    expect(there.xml).toBe(formWith(LIST));
    const back = gateVerdict(there.xml, poolOf(POOL, 'A'), 'migrate');
    expect(said(back)).toBe('levelled; warning guest-levelled [A]');
    const empty = '  <qemu:commandline>\n  </qemu:commandline>\n</domain>';
    expect(back.xml).toBe(formWith(LIST).replace(lines('host', ...LIST), ''));
    expect(back.xml).toContain(empty);
    const again = gateVerdict(back.xml, poolOf(POOL, 'B'), 'restore');
    expect(again.xml).toBe(formWith(LIST));
  });

  test('leaves what else is handed to QEMU', () => {
    const own = "    <qemu:arg value='-global'/>\n    <qemu:arg value='ICH9-LPC.disable_s3=1'/>\n";
    const env = "    <qemu:env name='A' value='b'/>\n";
    const given = formWith(LIST)
      .replace('<qemu:commandline>\n', `<qemu:commandline>\n${own}`)
      .replace('  </qemu:c', `${env}  </qemu:c`);
    const back = gateVerdict(given, poolOf(POOL, 'A'), 'migrate');
    expect(back.xml).toBe(given.replace(lines('host', ...LIST), ''));
  });

  test.each<[string, string, string, GateOperation, string]>([
    ['starts on A', 'A', 'A', 'prepare', 'open'],
    ['starts on B', 'B', 'B', 'prepare', 'open'],
    ["starts on B in A's form", 'A', 'B', 'prepare', 'closed; error guest-not-levelled [B]'],
    ["starts on A in B's form", 'B', 'A', 'prepare', 'closed; error guest-not-levelled [A]'],
    ['comes back to B', 'B', 'B', 'restore', 'open'],
    ['comes from a host like B', 'B', 'B', 'migrate', 'open'],
  ])('%s', (_, form, self, operation, expected) => {
    expect(said(gateVerdict(formOf(form), poolOf(POOL, self), operation))).toBe(expected);
  });

  test('arrives at one of several hosts that have what its own lacks', () => {
    const hosts = [A, B, C];
    for (const self of ['B', 'C'])
      expect(gateVerdict(formOf('A', hosts), poolOf(hosts, self), 'migrate').decision).toBe('levelled');
    const unmarked = formOf('A', hosts).replace(/ *<arrival:.*\n/, '');
    expect(gateVerdict(unmarked, poolOf(hosts, 'B'), 'migrate').decision).toBe('closed');
  });

  test('is not let in by a gate of other hosts, where it cannot tell', () => {
    const alone = poolOf([older('D', ['aes']), A], 'A');
    expect(said(gateVerdict(formOf('B'), alone, 'migrate'))).toBe('closed; error guest-mark-differs [A]');
    // What all hosts of the pool have, and the guest has not, stays off.
    const rest = gateVerdict(formOf('A'), poolOf([B, C, A], 'B'), 'migrate');
    expect(rest.xml).toContain('host-x86_64-cpu.succor=off');
    const grown = formOf('A').replace('amd-psfd bhi-no', 'bhi-no');
    expect(said(gateVerdict(grown, poolOf([A, B, C], 'B'), 'migrate'))).toContain('guest-mark-differs');
    expect(said(gateVerdict(grown, poolOf([A, B], 'B'), 'migrate'))).toContain('levelled');
  });

  test('tells each host its list', () => {
    const { hosts } = poolOf(POOL, 'A');
    expect(hosts.map(({ name, off, absent }) => ({ name, off, absent }))).toEqual([
      { name: 'A', off: [], absent: LIST },
      { name: 'B', off: LIST, absent: [] },
    ]);
  });
});

test('a running guest can go where its gate levels it, if it was told where it runs', () => {
  const live = (form: string): string => formOf(form).replace('<domain ', "<domain id='1' ");
  const ask = (form: string, runningOn?: string): readonly string[] =>
    (createPool(POOL).check(live(form), runningOn === undefined ? {} : { runningOn }).running ?? []).map(
      ({ host: name, now }) => `${name} ${now}`,
    );
  expect(ask('A', 'A')).toEqual(['A yes', 'B yes']);
  expect(ask('B', 'B')).toEqual(['A yes', 'B yes']);
  expect(ask('A', 'B')).toEqual(['A unknown', 'B yes']);
});
