import { bytesOf, domain, folder, HOSTS, run, SHARED } from './run.ts';

const BEFORE = domain("<feature policy='disable' name='vmx'/>");

/** A folder with a guest that was rewritten with a record. */
function rewritten(): string {
  const cwd = folder({ 'guest.xml': BEFORE });
  expect(run(cwd, ['rewrite', 'guest.xml', '--in-place', '--record', ...HOSTS]).code).toBe(0);
  expect(bytesOf(cwd, 'guest.xml')).not.toBe(BEFORE);
  return cwd;
}

test('what a recorded rewrite added goes again, to the byte', () => {
  const cwd = rewritten();
  expect(run(cwd, ['undo', 'guest.xml'])).toEqual({ code: 0, out: BEFORE, err: '' });
  expect(run(cwd, ['undo', 'guest.xml', '--in-place'])).toEqual({ code: 0, out: '', err: '' });
  expect(bytesOf(cwd, 'guest.xml')).toBe(BEFORE);
});

test('a diff shows what goes, and JSON has the whole', () => {
  const cwd = rewritten();
  const { out } = run(cwd, ['undo', 'guest.xml', '--diff']);
  expect(out).toContain("\n-    <feature policy='disable' name='clwb'/>\n");
  const facts = JSON.parse(run(cwd, ['undo', 'guest.xml', '--json']).out) as unknown;
  expect(facts).toEqual({ schemaVersion: 1, command: 'undo', changed: true, xml: BEFORE, issues: [] });
});

test('a domain without a record stays as it is', () => {
  const cwd = folder({ 'guest.xml': SHARED });
  const err = 'nothing to undo: the domain has no record of a rewrite\n';
  expect(run(cwd, ['undo', 'guest.xml'])).toEqual({ code: 0, out: SHARED, err });
});

test.each([
  ['two outputs', ['--in-place', '-o', 'x.xml', 'guest.xml']],
  ['standard input in place', ['--in-place', '-']],
  ['no domain', []],
])('%s: exit code 2, nothing written', (_, words) => {
  const cwd = folder({ 'guest.xml': SHARED });
  expect(run(cwd, ['undo', ...words]).code).toBe(2);
  expect(bytesOf(cwd, 'guest.xml')).toBe(SHARED);
});
