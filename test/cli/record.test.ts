import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, domain, folder, HOSTS, run, TWIN } from './run.ts';

const cwd = folder({ ...TWIN, 'guest.xml': domain() });
const SAME = ['--host', 'a=kvm-a.xml', '--host', 'b=kvm-a-twin.xml', '--libvirt-version', '9.0.0'];

test('rewrite --record can be repeated, and removes what no host is the cause of any more', () => {
  const first = run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--record', '-o', 'safe.xml']);
  expect(first).toMatchObject({ code: 0, out: '' });
  const safe = bytesOf(cwd, 'safe.xml');
  expect(safe).toContain("<migratable:feature name='clwb' policy='disable'/>");

  expect(run(cwd, ['rewrite', 'safe.xml', ...HOSTS, '--record'])).toEqual({ code: 0, out: safe, err: '' });
  expect(run(cwd, ['rewrite', 'safe.xml', ...HOSTS, '--record', '--check']).code).toBe(0);

  const alone = run(cwd, ['rewrite', 'safe.xml', ...SAME, '--record']);
  expect(alone.out).toBe(domain());
  expect(alone.err).toMatch(
    /^level of the guest: x86-64-v1\nno longer disable clflushopt: .*\nno longer disable clwb: .*\nno longer disable lahf_lm: .*\n$/,
  );
});

test('--json tells what was recorded before and is now', () => {
  writeFileSync(join(cwd, 'noted.xml'), run(cwd, ['rewrite', 'guest.xml', ...HOSTS, '--record']).out);
  const { out } = run(cwd, ['rewrite', 'noted.xml', ...SAME, '--record', '--json']);
  const { recorded } = JSON.parse(out) as { readonly recorded: Record<string, readonly unknown[]> };
  expect(recorded['before']?.length).toBe(4);
  expect(recorded['after']).toEqual([]);
});
