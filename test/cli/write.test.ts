// Tries lib/cli/files/output.ts as well.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytesOf,
  domain,
  folder,
  HOSTS,
  modeOf,
  namesIn,
  REWRITE,
  run,
  SHARED,
  shell,
  SHELL_COMMAND,
  text,
  type Ran,
} from './run.ts';

const FILES = { 'guest.xml': domain() };
const line = `${SHELL_COMMAND} ${REWRITE.join(' ')}`;
/** The names in a folder, and what stands in the domain's file, if there is one. */
const contentsOf = (cwd: string): readonly string[] => [
  ...namesIn(cwd),
  namesIn(cwd).includes('guest.xml') ? bytesOf(cwd, 'guest.xml') : '',
];

/** Runs a rewrite that waits for its second host, and has something done once it has read the domain. */
async function during(cwd: string, words: string, action: () => void): Promise<Pick<Ran, 'code' | 'err'>> {
  shell(cwd, 'mkfifo host.xml');
  const hosts = HOSTS.map((word) => word.replace('kvm-b.xml', 'host.xml')).join(' ');
  const running = ended(spawn('sh', ['-c', `${SHELL_COMMAND} rewrite guest.xml ${hosts} ${words}`], { cwd }));
  // Who opens a pipe for writing waits for its reader.
  const writer = spawn('sh', ['-c', 'exec 3>host.xml; echo opened; read -r go; cat kvm-b.xml >&3'], { cwd });
  writer.stdout.once('data', () => {
    action();
    writer.stdin.end('go\n');
  });
  return running;
}

/** How a program ends, and what it says. */
function ended(child: ChildProcessWithoutNullStreams): Promise<Pick<Ran, 'code' | 'err'>> {
  let err = '';
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  child.stdout.resume();
  return new Promise((resolve) =>
    child.once('close', (code) => {
      resolve({ code, err });
    }),
  );
}

describe('who may read a new file', () => {
  test.each([
    [0o600, 0o600],
    [0o400, 0o600],
    [0o640, 0o640],
    [0o604, 0o604],
    [0o644, 0o644],
    [0o666, 0o644],
    [0o755, 0o644],
    [0o4711, 0o600],
  ])('of a domain of mode %o: %o', (source, expected) => {
    const cwd = folder(FILES);
    chmodSync(join(cwd, 'guest.xml'), source);
    expect(shell(cwd, `umask 022; ${line} -o out.xml`).code).toBe(0);
    expect(modeOf(cwd, 'out.xml')).toBe(expected);
    expect(shell(cwd, `umask 022; ${line.replace('guest.xml', '-')} -o in.xml <guest.xml`).code).toBe(0);
    expect(modeOf(cwd, 'in.xml')).toBe(expected);
  });

  test('where the domain comes by a pipe, the umask says', () => {
    const cwd = folder(FILES);
    expect(shell(cwd, `umask 027; cat guest.xml | ${line.replace('guest.xml', '-')} -o out.xml`).code).toBe(
      0,
    );
    expect(modeOf(cwd, 'out.xml')).toBe(0o640);
  });

  test('each form for a host is like that, and undo too', () => {
    const cwd = folder(FILES);
    chmodSync(join(cwd, 'guest.xml'), 0o600);
    expect(run(cwd, [...REWRITE, '--form', 'per-host', '-o', '{host}.out']).code).toBe(0);
    expect(run(cwd, ['undo', 'guest.xml', '-o', 'undone.xml']).code).toBe(0);
    for (const name of ['a.out', 'b.out', 'undone.xml']) expect(modeOf(cwd, name)).toBe(0o600);
  });
});

test.each([
  ['an open descriptor', '/dev/stdin 0<>guest.xml'],
  ['another name of it', '/proc/self/fd/5 5<>guest.xml'],
  ['a pipe', 'pipe'],
  ['one of many', '/dev/stdin guest.xml 0<>guest.xml'],
])('what cannot be replaced is not written in place: %s', (_, words) => {
  for (const command of ['rewrite --host a=kvm-a.xml --host b=kvm-b.xml', 'undo']) {
    const cwd = folder(FILES);
    const { code, err } = shell(cwd, `mkfifo pipe; ${SHELL_COMMAND} ${command} --in-place ${words}`);
    expect({ code, err }).toEqual({ code: 2, err: text(command === 'undo' ? /./ : 'needs a file') });
    expect(bytesOf(cwd, 'guest.xml')).toBe(FILES['guest.xml']);
  }
});

