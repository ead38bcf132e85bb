// Tries lib/cli/hosts/cpu-map-of.ts, lib/cli/hosts/nearest-machine.ts and lib/cli/hosts/program.ts as well.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bytesOf, COMMAND, domain, HOSTS, run, SHARED, text, type Ran } from './run.ts';
import { site, type Site } from './virsh.ts';

/** Programs have to start and to end, on a machine that may be busy. */
jest.setTimeout(60_000);

/** Runs the command where virsh is the fake one. */
function vm({ cwd, env }: Site, words: readonly string[]): Ran {
  return run(cwd, words, { env });
}

/** Is there still a process, and no zombie of one? */
function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function pidsOf({ answer }: Site): readonly string[] {
  return readFileSync(answer('pids'), 'utf8').trim().split(' ');
}

describe('capture', () => {
  test('writes a file for each host, which later commands take', () => {
    const here = site({ 'guest.xml': domain() });
    expect(vm(here, ['capture', 'fake://a/system', 'two=fake://b/system', '-o', 'hosts'])).toEqual({
      code: 0,
      out: 'hosts/a.xml\nhosts/two.xml\n',
      err: '',
    });
    const text = bytesOf(here.cwd, 'hosts/a.xml');
    expect(text.split('\n')[0]).toBe(
      "<?virt-migratable libvirt='9.0.0' hypervisor='QEMU 7.2.22' name='a' uri='fake://a/system'?>",
    );
    const hosts = ['--hosts', 'hosts'];
    expect(vm(here, ['rewrite', 'guest.xml', ...hosts])).toMatchObject({ code: 0, out: SHARED });
    expect(run(here.cwd, ['diff', 'hosts/two.xml', 'hosts']).out).toMatch(/^feature +a +two$/m);
  });

  test('asks for guests like a domain', () => {
    const here = site({ 'guest.xml': domain() });
    vm(here, ['capture', 'fake://a/system', '-o', 'hosts', '--domain', 'guest.xml', '--virttype', 'qemu']);
    expect(readFileSync(here.answer('asked'), 'utf8')).toContain(
      '-c fake://a/system domcapabilities --virttype qemu --arch x86_64 --machine pc-i440fx-7.2\n',
    );
  });

  test.each([
    ['pc-i440fx-6.2 pc-i440fx-7.1 pc-q35-7.2', 'pc-i440fx-7.1'],
    ['pc-i440fx-8.0 pc-i440fx-9.0', 'pc-i440fx-8.0'],
    ['pc-q35-7.2', 'pc-i440fx-7.2'],
    ['pc-i440fx-rhel7.6.0', 'pc-i440fx-7.2'],
    ['pc-i440fx-7.2 pc-i440fx-8.0', 'pc-i440fx-7.2'],
    ['', 'pc-i440fx-7.2'],
  ])('asks a host with machine types "%s" about %s', (machines, asked) => {
    const here = site({ 'guest.xml': domain() });
    const listed = machines
      .split(' ')
      .map((name) => `<machine>${name}</machine>`)
      .join('');
    const guest =
      machines === '' ? '' : `<guest><os_type>hvm</os_type><arch name='x86_64'>${listed}</arch></guest>`;
    const capabilities = readFileSync(here.answer('capabilities.xml'), 'utf8');
    writeFileSync(here.answer('capabilities.xml'), capabilities.replace('</host>', `</host>${guest}`));
    const ran = vm(here, ['capture', 'fake://a/system', '-o', 'hosts', '--domain', 'guest.xml']);
    expect(readFileSync(here.answer('asked'), 'utf8')).toContain(`--machine ${asked}\n`);
    const isOther = asked !== 'pc-i440fx-7.2';
    expect([ran.code, ran.err]).toEqual([
      0,
      isOther ? text(`a has no machine type pc-i440fx-7.2 and was asked about ${asked}: `) : '',
    ]);
  });

  test('neither keeps nor prints who logs in, and with which password', () => {
    const here = site();
    const uri = 'fake://root:s3cr3t@a/system';
    const ran = vm(here, ['capture', uri, '-o', 'hosts', '--json', '--verbose']);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ hosts: [{ name: 'a', uri: 'fake://a/system' }] });
    const failed = vm(here, ['capture', 'fake://root:s3cr3t@gone/system', '-o', 'hosts']);
    expect(failed).toMatchObject({ code: 2, err: text('no route to fake://gone/system') });
    const shown = [ran.out, ran.err, failed.err, bytesOf(here.cwd, 'hosts/a.xml')].join('');
    expect(shown).not.toMatch(/s3cr3t|root/);
    // virsh itself has to know.
    expect(readFileSync(here.answer('asked'), 'utf8')).toContain(`-c ${uri} capabilities`);
  });

  test.each<[string, readonly string[], string, string]>([
    [
      'one host',
      ['fake://gone/system'],
      'host-unreachable',
      'fake://gone/system: virsh capabilities: failed to connect to the hypervisor; no route to fake://gone/system',
    ],
    [
      'one of several',
      ['fake://a/system', 'fake://gone/system'],
      'host-unreachable',
      '1 of 2 hosts cannot be read',
    ],
    ['no URI', ['kvm-a'], 'bad-value', 'write qemu+ssh://kvm-a/system'],
    ['two of one name', ['fake://a/1', 'fake://a/2'], 'ambiguous-host', 'give NAME=URI'],
  ])('%s that cannot be read stops all: nothing is written', (_, uris, code, words) => {
    const here = site();
    const { code: exit, out, err } = vm(here, ['capture', ...uris, '-o', 'hosts', '--json']);
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { code } });
    expect(err).toContain(words);
    expect(existsSync(join(here.cwd, 'hosts'))).toBe(false);
  });

  test('virsh is not installed', () => {
    const { cwd } = site();
    const ran = run(cwd, ['capture', 'fake://a/system', '-o', 'hosts'], { env: { PATH: '/nowhere' } });
    expect(ran).toMatchObject({ code: 2, err: text('virsh is not installed here') });
    const { out } = run(cwd, ['capture', 'fake://a/x', '-o', 'x', '--json'], { env: { PATH: '/nowhere' } });
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'not-installed' } });
  });

  test('keeps going where it shall: who answers has a file, and who does not is named', () => {
    const here = site();
    const words = [
      'fake://gone/system',
      'fake://a/system',
      'fake://silent/x',
      '-o',
      'hosts',
      '--timeout',
      '1',
    ];
    const { code, out, err } = vm(here, ['capture', ...words, '--keep-going', '--json']);
    expect(code).toBe(1);
    expect(err).toMatch(/no route to [\s\S]*no answer within 1 s\n2 of 3 hosts are missing/);
    expect(JSON.parse(out)).toMatchObject({
      hosts: [{ name: 'a', file: 'hosts/a.xml' }],
      failed: [
        { name: 'gone', error: { code: 'host-unreachable' } },
        { name: 'silent', error: { code: 'host-timeout' } },
      ],
    });
    expect(readdirSync(join(here.cwd, 'hosts'))).toEqual(['a.xml']);
    const none = vm(here, ['capture', 'fake://gone/x', '-o', 'none', '--keep-going']);
    expect([none.code, existsSync(join(here.cwd, 'none'))]).toEqual([2, false]);
  });

  test.each([
    ['where both know how', 'new', { VIRSH_VERSION: '12.3.0' }, ['domcapabilities --expand-cpu-features']],
    ['not where virsh is older', 'new', { VIRSH_VERSION: '12.1.0' }, ['domcapabilities']],
    ['not where the host is older', 'a', { VIRSH_VERSION: '12.3.0' }, ['domcapabilities']],
    [
      'and without where the host refuses it',
      'new',
      { VIRSH_VERSION: '12.2.0', REFUSES: 'it' },
      ['domcapabilities --expand-cpu-features', 'domcapabilities'],
    ],
  ])('asks for every feature %s', (_, host, env, asked) => {
    const here = site();
    const words = ['capture', `fake://${host}/x`, '-o', 'hosts'];
    expect(run(here.cwd, words, { env: { ...here.env, ...env } })).toMatchObject({ code: 0, err: '' });
    const lines = readFileSync(here.answer('asked'), 'utf8').split('\n');
    expect(lines.flatMap((line) => /domcapabilities.*/.exec(line)?.[0] ?? [])).toEqual(asked);
  });

  test('a directory that cannot be made is told in one line', () => {
    const here = site({ file: '' });
    const ran = vm(here, ['capture', 'fake://a/system', '-o', 'file/hosts']);
    expect(ran).toEqual({ code: 2, out: '', err: text(/^error: cannot write file\/hosts: [a-z ]*\n$/) });
  });
});

