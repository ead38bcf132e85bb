import packageJson from '../../package.json' with { type: 'json' };
import { helpText } from '../../lib/cli/options/help.ts';
import { COMMAND_NAMES, optionsOf } from '../../lib/cli/options/table.ts';
import { isColoured } from '../../lib/cli/terminal/terminal.ts';
import {
  bytesOf,
  domain,
  folder,
  HOSTS,
  REWRITE,
  run,
  SHARED,
  SHELL_COMMAND,
  shell,
  text,
  TWIN,
} from './run.ts';

const cwd = folder({ ...TWIN, 'guest.xml': domain(), 'level.xml': SHARED });

describe('a word that is nearly right', () => {
  test.each<[string, readonly string[], string]>([
    ['a command', ['rewite'], 'did you mean "rewrite"?'],
    ['two letters swapped', ['chekc', 'guest.xml'], 'did you mean "check"?'],
    ['another case', ['Check'], 'did you mean "check"?'],
    ['a command to help with', ['help', 'capure'], 'did you mean "capture"?'],
    ['an option', [...REWRITE, '--dif'], 'did you mean --diff?'],
    ['an older name of one', [...REWRITE, '--clmb'], 'did you mean --climb?'],
    ['an option of others', ['check', '--in-place'], 'it is an option of rewrite, undo'],
    ['a choice', [...REWRITE, '--form', 'perhost'], 'did you mean "per-host"?'],
    ['a colour', [...REWRITE, '--color', 'allways'], 'did you mean "always"?'],
    ['a task of hook', ['hook', 'instal'], 'did you mean "install"?'],
    [
      'a host',
      ['check', 'guest.xml', '--host', 'kvm-a.xml', '--host', 'kvm-b.xml', '--from', 'kvm-'],
      'kvm-a, kvm-b',
    ],
    ['a host in another case', ['check', 'guest.xml', ...HOSTS, '--from', 'B'], 'did you mean "b"?'],
    [
      'a host of a map',
      [...REWRITE, '--host', 'host-c=kvm-a-twin.xml', '--cpu-map', 'hostc=x'],
      'did you mean "host-c"?',
    ],
    ['a model', [...REWRITE, '--pin', '--model', 'Skylake-Clinet'], 'did you mean "Skylake-Client"?'],
    [
      'a host in place of an option',
      ['compare', 'guest.xml', 'kvm-b.xml', 'kvm-a.xml'],
      'if it is a host, write --host kvm-a.xml',
    ],
  ])('%s', (_, words, advice) => {
    expect(run(cwd, words)).toEqual({ code: 2, out: '', err: text(advice) });
  });

  test.each([['zzz'], ['constructor'], ['toString']])('"%s" is like none', (word) => {
    const { code, err } = run(cwd, [word]);
    expect({ code, guesses: err.includes('did you mean') }).toEqual({ code: 2, guesses: false });
  });
});

