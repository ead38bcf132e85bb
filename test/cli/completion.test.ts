// Tries lib/cli/completion/bash.ts, lib/cli/completion/fish.ts, lib/cli/completion/words.ts,
// lib/cli/completion/zsh.ts and lib/cli/hosts/known-names.ts as well.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHELLS } from '../../lib/cli/completion/shells.ts';
import { COMMAND_NAMES, optionsOf, wordsOf } from '../../lib/cli/options/table.ts';
import { COMMAND, folder, run, shell, text } from './run.ts';
import { site } from './virsh.ts';

const ALL = COMMAND_NAMES.flatMap((command) =>
  optionsOf(command).map(({ name, short }) => ({ command, name, short })),
);
const scripts = Object.fromEntries(Object.entries(SHELLS).map(([name, script]) => [name, script()]));
const { cwd, env } = site();
symlinkSync(COMMAND, join(cwd, 'bin/virt-migratable'));
writeFileSync(join(cwd, 'conf.json'), '{"hosts":["fleet","east=kvm-a.xml"]}');
mkdirSync(join(cwd, 'fleet'));
for (const name of ['kvm-2.xml', 'kvm-10.xml']) writeFileSync(join(cwd, 'fleet', name), '<cpu/>');

/** What stands behind the name of a command in the script of a shell. */
function partFor(name: string, command: string): string {
  const script = scripts[name] ?? '';
  if (name === 'fish')
    return script
      .split('\n')
      .filter((line) => line.includes(`_from ${command}'`))
      .join('\n');
  const [, part = ''] = new RegExp(`\n +${command}\\)([\\s\\S]*?);;`).exec(script) ?? [];
  return part;
}

test.each(ALL.map(({ command, name, short }) => [command, name, short] as const))(
  '%s --%s is in the completion of every shell',
  (command, name, short) => {
    const letter = short === undefined ? '' : ` -s ${short}`;
    expect(partFor('fish', command)).toContain(` -l ${name}${letter} `);
    for (const spelling of [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]) {
      expect(partFor('bash', command)).toMatch(new RegExp(`${spelling}(?![\\w-])`));
      expect(partFor('zsh', command)).toMatch(new RegExp(`${spelling}(?![\\w-])`));
    }
  },
);

test.each(COMMAND_NAMES)('%s is everywhere, with its summary where a shell shows one', (command) => {
  const [beginning = ''] = wordsOf(command).summary.split("'");
  expect(scripts['bash']).toMatch(new RegExp(`words='[^']*\\b${command}\\b`));
  expect(scripts['zsh']).toContain(`'${command}:${beginning}`);
  expect(scripts['fish']).toContain(` -f -a ${command} -d '${beginning}`);
});

