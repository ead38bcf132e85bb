// Tries lib/cli/config/defaults.ts, lib/cli/config/file.ts, lib/cli/config/one-call.ts and lib/cli/config/schema.ts
// as well.
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { domain, folder, run, SHARED, text, type Ran } from './run.ts';

const HOSTS = {
  'virt-migratable.json': '{"hosts":["kvm-a.xml","b=kvm-b.xml"],"options":{"libvirt-version":"9.0.0"}}',
};

/** A folder whose configuration this is, with a guest in it. */
function place(config: object | string, name = 'virt-migratable.json'): string {
  const content = typeof config === 'string' ? config : JSON.stringify(config);
  const cwd = folder({ 'guest.xml': domain(), [name]: content });
  mkdirSync(join(cwd, 'below/deep'), { recursive: true });
  writeFileSync(join(cwd, 'below/guest.xml'), domain());
  return cwd;
}

function namesOf({ out }: Ran): readonly string[] {
  return (JSON.parse(out) as { readonly hosts: readonly { readonly name: string }[] }).hosts.map(
    ({ name }) => name,
  );
}

describe('a configuration file', () => {
  test.each([
    ['beside it', '.', [], HOSTS['virt-migratable.json'], 'virt-migratable.json'],
    ['above it', 'below/deep', [], HOSTS['virt-migratable.json'], 'virt-migratable.json'],
    ['in YAML', 'below', [], 'hosts:\n- kvm-a.xml\n- b=kvm-b.xml\n', 'virt-migratable.yaml'],
    [
      'with hosts by name',
      '.',
      [],
      { hosts: { 'kvm-a': 'kvm-a.xml', b: ['kvm-b.xml'] } },
      'virt-migratable.yml',
    ],
    ['with a pattern', 'below', [], '{"hosts":"kvm-[a].xml"}', 'virt-migratable.json'],
    ['that is named', '.', ['--config', 'other.json'], { hosts: ['kvm-a.xml', 'b=kvm-b.xml'] }, 'other.json'],
    [
      'from below',
      'below',
      ['--config', '../other.json'],
      { hosts: ['kvm-a.xml', 'b=kvm-b.xml'] },
      'other.json',
    ],
  ])('%s says which hosts there are', (title, below, words, config, name) => {
    const cwd = place(config, name);
    const names = title === 'with a pattern' ? ['kvm-a'] : ['b', 'kvm-a'];
    expect(namesOf(run(join(cwd, below), ['diff', '--json', ...words]))).toEqual(names);
  });

  test('serves a whole job', () => {
    const cwd = place(HOSTS['virt-migratable.json']);
    expect(run(join(cwd, 'below'), ['rewrite', 'guest.xml', '--quiet'])).toEqual({
      code: 0,
      out: SHARED,
      err: '',
    });
    expect(run(cwd, ['check', 'guest.xml']).code).toBe(1);
    expect(run(cwd, ['baseline']).out).toMatch(/^<cpu /);
    expect(run(cwd, ['compare', 'guest.xml', '--for', 'b']).code).toBe(0);
    expect(run(cwd, ['hook', 'install', '--self', 'b', '--hooks-dir', 'hooks']).code).toBe(0);
  });

  test('states options of every kind, and those that a command lacks do not count there', () => {
    const cwd = place({
      hosts: ['kvm-a.xml', 'kvm-b.xml'],
      options: {
        guard: true,
        strict: false,
        'libvirt-version': ['9.0.0', 'kvm-b=9.0.0'],
        timeout: 20,
        color: 'never',
      },
    });
    expect(run(cwd, ['rewrite', 'guest.xml']).out).toContain("check='full'");
    expect(run(cwd, ['diff', '--quiet'])).toMatchObject({ code: 0, err: '' });
    expect(run(cwd, ['rewrite', 'guest.xml', '--no-config', '--hosts', '.']).out).not.toContain(
      "check='full'",
    );
  });

  test.each<[string, object | string, string]>([
    ['no JSON', '{', 'virt-migratable.json:1:2: the text ends in the middle'],
    ['a key twice', '{"hosts": ["a"],\n "hosts": ["b"]}', 'virt-migratable.json:2:2: "hosts" is there twice'],
    ['no object', '[1]', 'it has no keys'],
    ['an unknown key', { host: [] }, 'there is no key "host"; did you mean "hosts"?'],
    ['hosts that are none', { hosts: [1] }, '"hosts" is a list of files'],
    ['a name with a slash', { hosts: { 'a/b': 'x' } }, '"a/b" is no name'],
    [
      'an unknown option',
      { options: { strikt: true } },
      'there is no option "strikt"; did you mean "strict"?',
    ],
    ['an option of one call', { options: { yes: true } }, '"yes" is for the command line alone'],
    ['a switch with a value', { options: { strict: 'x' } }, '"strict" takes true or false'],
    ['a wrong number', { options: { timeout: -1 } }, '"timeout" takes a whole number from 1 to'],
    ['a wrong choice', { options: { color: 'alwas' } }, 'did you mean "always"?'],
    ['a list for one value', { options: { timeout: [1, 2] } }, '"timeout" takes SECONDS'],
  ])('with %s is refused, with its name', (_, config, words) => {
    const { code, out, err } = run(place(config), ['diff', '--json']);
    expect([code, JSON.parse(out)]).toMatchObject([2, { error: { code: 'bad-config' } }]);
    expect(err).toMatch(/^error: virt-migratable\.json(?::\d+:\d+)?: /);
    expect(err).toContain(words);
  });

  test('that is named and not there, or there twice, is told', () => {
    const cwd = place('{}');
    expect(run(cwd, ['diff', '--config', 'none.json'])).toMatchObject({
      code: 2,
      err: text('cannot read none.json'),
    });
    writeFileSync(join(cwd, 'virt-migratable.yaml'), '');
    expect(run(cwd, ['diff'])).toMatchObject({ code: 2, err: text('keep one of them') });
  });

  test('that others could write is not found by itself', () => {
    const cwd = place(HOSTS['virt-migratable.json']);
    const path = join(cwd, 'virt-migratable.json');
    chmodSync(path, 0o666);
    expect(run(cwd, ['diff'])).toMatchObject({ code: 2, err: text('every user can write it') });
    expect(run(cwd, ['diff', '--config', 'virt-migratable.json']).code).toBe(0);
    chmodSync(path, 0o644);
    if (process.getuid?.() !== 0) return;
    // As root: what belongs to a user.
    chownSync(path, 12345, 12345);
    expect(run(cwd, ['diff'])).toMatchObject({ code: 2, err: text('belongs to another user') });
    expect(run(cwd, ['diff', '--no-config'])).toMatchObject({ code: 2, err: text('no hosts given') });
    const both = run(cwd, ['diff', '--no-config', '--config', 'virt-migratable.json']);
    expect(both).toMatchObject({ code: 2, err: text('--config and --no-config exclude each other') });
  });

  test('is looked for neither by the hook of KubeVirt nor by a call of libvirt', () => {
    const cwd = place('{');
    const words = ['--vmi', '{}', '--domain', domain(), '--hosts', '.', '--libvirt-version', '9.0.0'];
    const hosts = folder();
    expect(
      run(cwd, ['on-define-domain', ...words.map((word) => (word === '.' ? hosts : word))]),
    ).toMatchObject({ code: 0, out: SHARED });
    expect(run(cwd, ['hook', 'guest', 'stopped', 'end', '-', '--hooks-dir', 'hooks']).err).not.toContain(
      'virt-migratable.json',
    );
  });
});