describe('a file that changes meanwhile', () => {
  test.each<[string, string]>([
    ['written by another', 'echo other >guest.xml'],
    ['replaced by another', 'echo other >new; mv new guest.xml'],
    ['removed', 'rm guest.xml'],
    ['given one byte more', 'printf x >>guest.xml'],
  ])('%s, is left alone', async (_, line) => {
    for (const words of ['--in-place', '-o guest.xml', '-o ./guest.xml']) {
      const cwd = folder(FILES);
      let before: readonly string[] = [];
      const ran = await during(cwd, words, () => {
        shell(cwd, line);
        before = contentsOf(cwd);
      });
      expect(ran).toEqual({ code: 2, err: text('changed by somebody else meanwhile') });
      expect(contentsOf(cwd)).toEqual(before);
    }
  });

  test('but only touched, is replaced', async () => {
    const cwd = folder(FILES);
    const touch = (): void => void shell(cwd, 'touch -d 2001-02-03 guest.xml');
    expect(await during(cwd, '--in-place', touch)).toMatchObject({ code: 0 });
    expect(bytesOf(cwd, 'guest.xml')).toBe(SHARED);
  });

  test('has a code of its own in JSON', async () => {
    const cwd = folder(FILES);
    await during(cwd, '--in-place --json >result', () => void shell(cwd, 'echo other >guest.xml'));
    expect(bytesOf(cwd, 'result')).toContain('"code": "changed-meanwhile"');
  });
});

describe('names of other files', () => {
  test('that still have the old content are reported', () => {
    const cwd = folder(FILES);
    linkSync(join(cwd, 'guest.xml'), join(cwd, 'other.xml'));
    expect(run(cwd, [...REWRITE, '--in-place'])).toMatchObject({
      code: 0,
      err: text(/another name \(a hard link\)/),
    });
    expect(bytesOf(cwd, 'other.xml')).toBe(domain());
    linkSync(join(cwd, 'other.xml'), join(cwd, 'a.xml'));
    linkSync(join(cwd, 'other.xml'), join(cwd, 'b.xml'));
    expect(run(cwd, [...REWRITE, '-o', 'a.xml'])).toMatchObject({
      code: 0,
      err: text('2 other names (hard links)'),
    });
  });
});

describe('what is no plain file', () => {
  test.each(['/dev/fd/3', '/proc/self/fd/3'])('%s is written to where it stands', (path) => {
    const cwd = folder(FILES);
    const { code } = shell(cwd, `exec 3>out; echo before >&3; ${line} -o ${path}; echo after >&3`);
    expect(code).toBe(0);
    expect(bytesOf(cwd, 'out')).toBe(`before\n${SHARED}after\n`);
  });

  test('a link to a descriptor, and standard error, are too', () => {
    const cwd = folder(FILES);
    symlinkSync('/dev/fd/3', join(cwd, 'link'));
    expect(
      shell(cwd, `exec 3>>out; echo before >&3; ${line} -o link; ${line} -q -o /dev/stderr 2>&3`).code,
    ).toBe(0);
    expect(bytesOf(cwd, 'out')).toBe(`before\n${SHARED}${SHARED}`);
    expect(namesIn(cwd)).toContain('link');
  });

  test('a pipe at a descriptor is, and one that nobody reads is refused', () => {
    const cwd = folder(FILES);
    expect(shell(cwd, `${line} -o /dev/fd/3 3>&1 >/dev/null 2>&1 | cat`).out).toBe(SHARED);
    const { out } = shell(
      cwd,
      `bash -c 'exec 3> >(:); wait $!; ${line.replaceAll("'", '"')} -q -o /dev/fd/3 2>&1; echo $?'`,
    );
    expect(out).toBe('error: cannot write /dev/fd/3: broken pipe\n2\n');
  });

  test('a descriptor that is not open is refused', () => {
    expect(run(folder(FILES), [...REWRITE, '-q', '-o', '/dev/fd/99'])).toEqual({
      code: 2,
      out: '',
      err: 'error: cannot write /dev/fd/99: bad file descriptor\n',
    });
  });
});

