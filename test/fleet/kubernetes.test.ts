import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, run, SHELL_COMMAND } from '../cli/run.ts';
import { domcapabilities } from '../support/host.ts';
import { ROOT } from '../support/sources.ts';
import { readYaml } from '../../lib/cli/hosts/yaml.cjs';

interface Job {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly completions?: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly args: readonly string[];
          readonly volumeMounts: readonly { readonly name: string }[];
        }[];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}

const jobs = readYaml(readFileSync(join(ROOT, 'examples/fleet/kubernetes.yaml'), 'utf8')) as readonly Job[];
const cwd = folder();

/** Runs what the container of a job runs, with its mounts below our folder. */
function runJob(
  name: string,
  index = 0,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const [container] =
    jobs.find(({ metadata }) => metadata.name === name)?.spec.template.spec.containers ?? [];
  const script = container?.args[0]
    ?.replaceAll(/\/(?=hosts|folds)/g, `${cwd}/`)
    .replaceAll(/(?<=^ *|\| )virt-migratable(?= )/gm, () => SHELL_COMMAND);
  const [shell = '', ...words] = container?.command ?? [];
  return spawnSync(shell, [...words, script ?? ''], {
    encoding: 'utf8',
    env: { ...process.env, JOB_COMPLETION_INDEX: String(index) },
  });
}

test('the pods of both jobs make the fold that one process makes', () => {
  mkdirSync(join(cwd, 'folds'));
  const models = ['Nehalem', 'Haswell-noTSX-IBRS'];
  const paths = [0, 1, 2, 3].flatMap((index) => {
    mkdirSync(join(cwd, 'hosts', String(index)), { recursive: true });
    return models.map((model, i) => {
      const path = join(cwd, 'hosts', String(index), `kvm-${index}${i}.xml`);
      writeFileSync(path, domcapabilities([], { model, vendor: 'Intel' }));
      return path;
    });
  });
  expect(jobs[0]?.spec.completions).toBe(4);
  expect(runJob('fleet-fold').status).not.toBe(0);
  for (const index of [0, 1, 2, 3]) expect(runJob('fleet-profile', index)).toMatchObject({ status: 0 });
  const last = runJob('fleet-fold');
  expect([last.status, last.stdout]).toEqual([0, expect.stringContaining('8 hosts of 2 kinds')]);
  const wanted = run(cwd, ['fold'], { input: run(cwd, ['profile', ...paths]).out }).out;
  expect(readFileSync(join(cwd, 'folds/fleet.ndjson'), 'utf8')).toBe(wanted);
});

test('every mount has its volume', () => {
  for (const { kind, spec } of jobs) {
    const { containers, volumes } = spec.template.spec;
    const mounted = containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
    expect([kind, mounted]).toEqual(['Job', volumes.map(({ name }) => name)]);
  }
});
