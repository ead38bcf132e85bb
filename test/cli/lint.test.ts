import { sarifProblems } from '../report/reports.ts';
import { domain, folder, run, text } from './run.ts';

const bad = domain().replace("migratable='on'", "migratable='off'");
const named = domain().replace(/<cpu.*\/>/, '<cpu><model>Haswell</model></cpu>');
const cwd = folder({ 'bad.xml': bad, 'good.xml': named, 'torn.xml': '<domain>' });

test('says what is wrong with each guest, at its place, without hosts', () => {
  const { code, out, err } = run(cwd, ['lint', 'bad.xml', 'good.xml']);
  expect({ code, out }).toEqual({
    code: 1,
    out: `bad.xml (guest): errors; 1 error
good.xml (guest): no error

2 guests
  errors    1
  no error  1
`,
  });
  expect(err).toMatch(
    /^bad\.xml:6:3: error: QEMU refuses to migrate .* --set-migratable \[not-migratable\]\n/,
  );
  expect(err).toMatch(/^bad\.xml:6:3: note: .* \[cpu-follows-host\]$/m);
});

test.each([
  ['no error', ['good.xml'], 0],
  ['an error', ['bad.xml'], 1],
  ['one that cannot be read', ['good.xml', 'torn.xml'], 2],
  ['none', [], 2],
])('%s is told by the exit code', (_, words, code) => {
  expect(run(cwd, ['lint', ...words]).code).toBe(code);
});

test('reports for programs', () => {
  const { out } = run(cwd, ['lint', 'bad.xml', 'good.xml', '-o', 'sarif']);
  const log: unknown = JSON.parse(out);
  expect(sarifProblems(log)).toEqual([]);
  expect(log).toMatchObject({
    runs: [{ results: [{ ruleId: 'not-migratable' }, { ruleId: 'cpu-follows-host' }] }],
  });
  const lines = run(cwd, ['lint', 'bad.xml', 'good.xml', '--json']).out.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { command: 'lint', file: 'bad.xml', ok: false, issues: [{ code: 'not-migratable' }, {}] },
    { file: 'good.xml', ok: true, issues: [] },
  ]);
  expect(run(cwd, ['lint', 'bad.xml', '-o', 'junit']).out).toContain('failures="1"');
  expect(run(cwd, ['lint', 'bad.xml', '-o', 'junit', '--json'])).toMatchObject({
    code: 2,
    err: text('exclude'),
  });
});