describe('names as long as the system allows', () => {
  test.each([240, 250, 255])('%d bytes', (length) => {
    const name = `${'ä'.repeat(20)}${'x'.repeat(length - 40)}`;
    const cwd = folder({ [name]: domain() });
    expect(run(cwd, ['rewrite', name, ...HOSTS, '--in-place'])).toMatchObject({ code: 0, out: '' });
    expect(shell(cwd, `cat ${name}`).out).toBe(SHARED);
    expect(run(cwd, ['rewrite', name, ...HOSTS, '-o', `y${name.slice(1)}`])).toMatchObject({ code: 0 });
  });

  test('256 bytes are too many', () => {
    const ran = run(folder(FILES), [...REWRITE, '-q', '-o', 'x'.repeat(256)]);
    expect(ran).toMatchObject({ code: 2, err: text(/^error: cannot write x+: name too long\n$/) });
  });
});

test('a name of a host is put into the name of a file as it is', () => {
  const cwd = folder(FILES);
  const hosts = ['--host', '$&=kvm-a.xml', '--host', '$$=kvm-b.xml'];
  expect(run(cwd, ['rewrite', 'guest.xml', ...hosts, '--form', 'per-host', '-o', 'x-{host}'])).toMatchObject({
    code: 0,
  });
  expect(namesIn(cwd).filter((name) => name.startsWith('x-'))).toEqual(['x-$$', 'x-$&']);
});

test('comments between the forms of several hosts stay comments', () => {
  const hosts = ['--host', 'a--b-->=kvm-a.xml', '--host', 'c=kvm-b.xml'];
  const { out } = run(folder(FILES), ['rewrite', 'guest.xml', ...hosts, '--form', 'per-host']);
  expect(out).toMatch(/^<!-- a- -b- -> -->\n<domain /);
});

describe('what cannot be read', () => {
  test.each<[string, string, string]>([
    ['a folder without a guest', 'real', 'not-found'],
    ['a missing file', 'missing.xml', 'not-found'],
    ['a file in a file', 'guest.xml/x', 'not-found'],
    ['a link to itself', 'loop', 'unreadable'],
    ['what never ends', '/dev/zero', 'too-large'],
  ])('%s is refused with a code of its own', (_, path, code) => {
    const cwd = folder(FILES);
    mkdirSync(join(cwd, 'real'));
    symlinkSync('loop', join(cwd, 'loop'));
    const ran = run(cwd, ['check', path, ...HOSTS, '--json']);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.out)).toEqual({ schemaVersion: 1, error: { code, message: text(path) } });
    expect(ran.err).toMatch(/^error: (?:cannot read|real has no guest)[^\n]*\n$/);
  });

  test('a folder that is gone is no trouble for absolute paths, and one line for others', () => {
    const cwd = folder(FILES);
    const hosts = HOSTS.map((word) => word.replace('=kvm', `=${cwd}/kvm`)).join(' ');
    const gone = 'mkdir gone; cd gone; rmdir ../gone';
    expect(shell(cwd, `${gone}; ${SHELL_COMMAND} check ${cwd}/guest.xml ${hosts}`).code).toBe(1);
    const { code, err } = shell(cwd, `${gone}; ${SHELL_COMMAND} rewrite ${cwd}/guest.xml ${hosts} -q -o x`);
    expect({ code, lines: err.split('\n').length }).toEqual({ code: 2, lines: 2 });
  });
});

test('a file that cannot be written says why in JSON', () => {
  const { code, out } = run(folder(FILES), [...REWRITE, '--json', '-o', 'no/such/file']);
  expect(code).toBe(2);
  expect(out).toContain('"code": "unwritable"');
});
