import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INPUT_ERRORS } from '../../lib/issues/input-errors.ts';
import { issueCodes } from '../../lib/issues/table.ts';
import { ruleFor } from '../../lib/report/rules.ts';
import { sarifLog } from '../../lib/report/sarif.ts';
import type { ReportedGuest } from '../../types/guests-report.ts';
import { EMPTY, githubProblems, REPORT, sarifProblems } from './reports.ts';

test.each([
  ['nothing', EMPTY],
  ['a guest of each kind', REPORT],
])('%s is SARIF 2.1.0, as GitHub takes it', (_, report) => {
  const log: unknown = JSON.parse(JSON.stringify(sarifLog(report)));
  expect(sarifProblems(log)).toEqual([]);
  expect(githubProblems(log)).toEqual([]);
});

test('the schema has teeth', () => {
  expect(sarifProblems({ version: '2.1.0', runs: [{ tool: {} }] })).not.toEqual([]);
});

test('a result stands at its place, or at the definition of its guest', () => {
  const { runs } = sarifLog(REPORT) as {
    runs: readonly { results: readonly object[]; invocations: object }[];
  };
  expect(runs[0]?.results).toMatchObject([
    {
      ...{ ruleId: 'pmu', level: 'warning' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'g/%C3%A4%20b%3Ac%23%3F.xml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 3, startColumn: 3, endLine: 3, endColumn: 9 },
          },
          logicalLocations: [{ name: 'b "<&>\u0007' }],
        },
      ],
    },
    {
      ruleId: 'policy-conflict',
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 4 } } }],
    },
    {
      ruleId: 'not-found',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'file:///abs/c.xml' }, region: { startLine: 1 } } },
      ],
    },
    { ruleId: 'microcode', level: 'note' },
  ]);
  expect(runs[0]?.invocations).toMatchObject([
    { executionSuccessful: false, toolExecutionNotifications: [{ descriptor: { id: 'weak-source' } }] },
  ]);
});

test('any report is SARIF', () => {
  const place = fc.integer({ min: 1, max: 9 });
  const region = fc.record({
    startLine: place,
    startColumn: place,
    endLine: fc.constant(9),
    endColumn: place,
  });
  const finding = fc.record(
    {
      code: fc.constantFrom('pmu', 'hosts-differ', 'bad-xml', 'anything', 'constructor'),
      severity: fc.constantFrom('error' as const, 'warning' as const, 'note' as const),
      message: fc.string({ minLength: 1, unit: 'binary' }),
      region,
    },
    { requiredKeys: ['code', 'severity', 'message'] },
  );
  const guest: fc.Arbitrary<ReportedGuest> = fc.record({
    file: fc.string({ minLength: 1, unit: 'binary' }),
    name: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    verdict: fc.constantFrom('fine' as const, 'finding' as const, 'unreadable' as const),
    region: fc.option(region, { nil: undefined }),
    findings: fc.array(finding, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(guest, { maxLength: 3 }), (guests) => {
      const log: unknown = JSON.parse(JSON.stringify(sarifLog({ ...EMPTY, guests })));
      expect(sarifProblems(log)).toEqual([]);
      expect(githubProblems(log)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('every code has a rule of its own: run "npm run generate-issue-docs"', () => {
  const path = join(__dirname, '../../lib/report/rules.json');
  const rules = JSON.parse(readFileSync(path, 'utf8')) as Record<string, { meaning: string }>;
  expect(Object.keys(rules)).toEqual([...new Set([...issueCodes(), ...Object.keys(INPUT_ERRORS)])].sort());
  expect(Object.values(rules).filter(({ meaning }) => meaning.includes('{'))).toEqual([]);
  const other = ruleFor('no-such-code');
  for (const code of [...Object.keys(rules), 'hosts-differ', 'name-unknown'])
    expect(ruleFor(code)).not.toEqual({ ...other, id: code });
});
