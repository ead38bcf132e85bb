import type { GuestsReport, ReportedGuest, ReportFinding } from '../../types/guests-report.ts';
import { printable } from '../text/printable.ts';
import { encodeValue } from '../xml/escape.ts';

/**
 * Guests as a JUnit report: a test case for each. One that has a finding failed, one that cannot be read is an error;
 * warnings and notes of one that passed are its output.
 *
 * @see https://github.com/jenkinsci/xunit-plugin
 */
export function junitReport({ command, guests, about }: GuestsReport): string {
  const count = (verdict: ReportedGuest['verdict']): number =>
    guests.filter((guest) => guest.verdict === verdict).length;
  const counts = attributes({
    tests: String(guests.length),
    failures: String(count('finding')),
    errors: String(count('unreadable')),
  });
  const name = attributes({ name: `virt-migratable ${command}` });
  const said = about.length === 0 ? '' : `    <system-out>${linesOf(about)}</system-out>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${name}${counts}>
  <testsuite${name}${counts}>
${guests.map(testCase).join('')}${said}  </testsuite>
</testsuites>
`;
}

function testCase({ file, name, verdict, findings }: ReportedGuest): string {
  const start = `    <testcase${attributes({ classname: file, name: name ?? file })}`;
  if (findings.length === 0) return `${start}/>\n`;
  if (verdict === 'fine')
    return `${start}>\n      <system-out>${linesOf(findings)}</system-out>\n    </testcase>\n`;
  const element = verdict === 'unreadable' ? 'error' : 'failure';
  const [gravest] = [...findings].sort((a, b) => weight(a) - weight(b));
  const about = attributes({ type: gravest?.code ?? '', message: gravest?.message ?? '' });
  return `${start}>\n      <${element}${about}>${linesOf(findings)}</${element}>\n    </testcase>\n`;
}

const WEIGHTS = ['error', 'warning', 'note'] as const;

function weight({ severity }: ReportFinding): number {
  return WEIGHTS.indexOf(severity);
}

function linesOf(findings: readonly ReportFinding[]): string {
  const lines = findings.map(({ code, severity, message, region }) => {
    const place = region === undefined ? '' : `${region.startLine}:${region.startColumn}: `;
    return `${place}${severity}: ${message} [${code}]`;
  });
  return `\n${lines.map((line) => escaped(line)).join('\n')}\n`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

/** XML knows no control characters, however they are written, and no more do readers of a log. */
function escaped(text: string): string {
  return encodeValue(printable(text));
}
