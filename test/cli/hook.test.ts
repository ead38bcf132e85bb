// Tries lib/cli/hook/bin.ts, lib/cli/hook/exit-codes.ts and lib/cli/hook/world.ts as well.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { call, COPIES, edit, gate, INSTALL, ON_B, PROGRAM, SCRIPT, STATE } from './gate.ts';
import { domain, folder, HOSTS, off, run, SHARED, shell, text } from './run.ts';

/** What b has and a lacks is off; and the other way round. */
const GAINS = domain(off('clwb'), off('lahf_lm'));
const MISSING =
  'virt-migratable: domain web-01 may not migrate to b: host b lacks clwb, lahf_lm, which the domain may be using: it was started without disabling them';

function everything(path: string): readonly string[] {
  return readdirSync(path, { recursive: true }).map(String).sort();
}

describe('the gate lets through', () => {
  const cwd = gate();

  test.each([
    ['a safe guest that arrives', 'web-01 migrate begin -', SHARED],
    ['one that comes back', 'web-01 restore begin -', SHARED],
    ['one that starts', 'web-01 prepare begin -', SHARED],
    ['one that follows a lesser host', 'web-01 prepare begin -', domain(off('clflushopt'))],
  ])('%s', (_, words, xml) => {
    expect(call(cwd, words, xml)).toEqual({ code: 0, out: '', err: '' });
  });

  test.each([
    'web-01 reconnect begin -',
    'web-01 started begin -',
    'web-01 stopped end -',
    'web-01 release end -',
    'web-01 attach begin -',
    'web-01 migrate end -',
    'web-01 no-such-thing begin -',
    'web-01',
    '',
  ])('whatever happens: "%s"', (words) => {
    for (const xml of [domain(), '', Buffer.from([0, 255, 254, 10]), 'x'.repeat(3_000_000)])
      expect(call(cwd, words, xml)).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('the gate refuses', () => {
  const cwd = gate();

  test('a guest that may lose, or gain, with one line that says what', () => {
    const { code, out, err } = call(cwd, 'web-01 migrate begin -', domain());
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      `${MISSING}; host b has clflushopt, which a lacks: the domain was started without disabling it and might gain it on arrival\n`,
    );
  });

  test('a start that no other host could take over', () => {
    expect(call(cwd, 'web-01 prepare begin -', domain())).toEqual({
      code: 1,
      out: '',
      err: 'virt-migratable: domain web-01 may not start on b: started on b, the domain may have clflushopt, which a lacks: disable it in its XML\n',
    });
  });

  test.each<[string, string | Buffer, string]>([
    ['nothing', '', 'its XML cannot be read: 1:1: the document is empty'],
    ['no XML', 'hello', 'its XML cannot be read: 1:1: there is text outside the root element'],
    ['no text', Buffer.from([0xff, 0xfe, 0, 1]), "the domain's XML is written in UTF-16"],
    [
      'a guest of another kind',
      domain().replace('kvm', 'qemu'),
      'run "virsh domcapabilities --virttype qemu" there',
    ],
  ])('%s', (_, xml, words) => {
    const { code, out, err } = call(cwd, 'web-01 migrate begin -', xml);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: text(words) });
    expect(err.match(/\n/g)).toHaveLength(1);
  });

  test('a name with a line break in one line', () => {
    const { status, stderr } = spawnSync(join(cwd, SCRIPT), ['we\nb', 'migrate', 'begin', '-'], {
      input: domain(),
    });
    expect([status, stderr.toString()]).toEqual([
      1,
      text(/^virt-migratable: domain we\?b may not migrate[^\n]*\n$/),
    ]);
  });
});

describe('without facts', () => {
  const broken: readonly (readonly [string, (state: string, copy: string) => void, string])[] = [
    [
      'missing',
      (state) => {
        rmSync(state);
      },
      'are missing',
    ],
    [
      'damaged',
      (state) => {
        writeFileSync(state, '{"format":"virt-migratable gate"');
      },
      'are damaged',
    ],
    [
      'of another version',
      (state) => {
        edit(state, '"schemaVersion":4', '"schemaVersion":1');
      },
      'another version',
    ],
    [
      'incomplete',
      (state) => {
        edit(state, '"common":[', '"common":[7,');
      },
      'are damaged',
    ],
    [
      'stale',
      (_, copy) => {
        appendFileSync(copy, '\n');
      },
      'are stale: ',
    ],
    [
      'too old',
      (state) => {
        utimesSync(state, 1, 1);
      },
      'are older than 30 days',
    ],
  ];

  test.each(broken)('%s: closed, and open where that was chosen', (_, breaking, words) => {
    const cwd = gate('--max-age', '30');
    breaking(join(cwd, STATE), join(cwd, COPIES[0] ?? ''));
    expect(call(cwd, 'web-01 migrate begin -', SHARED)).toEqual({ code: 1, out: '', err: text(words) });
    const open = gate('--max-age', '30', '--on-error', 'allow');
    breaking(join(open, STATE), join(open, COPIES[0] ?? ''));
    expect(call(open, 'web-01 migrate begin -', domain())).toEqual({ code: 0, out: '', err: text(words) });
    expect(call(open, 'web-01 reconnect begin -', '')).toEqual({ code: 0, out: '', err: '' });
  });

  test.each([
    ['deny', 1, 'domain web-01: the check itself failed'],
    ['allow', 0, 'domain web-01 passes unjudged: the check itself failed'],
  ])('and without Node.js: %s', (choice, code, words) => {
    const cwd = gate('--on-error', choice);
    const script = readFileSync(join(cwd, SCRIPT), 'utf8').replace(process.execPath, '/no/such/node');
    writeFileSync(join(cwd, SCRIPT), script);
    expect(call(cwd, 'web-01 migrate begin -', SHARED)).toEqual({
      code,
      out: '',
      err: text(words),
    });
    expect(call(cwd, 'web-01 reconnect begin -', SHARED)).toEqual({ code: 0, out: '', err: '' });
  });

  test('closed, when nothing was ever installed', () => {
    const ran = run(folder(), ['hook', '--hooks-dir', 'hooks', 'web-01', 'migrate', 'begin', '-'], {
      input: SHARED,
    });
    expect(ran).toEqual({ code: 1, out: '', err: text("the pool's facts are missing") });
  });
});

describe('a rescue', () => {
  test('prints the XML with what the guest would gain turned off', () => {
    const cwd = gate('--rescue', '--log', 'log');
    const { code, out, err } = call(cwd, 'web-01 migrate begin -', GAINS);
    expect(code).toBe(0);
    expect(out).toContain("<qemu:arg value='host-x86_64-cpu.clflushopt=off'/>");
    expect(
      out
        .replace(/ xmlns:qemu='[^']*'/, '')
        .replace(/\n {2}<qemu:commandline>[\s\S]*<\/qemu:commandline>/, ''),
    ).toBe(GAINS);
    expect(err).toBe(
      "virt-migratable: domain web-01 passes: clflushopt of host b is kept from the domain with QEMU's -global; libvirt marks it as tainted (custom-argv, hook-script)\n",
    );
    expect(readFileSync(join(cwd, 'log'), 'utf8')).toMatch(
      / verdict=rescued exit=0 features=clflushopt reason="/,
    );
    expect(call(cwd, 'web-01 migrate begin -', out)).toEqual({ code: 0, out: '', err: '' });
  });

  test('is none where the guest would lose something', () => {
    expect(call(gate('--rescue'), 'web-01 migrate begin -', domain())).toMatchObject({ code: 1, out: '' });
  });

  test('is none without the option', () => {
    expect(call(gate(), 'web-01 migrate begin -', GAINS)).toMatchObject({ code: 1, out: '' });
  });
});

describe('the log', () => {
  test('has a line for each verdict', () => {
    const cwd = gate('--log', 'log');
    call(cwd, 'web-01 migrate begin -', SHARED);
    call(cwd, 'web-01 prepare begin -', domain());
    call(cwd, 'web-01 migrate begin -', '');
    call(cwd, 'web-01 started begin -', SHARED);
    const lines = readFileSync(join(cwd, 'log'), 'utf8').trim().split('\n');
    expect(
      lines.map((line) => line.replace(/^\S+ virt-migratable\[\d+\]: /, '').replace(/ reason=.*/, '')),
    ).toEqual([
      'guest=web-01 operation=migrate host=b verdict=open exit=0',
      'guest=web-01 operation=prepare host=b verdict=closed exit=1 features=clflushopt',
      'guest=web-01 operation=migrate host=b verdict=error exit=1',
    ]);
  });

  test('that cannot be written changes no verdict, and a pipe is not waited for', () => {
    const cwd = gate('--log', 'no/such/folder/log');
    expect(call(cwd, 'web-01 migrate begin -', SHARED)).toEqual({ code: 0, out: '', err: '' });
    const piped = gate('--log', 'pipe');
    shell(piped, 'mkfifo pipe');
    expect(call(piped, 'web-01 migrate begin -', domain())).toMatchObject({ code: 1, out: '' });
  });
});

describe('install', () => {
  test('writes one executable, the host files and the verdict', () => {
    const cwd = folder();
    const { code, out } = run(cwd, ON_B);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toEqual(
      [PROGRAM, ...COPIES, STATE, SCRIPT].map((path) => join(cwd, path)),
    );
    expect(everything(join(cwd, 'hooks'))).toEqual(
      [
        PROGRAM,
        ...COPIES,
        STATE,
        SCRIPT,
        'hooks/qemu.d',
        'hooks/virt-migratable',
        'hooks/virt-migratable/hosts',
      ]
        .map((path) => path.replace('hooks/', ''))
        .sort(),
    );
    expect(statSync(join(cwd, SCRIPT)).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(cwd, COPIES[0] ?? ''))).toEqual(readFileSync(join(cwd, 'kvm-a.xml')));
  });

  test('again changes nothing, with hosts or without', () => {
    const cwd = gate('--rescue', '--log', 'log', '--max-age', '9');
    const read = (): readonly string[] =>
      [PROGRAM, ...COPIES, STATE, SCRIPT].map((path) => readFileSync(join(cwd, path), 'utf8'));
    const before = read();
    expect(run(cwd, [...ON_B, '--rescue', '--log', 'log', '--max-age', '9']).code).toBe(0);
    expect(read()).toEqual(before);
    expect(run(cwd, INSTALL).code).toBe(0);
    expect(read()).toEqual(before);
  });

  test('takes in a host file that was replaced', () => {
    const cwd = gate();
    writeFileSync(join(cwd, COPIES[0] ?? ''), readFileSync(join(cwd, 'kvm-b.xml')));
    expect(call(cwd, 'web-01 migrate begin -', domain())).toMatchObject({ code: 1, err: text('stale') });
    expect(run(cwd, INSTALL).code).toBe(0);
    expect(call(cwd, 'web-01 migrate begin -', domain())).toEqual({ code: 0, out: '', err: '' });
  });

  test('forgets the file of a host that left', () => {
    const cwd = gate();
    run(cwd, [...INSTALL, '--host', 'b=kvm-b.xml', '--host', 'c=kvm-a.xml', '--self', 'b']);
    expect(readdirSync(join(cwd, 'hooks/virt-migratable/hosts'))).toEqual(['b.xml', 'c.xml']);
  });

  test("knows this machine's own name", () => {
    const cwd = folder();
    const hosts = ['--host', `${hostname()}=kvm-a.xml`, '--host', 'b=kvm-b.xml'];
    expect(JSON.parse(run(cwd, [...INSTALL, ...hosts, '--json']).out)).toMatchObject({
      schemaVersion: 1,
      self: hostname(),
      settings: { onError: 'deny', rescue: false, log: null, maxAgeDays: null },
    });
  });

  test('keeps what it knows elsewhere, on request', () => {
    const cwd = folder();
    expect(run(cwd, [...ON_B, '--state-dir', "it's here"]).code).toBe(0);
    expect(everything(join(cwd, 'hooks'))).toEqual(['qemu.d', 'qemu.d/virt-migratable']);
    expect(call(cwd, 'web-01 migrate begin -', domain())).toMatchObject({ code: 1, err: text(MISSING) });
  });

  test.each<[string, readonly string[], number, string]>([
    ['no hosts', INSTALL, 2, 'no hosts given'],
    ['one host', [...INSTALL, '--host', 'b=kvm-b.xml', '--self', 'b'], 2, 'at least two hosts'],
    ['a stranger as self', [...INSTALL, ...HOSTS, '--self', 'c'], 2, 'there is no host "c"'],
    ['hosts without --host', [...INSTALL, 'kvm-a.xml', 'kvm-b.xml'], 2, 'hook install takes options only'],
    ['no self', [...INSTALL, ...HOSTS], 2, 'use --self NAME for the one this is (a, b)'],
    ['a wrong choice', [...ON_B, '--on-error', 'maybe'], 2, '--on-error takes deny or allow, not "maybe"'],
    [
      'a wrong age',
      [...ON_B, '--max-age', '0'],
      2,
      '--max-age takes a whole number from 1 to 99999, not "0"',
    ],
    ['a missing file', [...INSTALL, '--host', 'b=none.xml', '--self', 'b'], 2, 'cannot read none.xml'],
  ])('refuses %s and writes nothing', (_, words, code, said) => {
    const cwd = folder();
    expect(run(cwd, words)).toEqual({ code, out: '', err: text(said) });
    expect(existsSync(join(cwd, 'hooks'))).toBe(false);
  });

  test('refuses hosts that were asked about different kinds of guest', () => {
    const cwd = folder();
    const b = readFileSync(join(cwd, 'kvm-b.xml'), 'utf8').replace('<domain>kvm<', '<domain>qemu<');
    writeFileSync(join(cwd, 'kvm-b.xml'), b);
    expect(run(cwd, ON_B)).toEqual({ code: 2, out: '', err: text('guest (kvm: a; qemu: b): run') });
  });

  test.each([
    ['script', SCRIPT, '#!/bin/sh\nexit 0\n'],
    ['state', STATE, '{}'],
    ['folder', 'hooks/virt-migratable/notes.txt', 'mine'],
  ])("never overwrites somebody else's %s", (_, path, content) => {
    const cwd = folder();
    mkdirSync(join(cwd, path, '..'), { recursive: true });
    writeFileSync(join(cwd, path), content);
    const before = everything(join(cwd, 'hooks'));
    expect(run(cwd, ON_B)).toEqual({ code: 2, out: '', err: text("is not this command's") });
    expect(run(cwd, ['hook', 'uninstall', '--hooks-dir', 'hooks']).code).toBe(2);
    expect(everything(join(cwd, 'hooks'))).toEqual(before);
    expect(readFileSync(join(cwd, path), 'utf8')).toBe(content);
  });
});

