import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { FoldLine } from '../../types/fold.ts';
import { COMMAND_NAMES } from '../../lib/cli/options/table.ts';
import { gate, INSTALL, ON_B, STATUS } from './gate.ts';
import { domain, folder, HOSTS, off, run, SHELL_COMMAND, shell } from './run.ts';
import { captureText, guestWith } from '../rehearse/captures.ts';
import { site } from './virsh.ts';
import { ROOT } from '../support/sources.ts';

const FOLDER = join(ROOT, 'lib/schemas');
/** That of the facts is of another draft, and has a test of its own. */
const FILES = readdirSync(FOLDER).filter((name) => name !== 'facts.schema.json');
/** Commands whose results are no JSON. */
const WITHOUT: ReadonlySet<string> = new Set(['completion', 'fold', 'on-define-domain', 'page', 'profile']);

/** The schemas, so that they refuse whatever they do not describe: what is printed has to stand in them. */
const ajv = new Ajv({ strict: true, allowUnionTypes: true });
for (const file of FILES)
  ajv.addSchema(closed(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))) as object, file);

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(besides(schema)).map(([key, value]) => [key, closed(value)]),
  );
  const isShape = inner['type'] === 'object' && 'properties' in inner;
  const isOpen = isShape && !('additionalProperties' in inner) && !('allOf' in inner);
  return isOpen ? { ...inner, additionalProperties: false } : inner;
}

type Schema = Readonly<Record<string, unknown>>;

/** What has facts by its code has them beside its own properties, which so are allowed there. */
function besides(schema: object): Schema {
  const { properties = {}, allOf } = schema as {
    readonly properties?: Schema;
    readonly allOf?: readonly Schema[];
  };
  const own = Object.fromEntries(Object.keys(properties).map((name) => [name, true]));
  const allowing = (one: Schema): Schema =>
    'anyOf' in one
      ? { anyOf: (one['anyOf'] as readonly Schema[]).map(allowing) }
      : { ...one, properties: { ...own, ...(one['properties'] as Schema) } };
  return {
    ...schema,
    ...(allOf === undefined
      ? {}
      : { allOf: allOf.map((one) => ({ ...one, then: allowing(one['then'] as Schema) })) }),
  };
}

function problemsOf(name: string, value: unknown): readonly unknown[] {
  const validate = ajv.getSchema(`${name}.schema.json`) as ValidateFunction;
  return validate(value) ? [] : (validate.errors ?? []);
}

const cwd = folder({
  'guest.xml': domain(),
  'optional.xml': domain("<feature policy='optional' name='lahf_lm'/>"),
  'demanding.xml': domain("<feature policy='require' name='clwb'/>", "<feature policy='force' name='avx'/>"),
  'safe.xml': domain(off('clflushopt'), off('clwb'), off('lahf_lm')),
  'vm.yaml': readFileSync(join(ROOT, 'examples/kubevirt/virtual-machine.yaml'), 'utf8'),
  'broken.xml': '<domain><cpu></domain>',
  'live.xml': domain().replace("<domain type='kvm'", "<domain type='kvm' id='3'"),
  'before.txt': captureText('debian-12-kvm'),
  'after.txt': captureText('debian-13-kvm'),
  'stuck.xml': guestWith('host-model', { cores: 2 }),
  'cpuinfo.txt':
    'processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nflags\t\t: fpu vme avx2\n',
});
const ONE = ['kvm-a.xml', '--libvirt-version', '9.0.0'];
const SIDES = ['--before', 'h=before.txt', '--after', 'h=after.txt'];
const APART = ['--host', 'a=kvm-a.xml', '--host', 'b=kvm-b.xml'];

