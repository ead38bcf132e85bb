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
