// Tries lib/cli/options/manual-sections.ts as well.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_ERRORS } from '../../lib/cli/errors.ts';
import { exitCodes } from '../../lib/cli/options/help.ts';
import { manualPage } from '../../lib/cli/options/manual.ts';
import { COMMAND_NAMES, optionsOf } from '../../lib/cli/options/table.ts';
import { folder, shell } from './run.ts';

const path = join(__dirname, '../../man/virt-migratable.1');
const page = readFileSync(path, 'utf8');

test('the manual is what the option table says: run "npm run generate-man"', () => {
  expect(page).toBe(manualPage());
});

test('it has every command, every spelling of every option and every exit code', () => {
  const plain = page.replaceAll('\\-', '-').replaceAll(/\\f[BIR]/g, '');
  const spellings = COMMAND_NAMES.flatMap(optionsOf).flatMap(({ name, short, aliases = [] }) => [
    ...[name, ...aliases].map((one) => `--${one}`),
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
  expect([...COMMAND_NAMES, ...spellings].filter((word) => !plain.includes(word))).toEqual([]);
  for (const [code] of exitCodes()) expect(plain).toContain(`\n.B ${code}\n`);
});

test('every section that it refers to is there, and every variable that the command reads', () => {
  const headings = [...page.matchAll(/^\.SH (.+)$/gm)].map(([, heading]) => heading);
  const meant = [...page.matchAll(/\bSee ([A-Z]{2,})\b/g)].map(([, heading]) => heading);
  expect(meant).toEqual(expect.arrayContaining(['CONFIGURATION', 'HOSTS']));
  expect(meant.filter((heading) => !headings.includes(heading))).toEqual([]);
  const [, environment = ''] = page.split('\n.SH ENVIRONMENT\n');
  for (const variable of ['VIRT_MIGRATABLE_HOSTS', 'VIRT_MIGRATABLE_CONFIG', 'LIBVIRT_DEFAULT_URI'])
    expect(environment.split('\n.SH ')[0]).toContain(variable);
});

test('no line of text looks like a macro, and every macro is one of man(7)', () => {
  const macros = page.split('\n').flatMap((line) => /^[.'](\S*)/.exec(line)?.[1] ?? []);
  expect([...new Set(macros)].sort()).toEqual([
    'B',
    'IP',
    'PP',
    'RE',
    'RS',
    'SH',
    'SS',
    'TH',
    'TP',
    '\\"',
    'br',
    'fi',
    'nf',
  ]);
});

test('groff has nothing to say about it, where there is one', () => {
  const { err } = shell(folder(), `! command -v groff >/dev/null || groff -ww -z -man '${path}'`);
  expect(err).toBe('');
});

test('docs/json.md has every code of an error, with the words of the manual', () => {
  const json = readFileSync(join(__dirname, '../../docs/json.md'), 'utf8');
  for (const [code, meaning] of Object.entries(COMMAND_ERRORS))
    expect(json).toContain(`| \`${code}\` | ${meaning} |`);
});
