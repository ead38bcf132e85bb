import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, folder, HOSTS, run, SHARED } from './run.ts';

const cwd = folder({ 'level.xml': SHARED });
const LOCK = ['--lock', 'pool.json'];
const CHANGED = ['--host', 'a=kvm-a.xml', '--host', 'b=changed.xml', '--libvirt-version', '9.0.0'];

beforeAll(() => {
  run(cwd, ['baseline', ...HOSTS, ...LOCK]);
  const host = readFileSync(join(cwd, 'kvm-b.xml'), 'utf8');
  writeFileSync(
    join(cwd, 'changed.xml'),
    host.replace(/ *<feature policy='require' name='clflushopt'\/>\n/, ''),
  );
});

test('baseline --lock writes one name to a line', () => {
  expect(run(cwd, ['baseline', ...HOSTS, ...LOCK])).toMatchObject({
    code: 0,
    err: 'x86-64 level: v1 on a, b; in common v1\n',
  });
  const text = bytesOf(cwd, 'pool.json');
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  expect(text).toContain('\n      "surplus": [\n        "clflushopt"\n      ],\n');
});

test('check --lock passes hosts that are as they were', () => {
  expect(run(cwd, ['check', ...LOCK, ...HOSTS])).toEqual({ code: 0, out: 'pool.json: as it was\n', err: '' });
  expect(run(cwd, ['check', 'level.xml', ...LOCK, ...HOSTS])).toMatchObject({ code: 0, err: '' });
});

test('check --lock tells what changed', () => {
  const { code, out, err } = run(cwd, ['check', ...LOCK, ...CHANGED]);
  expect({ code, out }).toEqual({ code: 1, out: 'pool.json: not as it was\n' });
  expect(err).toMatch(/^error: b has lost clflushopt .*\n$/);
  const { issues, compatible } = JSON.parse(run(cwd, ['check', ...LOCK, ...CHANGED, '--json']).out) as {
    readonly issues: readonly unknown[];
    readonly compatible: boolean;
  };
  expect(compatible).toBe(false);
  expect(issues).toMatchObject([{ code: 'lock-feature-lost', hosts: ['b'], features: ['clflushopt'] }]);
});

test('a domain is not safe among hosts that changed', () => {
  const { code, err } = run(cwd, ['check', 'level.xml', ...LOCK, ...CHANGED]);
  expect(code).toBe(1);
  expect(err).toContain('b has lost clflushopt');
});

test('a file that is no lock is refused', () => {
  expect(run(cwd, ['check', '--lock', 'level.xml', ...HOSTS])).toMatchObject({ code: 2, out: '' });
});
