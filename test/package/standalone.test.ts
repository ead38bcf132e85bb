import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { domain, folder, run, SHARED, type Ran } from '../cli/run.ts';
import { ROOT } from '../support/sources.ts';

const BUILT = join(ROOT, 'dist/standalone');
const NINE = ['--libvirt-version', '9.0.0'];
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
};

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/pack-standalone.mjs')]);
});

/** A folder with the one file in it, and nothing else of the package. */
function place(files: Readonly<Record<string, string>> = {}): string {
  const cwd = folder({ 'guest.xml': domain(), ...files });
  copyFileSync(join(BUILT, 'virt-migratable'), join(cwd, 'virt-migratable'));
  return cwd;
}

function standalone(cwd: string, ...words: readonly string[]): Ran {
  const result = spawnSync(join(cwd, 'virt-migratable'), words, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

describe('the command in one file', () => {
  const yaml =
    'cpu:\n  architecture: x86_64\n  sockets:\n    - vendor: GenuineIntel\n      cores: [{ flags: [fpu, sse] }]\n';

  test.each([
    ['--version'],
    ['--help'],
    ['check', 'guest.xml', '--hosts', '.', ...NINE],
    ['rewrite', 'guest.xml', '--host', 'kvm-a.xml', '--host', 'kvm-b.xml', '--record', ...NINE],
    ['explain', 'guest.xml', '--host', 'kvm-a.xml', '--host', 'kvm-b.xml', '--pin', ...NINE],
    ['diff', 'kvm-a.xml', 'kvm-b.xml', '--json', ...NINE],
    ['baseline', '--features', 'kvm-a.xml', 'kvm-b.xml', '--cpu-map', 'map'],
    ['expand', 'host.yaml'],
    ['completion', 'fish'],
    ['page'],
    ['report', 'kvm-a.xml', 'kvm-b.xml', '--with-guests', 'guest.xml', ...NINE],
    ['check', 'nothing.xml', '--hosts', '.'],
  ])('does %s as the package does', (...words) => {
    const cwd = place({ 'host.yaml': yaml });
    mkdirSync(join(cwd, 'map'));
    expect(standalone(cwd, ...words)).toEqual(run(cwd, words));
  });

  test('also below a package.json of ES modules', () => {
    const cwd = place({ 'package.json': '{"type":"module"}' });
    const words = ['rewrite', 'guest.xml', '--host', 'kvm-a.xml', '--host', 'kvm-b.xml', ...NINE];
    expect(standalone(cwd, ...words)).toMatchObject({ code: 0, out: SHARED });
  });

  test('installs itself as the program of the gate', () => {
    const cwd = place();
    const hosts = ['--host', 'a=kvm-a.xml', '--host', 'b=kvm-b.xml', ...NINE];
    expect(standalone(cwd, 'hook', 'install', ...hosts, '--self', 'a', '--hooks-dir', 'hooks').code).toBe(0);
    expect(standalone(cwd, 'hook', 'status', '--hooks-dir', 'hooks')).toMatchObject({ code: 0, err: '' });
    const call = (input: string): Ran => {
      const words = ['guest', 'prepare', 'begin', '-'];
      const gate = spawnSync(join(cwd, 'hooks/qemu.d/virt-migratable'), words, {
        cwd,
        input,
        encoding: 'utf8',
      });
      return { code: gate.status, out: gate.stdout, err: gate.stderr };
    };
    expect(call(SHARED)).toEqual({ code: 0, out: '', err: '' });
    expect(call(domain())).toMatchObject({ code: 1, err: expect.stringContaining('clwb') as string });
  });

  test('is small, can be run, and has the licences of all that is in it', () => {
    const { size, mode } = statSync(join(BUILT, 'virt-migratable'));
    expect(size).toBeLessThan(1_200_000);
    expect(mode & 0o111).toBe(0o111);
    const code = readFileSync(join(BUILT, 'virt-migratable'), 'utf8');
    for (const name of ['Apache License', 'semver', 'xmlbuilder2', 'fast-xml-parser', 'js-yaml'])
      expect(code.slice(code.lastIndexOf('/*'))).toContain(name);
  });
});

const canPack = spawnSync('dpkg-deb', ['--version']).status === 0;

(canPack ? describe : describe.skip)('the Debian package (skipped where dpkg-deb is not installed)', () => {
  const path = join(BUILT, `virt-migratable_${packageJson.version}_all.deb`);
  const pack = (): Buffer => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/pack-deb.mjs')], {
      env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' },
    });
    return readFileSync(path);
  };
  let bytes: Buffer;
  beforeAll(() => {
    bytes = pack();
  });

  test('is the same bytes from the same sources', () => {
    expect(pack().equals(bytes)).toBe(true);
  });

  test('has the command, its manual, and the completion of each shell where that looks for it', () => {
    const lines = execFileSync('dpkg-deb', ['--contents', path], { encoding: 'utf8' }).trim().split('\n');
    const files = lines.filter((line) => !line.endsWith('/')).map((line) => line.split(/\s+/));
    expect(files.map(([mode, owner, , , , name]) => [mode, owner, name])).toEqual([
      ['-rwxr-xr-x', 'root/root', './usr/bin/virt-migratable'],
      ...[
        'bash-completion/completions/virt-migratable',
        'doc/virt-migratable/changelog.gz',
        'doc/virt-migratable/copyright',
        'fish/vendor_completions.d/virt-migratable.fish',
        'man/man1/virt-migratable.1.gz',
        'zsh/vendor-completions/_virt-migratable',
      ].map((name) => ['-rw-r--r--', 'root/root', `./usr/share/${name}`]),
    ]);
  });

  test('wants the node that the package wants, and no more', () => {
    const control = execFileSync('dpkg-deb', ['--field', path], { encoding: 'utf8' });
    expect(control).toMatch(/^Depends: nodejs \(>= 20\.19\)$/m);
    expect(control).toMatch(/^Architecture: all$/m);
  });
});

describe('the Containerfiles', () => {
  test.each(['container', 'kubevirt'])('examples/%s takes the command from the packed file alone', (name) => {
    const lines = readFileSync(join(ROOT, 'examples', name, 'Containerfile'), 'utf8').split('\n');
    const steps = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(steps.filter((line) => line.startsWith('ADD'))).toEqual([
      'ADD libvirt-migratable-*.tgz /opt/virt-migratable/',
    ]);
    expect(steps.filter((line) => line.startsWith('RUN'))).toEqual([
      'RUN ln -s ../../../opt/virt-migratable/package/dist/cli/virt-migratable.cjs /usr/local/bin/virt-migratable',
    ]);
  });
});