/** What bash offers for the last of these words, as readline splits them. */
function completed(...words: readonly string[]): readonly string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const line = `compopt() { :; }; eval "$SCRIPT"; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _virt_migratable; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, out, err } = shell(cwd, 'bash -c "$LINE"', {
    env: { ...env, SCRIPT: scripts['bash'] ?? '', LINE: line },
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.split('\n').filter(Boolean).sort();
}

const VM = 'virt-migratable';

test.each([
  ['a command', [VM, 'ch'], ['check']],
  ['commands', [VM, 'c'], ['capture', 'check', 'compare', 'completion']],
  ['a switch in place of a command', [VM, '--v'], ['--version']],
  ['help', [VM, 'he'], ['help']],
  ['an option', [VM, 'rewrite', 'guest.xml', '--in'], ['--in-place']],
  ['no option of another command', [VM, 'check', '--in'], []],
  ['nothing for no command', [VM, 'nothing', '--in'], []],
  ['all choices', [VM, 'rewrite', '--form', ''], ['per-host', 'shared']],
  ['a choice', [VM, 'rewrite', '--form', 'p'], ['per-host']],
  ['a choice behind "="', [VM, 'rewrite', '--form', '=', 'p'], ['per-host']],
  ['all choices behind "="', [VM, 'rewrite', '--form', '='], ['per-host', 'shared']],
  ['files, by the shell', [VM, 'rewrite', 'gu'], []],
  ['a file of a named host, by the shell', [VM, 'rewrite', '--host', 'a', '=', 'kv'], []],
  ['a model', [VM, 'rewrite', '--pin', '--model', 'SapphireRapids-v2'], ['SapphireRapids-v2']],
  [
    'the hosts of the line',
    [VM, 'check', '--host', 'x', '=', 'a.xml', '--host', 'b/kvm-c.json', '--from', ''],
    ['kvm-c', 'x'],
  ],
  [
    'the hosts of a directory, and one that is not asked',
    [VM, 'check', '--hosts', 'fleet', '--host', 'qemu+ssh', ':', '//x/system', '--from', ''],
    ['kvm-10', 'kvm-2', 'x'],
  ],
  ['the hosts behind "="', [VM, 'check', '--hosts', '=', 'fleet', '--from', 'kvm-1'], ['kvm-10']],
  [
    'the hosts of a configuration',
    [VM, 'expand', '--config', 'conf.json', '--for', ''],
    ['east', 'kvm-10', 'kvm-2'],
  ],
  ['domains', [VM, 'apply', 'g'], ['guest']],
  ['domains to be undone', [VM, 'undo', '-c', 'fake', ':', '//a/x', 'g'], ['guest']],
  ['what hook can do', [VM, 'hook', ''], ['install', 'status', 'uninstall']],
  ['shells', [VM, 'completion', ''], ['bash', 'fish', 'hosts', 'zsh']],
])('bash offers %s', (_, words, expected) => {
  expect(completed(...words)).toEqual(expected);
});

/** What a shell says of a script, where it is installed. */
function syntaxErrors(name: string): string {
  return shell(cwd, `! command -v ${name} >/dev/null || ${name} -n script`, { env: {} }).err;
}

test.each(Object.keys(SHELLS))('the script for %s is one, and the command prints it', (name) => {
  expect(run(cwd, ['completion', name])).toEqual({ code: 0, out: scripts[name], err: '' });
  shell(cwd, 'cat >script', { input: scripts[name] ?? '' });
  expect(syntaxErrors(name)).toBe('');
});

test.each(['autoload -Uz compinit; compinit -u -D; ', ''])('zsh takes the script behind "%s"', (start) => {
  const line = `HOME=$PWD; ${start}eval "$SCRIPT"; echo \${_comps[virt-migratable]}: function`;
  const { out, err } = shell(folder(), `! command -v zsh >/dev/null || zsh -f -c "$LINE"`, {
    env: { LINE: line, SCRIPT: scripts['zsh'] ?? '' },
  });
  expect(err).toBe('');
  expect(['', '_virt_migratable: function\n']).toContain(out);
});

test.each([
  [['check', '--fr'], ['--from']],
  [
    ['check', '--host', 'x=a.xml', '--host', 'b/kvm-c.json', '--from', ''],
    ['kvm-c', 'x'],
  ],
  [['rewrite', 'x.xml', '--form', 'per-host', '--for', ''], ['c']],
  [['rewrite', '--form', 'p'], ['per-host']],
  [['hook', 'un'], ['uninstall']],
])('fish, where it is installed, completes %j', (words, expected) => {
  const script = `fish -c 'source script.fish; complete -C "$LINE"'`;
  const own = folder({
    'script.fish': scripts['fish'] ?? '',
    'virt-migratable.json': '{"hosts":["c=kvm-a.xml"]}',
  });
  const line = `if command -v fish >/dev/null; then HOME=. ${script}; else printf '%s\\n' $EXPECTED; fi`;
  const { out, err } = shell(own, line, {
    env: { ...env, LINE: [VM, ...words].join(' '), EXPECTED: expected.join(' ') },
  });
  expect(err).toBe('');
  const offered = out.split('\n').map((line) => line.split('\t')[0]);
  expect(offered.filter(Boolean).sort()).toEqual(expected);
});

test.each([[[]], [['tcsh']], [['constructor']], [['bash', 'zsh']]])(
  'completion %j is wrong usage',
  (words) => {
    expect(run(cwd, ['completion', ...words])).toEqual({ code: 2, out: '', err: text('bash|zsh|fish') });
  },
);
