import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPTIONS } from '../../lib/cli/arguments.ts';
import { SHELLS } from '../../lib/cli/completion.ts';
import { HELP } from '../../lib/cli/usage.ts';
import { folder, run, shell, text } from './run.ts';

const ALL = Object.entries(OPTIONS).flatMap(([command, options]) =>
  Object.entries(options).map(([name, { short }]) => ({ command, name, short })),
);
const MAN = readFileSync(join(__dirname, '../../man/virt-migratable.1'), 'utf8').replaceAll('\\-', '-');
const scripts = Object.fromEntries(Object.entries(SHELLS).map(([name, script]) => [name, script()]));
const cwd = folder();

/** What stands behind the name of a command in the script of a shell. */
function partFor(name: string, command: string): string {
  const script = scripts[name] ?? '';
  const lines = script.split('\n').filter((line) => line.includes(`_from ${command}'`));
  if (name === 'fish') return lines.join('\n');
  const [, part = ''] = new RegExp(`\n +${command}\\)([\\s\\S]*?);;`).exec(script) ?? [];
  return part;
}

test.each(ALL.map(({ command, name, short }) => [command, name, short] as const))(
  '%s --%s is in the completion of every shell and in the manual',
  (command, name, short) => {
    const letter = short === undefined ? '' : ` -s ${short}`;
    expect(partFor('fish', command)).toContain(` -l ${name}${letter} `);
    for (const spelling of [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]) {
      expect(partFor('bash', command)).toMatch(new RegExp(`${spelling}(?![\\w-])`));
      expect(partFor('zsh', command)).toMatch(new RegExp(`${spelling}(?![\\w-])`));
    }
    expect(MAN).toMatch(new RegExp(`--${name}(?![\\w-])`));
  },
);

test.each(Object.keys(OPTIONS))('%s is everywhere', (command) => {
  expect(scripts['bash']).toMatch(new RegExp(`words='[^']*\\b${command}\\b`));
  expect(scripts['zsh']).toContain(`'${command}:`);
  expect(scripts['fish']).toContain(` -f -a ${command} -d `);
  expect(MAN).toContain(`.B virt-migratable ${command}`);
  expect(HELP['']).toMatch(new RegExp(`^ {2}${command}\\s+\\S`, 'm'));
});

test('every option that a help text shows has its words in the completion of zsh and fish', () => {
  for (const name of ['zsh', 'fish'])
    expect(partFor(name, 'rewrite')).toContain('print a unified diff instead');
});

/** What bash offers for the last of these words. */
function completed(...words: readonly string[]): readonly string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const line = `eval "$SCRIPT"; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _virt_migratable; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, out, err } = shell(cwd, 'bash -c "$LINE"', {
    env: { SCRIPT: scripts['bash'] ?? '', LINE: line },
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.split('\n').filter(Boolean).sort();
}

test.each([
  [['virt-migratable', 'ch'], ['check']],
  [
    ['virt-migratable', 'c'],
    ['capture', 'check', 'compare', 'completion'],
  ],
  [['virt-migratable', '--v'], ['--version']],
  [
    ['virt-migratable', 'rewrite', '--form', ''],
    ['per-host', 'shared'],
  ],
  [['virt-migratable', 'rewrite', '--form', 'p'], ['per-host']],
  [['virt-migratable', 'rewrite', 'guest.xml', '--in'], ['--in-place']],
  [['virt-migratable', 'check', '--in'], []],
  [['virt-migratable', 'rewrite', 'gu'], []],
  [['virt-migratable', 'nothing', '--in'], []],
])('bash completes %j with %j', (words, expected) => {
  expect(completed(...words)).toEqual(expected);
});

test.each(Object.keys(SHELLS))('the command prints the script for %s', (name) => {
  expect(run(cwd, ['completion', name])).toEqual({ code: 0, out: scripts[name], err: '' });
});

test.each([[[]], [['tcsh']], [['constructor']], [['bash', 'zsh']]])(
  'completion %j is wrong usage',
  (words) => {
    expect(run(cwd, ['completion', ...words])).toEqual({ code: 2, out: '', err: text('bash, zsh, fish') });
  },
);

test.each(Object.values(HELP))('no help text is wider than 120 columns', (help) => {
  expect(help.split('\n').filter((line) => line.length > 120)).toEqual([]);
});
