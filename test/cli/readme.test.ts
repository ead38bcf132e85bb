import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, run } from './run.ts';
import { ROOT } from '../support/sources.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Commands of the README with what it shows of their output, and nothing where it shows none. */
const SHOWN = [...README.matchAll(/^```console\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((part): readonly [string, string] => {
      const [command = '', ...lines] = part.trimEnd().split('\n');
      return [command, lines.join('\n')];
    }),
);

/** What the README begins with: the hosts and the guests of the examples. */
const cwd = folder({ 'guest.xml': readFileSync(join(ROOT, 'examples/guest.xml')) });
mkdirSync(join(cwd, 'hosts'));
for (const name of ['kvm-a.xml', 'kvm-b.xml'])
  writeFileSync(join(cwd, 'hosts', name), readFileSync(join(cwd, name)));
cpSync(join(ROOT, 'examples/upgrade'), cwd, {
  recursive: true,
  filter: (path) => !path.endsWith('guest.xml'),
});
cpSync(join(ROOT, 'examples/upgrade/guest.xml'), join(cwd, 'web-02.xml'));

test('the README has no more than 150 lines, and shows commands', () => {
  expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  expect(SHOWN.length).toBeGreaterThan(4);
});

test.each(SHOWN)('%s', (command, shown) => {
  const [name, ...words] = command.split(' ');
  expect(name).toBe('virt-migratable');
  // Captures state their versions.
  const versions = words[0] === 'rehearse' ? [] : ['--libvirt-version', '9.0.0'];
  const { out, err } = run(cwd, [...words, ...versions]);
  const lines = shown.split('\n').filter((line) => line !== '');
  expect(
    `${out}${err}`
      .split('\n')
      .filter((line) => line !== '')
      .sort(),
  ).toEqual([...lines].sort());
});

test('the difference that it shows is the one that is written', () => {
  const { out } = run(cwd, ['rewrite', 'guest.xml', '--hosts', 'hosts', '--diff']);
  const [, diff = ''] = /^```diff\n([\s\S]*?)^```/m.exec(README) ?? [];
  for (const line of diff.split('\n').filter((one) => one.startsWith('+')))
    expect(out).toContain(`${line}\n`);
});

test('every command that it names is there, and every file', () => {
  const named = [...README.matchAll(/virt-migratable ([a-z][a-z-]+)/g)].map(([, command = '']) => command);
  for (const command of new Set(named)) expect(run(cwd, [command, '--help']).code).toBe(0);
});
