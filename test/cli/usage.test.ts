// Tries lib/cli/bin.ts as well.
import packageJson from '../../package.json' with { type: 'json' };
import { COMMAND, domain, folder, HOSTS, REWRITE, run, shell, SHELL_COMMAND, type Ran, text } from './run.ts';

const cwd = folder({
  'guest.xml': domain(),
  'demanding.xml': domain("<feature policy='require' name='avx'/>"),
});

describe('help', () => {
  test.each([['--help'], ['-h'], ['help']])('%s shows the commands', (word) => {
    const { code, out, err } = run(cwd, [word]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^virt-migratable: [^\n]*\n\nUsage:\n/);
    for (const command of ['rewrite', 'check', 'diff'])
      expect(out).toMatch(new RegExp(`^ {2}${command} +\\S`, 'm'));
    expect(out).toMatch(/\n\nExit status:\n {2}0 +\S.*\n {2}1 +\S.*\n {2}2 +\S.*\n {2}70 +\S.*\n$/);
  });

  const common = [
    '--host',
    '--libvirt-version',
    '--cpu-map',
    '--strict',
    '--max-depth',
    '--max-length',
    '--json',
    '--help',
  ];
  const rewriting = [
    '--output',
    '--in-place',
    '--form',
    '--for',
    '--diff',
    '--check',
    '--override-conflicts',
    '--allow-core-features',
    '--guard',
    '--exhaustive',
    '--pin',
    '--model',
    '--set-migratable',
  ];
  test.each([
    ['rewrite', [...rewriting, ...common]],
    ['check', common],
    ['diff', common],
  ])('%s --help shows its options, and none it does not know', (command, options) => {
    const { code, out, err } = run(cwd, [command, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const shown = [...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)(?: (\S))?/gm)];
    expect(shown.map(([, option]) => option)).toEqual(expect.arrayContaining([...options]));
    const words = shown.map(([, option = '', value]) => (value === undefined ? option : `${option}=x`));
    expect(run(cwd, [command, ...words])).toEqual({ code: 0, out, err: '' });
    expect(run(cwd, [command, 'no.xml', '--host', 'no.xml', '-h'])).toEqual({ code: 0, out, err: '' });
  });

  test('fits into 120 columns', () => {
    const texts = [[], ['rewrite'], ['check'], ['diff']].map((words) => run(cwd, [...words, '--help']).out);
    expect(texts.flatMap((text) => text.split('\n')).filter((line) => line.length > 120)).toEqual([]);
  });
});

