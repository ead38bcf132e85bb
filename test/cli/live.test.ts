import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytesOf,
  domain,
  folder,
  HOSTS,
  REASONS,
  run,
  SHARED,
  shell,
  SHELL_COMMAND,
  text,
  type Ran,
} from './run.ts';

const CAPABILITIES = `<capabilities>
  <host><uuid>HOST</uuid>
    <cpu><arch>x86_64</arch><model>Skylake-Client</model><vendor>Intel</vendor></cpu>
  </host>
</capabilities>
`;
const INFO = 'Name:           guest\nState:          running\nManaged save:   no\n';
const URIS = ['fake://kvm-a/system', 'fake://kvm-b/system'] as const;
const EMULATED = domain().replace('</os>', '</os>\n  <devices><emulator>/opt/qemu</emulator></devices>');

/** A folder with a virsh of its own, both hosts behind it, and a domain defined there. */
function place(files: Readonly<Record<string, string>> = {}): string {
  const cwd = folder({
    'capabilities.xml': CAPABILITIES,
    dominfo: INFO,
    'defined.xml': domain(),
    'guest.xml': domain(),
    ...files,
  });
  mkdirSync(join(cwd, 'bin'));
  symlinkSync(join(__dirname, 'fake-virsh.sh'), join(cwd, 'bin/virsh'));
  return cwd;
}

const environment = (cwd: string): Readonly<Record<string, string>> => ({
  ANSWERS: cwd,
  PATH: `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`,
});
const live = (cwd: string, ...words: readonly string[]): Ran => run(cwd, words, { env: environment(cwd) });
const asked = (cwd: string): readonly string[] => bytesOf(cwd, 'asked').split('\n').filter(Boolean).sort();
const hostsOf = (uris: readonly string[]): readonly string[] => uris.flatMap((uri) => ['--host', uri]);

describe('capture', () => {
  test('writes one file for each host, which is read as one host of a known libvirt version', () => {
    const cwd = place();
    const files = 'hosts/kvm-a.xml\nhosts/kvm-b.xml\n';
    expect(live(cwd, 'capture', ...URIS, '-o', 'hosts')).toEqual({ code: 0, out: files, err: '' });
    const head = "<?virt-migratable libvirt='9.0.0' hypervisor='QEMU 7.2.22' uri='fake://kvm-a/system'?>\n";
    const body = `${CAPABILITIES.replace('HOST', 'kvm-a')}${bytesOf(cwd, 'kvm-a.xml').trimEnd()}\n`;
    expect(bytesOf(cwd, 'hosts/kvm-a.xml')).toBe(head + body);
    const words = ['--host', 'a=hosts/kvm-a.xml', '--host', 'b=hosts/kvm-b.xml'];
    const { code, out, err } = run(cwd, ['rewrite', 'guest.xml', ...words]);
    expect({ code, out }).toEqual({ code: 0, out: SHARED });
    expect(err).toBe(REASONS.map((reason) => `disable ${reason}\n`).join(''));
  });

  test.each([
    ['nothing', [], ''],
    [
      'a domain',
      ['--domain', 'emulated.xml'],
      ' --virttype kvm --emulatorbin /opt/qemu --arch x86_64 --machine pc-i440fx-7.2',
    ],
    ['options', ['--virttype', 'qemu', '--machine', 'q35'], ' --virttype qemu --machine q35'],
    ['both', ['--domain', 'guest.xml', '--machine', 'q35'], ' --virttype kvm --arch x86_64 --machine q35'],
  ])('asks for guests as %s says', (_, words, told) => {
    const cwd = place({ 'emulated.xml': EMULATED });
    expect(live(cwd, 'capture', URIS[0], '-o', '.', ...words).code).toBe(0);
    const connection = `-c ${URIS[0]}`;
    expect(asked(cwd)).toEqual([
      `${connection} capabilities`,
      `${connection} domcapabilities${told}`,
      `${connection} version --daemon`,
    ]);
  });

  test.each([
    ['fake://kvm-a/system', 'kvm-a'],
    ['x=fake://kvm-a/system', 'x'],
    ['fake://root@kvm-a/system', 'kvm-a'],
    ['fake://root@kvm-a:22/system?socket=/x=y', 'kvm-a'],
    ['fake+ssh://[fe80::1]/system', 'fe80::1'],
    ['fake:///system', 'localhost'],
    ['fake:///system?socket=/run/a', 'localhost'],
  ])('%s is called %s', (uri, name) => {
    const cwd = place(
      Object.fromEntries(
        ['fake+ssh:', '', 'root@kvm-a', 'root@kvm-a:22'].map((host) => [
          `${host}.xml`,
          bytesOf(folder(), 'kvm-a.xml'),
        ]),
      ),
    );
    expect(live(cwd, 'capture', uri, '-o', 'hosts', '--json')).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(join(cwd, 'hosts'))).toEqual([`${name}.xml`]);
  });

  const rows: readonly (readonly [name: string, words: readonly string[], told: string])[] = [
    [
      'a host that refuses',
      [...URIS, 'fake://gone/system'],
      'fake://gone/system: virsh capabilities: failed to connect to the hypervisor; no route to host',
    ],
    [
      'a host that says nothing in time',
      [URIS[0], 'fake://silent/', '--timeout', '1'],
      'fake://silent/: no answer within 1 s',
    ],
    ['a host whose answer is no XML', [URIS[0], 'fake://broken/system'], 'fake://broken/system'],
    [
      'two hosts of one name',
      ['fake:///a', 'fake:///b'],
      'two hosts would be called "localhost": give NAME=URI',
    ],
    ['no host', [], 'which hosts?'],
    ['a file', ['kvm-a.xml'], '"kvm-a.xml" is no URI'],
    [
      'a time that is no number',
      [URIS[0], '--timeout', 'soon'],
      '--timeout takes a whole number, not "soon"',
    ],
    ['a domain that is not there', [URIS[0], '--domain', 'no.xml'], 'no.xml'],
  ];
  test.each(rows)('%s stops it before anything is written', (_, words, told) => {
    const cwd = place({ 'broken.xml': '<domainCapabilities>' });
    expect(live(cwd, 'capture', ...words, '-o', 'hosts')).toEqual({ code: 2, out: '', err: text(told) });
    expect(readdirSync(cwd)).not.toContain('hosts');
  });

  test('every host that fails is told', () => {
    const words = ['fake://gone/a', 'x=fake://gone/b', URIS[0]];
    const { err } = live(place(), 'capture', ...words, '-o', 'hosts');
    expect(err).toMatch(
      /^error: 2 of 3 hosts cannot be read.*\nfake:\/\/gone\/a: .*\nfake:\/\/gone\/b: .*\n$/,
    );
  });

  test('without --output nobody is asked', () => {
    const cwd = place();
    expect(live(cwd, 'capture', ...URIS)).toEqual({ code: 2, out: '', err: text('--output DIR') });
    expect(readdirSync(cwd)).not.toContain('asked');
  });

  test('without virsh it says what to install', () => {
    const ran = run(place(), ['capture', URIS[0], '-o', 'x'], { env: { PATH: '/nowhere' } });
    expect(ran).toEqual({ code: 2, out: '', err: text('virsh is not installed here') });
  });
});

