// Tries lib/cli/commands/compare.ts, lib/cli/commands/expand.ts, lib/cli/report/cpu.ts and
// lib/cli/report/cpu-xml.ts as well.
import { readFileSync } from 'node:fs';
import { parseHost } from '../../lib/parser/host/host.ts';
import { run } from './run.ts';

const A = 'examples/hosts/kvm-a.xml';
const B = 'examples/hosts/kvm-b.xml';
const VERSION = ['--libvirt-version', '9.0.0'];

test('baseline prints the CPU of all hosts as virsh does', () => {
  const { code, out } = run('.', ['baseline', A, B, ...VERSION]);
  expect([code, out.split('\n').slice(0, 3), out.slice(-8)]).toEqual([
    0,
    [
      "<cpu mode='custom' match='exact'>",
      "  <model fallback='forbid'>kvm64</model>",
      '  <vendor>AMD</vendor>',
    ],
    '\n</cpu>\n',
  ]);
  expect(out).not.toMatch(/clwb|clflushopt|lahf_lm/);
});

test('--features lists what the model has too, and --migratable leaves out invtsc', () => {
  const options = ['baseline', A, B, '--features', ...VERSION];
  const names = (out: string): (string | undefined)[] =>
    [...out.matchAll(/name='([^']*)'/g)].map((found) => found[1]);
  const all = names(run('.', options).out);
  expect([all.includes('sse2'), all.includes('invtsc')]).toEqual([true, true]);
  expect(names(run('.', [...options, '--migratable']).out)).toEqual(all.filter((name) => name !== 'invtsc'));
});

test('expand lists what the library reads', () => {
  const { features } = parseHost(readFileSync(A, 'utf8'), { libvirtVersion: '9.0.0' });
  expect(run('.', ['expand', A, ...VERSION])).toMatchObject({
    code: 0,
    out: `${features?.join('\n') ?? ''}\n`,
  });
});

test.each([
  ['a guest that fits', ['examples/guest.xml', A], 0, 'examples/guest.xml on kvm-a: superset\n'],
  ['two hosts', ['examples/guest.xml', A, B], 2, ''],
  ['no host', ['examples/guest.xml'], 2, ''],
])('compare: %s', (_, words, code, out) => {
  expect(run('.', ['compare', ...words, ...VERSION])).toMatchObject({ code, out });
});
