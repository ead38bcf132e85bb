// Tries lib/cli/terminal/fit.ts, lib/cli/terminal/pieces.ts and lib/cli/terminal/words.ts as well.
import { domain, folder, HOSTS, off, run, SHARED } from './run.ts';
import { renameSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a terminal would obey, what looks like another line, and what turns the reading direction. */
const EVIL = 'x\u001b[31m\u009b2J\u202e\u2066\u0085\u2028\u007fy';
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const evilName = domain().replace('<name>guest', `<name>${EVIL.replace('\u001b', '')}`);
const cwd = folder({
  'guest.xml': domain(),
  'named.xml': evilName,
  [`${EVIL}.xml`]: domain("<feature policy='require' name='clwb'/>"),
  [`broken ${EVIL}\n.xml`]: `<domain>\u009b\u202e`,
  'model.xml': domain().replace(
    /<cpu [^>]*>/,
    `<cpu mode='custom' match='exact'><model>${EVIL.replace('\u001b', '')}</model></cpu>`,
  ),
  'machine.xml': domain().replace('pc-i440fx-7.2', `pc-${EVIL.replace('\u001b', '')}`),
});
copyFileSync(join(cwd, 'kvm-a.xml'), join(cwd, `${EVIL}-host.xml`));
renameSync(join(cwd, `${EVIL}-host.xml`), join(cwd, `${EVIL}\n-host.xml`));

const evilHosts = ['--host', `${EVIL}\na=kvm-a.xml`, '--host', 'b=kvm-b.xml'];

/** Every line of what is printed, without the colours we print ourselves. */
function linesOf(text: string): readonly string[] {
  return text.split('\n');
}

test.each<[string, readonly string[]]>([
  ['a command', [EVIL]],
  ['an option', ['check', `--${EVIL}`]],
  ['a value', ['rewrite', 'guest.xml', '--form', EVIL, ...HOSTS]],
  ['a missing file', ['check', `${EVIL}\n`, ...HOSTS]],
  ['a file with a finding', ['rewrite', `${EVIL}.xml`, ...HOSTS]],
  ['a file that is broken, and its line', ['check', `broken ${EVIL}\n.xml`, ...HOSTS]],
  ['a guest', ['check', 'named.xml', ...HOSTS]],
  ['a guest that is explained', ['explain', 'named.xml', ...HOSTS]],
  ['a model', ['check', 'model.xml', ...HOSTS]],
  ['a machine type', ['check', 'machine.xml', ...HOSTS]],
  ['hosts in a verdict', ['check', 'guest.xml', ...evilHosts]],
  ['hosts in a table', ['diff', ...evilHosts]],
  [
    'hosts in a diff',
    ['rewrite', 'guest.xml', ...evilHosts, '--form', 'per-host', '--diff', '--color=always'],
  ],
  ['a host by its file', ['check', 'guest.xml', '--host', `${EVIL}\n-host.xml`, '--host', 'kvm-b.xml']],
  ['a host there is not', ['check', 'guest.xml', ...HOSTS, '--from', EVIL]],
  ['a comparison', ['compare', 'guest.xml', `${EVIL}\n=kvm-a.xml`]],
  ['what is read', ['check', 'guest.xml', ...evilHosts, '--verbose']],
  ['what is written', ['rewrite', 'guest.xml', ...HOSTS, '-o', `${EVIL}\nout`, '--verbose']],
  [
    'a virtual machine',
    ['on-define-domain', '--vmi', JSON.stringify({ metadata: { name: EVIL } }), '--domain', '<x>', ...HOSTS],
  ],
])('%s can do nothing to a terminal', (_, words) => {
  const { out, err } = run(cwd, words);
  // eslint-disable-next-line no-control-regex -- our own colours
  const own = /\u001b\[(?:0|1|31|32|33|36)m/g;
  expect(linesOf(out + err).filter((line) => UNSAFE.test(line.replaceAll(own, '')))).toEqual([]);
  expect(out + err).toContain('y');
});

test('nor as JSON, whose values stay', () => {
  const { out } = run(cwd, ['check', 'named.xml', ...evilHosts, '--json']);
  expect(linesOf(out).filter((line) => UNSAFE.test(line))).toEqual([]);
  const { domain: name, baseline } = JSON.parse(out) as {
    readonly domain: string;
    readonly baseline: { readonly hosts: readonly { readonly name: string }[] };
  };
  expect(name).toBe(EVIL.replace('\u001b', ''));
  expect(baseline.hosts.map((host) => host.name)).toContain(`${EVIL}\na`);
});

test('XML that goes into a file or a pipe keeps every byte', () => {
  const named = evilName.replace(' migratable', ` \t migratable`);
  const own = folder({ 'guest.xml': named });
  const expected = named.replace(
    '/>\n</domain>',
    `>\n    ${off('clflushopt')}\n    ${off('clwb')}\n    ${off('lahf_lm')}\n  </cpu>\n</domain>`,
  );
  expect(run(own, ['rewrite', 'guest.xml', ...HOSTS]).out).toBe(expected);
  expect(run(own, ['rewrite', 'guest.xml', ...HOSTS, '--diff']).out).toContain('\n+  </cpu>\n');
  expect(SHARED).not.toBe(expected);
});