/** Plays ssh, which knows one host: its CPU map comes as grep prints it. */
const SSH = `#!/bin/sh
printf '%s\n' "$*" >>"$ANSWERS/ssh"
case $* in *gone*) echo 'no route' >&2 && exit 255 ;; *empty*) exit 0 ;; esac
cd "$ANSWERS/map" && echo 'welcome: to this host' && grep '' *.xml
`;

describe('--with-cpu-map', () => {
  const index =
    "<cpus>\n  <arch name='x86'>\n    <include filename='x86_features.xml'/>\n    <model name='486'><feature name='fpu'/></model>\n  </arch>\n</cpus>\n";
  const features = "<cpus>\n  <feature name='fpu'>\n    <cpuid eax_in='1' edx='1'/>\n  </feature>\n</cpus>\n";

  function withSsh(): Site {
    const here = site();
    writeFileSync(join(here.cwd, 'bin/ssh'), SSH, { mode: 0o755 });
    mkdirSync(here.answer('map'));
    writeFileSync(join(here.answer('map'), 'index.xml'), index);
    writeFileSync(join(here.answer('map'), 'x86_features.xml'), features);
    writeFileSync(here.answer('new.xml'), '<cpu><arch>x86_64</arch><model>486</model></cpu>\n');
    writeFileSync(here.answer('capabilities.xml'), '');
    return here;
  }

  test('brings the map along by ssh, as it is there, and later commands use it', () => {
    const here = withSsh();
    const uri = 'qemu+ssh://root:pw@new:2222/system?keyfile=/k%20y&no_tty=1';
    // The fake virsh takes what is behind "fake://" for the host.
    writeFileSync(
      join(here.cwd, 'bin/virsh'),
      '#!/bin/sh\nshift 2\nexec virsh-of fake "fake://new/x" "$@"\n',
    );
    copyFileSync(join(__dirname, 'fake-virsh.sh'), join(here.cwd, 'bin/virsh-of'));
    chmodSync(join(here.cwd, 'bin/virsh-of'), 0o755);
    expect(vm(here, ['capture', uri, '-o', 'hosts', '--with-cpu-map'])).toMatchObject({ code: 0, err: '' });
    const [asked] = readFileSync(here.answer('ssh'), 'utf8').split('\n');
    expect(asked).toMatch(/^-T -o \S+ -i \/k y -p 2222 -l root -- new cd .*cpu_map && grep '' \*\.xml$/);
    expect(bytesOf(here.cwd, 'hosts/new.cpu_map/index.xml')).toBe(index);
    expect(bytesOf(here.cwd, 'hosts/new.cpu_map/x86_features.xml')).toBe(features);
    // 486 has more features by the maps that come with the command.
    expect(vm(here, ['expand', '--hosts', 'hosts'])).toMatchObject({ code: 0, out: 'fpu\n' });
    expect(vm(here, ['capture', uri, '-o', 'hosts']).code).toBe(0);
    expect(vm(here, ['expand', '--hosts', 'hosts']).out).toBe('fpu\npse\nvme\n');
  });

  test.each([
    ['tls', 'qemu+tls://a/system', 'carries no files'],
    ['tcp', 'qemu+tcp://a/system', 'carries no files'],
    ['a host that looks like an option', 'qemu+ssh://-oProxyCommand=x/system', 'carries no files'],
  ])('is refused for %s before anybody is asked', (_, uri, words) => {
    const here = withSsh();
    expect(vm(here, ['capture', uri, '-o', 'hosts', '--with-cpu-map'])).toMatchObject({
      code: 2,
      err: text(words),
    });
    expect(existsSync(here.answer('asked'))).toBe(false);
  });

  test.each([
    ['ssh says', 'gone', 'cannot be read: ssh: no route'],
    ['there is none', 'empty', 'no CPU map in /usr/share/libvirt/cpu_map'],
  ])('fails as %s', (_, host, words) => {
    const here = withSsh();
    writeFileSync(
      join(here.cwd, 'bin/virsh'),
      '#!/bin/sh\necho "<cpu><arch>x86_64</arch><model>486</model></cpu>"\n',
    );
    const ran = vm(here, ['capture', `qemu+ssh://${host}/system`, '-o', 'hosts', '--with-cpu-map']);
    expect(ran).toMatchObject({ code: 2, err: text(words) });
  });
});