test.each(['-V', '--version'])('%s is the version', (word) => {
  expect(run(cwd, [word])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
});

describe('names of options', () => {
  test.each([
    ['--climb', '--disable-parent'],
    ['--drop-nested', '--disable-nested'],
    ['--color=always', '--colour=always'],
  ])('%s and %s are the same', (older, clearer) => {
    expect(run(cwd, [...REWRITE, older, '--diff'])).toEqual(run(cwd, [...REWRITE, clearer, '--diff']));
  });

  test('the last of several counts, and a value may begin with a dash behind "="', () => {
    expect(run(cwd, [...REWRITE, '--form', 'per-host', '--form=shared']).out).toBe(SHARED);
    expect(run(cwd, [...REWRITE, '--output=-']).out).toBe(SHARED);
    expect(run(cwd, [...REWRITE, '-o', '-x'])).toMatchObject({ code: 2, err: text('write --output=-x') });
  });
});

describe('help', () => {
  test('shows what most calls have before all other options, and each option once', () => {
    for (const command of COMMAND_NAMES) {
      const shown = [...helpText(command, 100).matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(
        ([, name = '']) => name,
      );
      expect([...shown].sort()).toEqual(
        optionsOf(command)
          .map(({ name }) => name)
          .sort(),
      );
    }
    expect(helpText('rewrite', 80)).toMatch(/\nMost used:\n {2}--host [\s\S]*--in-place[\s\S]*\n\nHosts:\n/);
  });

  test.each([40, 59, 60, 80, 100])('fits into %d columns, but for words that do not', (width) => {
    const texts = [undefined, ...COMMAND_NAMES].map((command) => helpText(command, width));
    const long = texts.flatMap((help) => help.split('\n')).filter((line) => line.length > width);
    // One word, an option with its value, or a word with the sign that the line goes on.
    expect(long.filter((line) => !/^ *(?:-\w, )?(?:-\S+ )?\S+(?: \\)?$/.test(line))).toEqual([]);
  });

  test('has 80 columns where nobody says how many there are', () => {
    expect(run(cwd, ['rewrite', '--help'], { env: { COLUMNS: '' } }).out).toBe(helpText('rewrite', 80));
    expect(run(cwd, ['help', 'rewrite'], { env: { COLUMNS: '100' } }).out).toBe(helpText('rewrite', 100));
    expect(run(cwd, ['rewrite', '-h'], { env: { COLUMNS: '1' } }).out).toBe(helpText('rewrite', 40));
  });

  test('shows the most used options first', () => {
    const headings = [...helpText('rewrite', 80).matchAll(/^(\S.*):$/gm)].map(([, heading]) => heading);
    expect(headings.slice(0, 3)).toEqual(['Usage', 'Examples', 'Most used']);
  });
});

describe('colours', () => {
  test.each<[string, 'auto' | 'always' | 'never', boolean, Readonly<Record<string, string>>, boolean]>([
    ['on a terminal', 'auto', true, {}, true],
    ['none elsewhere', 'auto', false, {}, false],
    ['none on one that has none', 'auto', true, { TERM: 'dumb' }, false],
    ['--color=always', 'always', false, { TERM: 'dumb' }, true],
    ['--color=never', 'never', true, {}, false],
    ['FORCE_COLOR', 'auto', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', 'auto', true, { FORCE_COLOR: '0' }, false],
    ['an empty FORCE_COLOR', 'auto', false, { FORCE_COLOR: '' }, false],
    ['an empty NO_COLOR', 'auto', true, { NO_COLOR: '' }, true],
    ['NO_COLOR before FORCE_COLOR', 'auto', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['--color before NO_COLOR', 'always', false, { NO_COLOR: '1' }, true],
    ['--color before FORCE_COLOR', 'never', false, { FORCE_COLOR: '1' }, false],
  ])('%s', (_, color, shows, env, expected) => {
    expect(isColoured(color, shows, env)).toBe(expected);
  });

  test.each<[readonly string[], boolean]>([
    [[], false],
    [['--color=always'], true],
    [['--color', 'always'], true],
    [['--colour=never', '--color=always'], true],
    [['--color=always', '--color=auto'], false],
  ])('%j', (words, expected) => {
    const coloured = expected ? '\u001b[31mnot safe\u001b[0m' : ' not safe';
    expect(run(cwd, ['check', 'guest.xml', ...HOSTS, ...words]).out).toContain(coloured);
    expect(run(cwd, ['check', ...words]).err.includes('\u001b[31merror\u001b[0m: ')).toBe(expected);
  });

  test('never in XML, JSON and help', () => {
    for (const words of [[], ['--json'], ['--help']])
      expect(run(cwd, [...REWRITE, ...words, '--color=always']).out).not.toContain('\u001b');
  });

  test('not of standard output in lines about guests, which go to standard error beside patches', () => {
    // A device that is not the null device is taken for a terminal.
    const words = `rewrite guest.xml other.xml --diff ${HOSTS.join(' ')} >/dev/zero`;
    const place = folder({ 'guest.xml': domain(), 'other.xml': domain() });
    const { code, err } = shell(place, `${SHELL_COMMAND} ${words}`);
    expect([code, err.split('\n')[0]]).toEqual([
      0,
      'guest.xml: would change: disable clflushopt, clwb, lahf_lm',
    ]);
    expect(err).not.toContain('\u001b');
  });

  test('not as words behind "--" say', () => {
    expect(run(cwd, ['check', '--bogus', '--', '--color=always']).err).toMatch(/^error: /);
  });
});

describe('how much is printed', () => {
  test.each([['--quiet'], ['-q']])('%s: the result, and errors', (option) => {
    expect(run(cwd, [...REWRITE, option])).toEqual({ code: 0, out: SHARED, err: '' });
    expect(run(cwd, ['diff', ...HOSTS, option])).toMatchObject({ code: 0, out: text('clwb'), err: '' });
    expect(run(cwd, ['check', option])).toMatchObject({ code: 2, err: text('error: ') });
    const usual = run(cwd, ['check', 'guest.xml', ...HOSTS]);
    expect(run(cwd, ['check', 'guest.xml', ...HOSTS, option])).toEqual({ ...usual, err: '' });
  });

  test.each([['--verbose'], ['-v']])('%s: also what is read and written', (option) => {
    const own = folder({ 'guest.xml': domain() });
    const { err } = run(own, [...REWRITE, option, '-o', 'out.xml']);
    expect(err).toMatch(/^read guest\.xml\nread kvm-a\.xml\nread kvm-b\.xml\n/);
    expect(err).toMatch(/\nwrote out\.xml\n$/);
    expect(bytesOf(own, 'out.xml')).toBe(SHARED);
  });

  test('letters may stand together', () => {
    const own = folder({ 'guest.xml': domain() });
    expect(run(own, [...REWRITE, '-qoout.xml'])).toEqual({ code: 0, out: '', err: '' });
    expect(bytesOf(own, 'out.xml')).toBe(SHARED);
  });
});