describe('the command line goes before the environment, and that before the file', () => {
  const cwd = place({ hosts: ['kvm-a.xml', 'f=kvm-b.xml'], options: { strict: true, timeout: 1 } });
  const asked = (words: readonly string[], env: Readonly<Record<string, string>> = {}): readonly string[] =>
    namesOf(run(cwd, ['diff', '--json', '--no-config', ...words], { env }));

  test('for hosts', () => {
    expect(namesOf(run(cwd, ['diff', '--json']))).toEqual(['f', 'kvm-a']);
    const env = { VIRT_MIGRATABLE_HOSTS: 'e=kvm-a.xml  kvm-b.xml' };
    expect(namesOf(run(cwd, ['diff', '--json'], { env }))).toEqual(['e', 'kvm-b']);
    expect(namesOf(run(cwd, ['diff', '--json', 'c=kvm-a.xml', 'kvm-b.xml'], { env }))).toEqual([
      'c',
      'kvm-b',
    ]);
    expect(asked(['--host', 'c=kvm-a.xml', '--host', 'd=kvm-b.xml'], env)).toEqual(['c', 'd']);
  });

  test('for options, each as a whole', () => {
    const version = (words: readonly string[], value: string): unknown => {
      const env = { VIRT_MIGRATABLE_LIBVIRT_VERSION: value };
      const { out } = run(cwd, ['diff', '--json', ...words], { env });
      const { hosts } = JSON.parse(out) as {
        readonly hosts: readonly { readonly libvirtVersion?: string }[];
      };
      return hosts.map(({ libvirtVersion }) => libvirtVersion);
    };
    expect(version([], '9.0.0 f=9.1.0')).toEqual(['9.1.0', '9.0.0']);
    expect(version(['--libvirt-version', 'f=9.2.0'], '9.0.0')).toEqual(['9.2.0', undefined]);
    expect(version([], '')).toEqual([undefined, undefined]);
  });

  test.each([
    ['1', 2],
    ['0', 0],
    ['', 2],
  ])('a switch is %j: exit %i', (value, code) => {
    const here = place({ hosts: ['kvm-a-caps.xml', 'kvm-b.xml'], options: { strict: true } });
    const caps = '<capabilities><host><cpu><arch>x86_64</arch><model>486</model></cpu></host></capabilities>';
    writeFileSync(join(here, 'kvm-a-caps.xml'), caps);
    const ran = run(here, ['baseline', '--libvirt-version', '9.0.0'], {
      env: { VIRT_MIGRATABLE_STRICT: value },
    });
    expect(ran.code === 0).toBe(code === 0);
  });

  test('a variable with a wrong value is named', () => {
    const ran = run(cwd, ['diff'], { env: { VIRT_MIGRATABLE_STRICT: 'perhaps' } });
    expect(ran).toMatchObject({
      code: 2,
      err: text('VIRT_MIGRATABLE_STRICT: it takes 1 or 0, not "perhaps"'),
    });
    const config = run(folder(), ['diff', '--json'], {
      env: { VIRT_MIGRATABLE_CONFIG: join(cwd, 'virt-migratable.json') },
    });
    expect(namesOf(config)).toEqual(['f', 'kvm-a']);
  });
});
