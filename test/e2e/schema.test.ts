import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareVersions } from '../../lib/cpu/versions.ts';
import { hasErrors } from '../../lib/issues/issues.ts';
import { parseHost } from '../../lib/parser/host/host.ts';
import { rewriteView } from '../support/rewrite.ts';
import type { PlanOptions, RewriteOptions } from '../../types/options.ts';

/** Whatever is written has to be valid by the schema of the installed libvirt, where it was valid before. */
const SCHEMA = '/usr/share/libvirt/schemas/domain.rng';
const CASES = join(__dirname, '../cases');
const FORMS: readonly (readonly [string, PlanOptions])[] = [
  ['plain', {}],
  ['guard', { cpu: 'guard' }],
  ['exhaustive', { cpu: { exhaustive: true, guard: true } }],
  ['pin', { cpu: 'pin' }],
  ['pin-guard', { cpu: { pin: true, guard: true } }],
];

if (!existsSync(SCHEMA)) throw new Error('no schema: apt-get install libvirt-daemon');
const directory = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const folders = readdirSync(CASES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function optional(folder: string, file: string): unknown {
  const path = join(CASES, folder, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

const installed = spawnSync('virsh', ['--version'], { encoding: 'utf8' }).stdout.trim();

/** Hosts that are all newer than the installed libvirt may be given what its schema does not know yet. */
function isNewer(versions: Readonly<Record<string, string>>): boolean {
  const all = Object.values(versions);
  return all.length > 0 && all.every((version) => compareVersions(version, installed) > 0);
}

/** Every text that a case gives in every form, by the name of its file; nothing for what is refused. */
function textsOf(folder: string): readonly (readonly [string, string])[] {
  const text = readFileSync(join(CASES, folder, 'domain.xml'), 'utf8');
  const expected = optional(folder, 'expected.json') as { refused?: string } | undefined;
  if (expected?.refused !== undefined) return [];
  const versions = (optional(folder, 'versions.json') ?? {}) as Record<string, string>;
  if (isNewer(versions)) return [];
  const hosts = readdirSync(join(CASES, folder, 'hosts')).map((file) => {
    const name = file.replace(/\.xml$/, '');
    const version = versions[name];
    const xml = readFileSync(join(CASES, folder, 'hosts', file), 'utf8');
    return parseHost(xml, { name, ...(version !== undefined && { libvirtVersion: version }) });
  });
  const own = (optional(folder, 'options.json') ?? {}) as RewriteOptions;
  const written = FORMS.flatMap(([form, options]): (readonly [string, string])[] => {
    const result = rewriteView(text, hosts, { ...own, ...options });
    return hasErrors(result.issues) || !result.changed ? [] : [[`${folder}.${form}.xml`, result.shared]];
  });
  return [[`${folder}.before.xml`, text], ...written];
}

/** The files that the schema does not accept. */
function refused(names: readonly string[]): ReadonlySet<string> {
  const { stderr } = spawnSync('xmllint', ['--noout', '--relaxng', SCHEMA, ...names], {
    cwd: directory,
    encoding: 'utf8',
  });
  return new Set(names.filter((name) => !stderr.includes(`${name} validates`)));
}

test('every form of every case is valid where the case itself is', () => {
  const texts = folders.flatMap(textsOf).filter(([, text]) => text.trimStart().startsWith('<domain '));
  for (const [name, text] of texts) writeFileSync(join(directory, name), text);
  const wrong = refused(texts.map(([name]) => name));
  const spoilt = [...wrong].filter((name) => !wrong.has(name.replace(/\.[^.]+\.xml$/, '.before.xml')));
  expect(spoilt).toEqual([]);
  const made = texts.filter(([name]) => !name.endsWith('.before.xml') && !wrong.has(name));
  console.log(`${made.length} documents written by ${folders.length} cases are valid`);
  expect(made.length).toBeGreaterThan(80);
});
