// Tries lib/cli/options/change-options.ts, lib/cli/options/command-options.ts, lib/cli/options/command-words.ts,
// lib/cli/options/host-options.ts and lib/cli/options/pool-options.ts as well.
import fc from 'fast-check';
import { CommandError } from '../../lib/cli/errors.ts';
import { readArguments } from '../../lib/cli/options/parse.ts';
import { likelySettings, settingsFrom } from '../../lib/cli/options/settings.ts';
import { COMMAND_GROUPS, OPTION_GROUPS } from '../../lib/cli/options/spec.ts';
import { COMMAND_NAMES, isCommand, optionsOf, wordsOf } from '../../lib/cli/options/table.ts';
import { continuedLines, definitions, wrapped } from '../../lib/cli/options/wrap.ts';

/** Names of 0.1.0, which scripts have. */
const OLD = [
  'allow-core-features',
  'any-machine',
  'arch',
  'check',
  'climb',
  'connect',
  'cpu-map',
  'diff',
  'domain',
  'drop-nested',
  'emulatorbin',
  'exhaustive',
  'features',
  'for',
  'form',
  'from',
  'guard',
  'help',
  'hooks-dir',
  'host',
  'hosts',
  'in-place',
  'json',
  'libvirt-version',
  'lock',
  'log',
  'machine',
  'max-age',
  'max-depth',
  'max-length',
  'maxphysaddr',
  'migratable',
  'model',
  'on-error',
  'output',
  'override-conflicts',
  'pin',
  'pmu',
  'qemu-properties',
  'record',
  'rescue',
  'self',
  'set-migratable',
  'state-dir',
  'strict',
  'timeout',
  'virttype',
  'virtio',
  'vmi',
  'yes',
];

