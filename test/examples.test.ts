import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domain, SHARED, SHELL_COMMAND } from './cli/run.ts';
import { ROOT } from './support/sources.ts';

const EXAMPLES = join(ROOT, 'examples');
const programs = readdirSync(EXAMPLES).filter((name) => /\.[cm]js$/.test(name));

test.each(programs)('%s runs', (name) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(EXAMPLES, name)], {
    encoding: 'utf8',
  });
  expect({ status, isSilent: stdout === '' }).toEqual({ status: 0, isSilent: false });
  expect(stderr).not.toMatch(/\berror\b/);
});

test('the program before a migration says what keeps the guest, and what to do', () => {
  const { stdout } = spawnSync(process.execPath, [join(EXAMPLES, 'before-migration.mjs')], {
    encoding: 'utf8',
  });
  expect(stdout).toContain('web-01 to kvm-b: closed\n  host kvm-b lacks clwb, lahf_lm, ');
  expect(stdout).toMatch(/^stop web-01, then: virsh define \S+web-01\.persistent\.xml;/m);
});

describe('the sidecar of KubeVirt', () => {
  const read = (name: string): string => readFileSync(join(EXAMPLES, 'kubevirt', name), 'utf8');

  test('is asked by what the annotation says', () => {
    const found = /hookSidecars: >-\n([\s\S]*?\}\])/.exec(read('virtual-machine.yaml'))?.[1] ?? '';
    const [map] = [...read('config-map.yaml').matchAll(/^ {2}name: (\S+)$/gm)].map(([, name]) => name);
    expect(JSON.parse(found)).toMatchObject([
      {
        args: ['--version', 'v1alpha3'],
        configMap: { name: map, key: 'onDefineDomain', hookPath: '/usr/bin/onDefineDomain' },
      },
    ]);
  });

  test('runs the script of the ConfigMap, which prints the level domain', () => {
    const directory = mkdtempSync(join(tmpdir(), 'virt-migratable-'));
    const script = read('config-map.yaml')
      .split('onDefineDomain: |\n')[1]
      ?.replaceAll(/^ {4}/gm, '')
      .replace('exec virt-migratable', `exec ${SHELL_COMMAND}`)
      .replace('/etc/virt-migratable/hosts', join(EXAMPLES, 'hosts'));
    const path = join(directory, 'onDefineDomain');
    writeFileSync(path, script ?? '');
    chmodSync(path, 0o755);
    const words = ['--vmi', '{"metadata":{"name":"web"}}', '--domain', domain()];
    const { status, stdout } = spawnSync(path, words, { encoding: 'utf8' });
    rmSync(directory, { recursive: true });
    expect({ status, stdout }).toEqual({ status: 0, stdout: SHARED });
  });
});
