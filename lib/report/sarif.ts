import type { GuestsReport, ReportedGuest, ReportFinding, ReportRegion } from '../../types/guests-report.ts';
import { ruleFor } from './rules.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** What is looked at where nothing says where. */
const START: ReportRegion = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };

/**
 * Findings as a log of SARIF 2.1.0: a result for each, at its place in its file. What stands for all guests is a
 * notification of the run.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog({ version, guests, about }: GuestsReport): object {
  const found = guests.flatMap((guest) => guest.findings.map((finding) => ({ guest, finding })));
  const codes = [
    ...new Set([...found.map(({ finding }) => finding), ...about].map(({ code }) => code)),
  ].sort();
  const index = new Map(codes.map((code, i) => [code, i]));
  const run = {
    tool: {
      driver: {
        name: 'virt-migratable',
        version,
        semanticVersion: version,
        rules: codes.map(ruleFor),
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: guests.every(({ verdict }) => verdict !== 'unreadable'),
        toolExecutionNotifications: about.map(({ code, severity, message }) => ({
          descriptor: { id: code },
          level: severity,
          message: { text: message },
        })),
      },
    ],
    results: found.map(({ guest, finding }) => resultOf(guest, finding, index.get(finding.code) ?? -1)),
  };
  return { $schema: SCHEMA, version: '2.1.0', runs: [run] };
}

function resultOf(guest: ReportedGuest, finding: ReportFinding, ruleIndex: number): object {
  const { file, name } = guest;
  const { code, severity, message, region = guest.region ?? START } = finding;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: message },
    locations: [
      {
        physicalLocation: { artifactLocation: artifactLocation(file), region },
        ...(name !== undefined && { logicalLocations: [{ name, kind: 'resource' }] }),
      },
    ],
  };
}

/** A path as a reference: relative ones mean the directory in which the command ran. */
function artifactLocation(path: string): object {
  const parts = path.replace(/^(?:\.\/+)+/, '').split('/');
  const uri = parts.map(encodeURIComponent).join('/');
  return path.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}
