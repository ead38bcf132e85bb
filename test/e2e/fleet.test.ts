import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, SHELL_COMMAND } from '../cli/run.ts';
import { domcapabilities } from '../support/host.ts';
import { ROOT } from '../support/sources.ts';
import { describeUnless } from './support/requirements.ts';

const EXAMPLES = join(ROOT, 'examples/fleet');
/** The python of Debian's packages, whatever else is in the path. */
const PYTHON = '/usr/bin/python3';

const directory = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const MODELS = ['Nehalem', 'Haswell-noTSX-IBRS', 'Skylake-Server-IBRS'];
const files = Array.from({ length: 40 }, (_, i) => {
  const path = join(directory, `kvm-${String(i + 1).padStart(2, '0')}.xml`);
  writeFileSync(
    path,
    domcapabilities(i % 5 === 0 ? ['umip'] : [], { model: MODELS[i % 3] ?? '', vendor: 'Intel' }),
  );
  return path;
});
const wanted = run(directory, ['fold'], { input: run(directory, ['profile', ...files]).out }).out;

function answers(program: string, words: readonly string[]): boolean {
  return spawnSync(program, words).status === 0;
}

/** Runs a program with our command in its environment. */
function runWith(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    cwd: directory,
    env: { ...process.env, VIRT_MIGRATABLE: SHELL_COMMAND.replaceAll("'", ''), ...env },
  });
  return status === 0 ? '' : `${status}: ${stderr}`;
}

test('forty hosts are six kinds', () => {
  expect(wanted.trimEnd().split('\n')).toHaveLength(6);
});

describeUnless(
  answers('parallel', ['--version'])
    ? undefined
    : 'not installed: parallel (Debian: apt-get install parallel)',
  'GNU parallel',
  () => {
    const script = join(EXAMPLES, 'parallel.sh');

    test('folds what one process folds', () => {
      expect(runWith(script, [directory, 'fleet.ndjson'], { BATCH: '7', JOBS: '2' })).toBe('');
      expect(readFileSync(join(directory, 'fleet.ndjson'), 'utf8')).toBe(wanted);
    });

    test('stops at a host that cannot be read, and leaves the fold of before', () => {
      const broken = join(directory, 'zz-broken.xml');
      writeFileSync(broken, '<domainCapabilities>');
      const result = runWith(script, [directory, 'fleet.ndjson'], { BATCH: '7', JOBS: '2' });
      rmSync(broken);
      expect(result).toContain('zz-broken.xml');
      expect(readFileSync(join(directory, 'fleet.ndjson'), 'utf8')).toBe(wanted);
    });
  },
);

describeUnless(
  answers(PYTHON, ['-c', 'import distributed'])
    ? undefined
    : 'not installed: distributed (Debian: apt-get install python3-distributed)',
  "Dask's distributed scheduler",
  () => {
    const script = join(EXAMPLES, 'dask_fold.py');

    test('folds on its workers what one process folds', () => {
      expect(runWith(PYTHON, [script, 'dask.ndjson', ...files])).toBe('');
      expect(readFileSync(join(directory, 'dask.ndjson'), 'utf8')).toBe(wanted);
    });

    test('fails with what was wrong at a host that cannot be read', () => {
      const broken = join(directory, 'broken.txt');
      writeFileSync(broken, '<domainCapabilities>');
      expect(runWith(PYTHON, [script, 'none.ndjson', ...files.slice(0, 3), broken])).toContain('broken.txt');
    });
  },
);
