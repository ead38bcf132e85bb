import { folder, run } from './run.ts';

const answer = (props: object): string =>
  JSON.stringify(
    { return: { model: { name: 'base', props: { fpu: true, avx: false, ...props } } } },
    null,
    2,
  );
const cwd = folder({
  'a.json': answer({ pcid: true, 'kvm-pv-ipi': true }),
  'b.json': answer({ pcid: false }),
  'bad.json': '{"return":\n  {"model":,}}\n',
});
const VERSION = ['--libvirt-version', '9.0.0'];

test('QMP answers are hosts like others', () => {
  const { code, out, err } = run(cwd, ['diff', '--host', 'a.json', '--host', 'kvm-b=b.json', ...VERSION]);
  expect([code, out]).toEqual([0, 'feature  a    kvm-b\n(grade)  A    A\npcid     yes  -\n']);
  expect(err).toMatch(
    /^warning: libvirt has no name for kvm-pv-ipi, which a gives to guests and kvm-b does not/m,
  );
});

test('JSON that is none is refused at its place', () => {
  const { code, out, err } = run(cwd, ['expand', 'bad.json']);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('bad.json:2:12: error: a value is missing here\n  {"model":,}}\n           ^\n');
});
