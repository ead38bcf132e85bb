// Tries lib/cli/guests/findings.ts as well.
import { githubProblems, junitProblems, sarifProblems } from '../report/reports.ts';
import { domain, folder, HOSTS, run, SHARED, text } from './run.ts';

const demanding = domain("<feature policy='require' name='avx'/>");
const cwd = folder({ 'a.xml': domain(), 'b.xml': SHARED, 'c.xml': '<domain>', 'd.xml': SHARED + demanding });
const ALL = ['check', 'a.xml', 'b.xml', 'c.xml', 'd.xml', ...HOSTS];

test('a report in SARIF has each finding at its place', () => {
  const { code, out } = run(cwd, [...ALL, '--output', 'sarif']);
  expect(code).toBe(2);
  const log = JSON.parse(out) as { runs: readonly { results: readonly object[] }[] };
  expect(sarifProblems(log)).toEqual([]);
  expect(githubProblems(log)).toEqual([]);
  const line = SHARED.split('\n').length - 1;
  const region = { startLine: 6, startColumn: 3, endLine: 6 };
  expect(log.runs[0]?.results).toMatchObject([
    {
      ...{ ruleId: 'hosts-differ', message: { text: 'the guest sees clflushopt: b has it, a lacks it' } },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'a.xml' }, region } }],
    },
    { ruleId: 'hosts-differ', message: { text: 'the guest sees clwb, lahf_lm: a has them, b lacks them' } },
    { ruleId: 'bad-xml', locations: [{ physicalLocation: { region: { startLine: 1, startColumn: 1 } } }] },
    {
      ...{ ruleId: 'policy-conflict', level: 'error' },
      locations: [
        { physicalLocation: { region: { startLine: line + 7, startColumn: 5, endLine: line + 7 } } },
      ],
    },
  ]);
});

test('one guest has a report too', () => {
  const { code, out } = run(cwd, ['check', 'b.xml', ...HOSTS, '-o', 'sarif']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ runs: [{ results: [], tool: { driver: { rules: [] } } }] });
});

test('what is said of the hosts is said once', () => {
  const words = ['check', 'a.xml', 'b.xml', '--host', 'a=kvm-a.xml', '--host', 'b=kvm-b.xml', '-o', 'sarif'];
  const { out } = run(cwd, words);
  expect(out.match(/"id": "inferred-libvirt-version"/g)).toHaveLength(2);
  expect(out).not.toContain('"ruleId": "inferred-libvirt-version"');
});

test('a report in JUnit has a test for each guest', () => {
  const { code, out } = run(cwd, [...ALL, '--output=junit']);
  expect(code).toBe(2);
  expect(junitProblems(out)).toBe('');
  expect(out).toContain('tests="5" failures="2" errors="1"');
  expect(out).toContain('<testcase classname="b.xml" name="guest"/>');
});

test.each([
  ['with --json', [...ALL, '--output', 'sarif', '--json'], 'exclude each other'],
  ['in another form', [...ALL, '--output', 'pdf'], '--output takes table or wide'],
  ['of no guest', ['check', '--lock', 'x', '--output', 'sarif', ...HOSTS], 'give a DOMAIN.xml'],
])('%s there is none', (_, words, told) => {
  expect(run(cwd, words)).toMatchObject({ code: 2, err: text(told) });
});
