// Tries lib/cli/commands/apply.ts, lib/cli/guests/agreed.ts, lib/cli/guests/apply.ts, lib/cli/guests/define.ts and
// lib/cli/hosts/virsh.ts as well.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, domain, HOSTS, run, SHARED, text } from './run.ts';
import { site } from './virsh.ts';

const { cwd, env, answer } = site({ 'guest.xml': domain() });
writeFileSync(answer('list'), 'web-01\nlevel guest\nlost\n\n');
writeFileSync(answer('level guest.xml'), SHARED.trimEnd());
const CONNECT = ['--connect', 'fake://u:p@a/system'];
const asked = (): string => readFileSync(answer('asked'), 'utf8');

test('guests of a connection are checked by name, as they run', () => {
  writeFileSync(answer('asked'), '');
  const { code, out } = run(cwd, ['check', 'web-01', 'level guest', 'guest.xml', ...CONNECT, ...HOSTS], {
    env,
  });
  expect(code).toBe(1);
  expect(out).toMatch(
    /^web-01 \(guest\): not safe: .*\nlevel guest \(guest\): safe .*\nguest\.xml: not safe: .*\n\n3 guests/,
  );
  expect(asked().trimEnd().split('\n').sort()).toEqual([
    '-c fake://u:p@a/system dumpxml --domain level guest',
    '-c fake://u:p@a/system dumpxml --domain web-01',
  ]);
});

test('all of them, from LIBVIRT_DEFAULT_URI; one that is not given is named', () => {
  const uri = { ...env, LIBVIRT_DEFAULT_URI: 'fake://a/system' };
  const { code, out, err } = run(cwd, ['check', '--all', ...HOSTS], { env: uri });
  expect(code).toBe(2);
  expect(out).toMatch(/^lost: cannot be read\nweb-01 \(guest\): not safe/);
  expect(err).toContain("failed to get domain 'lost'");
});

test('one alone is answered in full', () => {
  const { code, out } = run(cwd, ['check', 'level guest', ...CONNECT, ...HOSTS], { env });
  expect({ code, out }).toEqual({ code: 0, out: 'guest: safe to move among a, b (x86-64-v1)\n' });
  expect(run(cwd, ['check', 'lost', ...CONNECT, ...HOSTS], { env })).toMatchObject({ code: 2, out: '' });
});

test('explain and rewrite take what the next start would use', () => {
  writeFileSync(answer('asked'), '');
  expect(run(cwd, ['explain', 'web-01', 'level guest', ...CONNECT, ...HOSTS], { env }).code).toBe(0);
  expect(asked()).toContain('dumpxml --inactive --domain web-01');
  expect(
    run(cwd, ['rewrite', 'web-01', 'level guest', '-o', 'out', ...CONNECT, ...HOSTS], { env }).code,
  ).toBe(0);
  expect(asked()).toContain('dumpxml --inactive --security-info --domain web-01');
  expect(bytesOf(cwd, 'out/web-01.xml')).toBe(SHARED);
  // There may be passwords in it.
  expect(statSync(join(cwd, 'out/web-01.xml')).mode & 0o077).toBe(0);
});

test('they are no files to be replaced', () => {
  expect(
    run(cwd, ['rewrite', 'web-01', 'level guest', '--in-place', ...CONNECT, ...HOSTS], { env }),
  ).toMatchObject({
    code: 2,
    err: text('see apply'),
  });
});

test('hosts that are asked themselves are asked about guests like the first', () => {
  writeFileSync(answer('asked'), '');
  const hosts = ['--host', 'fake://a/system', '--host', 'fake://b/system'];
  const { code, out } = run(cwd, ['check', 'guest.xml', 'guest.xml', ...hosts], { env });
  expect(code).toBe(1);
  expect(out).toContain('2 guests among 2 hosts');
  expect(asked()).toContain('domcapabilities --virttype kvm --arch x86_64 --machine pc-i440fx-7.2');
});

describe('apply of many', () => {
  const here = site();
  writeFileSync(here.answer('list'), 'web-01\nlost\nlevel\n');
  writeFileSync(here.answer('web-01.xml'), domain().replace('>guest<', '>web-01<').trimEnd());
  writeFileSync(here.answer('level.xml'), SHARED.replace('>guest<', '>level<').trimEnd());
  const APPLY = ['apply', '--connect', 'fake://a/system', ...HOSTS];
  const vm = (words: readonly string[]): ReturnType<typeof run> => run(here.cwd, words, { env: here.env });

  test('--dry-run shows what would change, and defines nothing', () => {
    const { code, out, err } = vm([...APPLY, 'web-01', 'level', '--dry-run']);
    expect(code).toBe(1);
    expect(out).toMatch(/^--- web-01\n\+\+\+ web-01\n/);
    expect(err).toMatch(/^level: as it was\nweb-01: would change: disable clflushopt, clwb, lahf_lm\n/m);
    expect(readFileSync(here.answer('asked'), 'utf8')).not.toContain(' define ');
    expect(vm([...APPLY, 'level', 'level', '--dry-run']).code).toBe(0);
    expect(vm([...APPLY, 'web-01', '--dry-run'])).toMatchObject({ code: 1, out: text('--- web-01') });
  });

  test('nobody can be asked: nothing is done', () => {
    expect(vm([...APPLY, '--all'])).toEqual({ code: 2, out: '', err: text('use --yes') });
  });

  test('--all --yes defines each that changes; one that is not given keeps no other from it', () => {
    const { code, err } = vm([...APPLY, '--all', '--yes', '--record']);
    expect(code).toBe(2);
    expect(err).toMatch(/^lost: cannot be read\n/m);
    expect(err).toMatch(/^web-01: defined\. Its next start has the new CPU\.\n/m);
    expect(err).toContain('3 guests among 2 hosts');
    expect(readFileSync(here.answer('defined.xml'), 'utf8')).toContain('<name>web-01</name>');
  });

  test('--json has a line for each', () => {
    const { out } = vm([...APPLY, 'web-01', 'level', '--yes', '--json']);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { command: 'apply', file: 'level', changed: false, defined: false },
      { command: 'apply', file: 'web-01', changed: true, defined: true },
    ]);
  });

  test('files are defined too, several of one file each on its own', () => {
    writeFileSync(join(here.cwd, 'all.xml'), domain() + SHARED);
    const { code, err } = vm([...APPLY, 'all.xml', 'missing.xml', '--yes']);
    expect(code).toBe(2);
    expect(err).toMatch(/^all\.xml \(guest\): as it was\n/m);
    expect(err).toMatch(/^all\.xml \(guest\): defined\. /m);
    expect(readFileSync(here.answer('defined.xml'), 'utf8')).toBe(SHARED.trimEnd());
  });
});