describe('uninstall', () => {
  const UNINSTALL = ['hook', 'uninstall', '--hooks-dir', 'hooks'];

  test('removes all of it, and nothing twice', () => {
    const cwd = gate();
    const { code, out } = run(cwd, UNINSTALL);
    expect({ code, paths: out.trim().split('\n').sort() }).toEqual({
      code: 0,
      paths: [PROGRAM, ...COPIES, STATE, SCRIPT].map((path) => join(cwd, path)).sort(),
    });
    expect(existsSync(join(cwd, 'hooks'))).toBe(false);
    expect(run(cwd, UNINSTALL)).toEqual({ code: 0, out: '', err: '' });
  });

  test('leaves what was there before', () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'hooks/qemu.d'), { recursive: true });
    run(cwd, ON_B);
    writeFileSync(join(cwd, 'hooks/virt-migratable/notes.txt'), 'mine');
    run(cwd, UNINSTALL);
    expect(everything(join(cwd, 'hooks'))).toEqual([
      'qemu.d',
      'virt-migratable',
      'virt-migratable/notes.txt',
    ]);
  });

  test('also removes a gate whose facts are damaged', () => {
    const cwd = gate();
    writeFileSync(join(cwd, STATE), '');
    expect(run(cwd, UNINSTALL).code).toBe(0);
    expect(existsSync(join(cwd, 'hooks/virt-migratable'))).toBe(false);
  });
});
