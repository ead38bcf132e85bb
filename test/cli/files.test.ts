// Tries lib/cli/files/descriptors.ts and lib/cli/files/read.ts as well.
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  bytesOf,
  domain,
  folder,
  FOR_A,
  FOR_B,
  HOSTS,
  LEVEL_LINE,
  modeOf,
  namesIn,
  REASONS,
  REWRITE,
  run,
  SHARED,
  shell,
  SHELL_COMMAND,
  text,
} from './run.ts';

const FILES = { 'guest.xml': domain(), 'level.xml': SHARED };
const LONG_AGO = new Date('2001-02-03T04:05:06Z');

/** Everything of a file that a rewrite could disturb. */
function identity(cwd: string, name: string): object {
  const { ino, mode, uid, gid, mtimeMs, ctimeMs, nlink } = lstatSync(join(cwd, name));
  return { ino, mode, uid, gid, mtimeMs, ctimeMs, nlink };
}

describe('-o', () => {
  test.each([['-o', 'out.xml'], ['--output', 'out.xml'], ['--output=out.xml'], ['-oout.xml']])(
    '%s %s',
    (...words) => {
      const cwd = folder(FILES);
      expect(run(cwd, [...REWRITE, ...words])).toMatchObject({ code: 0, out: '' });
      expect(bytesOf(cwd, 'out.xml')).toBe(SHARED);
      expect(bytesOf(cwd, 'guest.xml')).toBe(domain());
      expect(namesIn(cwd)).toEqual(['guest.xml', 'kvm-a.xml', 'kvm-b.xml', 'level.xml', 'out.xml']);
    },
  );

  test('writes what needs no change, too', () => {
    const cwd = folder(FILES);
    expect(run(cwd, ['rewrite', 'level.xml', ...HOSTS, '-o', 'out.xml'])).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(bytesOf(cwd, 'out.xml')).toBe(SHARED);
  });

  test('takes the mode of a new file from the umask', () => {
    const cwd = folder(FILES);
    expect(shell(cwd, `umask 027; ${SHELL_COMMAND} ${REWRITE.join(' ')} -o out.xml`).code).toBe(0);
    expect(modeOf(cwd, 'out.xml')).toBe(0o640);
  });

  test('keeps the mode of a file that is there', () => {
    const cwd = folder({ ...FILES, 'out.xml': 'old, and longer than what comes'.repeat(100) });
    chmodSync(join(cwd, 'out.xml'), 0o604);
    expect(run(cwd, [...REWRITE, '-o', 'out.xml']).code).toBe(0);
    expect(bytesOf(cwd, 'out.xml')).toBe(SHARED);
    expect(modeOf(cwd, 'out.xml')).toBe(0o604);
  });

  test('may be the domain itself', () => {
    const cwd = folder(FILES);
    expect(run(cwd, [...REWRITE, '-o', 'guest.xml']).code).toBe(0);
    expect(bytesOf(cwd, 'guest.xml')).toBe(SHARED);
  });

  test('replaces the file a symbolic link points to, and keeps the link', () => {
    const cwd = folder(FILES);
    mkdirSync(join(cwd, 'real'));
    writeFileSync(join(cwd, 'real/out.xml'), 'old');
    symlinkSync('real/out.xml', join(cwd, 'out.xml'));
    expect(run(cwd, [...REWRITE, '-o', 'out.xml'])).toMatchObject({ code: 0, out: '' });
    expect(readlinkSync(join(cwd, 'out.xml'))).toBe('real/out.xml');
    expect(bytesOf(cwd, 'real/out.xml')).toBe(SHARED);
    expect(namesIn(join(cwd, 'real'))).toEqual(['out.xml']);
  });

  test('writes to a device', () => {
    const cwd = folder(FILES);
    expect(run(cwd, [...REWRITE, '-o', '/dev/null'])).toMatchObject({ code: 0, out: '' });
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    const { out } = shell(
      cwd,
      `{ echo before; ${SHELL_COMMAND} ${REWRITE.join(' ')} -o /dev/stdout; echo after; } | cat`,
    );
    expect(out).toBe(`before\n${SHARED}after\n`);
  });

  test('writes to a named pipe', () => {
    const cwd = folder(FILES);
    const { out } = shell(
      cwd,
      `mkfifo pipe; ${SHELL_COMMAND} ${REWRITE.join(' ')} -o pipe & cat pipe; wait; test -p pipe`,
    );
    expect(out).toBe(SHARED);
  });

  test('fills in the name of each host', () => {
    const cwd = folder(FILES);
    expect(run(cwd, [...REWRITE, '--form', 'per-host', '-o', 'x-{host}-{host}.xml'])).toMatchObject({
      code: 0,
      out: '',
    });
    expect(bytesOf(cwd, 'x-a-a.xml')).toBe(FOR_A);
    expect(bytesOf(cwd, 'x-b-b.xml')).toBe(FOR_B);
  });

  test('takes one host alone with --for', () => {
    const cwd = folder(FILES);
    expect(run(cwd, [...REWRITE, '--form', 'per-host', '--for', 'b', '-o', 'x-{host}.xml']).code).toBe(0);
    expect(run(cwd, [...REWRITE, '--form', 'per-host', '--for', 'a', '-o', 'plain.xml']).code).toBe(0);
    expect(namesIn(cwd)).toEqual([
      'guest.xml',
      'kvm-a.xml',
      'kvm-b.xml',
      'level.xml',
      'plain.xml',
      'x-b.xml',
    ]);
    expect(bytesOf(cwd, 'plain.xml')).toBe(FOR_A);
  });

  test.each([[['-o', 'out.xml']], [['--in-place']], [['--in-place', '--check']], [[]]])(
    'with --diff, %j writes nothing and shows what would be',
    (words) => {
      const cwd = folder(FILES);
      const { code, out, err } = run(cwd, [...REWRITE, '--diff', ...words]);
      expect(code).toBe(words.includes('--check') ? 1 : 0);
      expect(out).toMatch(/^--- guest\.xml\n\+\+\+ guest\.xml\n@@ /);
      expect(err.includes('nothing is written')).toBe(words.length > 0);
      expect(bytesOf(cwd, 'guest.xml')).toBe(domain());
      expect(namesIn(cwd)).toEqual(['guest.xml', 'kvm-a.xml', 'kvm-b.xml', 'level.xml']);
    },
  );

  test.each([
    ['a missing folder', 'missing/out.xml'],
    ['a file as a folder', 'guest.xml/out.xml'],
    ['a link to itself', 'loop'],
  ])('says so when it is %s', (_, target) => {
    const cwd = folder(FILES);
    mkdirSync(join(cwd, 'real'));
    symlinkSync('loop', join(cwd, 'loop'));
    const before = namesIn(cwd);
    const { code, out, err } = run(cwd, [...REWRITE, '-o', target]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(new RegExp(`^error: cannot write ${target}: [a-z][^\\n]*\\n$`, 'm'));
    expect(namesIn(cwd)).toEqual(before);
    expect(namesIn(join(cwd, 'real'))).toEqual([]);
  });
});

describe('--in-place', () => {
  test.each([0o640, 0o600, 0o444, 0o666, 0o775, 0o2640])(
    'keeps mode %o and leaves nothing else behind',
    (mode) => {
      const cwd = folder(FILES);
      chmodSync(join(cwd, 'guest.xml'), mode);
      const before = namesIn(cwd);
      expect(run(cwd, [...REWRITE, '--in-place'])).toMatchObject({ code: 0, out: '' });
      expect(bytesOf(cwd, 'guest.xml')).toBe(SHARED);
      expect(modeOf(cwd, 'guest.xml')).toBe(mode);
      expect(namesIn(cwd)).toEqual(before);
    },
  );

  test('keeps the owner', () => {
    const cwd = folder(FILES);
    const owner = process.getuid?.() === 0 ? 12345 : (process.getuid?.() ?? 0);
    chownSync(join(cwd, 'guest.xml'), owner, process.getgid?.() ?? 0);
    expect(run(cwd, [...REWRITE, '--in-place']).code).toBe(0);
    expect(statSync(join(cwd, 'guest.xml')).uid).toBe(owner);
  });

  test('leaves a file alone whose owner cannot be kept', () => {
    if (process.getuid?.() !== 0) return;
    const cwd = folder(FILES);
    chownSync(join(cwd, 'guest.xml'), 12345, 12345);
    const before = [namesIn(cwd), identity(cwd, 'guest.xml')];
    const line = `setpriv --bounding-set=-chown ${SHELL_COMMAND} ${REWRITE.join(' ')} --in-place`;
    expect(shell(cwd, line)).toMatchObject({ code: 2, err: text('it belongs to another user or group') });
    expect([namesIn(cwd), identity(cwd, 'guest.xml')]).toEqual(before);
  });

  test('leaves the old file, and nothing else, where the new one cannot be written to its end', () => {
    const xml = domain().replace('</name>', `</name>\n<!--${'-x'.repeat(2000)} -->`);
    const cwd = folder({ 'guest.xml': xml });
    const { code, out, err } = shell(cwd, `ulimit -f 1; ${SHELL_COMMAND} ${REWRITE.join(' ')} --in-place`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: cannot write guest\.xml: [a-z].*\n$/m);
    expect(bytesOf(cwd, 'guest.xml')).toBe(xml);
    expect(namesIn(cwd)).toEqual(['guest.xml', 'kvm-a.xml', 'kvm-b.xml']);
  });

  test('leaves a file alone that needs no change', () => {
    const cwd = folder(FILES);
    utimesSync(join(cwd, 'level.xml'), LONG_AGO, LONG_AGO);
    const before = identity(cwd, 'level.xml');
    expect(run(cwd, ['rewrite', 'level.xml', ...HOSTS, '--in-place'])).toEqual({ code: 0, out: '', err: '' });
    expect(identity(cwd, 'level.xml')).toEqual(before);
    expect(bytesOf(cwd, 'level.xml')).toBe(SHARED);
  });

  test('twice is once', () => {
    const cwd = folder(FILES);
    expect(run(cwd, [...REWRITE, '--in-place']).code).toBe(0);
    const before = identity(cwd, 'guest.xml');
    expect(run(cwd, [...REWRITE, '--in-place'])).toEqual({ code: 0, out: '', err: '' });
    expect(identity(cwd, 'guest.xml')).toEqual(before);
  });

  test('replaces the file rather than its content: who reads the old one reads on', () => {
    const cwd = folder(FILES);
    linkSync(join(cwd, 'guest.xml'), join(cwd, 'reader.xml'));
    expect(run(cwd, [...REWRITE, '--in-place']).code).toBe(0);
    expect(bytesOf(cwd, 'reader.xml')).toBe(domain());
    expect(bytesOf(cwd, 'guest.xml')).toBe(SHARED);
  });

  test('follows a symbolic link', () => {
    const cwd = folder(FILES);
    symlinkSync('guest.xml', join(cwd, 'link.xml'));
    expect(run(cwd, ['rewrite', 'link.xml', ...HOSTS, '--in-place']).code).toBe(0);
    expect(lstatSync(join(cwd, 'link.xml')).isSymbolicLink()).toBe(true);
    expect(bytesOf(cwd, 'guest.xml')).toBe(SHARED);
  });

  test.each([
    ['a', FOR_A],
    ['b', FOR_B],
  ])('writes the form of host %s with --for', (host, xml) => {
    const cwd = folder(FILES);
    expect(run(cwd, [...REWRITE, '--in-place', '--form', 'per-host', '--for', host]).code).toBe(0);
    expect(bytesOf(cwd, 'guest.xml')).toBe(xml);
  });

  test('keeps bytes beyond ASCII, CR LF and a byte order mark', () => {
    const style = (text: string): string =>
      `\ufeff${text.replace('guest', 'Gäste 🖥').replaceAll('\n', '\r\n')}`;
    const cwd = folder({ 'guest.xml': style(domain()) });
    expect(run(cwd, [...REWRITE, '--in-place']).code).toBe(0);
    expect(bytesOf(cwd, 'guest.xml')).toBe(Buffer.from(style(SHARED)).toString('latin1'));
  });

  test('is possible for a name with blanks and a leading dash', () => {
    const cwd = folder({ '-my guest=1.xml': domain() });
    expect(run(cwd, ['rewrite', ...HOSTS, '--in-place', '--', '-my guest=1.xml']).code).toBe(0);
    expect(bytesOf(cwd, '-my guest=1.xml')).toBe(SHARED);
  });
});

describe('a reader that goes away', () => {
  const pad = (text: string): string =>
    text.replace('</name>', `</name>\n${'<!-- padding -->\n'.repeat(200_000)}`);
  const cwd = folder({ 'large.xml': pad(domain()) });

  test.each([
    ['the XML', ''],
    ['a diff', '--diff'],
    ['JSON', '--json'],
  ])('ends %s without a word', (_, option) => {
    const line = `${SHELL_COMMAND} rewrite large.xml ${HOSTS.join(' ')} ${option} 2>err | head -c 10 >out`;
    expect(shell(cwd, line)).toEqual({ code: 0, out: '', err: '' });
    expect(bytesOf(cwd, 'out')).toHaveLength(10);
    expect(bytesOf(cwd, 'err')).toBe(LEVEL_LINE + REASONS.map((reason) => `disable ${reason}\n`).join(''));
  });

  test('one that stays gets every byte', () => {
    const line = `${SHELL_COMMAND} rewrite large.xml ${HOSTS.join(' ')} 2>err | cat >out`;
    expect(shell(cwd, line).code).toBe(0);
    expect(bytesOf(cwd, 'out') === pad(SHARED)).toBe(true);
  });

  test('stderr may be closed', () => {
    expect(shell(cwd, `${SHELL_COMMAND} check large.xml ${HOSTS.join(' ')} 2>&-`)).toMatchObject({ code: 1 });
  });
});