describe('a virsh that', () => {
  test('does not answer is ended after the time it has', () => {
    const ran = vm(site(), ['diff', '--host', 'fake://silent/x', ...HOSTS, '--timeout', '1']);
    expect(ran).toEqual({ code: 2, out: '', err: 'error: fake://silent/x: no answer within 1 s\n' });
  });

  test('ignores that is killed, with all it started', () => {
    const here = site();
    const ran = vm(here, ['capture', 'fake://stubborn/x', '-o', 'hosts', '--timeout', '1']);
    expect(ran).toEqual({ code: 2, out: '', err: 'error: fake://stubborn/x: no answer within 1 s\n' });
    const pids = pidsOf(here);
    expect(pids).toHaveLength(2);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('never stops printing is stopped', () => {
    const ran = vm(site(), ['capture', 'fake://endless/x', '-o', 'hosts']);
    expect(ran).toMatchObject({
      code: 2,
      err: text(/^error: fake:\/\/endless\/x: virsh prints more than \d+ bytes\n$/),
    });
  });

  test('says too much is cut', () => {
    const { code, err } = vm(site(), ['capture', 'fake://noisy/x', '-o', 'hosts']);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: fake:\/\/noisy\/x: virsh capabilities: x{500} …\n$/);
  });

  test('says what would do something to a terminal cannot', () => {
    const { err } = vm(site(), ['capture', 'fake://hostile/x', '-o', 'hosts']);
    expect(err).toBe('error: fake://hostile/x: virsh capabilities: ?[31mred? ? word\n');
  });

  test('leaves a program behind that keeps its streams open is not waited for', () => {
    const here = site();
    expect(vm(here, ['capture', 'fake://daemon/x', '-o', 'hosts']).code).toBe(0);
    for (const pid of pidsOf(here)) process.kill(Number(pid), 'SIGKILL');
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'runs is ended with the command by %s',
    async (signal) => {
      const here = site();
      const child = spawn(process.execPath, [COMMAND, 'capture', 'fake://stubborn/x', '-o', 'hosts'], {
        cwd: here.cwd,
        env: { ...process.env, ...here.env },
        stdio: 'ignore',
      });
      await untilThere(here.answer('pids'));
      child.kill(signal);
      expect(
        await new Promise((resolve) =>
          child.once('close', (_, by) => {
            resolve(by);
          }),
        ),
      ).toBe(signal);
      await untilGone(pidsOf(here));
    },
  );
});

/** Waits for a file, and its content. */
async function untilThere(path: string): Promise<void> {
  while (!existsSync(path) || readFileSync(path, 'utf8') === '')
    await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Waits for processes to end: a signal takes its time. */
async function untilGone(pids: readonly string[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('apply', () => {
  const APPLY = ['apply', 'guest', '--connect', 'fake://u:p@a/system', ...HOSTS];

  test('defines what it shows, without who logs in', () => {
    const here = site();
    const { code, out, err } = vm(here, [...APPLY, '--yes']);
    expect(code).toBe(0);
    expect(out).toMatch(/^--- guest\n\+\+\+ guest\n/);
    expect(err).toMatch(/\nguest is defined on fake:\/\/a\/system\nIts next start has the new CPU\.\n$/);
    expect(readFileSync(here.answer('defined.xml'), 'utf8')).toBe(SHARED);
    expect(readFileSync(here.answer('mode'), 'utf8')).toMatch(/^-rw-------/);
  });

  test('says that there is no such domain with a code of its own', () => {
    const { code, out } = vm(site(), [
      'apply',
      'nobody',
      '--connect',
      'fake://a/x',
      ...HOSTS,
      '--yes',
      '--json',
    ]);
    expect([code, JSON.parse(out)]).toMatchObject([2, { error: { code: 'not-found' } }]);
  });

  test('asks, and without a terminal does nothing', () => {
    expect(vm(site(), APPLY)).toEqual({ code: 2, out: '', err: text('use --yes') });
  });

  test('leaves a domain alone that changed meanwhile', () => {
    const here = site();
    const changing = 'case $* in *dumpxml*) cat "$ANSWERS/defined.xml"; echo "<!-- $$ -->" ;; esac';
    writeFileSync(join(here.cwd, 'bin/virsh'), `#!/bin/sh\n${changing}\n`);
    expect(vm(here, [...APPLY, '--yes'])).toMatchObject({
      code: 2,
      err: text('changed by somebody else meanwhile'),
    });
  });

  test('removes its file, and ends virsh, where a signal ends it', async () => {
    const here = site();
    const temporary = join(here.cwd, 'tmp');
    mkdirSync(temporary);
    writeFileSync(
      join(here.cwd, 'bin/virsh'),
      `#!/bin/sh\ncase $3 in define) trap '' TERM; echo $$ >"$ANSWERS/pids"; sleep 600 ;; *) cat "$ANSWERS/defined.xml" ;; esac\n`,
    );
    const child = spawn(process.execPath, [COMMAND, ...APPLY, '--yes'], {
      cwd: here.cwd,
      env: { ...process.env, ...here.env, TMPDIR: temporary },
      stdio: 'ignore',
    });
    await untilThere(here.answer('pids'));
    expect(readdirSync(temporary)).toHaveLength(1);
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
    expect(readdirSync(temporary)).toEqual([]);
    await untilGone(pidsOf(here));
  });
});