test('--version is that of package.json', () => {
  expect(run(cwd, ['--version'])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
});

test('the built file may be run as it is', () => {
  expect(shell(cwd, `'${COMMAND}' --version`)).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
});

describe('wrong usage', () => {
  const [TWO, ONE] = [HOSTS, HOSTS.slice(0, 2)];
  const rows: readonly (readonly [name: string, words: readonly string[], told: string])[] = [
    ['no command', [], 'no command given'],
    ['an unknown command', ['repair', ...TWO], 'repair'],
    ['a command in another case', ['Rewrite', ...TWO], 'Rewrite'],
    ['a name every object has', ['constructor', ...TWO], 'constructor'],
    ['an option before the command', ['--strict', 'diff', ...TWO], '--strict'],
    ['an unknown option', [...REWRITE, '--bogus'], '--bogus'],
    ['an unknown short option', [...REWRITE, '-x'], '-x'],
    ['an option of rewrite for check', ['check', 'guest.xml', ...TWO, '--in-place'], '--in-place'],
    ['an option of rewrite for diff', ['diff', ...TWO, '-o', 'x'], '-o'],
    ['an abbreviated option', [...REWRITE, '--in'], '--in'],
    ['a switch with a value', [...REWRITE, '--in-place=yes'], '--in-place'],
    ['a negated switch', [...REWRITE, '--no-json'], '--no-json'],
    ['an option without its value', ['rewrite', 'guest.xml', '--host'], '--host'],
    ['an option for a value', [...REWRITE, '--output', '--diff'], '--output'],
    ['rewrite without a domain', ['rewrite', ...TWO], 'no DOMAIN.xml given'],
    ['check without a domain', ['check', ...TWO], 'no DOMAIN.xml given'],
    ['two domains and nowhere to write', [...REWRITE, 'demanding.xml'], 'use --in-place, or --output DIR'],
    ['hosts without --host', ['rewrite', 'guest.xml', 'kvm-a.xml', 'kvm-b.xml'], 'use --host'],
    ['rewrite without hosts', ['rewrite', 'guest.xml'], '--host'],
    ['check without hosts', ['check', 'guest.xml'], '--host'],
    ['diff without hosts', ['diff'], '--host'],
    ['expand without a host', ['expand'], 'use --host [NAME=]FILE for each'],
    ['a guest by its name', ['check', 'web-01', ...TWO], 'add --connect URI'],
    ['a variable that is not set for a directory', ['diff', '--hosts', ''], 'cannot read "": no such file'],
    ['a host by its name', ['diff', '--host', 'root@kvm-a'], 'write qemu+ssh://root@kvm-a/system'],
    ['a file for a form', ['check', 'guest.xml', ...TWO, '-o', 'a.json'], 'redirect: > a.json'],
    ['rewrite with one host', ['rewrite', 'guest.xml', ...ONE], 'two hosts, got 1'],
    ['diff with one host', ['diff', ...ONE], 'two hosts, got 1'],
    ['a host without a file', [...REWRITE, '--host', 'c='], '"c="'],
    ['an unknown form', [...REWRITE, '--form', 'both'], '"both"'],
    ['an empty form', [...REWRITE, '--form='], '""'],
    ['--for without --form', [...REWRITE, '--for', 'a'], '--form per-host'],
    ['--for with the shared form', [...REWRITE, '--form', 'shared', '--for', 'a'], '--form per-host'],
    ['--for an unknown host', [...REWRITE, '--form', 'per-host', '--for', 'c'], 'a, b'],
    ['--in-place with -o', [...REWRITE, '--in-place', '-o', 'x'], '--output'],
    ['--in-place with stdin', ['rewrite', '-', ...TWO, '--in-place'], 'standard input'],
    ['--in-place for all hosts', [...REWRITE, '--in-place', '--form', 'per-host'], '--for NAME'],
    ['all hosts into one file', [...REWRITE, '--form', 'per-host', '-o', 'x'], '{host}'],
  ];

  test.each(rows)('%s', (_, words, told) => {
    const fresh = folder({ 'guest.xml': domain() });
    const ran = run(fresh, words);
    expect(ran).toEqual({ code: 2, out: '', err: text(told) });
    expect(ran.err).toMatch(/^error: \S/);
    expect(ran.err).not.toMatch(/^ +at /m);
    expect(shell(fresh, 'ls').out).toBe('guest.xml\nkvm-a.xml\nkvm-b.xml\n');
    expect(shell(fresh, 'cat guest.xml').out).toBe(domain());
  });

  test('check with one host exits 2', () => {
    expect(run(cwd, ['check', 'guest.xml', ...ONE])).toMatchObject({
      code: 2,
      err: text('got 1'),
    });
  });

  test.each([
    ['unknown-option', [...REWRITE, '--bogus']],
    ['contradictory-options', [...REWRITE, '--in-place', '-o', 'x']],
    ['missing-argument', ['rewrite', ...TWO]],
    ['no-hosts', ['diff']],
    ['unexpected-argument', ['undo', 'guest.xml', 'demanding.xml']],
    ['bad-value', ['diff', ...TWO, '--max-depth', 'no']],
    ['no-such-host', [...REWRITE, '--form', 'per-host', '--for', 'c']],
    ['ambiguous-host', ['expand', ...TWO]],
    ['not-confirmed', ['apply', 'guest', '--connect', 'test:///default', ...TWO]],
    ['unknown-command', ['repair']],
    ['usage', ['hook', 'now']],
  ])('%s is an error object with --json', (errorCode, words) => {
    const { code, out, err } = run(cwd, [...words, '--json']);
    const result = JSON.parse(out) as { readonly error: { readonly message: string } };
    expect(code).toBe(2);
    expect(result).toMatchObject({ schemaVersion: 1, error: { code: errorCode, message: text(/./) } });
    expect(err).toMatch(`error: ${result.error.message}\n`);
  });
});

describe('colours', () => {
  const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

  /** Runs the command on a terminal of its own: that of script(1), or where there is none of Python. */
  function onTerminal(words: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    const line = `${SHELL_COMMAND} ${quoted(words)}`;
    const python = `import pty; pty.spawn(["sh", "-c", ${JSON.stringify(line)}])`;
    const { out, err }: Ran = shell(
      cwd,
      `if script --version >/dev/null 2>&1; then script -qec "$LINE" /dev/null; else python3 -c "$PYTHON"; fi`,
      { env: { ...env, LINE: line, PYTHON: python } },
    );
    expect(err).toBe('');
    return out.replaceAll('\r\n', '\n');
  }

  const rows: readonly (readonly [name: string, words: readonly string[], coloured: readonly string[]])[] = [
    [
      'a diff',
      [...REWRITE, '--diff'],
      [
        '\u001b[1m--- guest.xml\u001b[0m\n',
        '\u001b[36m@@',
        '\u001b[31m-  <cpu',
        '\u001b[32m+  </cpu>\u001b[0m\n',
      ],
    ],
    ['a verdict', ['check', 'guest.xml', ...HOSTS], ['guest: \u001b[31mnot safe\u001b[0m to move']],
    ['an error', ['check'], ['\u001b[31merror\u001b[0m: ']],
    ['a finding', ['rewrite', 'demanding.xml', ...HOSTS], [':7:5: \u001b[31merror\u001b[0m: ']],
    [
      'a warning',
      ['rewrite', 'demanding.xml', ...HOSTS, '--override-conflicts'],
      [':7:5: \u001b[33mwarning\u001b[0m: '],
    ],
    ['a note', ['diff', ...HOSTS.slice(0, 4)], ['\u001b[36mnote\u001b[0m: ']],
  ];

  test.each(rows)('%s has them on a terminal, and not with NO_COLOR', (_, words, coloured) => {
    const shown = onTerminal(words);
    for (const text of coloured) expect(shown).toContain(text);
    const plain = onTerminal(words, { NO_COLOR: '1' });
    expect(plain).not.toContain('\u001b');
    // eslint-disable-next-line no-control-regex -- colours are control characters
    expect(shown.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
    expect(onTerminal(words, { NO_COLOR: '' })).toBe(shown);
    expect(onTerminal(words, { TERM: 'dumb' })).toBe(plain);
  });

  test.each(rows)('%s has none elsewhere', (_, words) => {
    const { out, err } = run(cwd, words);
    expect(out + err).not.toContain('\u001b');
  });

  test('words may have them where data goes to a file', () => {
    const shown = onTerminal(['rewrite', 'demanding.xml', ...HOSTS, '--override-conflicts', '-o', 'out.xml']);
    expect(shown).toContain('\u001b[33mwarning\u001b[0m: ');
    expect(shell(cwd, 'cat out.xml').out).toBe(
      run(cwd, ['rewrite', 'demanding.xml', ...HOSTS, '--override-conflicts']).out,
    );
  });

  test.each([
    ['the XML', REWRITE],
    ['JSON', [...REWRITE, '--json']],
    ['the table', ['diff', ...HOSTS]],
    ['help', ['--help']],
  ])('%s never has any', (_, words) => {
    expect(onTerminal(words)).not.toContain('\u001b');
  });
});