describe('hosts given as URIs', () => {
  const named = ['--host', `a=${URIS[0]}`, '--host', `b=${URIS[1]}`];

  test.each([
    ['rewrite', ['rewrite', 'guest.xml']],
    ['check', ['check', 'guest.xml']],
    ['diff', ['diff']],
  ])('%s takes them for files', (_, words) => {
    const cwd = place();
    const [fromFiles, fromHosts] = [run(cwd, [...words, ...HOSTS]), live(cwd, ...words, ...named)];
    expect(fromHosts).toEqual(fromFiles);
    expect(fromHosts.code).toBe(words[0] === 'check' ? 1 : 0);
  });

  test('they are asked for guests like the domain', () => {
    const cwd = place({ 'guest.xml': EMULATED });
    expect(live(cwd, 'rewrite', 'guest.xml', ...hostsOf(URIS)).code).toBe(0);
    expect(asked(cwd).join('\n')).toContain(
      '--virttype kvm --emulatorbin /opt/qemu --arch x86_64 --machine pc-i440fx-7.2',
    );
  });

  test('a domain from standard input is read once', () => {
    const cwd = place();
    const ran = run(cwd, ['rewrite', '-', ...hostsOf(URIS)], { input: domain(), env: environment(cwd) });
    expect(ran).toMatchObject({ code: 0, out: SHARED });
  });

  test('files may stand beside them', () => {
    const ran = live(place(), 'check', 'guest.xml', '--host', 'kvm-a.xml', ...hostsOf([URIS[1]]));
    expect(ran).toMatchObject({ code: 1, out: text('not safe to move among kvm-a, kvm-b') });
  });

  test('one that cannot be read stops the command', () => {
    const ran = live(place(), 'rewrite', 'guest.xml', ...hostsOf([...URIS, 'fake://gone/system']));
    expect(ran).toEqual({ code: 2, out: '', err: text('fake://gone/system: virsh capabilities:') });
  });
});

