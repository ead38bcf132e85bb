import type { Issue, Severity } from '../../../types/issue.ts';
import type { ReportedGuest } from '../../../types/guests-report.ts';
import type { Pool } from '../../../types/pool.ts';
import { isLibvirtXmlError } from '../../issues/issues.ts';
import { CommandError, isSystemError } from '../errors.ts';
import type { TextFile } from '../files/read.ts';
import type { Arguments } from '../options/parse.ts';
import { reportedFailure } from './findings.ts';
import type { Guest } from './guest.ts';
import { errorInFile, labelOf } from './guests.ts';
import { failureOf } from '../report/failure.ts';
import { formatOf, isData } from '../report/formats.ts';
import { jsonLine } from '../report/json.ts';
import { counted, issueWords } from '../report/words.ts';
import { fitted } from '../terminal/fit.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { styled, type Words } from '../terminal/words.ts';

/** Commands that take many guests. */
export type GuestCommand = 'check' | 'explain' | 'lint' | 'rewrite' | 'apply';

/** What is the same for all guests. */
export interface Work {
  readonly command: GuestCommand;
  readonly args: Arguments;
  readonly pool: Pool;
  readonly colour: Terminal['colour'];
  /** Columns of messages; `undefined` where nobody sees them as lines. */
  readonly messageWidth: number | undefined;
}

/** Where patches go to standard output, lines about guests go to standard error. */
export function printsPatches({ command, args }: Pick<Work, 'command' | 'args'>): boolean {
  return command === 'apply' || args.has('diff');
}

/** What a command does to all guests; how the terminal wants to be told is in it as plain data. */
export function workOf<Command extends GuestCommand>(
  command: Command,
  args: Arguments,
  pool: Pool,
  { colour, messageWidth }: Terminal,
): Work & { readonly command: Command } {
  const lines = printsPatches({ command, args }) ? colour.err : colour.out;
  return { command, args, pool, colour: { out: lines, err: colour.err }, messageWidth: messageWidth() };
}

/** Work that may be shared out to threads: what asks virsh is none. */
export interface SharedWork extends Work {
  readonly command: Exclude<GuestCommand, 'apply'>;
}

/** What is said on standard error while many guests are looked at. */
export interface Told {
  readonly severity: Severity;
  readonly words: Words;
  /** What stands for more guests than one is told once, by this. */
  readonly once?: string;
}

/** A text to be written, once all that its file holds is planned. */
export interface Write {
  readonly path: string;
  readonly text: string;
  /** What was read, with its mode. */
  readonly source: TextFile;
}

/** What is to be said of one guest among many. */
export interface GuestAnswer {
  readonly guest: string;
  /** What it is counted as at the end. */
  readonly verdict: string;
  readonly code: 0 | 1 | 2;
  /** What stands in its line behind its name. */
  readonly line: Words;
  /** What stands below the line. */
  readonly block?: Words;
  readonly told: readonly Told[];
  /** Why it has this verdict, by feature: counted over all guests. */
  readonly reasons: readonly (readonly [feature: string, why: string])[];
  /** The same for programs, where they ask. */
  readonly json?: string;
  readonly report?: ReportedGuest;
}

/** What is to be said of the guests of one file, and what to write. */
export interface FileAnswer {
  readonly guests: readonly GuestAnswer[];
  /** A result as it is, byte by byte. */
  readonly data?: string;
  readonly writes?: readonly Write[];
}

/** What a guest counts as, whatever is asked. */
const UNREADABLE = 'cannot be read';

export const NOT_WRITTEN = 'not written';

export function toldIssues(
  issues: readonly Issue[],
  { colour, messageWidth }: Pick<Work, 'colour' | 'messageWidth'>,
  source: Pick<TextFile, 'path' | 'text'>,
): readonly Told[] {
  return issues.map((found) => {
    const { severity, span, code, message } = found;
    const told = { severity, words: issueWords(found, { colour, messageWidth: () => messageWidth }, source) };
    return span === undefined ? { ...told, once: `${code} ${message}` } : told;
  });
}

/** Is every answer wanted as data? Where guests are written, --output says where to. */
export function asData({ command, args }: Pick<Work, 'command' | 'args'>): boolean {
  return writesGuests(command) ? args.has('json') : isData(formatOf(args));
}

/** Commands whose --output is a place, and no form. */
export function writesGuests(command: GuestCommand): boolean {
  return command === 'rewrite' || command === 'apply';
}

/** Is one report asked for, in place of lines? */
export function isReported(args: Arguments): boolean {
  return args.text('output') === 'sarif' || args.text('output') === 'junit';
}

/** How many issues there are of each weight, for the end of a line: `; 1 error, 2 warnings`. */
export function countsOf(issues: readonly Issue[]): string {
  const counts = (['error', 'warning'] as const).flatMap((severity) => {
    const { length } = issues.filter((found) => found.severity === severity);
    return length === 0 ? [] : [counted(length, severity)];
  });
  return counts.length === 0 ? '' : `; ${counts.join(', ')}`;
}

/**
 * The answer to a guest that cannot be read, or written.
 *
 * @throws whatever is no fault of the input or of the system.
 */
export function unreadable(
  { guest, file = guest }: { readonly guest: string; readonly file?: string },
  error: unknown,
  work: Omit<Work, 'pool'>,
  verdict: string = UNREADABLE,
): GuestAnswer {
  const { command, args, colour, messageWidth } = work;
  const isInput = isLibvirtXmlError(error) || error instanceof CommandError || isSystemError(error);
  if (!isInput) throw error;
  const failure = failureOf(error);
  return {
    guest,
    verdict,
    code: 2,
    line: styled(verdict, 'red', colour.out),
    told: [
      {
        severity: 'error',
        words: failure.words(styled('error', 'red', colour.err), (line) => fitted(line, messageWidth)),
      },
    ],
    reasons: [],
    ...(asData(work) && { json: jsonLine({ command, file: guest, error: failure.facts }) }),
    ...(isReported(args) && { report: reportedFailure(file, error) }),
  };
}

/** The same of one among several in a file. */
export function unreadableGuest(guest: Guest, error: unknown, work: Work): GuestAnswer {
  const named = { guest: labelOf(guest, undefined), file: guest.file.path };
  return unreadable(named, errorInFile(error, guest), work);
}