describe('the table', () => {
  const all = COMMAND_NAMES.flatMap(optionsOf);

  test('has every name of 0.1.0 still', () => {
    const names = new Set(all.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
    expect(OLD.filter((name) => !names.has(name))).toEqual([]);
  });

  test.each(COMMAND_NAMES)('%s has no spelling twice', (command) => {
    const spellings = optionsOf(command).flatMap(({ name, short, aliases = [] }) => [
      name,
      ...aliases,
      ...(short === undefined ? [] : [short]),
    ]);
    expect(spellings).toEqual([...new Set(spellings)]);
  });

  test.each(COMMAND_NAMES)('%s has a summary, a form and an example that it takes', (command) => {
    const { summary, forms, examples } = wordsOf(command);
    expect(summary).toMatch(/^[a-z].*[^.]$/);
    expect(forms.length).toBeGreaterThan(0);
    for (const example of examples) {
      const line =
        example.split(/ && | > /).find((part) => part.includes(`virt-migratable ${command}`)) ?? example;
      const words = (line.split(`virt-migratable ${command} `)[1] ?? '').split(/ [|>)] ?|\)"/)[0] ?? '';
      expect(() =>
        readArguments(
          command,
          words.split(' ').filter((word) => word !== '' && word !== '"$@"'),
        ),
      ).not.toThrow();
    }
  });

  test('words are phrases: no capital, no full stop', () => {
    const odd = all.filter(({ help }) => !/^[a-z].*[^.]$/.test(help));
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  test('every group is used, and shown once', () => {
    expect(new Set(all.map(({ group }) => group))).toEqual(new Set(OPTION_GROUPS.map(([id]) => id)));
    expect(new Set(COMMAND_NAMES.map((name) => wordsOf(name).group))).toEqual(
      new Set(COMMAND_GROUPS.map(([id]) => id)),
    );
  });

  test.each(['constructor', '__proto__', 'Check', ''])('%j is no command', (word) => {
    expect(isCommand(word)).toBe(false);
  });
});

describe('arguments', () => {
  test('are sorted by what they mean', () => {
    const args = readArguments('rewrite', [
      ...[
        'g.xml',
        '--host',
        'a',
        '--host=b',
        '-of',
        '--climb',
        '--max-depth',
        '7',
        '--form',
        'per-host',
        '--json',
      ],
    ]);
    expect(args.positionals).toEqual(['g.xml']);
    expect(args.texts('host')).toEqual(['a', 'b']);
    expect(args.text('output')).toBe('f');
    expect(args.text('form')).toBe('per-host');
    expect(args.number('max-depth')).toBe(7);
    expect(args.number('max-length')).toBeUndefined();
    expect([args.has('disable-parent'), args.has('json'), args.has('diff')]).toEqual([true, true, false]);
  });

  test('behind "--" are words', () => {
    expect(readArguments('rewrite', ['--', '--json']).positionals).toEqual(['--json']);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['no value', ['x', '--host'], /--host needs a value/],
    ['an option for a value', ['x', '--host', '--json'], /--host needs a value.*--host=--json/],
    ['a value for a switch', ['x', '--json=1'], /--json takes no value/],
    ['a negated switch', ['x', '--no-json'], /has no option --no-json/],
    ['an empty choice', ['x', '--form='], /--form takes shared or per-host, not ""/],
    ['a number with a sign', ['x', '--max-depth=-1'], /whole number/],
    ['a number too large', ['x', '--timeout', '86401'], /from 1 to 86400/],
  ])('%s is refused', (_, words, message) => {
    expect(() => readArguments('rewrite', words)).toThrow(message);
  });

  test('a word too many, or too few, is refused', () => {
    expect(() => readArguments('undo', [])).toThrow(/no DOMAIN.xml.*given/);
    expect(() => readArguments('undo', ['x', 'y'])).toThrow(/unexpected argument "y"/);
  });

  test('whoever asks for help may have the rest wrong', () => {
    expect(readArguments('rewrite', ['--bogus', '--form=x', '--help']).has('help')).toBe(true);
  });

  test('any words give arguments, or an error for the user', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '--host',
        '--json',
        '--form',
        '-o',
        '--',
        '-',
        '--max-depth',
        'shared',
        '--color=never',
        '-qv',
      ),
      fc.string({ maxLength: 8 }),
    );
    const failureOf = (action: () => unknown): unknown => {
      try {
        return void action();
      } catch (error) {
        return error;
      }
    };
    expect(() => {
      fc.assert(
        fc.property(fc.constantFrom(...COMMAND_NAMES), fc.array(word, { maxLength: 6 }), (command, words) => {
          const failure = failureOf(() => readArguments(command, words));
          return failure === undefined || failure instanceof CommandError;
        }),
      );
    }).not.toThrow();
  });

  test.each<[readonly string[]]>([
    [[]],
    [['--verbose']],
    [['-v', '--color=always']],
    [['--color', 'never']],
    [['--colour=always', '--color', 'auto']],
  ])('%j: the likely settings are those there are', (words) => {
    expect(likelySettings(words)).toEqual(settingsFrom(readArguments('baseline', ['x', ...words])));
  });
});

describe('lines', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }).map((all) => all.join(' '));

  test('keep every word, and fit where words do', () => {
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 20, max: 80 }),
        fc.integer({ min: 0, max: 8 }),
        (text, width, indent) => {
          const lines = wrapped(text, width, indent);
          expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
          expect(lines.every((line) => line.length <= width)).toBe(true);
        },
      ),
    );
  });

  test('of a command can be run as they are', () => {
    const command = 'virt-migratable check guest.xml --host kvm-a.xml --host kvm-b.xml > out';
    for (const width of [30, 50, 200]) {
      const lines = continuedLines(command, width);
      expect(
        lines
          .join('\n')
          .replaceAll(/ \\\n */g, ' ')
          .trim(),
      ).toBe(command);
      expect(lines.every((line) => !/--host(?: \\)?$/.test(line))).toBe(true);
    }
  });

  test('terms stand beside what they mean, or above it', () => {
    expect(definitions([['-a', 'one two']], 80, 10)).toEqual(['  -a      one two']);
    expect(definitions([['--abcdefgh', 'one two']], 80, 10)).toEqual(['  --abcdefgh', '          one two']);
    expect(definitions([['-a', 'one two']], 50, 10)).toEqual(['  -a', '      one two']);
  });
});