describe('apply', () => {
  const TO = ['--connect', 'fake://kvm-a/system', ...hostsOf(URIS)];

  test('shows what changes, defines it, and says when it takes effect', () => {
    const cwd = place();
    const { code, out, err } = live(cwd, 'apply', 'guest', ...TO, '--yes');
    expect({ code, out }).toEqual({ code: 0, out: text("+    <feature policy='disable' name='clwb'/>") });
    expect(err).toContain('guest is defined on fake://kvm-a/system\nIt runs with its old CPU until');
    expect(bytesOf(cwd, 'defined.xml')).toBe(SHARED);
    expect(bytesOf(cwd, 'mode')).toMatch(/^-rw------- /);
    expect(asked(cwd)).toContain('-c fake://kvm-a/system dumpxml --inactive --security-info --domain guest');
  });

  test.each([
    ['a guest that is off', INFO.replace('running', 'shut off'), 'Its next start has the new CPU.'],
    [
      'a saved guest',
      INFO.replace('running', 'shut off').replace('no', 'yes'),
      'Its saved image keeps the old CPU',
    ],
    ['a paused guest', INFO.replace('running', 'paused'), 'It runs with its old CPU until'],
  ])('%s is told when', (_, dominfo, told) => {
    expect(live(place({ dominfo }), 'apply', 'guest', ...TO, '--yes').err).toContain(told);
  });

  test('a file is defined as it would be rewritten', () => {
    const cwd = place({ 'defined.xml': '' });
    expect(live(cwd, 'apply', './guest.xml', ...TO, '--yes').code).toBe(0);
    expect(bytesOf(cwd, 'defined.xml')).toBe(SHARED);
    expect(bytesOf(cwd, 'guest.xml')).toBe(domain());
  });

  test('a domain that is level is left alone', () => {
    const cwd = place({ 'defined.xml': SHARED });
    const ran = live(cwd, 'apply', 'guest', ...TO, '--yes');
    expect(ran).toEqual({ code: 0, out: '', err: 'guest: nothing has to change\n' });
    expect(asked(cwd).join('\n')).not.toContain('define');
  });

  test('a conflict is told and nothing defined', () => {
    const xml = domain("<feature policy='require' name='clwb'/>");
    const cwd = place({ 'defined.xml': xml });
    expect(live(cwd, 'apply', 'guest', ...TO, '--yes').code).toBe(1);
    expect(bytesOf(cwd, 'defined.xml')).toBe(xml);
  });

  test.each([
    ['no terminal and no --yes', ['guest', ...TO], 'give --yes'],
    ['no domain', [...TO, '--yes'], 'which domain?'],
    ['two domains', ['guest', 'other', ...TO, '--yes'], 'what is "other"?'],
    ['no connection', ['guest', '--yes', ...hostsOf(URIS)], 'Give --connect URI'],
    [
      'a connection that refuses',
      ['guest', '--connect', 'fake://gone/x', '--yes', ...hostsOf(URIS)],
      'no route to host',
    ],
  ])('%s: exit 2, and nothing defined', (_, words, told) => {
    const cwd = place();
    expect(live(cwd, 'apply', ...words)).toEqual({ code: 2, out: '', err: text(told) });
    expect(bytesOf(cwd, 'defined.xml')).toBe(domain());
  });

  test('--json has the plan, and whether it was defined', () => {
    const { code, out } = live(place(), 'apply', 'guest', ...TO, '--yes', '--json');
    const facts = JSON.parse(out) as object;
    expect({ code, facts }).toMatchObject({
      code: 0,
      facts: { command: 'apply', domain: 'guest', changed: true, defined: true },
    });
  });

  test.each([
    ['y', 0, SHARED],
    ['YES', 0, SHARED],
    ['n', 1, domain()],
    ['', 1, domain()],
  ])('on a terminal, "%s" gives exit %i', (answer, code, defined) => {
    const cwd = place();
    const line = `${SHELL_COMMAND} apply guest ${TO.join(' ')}; echo "exit $?"`;
    const python = [
      'import os, pty, sys',
      'pid, fd = pty.fork()',
      `if pid == 0: os.execvp("sh", ["sh", "-c", os.environ["LINE"]])`,
      'seen = b""',
      'while b"[y/N]" not in seen: seen += os.read(fd, 1024)',
      'os.write(fd, os.environ["ANSWER"].encode() + b"\\n")',
      'while b"exit " not in seen: seen += os.read(fd, 1024)',
      'print(seen.decode())',
    ].join('\n');
    const env = { ...environment(cwd), LINE: line, ANSWER: answer, PYTHON: python };
    const { out } = shell(cwd, 'python3 -c "$PYTHON"', { env });
    expect(out).toContain('asking hosts: 2 of 2');
    expect(out).toContain('Define this on fake://kvm-a/system? [y/N]');
    expect(out).toContain(`exit ${code}`);
    expect(bytesOf(cwd, 'defined.xml')).toBe(defined);
  });
});
