import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from '../lib/cli/hosts/yaml.cjs';
import { domain, folder, SHARED } from './cli/run.ts';
import { githubProblems, sarifProblems } from './report/reports.ts';
import { ROOT } from './support/sources.ts';

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = readYaml(readFileSync(join(ROOT, 'action.yml'), 'utf8'))[0] as Action;

/** What a run of the action leaves behind. */
interface Ran {
  /** The first step that failed. */
  readonly failed: string | undefined;
  readonly values: Readonly<Record<string, string>>;
  readonly said: string;
}

/** A script as a runner of GitHub starts it. */
function bash(
  script: string,
  workspace: string,
  own: Readonly<Record<string, string>>,
): Pick<SpawnSyncReturns<Buffer>, 'status' | 'stderr'> {
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: workspace,
    env: { PATH: process.env['PATH'], GITHUB_ACTION_PATH: ROOT, RUNNER_TEMP: workspace, ...own },
  });
}

/** The action's own steps, in a workspace of their own. */
function runAction(workspace: string, given: Readonly<Record<string, string>>): Ran {
  const values: Record<string, string> = {};
  for (const [name, { default: usual }] of Object.entries(action.inputs))
    values[`inputs.${name}`] = given[name] ?? usual;
  const valueOf = (text: string): string =>
    text.replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => values[name] ?? '');
  let said = '';
  for (const { name, id = '', env = {}, run } of action.runs.steps) {
    if (run === undefined) continue;
    const output = join(workspace, '..output');
    writeFileSync(output, '');
    const own = Object.entries(env).map(([key, value]) => [key, valueOf(value)] as const);
    const { status, stderr } = bash(run, workspace, { ...Object.fromEntries(own), GITHUB_OUTPUT: output });
    said += stderr.toString();
    for (const line of readFileSync(output, 'utf8').split('\n')) {
      const [, key = '', value = ''] = /^([^=]+)=(.*)$/.exec(line) ?? [];
      values[`steps.${id}.outputs.${key}`] = value;
    }
    if (status !== 0) return { failed: name, values, said };
  }
  return { failed: undefined, values, said };
}

/** A repository with guests below "vms", and hosts below "hosts". */
function repository(files: Readonly<Record<string, string>>): string {
  const cwd = folder();
  for (const path of ['vms/more', 'hosts']) mkdirSync(join(cwd, path), { recursive: true });
  for (const name of ['kvm-a.xml', 'kvm-b.xml']) renameSync(join(cwd, name), join(cwd, 'hosts', name));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, 'vms', name), content);
  return cwd;
}

function reportOf(
  cwd: string,
  name = 'virt-migratable.sarif',
): { readonly ids: readonly string[]; readonly log: unknown } {
  const log = JSON.parse(readFileSync(join(cwd, name), 'utf8')) as {
    runs: readonly { results: readonly { ruleId: string }[] }[];
  };
  return { log, ids: log.runs.flatMap(({ results }) => results.map(({ ruleId }) => ruleId)) };
}

const GUESTS = 'vms/**/*.xml';
const hosts = { hosts: 'hosts', arguments: '--libvirt-version\n9.0.0\n' };

test('guests are checked with hosts, and the verdict fails the job', () => {
  const cwd = repository({ 'a.xml': domain(), 'more/b.xml': SHARED });
  const { failed, values } = runAction(cwd, { guests: GUESTS, ...hosts });
  expect([failed, values['steps.look.outputs.code']]).toEqual(['Give the verdict', '1']);
  const { log, ids } = reportOf(cwd);
  expect(sarifProblems(log)).toEqual([]);
  expect(githubProblems(log)).toEqual([]);
  expect(ids).toEqual(['hosts-differ', 'hosts-differ']);
});

test('a finding need not fail it', () => {
  const cwd = repository({ 'a.xml': domain() });
  const { failed } = runAction(cwd, { guests: GUESTS, ...hosts, fail: 'false', 'sarif-file': 'x.sarif' });
  expect(failed).toBeUndefined();
  expect(reportOf(cwd, 'x.sarif').ids).toHaveLength(2);
});

test('what is safe passes', () => {
  const cwd = repository({ 'a.xml': SHARED, 'with a blank.xml': SHARED });
  const { failed } = runAction(cwd, { guests: 'vms/a.xml\nvms/with a blank.xml\n', ...hosts });
  expect(failed).toBeUndefined();
  expect(reportOf(cwd).ids).toEqual([]);
});

test('without hosts, guests are linted; other XML is passed over', () => {
  const cwd = repository({ 'a.xml': domain(), 'net.xml': '<network/>' });
  const { failed, said } = runAction(cwd, {});
  expect(failed).toBeUndefined();
  expect(reportOf(cwd).ids).toEqual(['cpu-follows-host']);
  expect(said).toContain('they hold no guest');
});

test('what cannot be read fails it, whatever is said of findings', () => {
  const cwd = repository({ 'a.xml': '<domain>' });
  const { failed, values } = runAction(cwd, { guests: GUESTS, fail: 'false' });
  expect([failed, values['steps.look.outputs.code']]).toEqual(['Give the verdict', '2']);
  expect(reportOf(cwd).ids).toEqual(['bad-xml']);
});

test('wrong usage leaves no report to upload', () => {
  const { failed } = runAction(repository({}), { arguments: '--bogus' });
  expect(failed).toBe('Look at the guests');
});

test('every step says its shell, or is an upload of the report; outputs are those of steps', () => {
  const { steps, using } = action.runs;
  expect(using).toBe('composite');
  expect(steps.filter(({ run, shell }) => run !== undefined && shell !== 'bash')).toEqual([]);
  expect(steps.filter(({ uses }) => uses !== undefined)).toMatchObject([
    {
      uses: expect.stringMatching(/^github\/codeql-action\/upload-sarif@v\d+$/) as unknown,
      if: "${{ inputs.upload == 'true' }}",
      with: { sarif_file: '${{ steps.look.outputs.sarif-file }}' },
    },
  ]);
  const ids = new Set(steps.flatMap(({ id }) => id ?? []));
  const named = JSON.stringify(action).matchAll(/steps\.(\w+)\./g);
  expect([...named].filter(([, id = '']) => !ids.has(id))).toEqual([]);
});