test('are those of the types', () => {
  const script = join(ROOT, 'scripts/generate-schemas.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('are there for every command that prints JSON', () => {
  const wanted = COMMAND_NAMES.filter((name) => !WITHOUT.has(name)).map((name) => `${name}.schema.json`);
  expect(FILES).toEqual(expect.arrayContaining(wanted));
});

test.each<[string, string, readonly string[]]>([
  ['diff', 'hosts', ['diff', ...HOSTS]],
  ['diff', 'hosts without versions, one from a weak source', ['diff', ...APART, '--host', 'c=cpuinfo.txt']],
  ['diff', 'one host', ['diff', '--host', 'a=kvm-a.xml']],
  ['baseline', 'hosts', ['baseline', ...HOSTS]],
  ['baseline', 'its features', ['baseline', '--features', ...HOSTS]],
  ['baseline', 'what is refused', ['baseline', 'kvm-a.xml', 'cpuinfo.txt', '--strict']],
  ['expand', 'a host', ['expand', ...ONE]],
  ['expand', 'a weak source', ['expand', 'cpuinfo.txt']],
  ['compare', 'a guest that runs', ['compare', 'guest.xml', ...ONE]],
  ['compare', 'a guest that does not', ['compare', 'demanding.xml', ...ONE]],
  ['rehearse', 'hosts', ['rehearse', ...SIDES]],
  ['rehearse', 'guests', ['rehearse', ...SIDES, 'stuck.xml', 'guest.xml', 'live.xml']],
  ['check', 'a guest', ['check', 'guest.xml', ...HOSTS]],
  ['check', 'a safe guest', ['check', 'safe.xml', ...HOSTS]],
  ['check', 'a demanding guest', ['check', 'demanding.xml', ...HOSTS]],
  ['check', 'a running guest', ['check', 'live.xml', '--from', 'a', ...HOSTS]],
  ['check', 'a guest below its floor', ['check', 'guest.xml', '--floor', 'rhel10', ...HOSTS]],
  ['rewrite', 'a guest', ['rewrite', 'guest.xml', ...HOSTS]],
  ['rewrite', 'a guest with a line of its own', ['rewrite', 'optional.xml', ...HOSTS]],
  ['rewrite', 'recorded', ['rewrite', 'guest.xml', '--record', ...HOSTS]],
  ['rewrite', 'guarded', ['rewrite', 'guest.xml', '--guard', ...HOSTS]],
  ['rewrite', 'pinned', ['rewrite', 'guest.xml', '--pin', ...HOSTS]],
  ['rewrite', 'for each host', ['rewrite', 'guest.xml', '--form', 'per-host', ...HOSTS]],
  ['rewrite', 'a demanding guest', ['rewrite', 'demanding.xml', ...HOSTS]],
  ['explain', 'a guest', ['explain', 'optional.xml', '--pmu', 'off', ...HOSTS]],
  ['explain', 'a demanding guest', ['explain', 'demanding.xml', ...HOSTS]],
  ['undo', 'nothing', ['undo', 'guest.xml']],
  ['pools', 'hosts', ['pools', ...HOSTS]],
  ['pools', 'hosts without versions, one from a weak source', ['pools', ...APART, 'cpuinfo.txt']],
  ['hook', 'a task of the gate', [...ON_B]],
  ['hook', 'the state of the gate', STATUS],
  ['hook', 'the end of the gate', ['hook', 'uninstall', '--hooks-dir', 'hooks']],
  ['error', 'a word too much', ['diff', 'guest.xml']],
  ['error', 'a document that cannot be read', ['check', 'broken.xml', ...HOSTS]],
  ['error', 'a file that is not there', ['check', 'missing.xml', ...HOSTS]],
  ['error', 'no such task', ['hook', 'instal']],
])('%s: %s', (schema, _, words) => {
  const { out } = run(cwd, [...words, '--json']);
  const result = JSON.parse(out) as object;
  expect(problemsOf(schema, result)).toEqual([]);
  expect(problemsOf(schema, { ...result, schemaVersion: 2 })).not.toEqual([]);
});

test('report', () => {
  const { out } = run(cwd, ['report', ...HOSTS, '--with-guests', 'guest.xml', '--output', 'json']);
  expect(problemsOf('report', JSON.parse(out))).toEqual([]);
});

test.each([
  ['check', ['check']],
  ['explain', ['explain']],
  ['rewrite', ['rewrite', '--check']],
  ['lint', ['lint']],
])('many guests: %s', (schema, words) => {
  const guests = ['guest.xml', 'safe.xml', 'demanding.xml', 'broken.xml'];
  const hosts = schema === 'lint' ? [] : HOSTS;
  const { out } = run(cwd, [...words, ...guests, ...hosts, '--json']);
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(guests.length);
  for (const line of lines) {
    const result = JSON.parse(line) as object;
    expect(problemsOf('error' in result ? 'error' : schema, result)).toEqual([]);
  }
});

test('check: a virtual machine of KubeVirt', () => {
  const { out } = run(cwd, ['check', 'vm.yaml', ...HOSTS, '--json']);
  const result = JSON.parse(out) as object;
  expect(result).toMatchObject({ kubevirt: { kind: 'VirtualMachine' } });
  expect(problemsOf('check', result)).toEqual([]);
});

test('hook: a gate with a problem', () => {
  const damaged = gate('--log', 'log.txt', '--max-age', '3');
  expect(run(damaged, ['hook', 'install', ...INSTALL.slice(2)])).toMatchObject({ code: 0 });
  expect(problemsOf('hook', JSON.parse(run(damaged, [...STATUS, '--json']).out))).toEqual([]);
});

test('capture and apply', () => {
  const here = site();
  const vm = (...words: readonly string[]): unknown =>
    JSON.parse(run(here.cwd, [...words, '--json'], { env: here.env }).out);
  expect(problemsOf('capture', vm('capture', 'fake://a/system', '-o', 'hosts'))).toEqual([]);
  const onA = ['apply', 'guest', '--connect', 'fake://a/system', '--yes', ...HOSTS];
  expect(problemsOf('apply', vm(...onA))).toEqual([]);
  expect(problemsOf('error', vm('capture', 'fake://gone/system', '-o', 'hosts'))).toEqual([]);
});

test('lock', () => {
  expect(run(cwd, ['baseline', '--lock', 'pool.json', ...HOSTS]).code).toBe(0);
  expect(problemsOf('lock', JSON.parse(readFileSync(join(cwd, 'pool.json'), 'utf8')))).toEqual([]);
  const { out } = run(cwd, ['check', '--lock', 'pool.json', ...HOSTS.slice(0, 2), '--json']);
  expect(problemsOf('check', JSON.parse(out))).toEqual([]);
});

test('fold: lines of profile and of fold', () => {
  const profiled = run(cwd, ['profile', 'cpuinfo.txt', ...HOSTS]);
  const folded = shell(
    cwd,
    `${SHELL_COMMAND} profile cpuinfo.txt ${HOSTS.join(' ')} | ${SHELL_COMMAND} fold`,
  );
  const lines = [profiled, folded].flatMap(({ out }) => out.trimEnd().split('\n'));
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(problemsOf('fold', JSON.parse(line) as FoldLine)).toEqual([]);
  expect(problemsOf('fold', { foldVersion: 2, hosts: ['a'], source: 'stated', grade: 'A' })).not.toEqual([]);
});

test.each<[string, unknown]>([
  ['nothing', {}],
  ['hosts', { $schema: 'x', hosts: ['kvm-a.xml', 'kvm-b.xml'] }],
  ['one host', { hosts: 'kvm-a.xml' }],
  ['hosts by name', { hosts: { a: 'kvm-a.xml', b: ['kvm-b.xml'] } }],
  ['hosts by a name that is none', { hosts: { 'a=b': 'kvm-a.xml' } }],
  ['hosts that are none', { hosts: [1] }],
  ['an unknown key', { host: ['kvm-a.xml'] }],
  ['a switch', { options: { strict: true } }],
  ['a switch that is text', { options: { strict: 'yes' } }],
  ['a choice', { options: { color: 'never' } }],
  ['another choice', { options: { color: 'red' } }],
  ['a list', { options: { 'libvirt-version': ['9.0.0'] } }],
  ['one of a list', { options: { 'libvirt-version': '9.0.0' } }],
  ['a number', { options: { 'max-depth': 100 } }],
  ['a number that is none', { options: { 'max-depth': 0 } }],
  ['an option for the command line', { options: { output: 'json' } }],
  ['an option that there is not', { options: { strikt: true } }],
  ['options that are none', { options: ['strict'] }],
])('config: %s is right where the command takes it', (_, config) => {
  const path = join(cwd, 'config.json');
  writeFileSync(path, JSON.stringify(config));
  const { out, err } = run(cwd, ['diff', 'kvm-a.xml', 'kvm-b.xml', '--config', 'config.json', '--json']);
  const isRefused = err.includes('config.json: ') || out.includes('"bad-config"');
  expect(problemsOf('config', config).length > 0).toBe(isRefused);
});

test('a program that reads results does not break where a later version adds to them', () => {
  const open = new Ajv();
  for (const file of FILES)
    open.addSchema(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as object, file);
  const result = JSON.parse(run(cwd, ['diff', ...HOSTS, '--json']).out) as object;
  expect(open.validate('diff.schema.json', { ...result, later: true })).toBe(true);
});
