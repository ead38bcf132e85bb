import packageJson from '../../../package.json' with { type: 'json' };
import type { Issue } from '../../../types/issue.ts';
import type { GuestsReport, ReportedGuest } from '../../../types/guests-report.ts';
import { printableJson } from '../../text/printable.ts';
import { writeYaml } from '../hosts/yaml.cjs';
import { list } from '../../issues/words.ts';
import type { Arguments } from '../options/parse.ts';
import { formatOf, printTable } from '../report/formats.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { words } from '../terminal/words.ts';
import {
  asData,
  isReported,
  printsPatches,
  writesGuests,
  type GuestAnswer,
  type Told,
  type Work,
} from './answer.ts';
import { findingOf } from './findings.ts';
import { newTotals } from './totals.ts';

/** Answers as they are printed, one after the other. */
export interface Report {
  readonly say: (answer: GuestAnswer) => void;
  /** The counts of all that was said. */
  readonly end: () => Promise<void>;
  /** The exit code so far. */
  readonly code: () => 0 | 1 | 2;
}

/** As far as the words of an explanation stand from what they are about. */
const BLOCK_INDENT = 6;

/** Nothing is said yet. */
export function newReport({ args, pool, command }: Work, terminal: Terminal): Report {
  const totals = newTotals();
  // A linter is asked for what it finds; else warnings at places in single guests are for those who want to know.
  const isLint = command === 'lint';
  const tell = tellerOf(isLint ? { ...terminal, detail: terminal.tell } : terminal);
  const hasPatches = printsPatches({ command, args });
  const print = hasPatches ? terminal.tell : terminal.out;
  const width = hasPatches ? terminal.messageWidth() : terminal.lineWidth();
  const format = writesGuests(command) ? undefined : formatOf(args);
  const tabled = format === 'csv' || format === 'markdown' ? format : undefined;
  const reported: ReportedGuest[] = [];
  const rows: (readonly string[])[] = [];
  let code: 0 | 1 | 2 = 0;
  return {
    say: (answer) => {
      totals.add(answer);
      if (answer.code > code) code = answer.code;
      tell(answer.told);
      if (answer.report !== undefined) reported.push(answer.report);
      else if (answer.json !== undefined)
        terminal.data(format === 'yaml' ? `---\n${writeYaml(JSON.parse(answer.json))}` : answer.json);
      else if (tabled !== undefined) rows.push(rowOf(answer, tabled));
      else {
        print(fitted(words`${answer.guest}: ${answer.line}\n`, width));
        if (answer.block !== undefined) print(fitted(answer.block, width, BLOCK_INDENT));
      }
    },
    end: async () => {
      const hosts = isLint ? [] : pool.baseline.hosts.map(({ name }) => name);
      if (isReported(args))
        terminal.data(await reportText({ command, guests: reported }, isLint ? [] : pool.issues, args));
      else if (tabled !== undefined) printTable(tabled, { head: HEAD, rows }, terminal);
      else if (!asData({ command, args })) print(fitted(totals.lines(hosts), width));
    },
    code: () => code,
  };
}

const HEAD: readonly string[] = ['guest', 'verdict', 'exit', 'features'];

function rowOf(
  { guest, verdict, code, reasons }: GuestAnswer,
  format: 'csv' | 'markdown',
): readonly string[] {
  const features = [...new Set(reasons.map(([feature]) => feature))];
  return [guest, verdict, String(code), format === 'csv' ? features.join(' ') : list(features)];
}

async function reportText(
  report: Pick<GuestsReport, 'command' | 'guests'>,
  issues: readonly Issue[],
  args: Arguments,
): Promise<string> {
  const { version } = packageJson;
  const all = { ...report, version, about: issues.map((found) => findingOf(found)) };
  if (args.text('output') === 'junit') return (await import('../../report/junit.ts')).junitReport(all);
  const { sarifLog } = await import('../../report/sarif.ts');
  return printableJson(`${JSON.stringify(sarifLog(all), null, 2)}\n`);
}

/**
 * Tells findings as they come: errors, and what stands for more guests than one, which is told once. Warnings at places
 * in single guests are counted in their lines; `--verbose` shows them.
 */
function tellerOf({ err, tell, detail }: Terminal): (told: readonly Told[]) => void {
  const known = new Set<string>();
  return (told) => {
    for (const { severity, words: said, once } of told) {
      if (once !== undefined && known.has(once)) continue;
      if (once !== undefined) known.add(once);
      const say = severity === 'error' ? err : once === undefined ? detail : tell;
      say(said);
    }
  };
}
